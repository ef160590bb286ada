"""Rows that a machine seeds and people own afterwards."""

import hashlib
import json

from django.db import models
from django.utils.translation import gettext_lazy as _


class SeededRow(models.Model):
    """A row that an import may create and refresh until a person changes it.

    Promise: once the content differs from what the import wrote, `edited` is true for good and every later import
    leaves the row alone. The fingerprint is compared as well, so a change that never came through `save()`
    (an SQL console, `QuerySet.update`) is respected too.

    Subclasses name the compared fields in `SEEDED_FIELDS`. Serves R20, R25.
    """

    SEEDED_FIELDS: tuple[str, ...] = ()

    seeded_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    edited = models.BooleanField(
        _("edited by a person"),
        default=False,
        editable=False,
        help_text=_("Rows edited by a person are never overwritten by an import."),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        # A form may hand over "2027-05-20" or a date; clean values first so that equal content has an equal hash.
        for name in self.SEEDED_FIELDS:
            field = self._meta.get_field(name)
            if isinstance(field, models.Field) and not field.is_relation:
                setattr(self, name, field.to_python(getattr(self, name)))
        if not self.edited and self.content_hash() != self.seeded_hash:
            self.edited = True
            if (update_fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*update_fields, "edited"}
        super().save(*args, **kwargs)

    def content_hash(self) -> str:
        """Fingerprint of the fields an import writes."""
        # The attname of a foreign key is its id: no row is fetched for a fingerprint.
        names = [getattr(self._meta.get_field(name), "attname", name) for name in self.SEEDED_FIELDS]
        content = [_plain(getattr(self, name)) for name in names]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    @property
    def untouched(self) -> bool:
        """True while an import may still refresh the row: it was seeded and nobody changed it since."""
        return bool(self.seeded_hash) and not self.edited and self.content_hash() == self.seeded_hash

    def mark_seeded(self) -> None:
        """Called by an import after it has set the fields and before it saves."""
        self.seeded_hash = self.content_hash()


def _plain(value):
    return value if value is None or isinstance(value, (bool, int, str, list, dict)) else str(value)
