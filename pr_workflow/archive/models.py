"""The archive: what was published, kept as it was (S1 §4.6, R49)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..audit.models import AppendOnlyError, AppendOnlyModel
from ..people.models import Agency

#: How records are written now. 1: without `history`. A record stays in the format it was written in.
FORMAT = 2


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
    format = models.PositiveSmallIntegerField(_("format"), default=1, editable=False)
    history = models.JSONField(
        _("course"), default=dict, help_text=_("Course, pauses, snapshots, emergency and take-downs; since format 2.")
    )

    class Meta:
        verbose_name = _("archive record")
        verbose_name_plural = _("archive records")
        ordering = ["-archived_at", "-id"]

    def __str__(self):
        return self.title

    def remove_disposed(self) -> None:
        """The one door out of the archive: delete this row, whose disposal two people have decided (R49).

        Raises `AppendOnlyError` without such a decision or while a legal hold stands. PostgreSQL asks the same again
        (migration `disposal`).
        """
        decided = DisposalRequest.objects.confirmed().filter(record_uuid=self.uuid)
        if not decided.exists() or LegalHold.objects.standing().filter(record_uuid=self.uuid).exists():
            raise AppendOnlyError("an archive record is deleted only after two people have decided it")
        models.QuerySet(type(self)).filter(pk=self.pk).delete()


class LegalHoldQuerySet(models.QuerySet):
    """Holds by whether they still count."""

    def standing(self):
        return self.filter(lifted_at__isnull=True)


class LegalHold(models.Model):
    """While it stands, an archive record is not deleted, whatever the retention says (R49).

    A record may be held for several reasons at once; it is free when all of them are lifted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="+")
    record_uuid = models.UUIDField(_("archive record"), db_index=True)
    reason = models.TextField(_("reason"))
    placed_at = models.DateTimeField(_("placed at"))
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifting_reason = models.TextField(_("reason for lifting"), blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-placed_at", "-id"]

    def __str__(self):
        return f"{self.record_uuid} {self.placed_at:%Y-%m-%d}"


class DisposalRequestQuerySet(models.QuerySet):
    """Requests by where they stand."""

    def open(self):
        return self.filter(decided_at__isnull=True)

    def confirmed(self):
        """Decided by another person than the one who asked."""
        return self.filter(confirmed=True, decided_by__isnull=False).exclude(decided_by=models.F("asked_by"))


class DisposalRequest(models.Model):
    """One person asks to delete an archive record, another one confirms; the row stays as the proof (R49)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="+")
    record_uuid = models.UUIDField(_("archive record"), db_index=True)
    record_hash = models.CharField(_("record hash"), max_length=64)
    page_number = models.PositiveBigIntegerField(_("page number"), default=0)
    revision_number = models.PositiveBigIntegerField(_("revision number"), default=0, db_index=True)
    title = models.CharField(_("headline"), max_length=255)
    reason = models.TextField(_("reason"))
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed = models.BooleanField(_("confirmed"), null=True)
    comment = models.TextField(_("comment"), blank=True)

    objects = DisposalRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to delete an archive record")
        verbose_name_plural = _("requests to delete archive records")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("asked_by")),
                name="two_people_delete",
            ),
            models.UniqueConstraint(
                fields=["record_uuid"], condition=models.Q(decided_at__isnull=True), name="one_open_disposal"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def asker(self) -> str:
        """The name of who asked."""
        return _name(self.asked_by)

    @property
    def decider(self) -> str:
        """The name of who decided; empty while nobody has."""
        return _name(self.decided_by) if self.decided_by else ""


def _name(user) -> str:
    profile = getattr(user, "staff_profile", None)
    return profile.display_name if profile else user.get_full_name() or user.get_username()
