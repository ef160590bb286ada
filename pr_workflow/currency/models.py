"""That somebody looked at a public page again and found it right (R51)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..audit.models import AppendOnlyModel
from ..people.models import Agency


class PageReview(AppendOnlyModel):
    """One look at a public page: by whom, when, and when the next one is due. Append-only, also in the database."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="+")
    page_number = models.PositiveBigIntegerField(_("page number"), db_index=True)
    title = models.CharField(_("headline"), max_length=255)
    reviewed_at = models.DateTimeField(_("looked at"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_by_name = models.CharField(_("name"), max_length=255, blank=True)
    next_review_on = models.DateField(_("look at again on"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("review of a page")
        verbose_name_plural = _("reviews of pages")
        ordering = ["reviewed_at", "id"]

    def __str__(self):
        return self.title
