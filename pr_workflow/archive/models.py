"""The archive: what was published, kept as it was (S1 §4.6, R49)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..audit.models import AppendOnlyModel
from ..people.models import Agency


class ArchiveRecord(AppendOnlyModel):
    """One published revision with all its evidence; never changed afterwards, by us or by the database.

    Pages and revisions are named by number, not by key, so that the record outlives them.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="archive")
    page_number = models.PositiveBigIntegerField(_("page number"))
    revision_number = models.PositiveBigIntegerField(_("revision number"), unique=True)
    title = models.CharField(_("headline"), max_length=255)
    url = models.CharField(_("address"), max_length=4096)
    news_type = models.CharField(_("type"), max_length=16)
    fiscal_year_be = models.PositiveSmallIntegerField(_("fiscal year (B.E.)"))
    went_live_at = models.DateTimeField(_("went live at"))
    archived_at = models.DateTimeField(_("archived at"))
    archived_by_name = models.CharField(_("archived by"), max_length=255, blank=True)
    retain_until = models.DateField(_("keep until"))
    content = models.JSONField(_("content"))
    files = models.JSONField(_("files"), help_text=_("Name, size in bytes and SHA-256 of each file."))
    approvals = models.JSONField(_("approvals"))
    checks = models.JSONField(_("checks"))
    deliveries = models.JSONField(_("deliveries"))
    content_hash = models.CharField(_("content hash"), max_length=64)
    record_hash = models.CharField(_("record hash"), max_length=64)

    class Meta:
        verbose_name = _("archive record")
        verbose_name_plural = _("archive records")
        ordering = ["-archived_at", "-id"]

    def __str__(self):
        return self.title
