"""Records of posting, going live, and checking what was posted (S1 §4.4–4.5)."""

import uuid

import swapper
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..people.models import Agency

PAGE_MODEL = swapper.get_model_name("wagtailcore", "Page")


class PostingQuerySet(models.QuerySet):
    """Postings by where they stand; the state is computed from times, never stored twice."""

    def awaiting(self):
        """Approved, not yet given a go-live time: the IT officer's queue."""
        return self.open().filter(go_live_at__isnull=True)

    def open(self):
        """Neither live nor given up."""
        return self.filter(went_live_at__isnull=True, closed_at__isnull=True)

    def scheduled(self):
        """Has a go-live time that is still to be kept."""
        return self.open().filter(go_live_at__isnull=False)

    def due(self, now):
        """Must go live now: the time has come and no back-off is running (I1)."""
        return self.scheduled().filter(Q(retry_at__isnull=True) | Q(retry_at__lte=now), go_live_at__lte=now)

    def overdue(self, now):
        """Should have been live and is not."""
        return self.scheduled().filter(go_live_at__lt=now)

    def failed(self):
        """Tried and not live; the reason is in `failure`."""
        return self.open().exclude(failure="")


class Posting(models.Model):
    """The IT officer's job for one approved revision: set the time, and what became of it (R41–R43)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="postings")
    page = models.ForeignKey(PAGE_MODEL, verbose_name=_("news"), on_delete=models.CASCADE, related_name="postings")
    revision = models.OneToOneField(
        "wagtailcore.Revision", verbose_name=_("revision"), on_delete=models.PROTECT, related_name="posting"
    )
    opened_at = models.DateTimeField(_("approved at"))
    due_at = models.DateTimeField(_("to post by"))
    posted_at = models.DateTimeField(_("posted at"), null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("posted by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    go_live_at = models.DateTimeField(_("go-live time"), null=True, blank=True, db_index=True)
    went_live_at = models.DateTimeField(_("went live at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_reason = models.CharField(_("reason for closing"), max_length=255, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    failure = models.TextField(_("failure"), blank=True)
    failed_at = models.DateTimeField(_("failed at"), null=True, blank=True)
    retry_at = models.DateTimeField(_("next attempt"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["-opened_at", "-id"]
        permissions = [("post_news", "Can post approved news to the website")]

    def __str__(self):
        return f"{self.revision.object_str}"


class PublishedItemQuerySet(models.QuerySet):
    """Reading what is public."""

    def of_site(self, site):
        return self.filter(agency__site=site)

    def newest_first(self):
        return self.order_by("-published_at", "-id")


class PublishedItem(models.Model):
    """What the public sees of one live page, finished as JSON (design §3). A projection: rebuilt from pages.

    API, feeds and sitemap read only this table; a draft is never in it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="published_items")
    page = models.OneToOneField(PAGE_MODEL, on_delete=models.CASCADE, related_name="published_item")
    revision = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=255)
    lead = models.TextField(blank=True)
    url = models.CharField(max_length=4096)
    news_type = models.CharField(max_length=16)
    fiscal_year_be = models.PositiveSmallIntegerField()
    event_date = models.DateField(null=True)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    list_json = models.TextField()
    detail_json = models.TextField()
    content_hash = models.CharField(max_length=64)
    etag = models.CharField(max_length=64)

    objects = PublishedItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("published item")
        verbose_name_plural = _("published items")
        indexes = [
            models.Index(fields=["agency", "-published_at", "-id"], name="published_newest"),
            models.Index(fields=["agency", "fiscal_year_be", "-published_at"], name="published_by_year"),
        ]

    def __str__(self):
        return self.title


class PublishedLabel(models.Model):
    """A tag or target group of a published item, for filters."""

    class Kind(models.TextChoices):
        TAG = "tag", _("Tag")
        AUDIENCE = "audience", _("Target group")

    item = models.ForeignKey(PublishedItem, on_delete=models.CASCADE, related_name="labels")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    value = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "kind", "value"], name="label_once")]
        indexes = [models.Index(fields=["kind", "value", "item"], name="label_lookup")]

    def __str__(self):
        return f"{self.kind}:{self.value}"


class PublicationCheckQuerySet(models.QuerySet):
    """Checks by where they stand."""

    def open(self):
        return self.filter(answered_at__isnull=True)

    def overdue(self, now):
        return self.open().filter(due_at__lt=now)


class PublicationCheck(models.Model):
    """The look at the posted page by the responsible officer: correct, or needs correction (S1 §4.5, R44–R47)."""

    class Result(models.TextChoices):
        CORRECT = "correct", pgettext_lazy("result of a check", "Correct")
        NEEDS_CORRECTION = "needs_correction", _("Needs correction")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="checks", verbose_name=_("agency"))
    page = models.ForeignKey(PAGE_MODEL, on_delete=models.CASCADE, related_name="checks", verbose_name=_("news"))
    revision = models.OneToOneField(
        "wagtailcore.Revision", on_delete=models.PROTECT, related_name="publication_check", verbose_name=_("revision")
    )
    round = models.PositiveSmallIntegerField(_("round"), default=0, help_text=_("0 is the first posting."))
    opened_at = models.DateTimeField(_("opened at"))
    due_at = models.DateTimeField(_("due"))
    answers = models.JSONField(_("answers"), default=dict)
    result = models.CharField(_("result"), max_length=20, choices=Result.choices, blank=True)
    note = models.TextField(_("what to correct"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = PublicationCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication check")
        verbose_name_plural = _("publication checks")
        ordering = ["-opened_at", "-id"]
        permissions = [("verify_publication", "Can check posted news")]

    def __str__(self):
        return f"{self.revision.object_str} ({self.round})"


class CorrectionRound(models.Model):
    """A numbered round of correction of a posted page; closed when the corrected page is live (R47)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="corrections")
    page = models.ForeignKey(PAGE_MODEL, on_delete=models.CASCADE, related_name="corrections")
    check_row = models.OneToOneField(PublicationCheck, on_delete=models.CASCADE, related_name="correction")
    number = models.PositiveSmallIntegerField(_("round"))
    opened_at = models.DateTimeField(_("opened at"))
    due_at = models.DateTimeField(_("due"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("correction round")
        verbose_name_plural = _("correction rounds")
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="correction_number")]

    def __str__(self):
        return f"{self.page} #{self.number}"


class Heartbeat(models.Model):
    """When a part of the machinery was last seen alive; the health page reads it (I6)."""

    name = models.CharField(max_length=32, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self):
        return f"{self.name} {self.seen_at:%Y-%m-%d %H:%M:%S}"
