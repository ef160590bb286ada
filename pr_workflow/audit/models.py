"""The log of who did what: append-only and hash-chained (promise I4, R71, Computer Crime Act s.26)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete a row of an append-only table."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows may be added and read; the database refuses the rest too (migration 0002)."""

    def update(self, **kwargs):
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed")

    def delete(self):
        raise AppendOnlyError(f"{self.model.__name__} rows are never deleted")

    def bulk_update(self, *args, **kwargs):
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed")


class AppendOnlyModel(models.Model):
    """Base of ledgers whose rows stay as they were written."""

    objects = AppendOnlyQuerySet.as_manager()

    #: Nobody asks which rows of a ledger use a picture; keeping track costs five queries a row.
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(f"{type(self).__name__} rows are never deleted")


class AuditHead(models.Model):
    """The end of a chain: locked while a row is added, and the witness when rows at the end are cut off."""

    chain = models.CharField(max_length=64, primary_key=True)
    sequence = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)

    def __str__(self):
        return f"{self.chain} #{self.sequence}"


class AuditEntry(AppendOnlyModel):
    """One act: who, what, on which object, when, from where. Names are copied so that the row outlives its objects."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    chain = models.CharField(_("chain"), max_length=64)
    sequence = models.PositiveBigIntegerField(_("sequence"))
    agency = models.ForeignKey(
        "pr_workflow.Agency", verbose_name=_("agency"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("time"), db_index=True)
    verb = models.CharField(_("act"), max_length=64, db_index=True)
    actor_id_text = models.CharField(_("actor id"), max_length=64, blank=True)
    actor_name = models.CharField(_("actor"), max_length=255, blank=True)
    ip = models.CharField(_("address"), max_length=45, blank=True)
    target_type = models.CharField(_("object type"), max_length=100)
    target_id = models.CharField(_("object id"), max_length=64)
    target_label = models.CharField(_("object"), max_length=255)
    data = models.JSONField(_("details"), default=dict)
    previous_hash = models.CharField(_("previous hash"), max_length=64, blank=True)
    entry_hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_chain_sequence")]

    def __str__(self):
        return f"{self.chain}#{self.sequence} {self.verb}"
