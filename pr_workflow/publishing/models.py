"""Records of posting, going live, and checking what was posted (S1 §4.4–4.5)."""

import uuid

import swapper
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..clocks.models import ClockedModel
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
        """Must go live now: the time has come, no back-off is running and the seal is not known to be broken (I1)."""
        waits_no_more = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
        return self.scheduled().filter(waits_no_more, go_live_at__lte=now, seal_broken_at__isnull=True)

    def overdue(self, now):
        """Should have been live and is not."""
        return self.scheduled().filter(go_live_at__lt=now)

    def lapsed(self, now):
        """Expired before they went live: they never will (R43)."""
        return self.open().filter(expires_at__lte=now)

    def failed(self):
        """Tried and not live; the reason is in `failure`."""
        return self.open().exclude(failure="")


class Posting(ClockedModel):
    """The IT officer's job for one approved revision: set the time, and what became of it (R41–R43)."""

    wagtail_reference_index_ignore = True

    CLOCK_STARTS = "opened_at"
    CLOCK_ENDS = ("posted_at", "went_live_at", "closed_at")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="postings")
    page = models.ForeignKey(PAGE_MODEL, verbose_name=_("news"), on_delete=models.CASCADE, related_name="postings")
    revision = models.OneToOneField(
        "wagtailcore.Revision", verbose_name=_("revision"), on_delete=models.PROTECT, related_name="posting"
    )
    opened_at = models.DateTimeField(_("approved at"))
    due_at = models.DateTimeField(_("to post by"))
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("received by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    wished_at = models.DateTimeField(
        _("wished go-live time"), null=True, blank=True, help_text=_("What the writer asked for; the set time counts.")
    )
    expires_at = models.DateTimeField(
        _("expires at"), null=True, blank=True, db_index=True, help_text=_("As it was approved; no time of going live.")
    )
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
    closed_reason = models.TextField(_("reason for closing"), blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    failure = models.TextField(_("failure"), blank=True)
    failed_at = models.DateTimeField(_("failed at"), null=True, blank=True)
    retry_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    seal_broken_at = models.DateTimeField(
        _("seal broken since"),
        null=True,
        blank=True,
        help_text=_("The content is no longer what was approved: trying again helps nothing, a person has to act."),
    )
    indexed_at = models.DateTimeField(
        _("indexed at"),
        null=True,
        blank=True,
        help_text=_("When search and references followed; they come after the go-live, not in its way."),
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["-opened_at", "-id"]
        permissions = [("post_news", "Can post approved news to the website")]

    def __str__(self):
        return f"{self.revision.object_str}"

    def asks_at(self, now) -> bool:
        """The wished time passed while the item waited: somebody has to choose another one (R43)."""
        return self.go_live_at is None and self.wished_at is not None and self.wished_at <= now

    def has_lapsed(self, now) -> bool:
        """The item expired while it waited: it goes back to its writer (R43)."""
        return self.expires_at is not None and self.expires_at <= now

    def is_with(self, it_officer) -> bool:
        """Is this the IT officer who has the item? Until one has received it, it is with all of them."""
        return self.received_by_id in (None, it_officer.pk)


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

    wagtail_reference_index_ignore = True

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

    wagtail_reference_index_ignore = True

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
        """Waiting for an answer about a version that is on the site."""
        return self.filter(answered_at__isnull=True, closed_at__isnull=True)

    def overdue(self, now):
        return self.open().filter(due_at__lt=now)


class PublicationCheck(ClockedModel):
    """The look at the posted page by the responsible officer: correct, or needs correction (S1 §4.5, R44–R47)."""

    wagtail_reference_index_ignore = True

    CLOCK_STARTS = "opened_at"
    CLOCK_ENDS = ("answered_at", "closed_at")

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
    prefilled = models.JSONField(
        _("found by the machine"), default=dict, help_text=_("For each line what could be checked without a person.")
    )
    snapshot_sha256 = models.CharField(
        _("snapshot"), max_length=64, blank=True, help_text=_("The page as it was served right after the go-live.")
    )
    snapshot_at = models.DateTimeField(_("snapshot taken at"), null=True, blank=True)
    answers = models.JSONField(_("answers"), default=dict)
    coordination = models.TextField(_("coordinated with"), blank=True)
    result = models.CharField(_("result"), max_length=20, choices=Result.choices, blank=True)
    note = models.TextField(_("what to correct"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    closed_at = models.DateTimeField(
        _("closed at"),
        null=True,
        blank=True,
        help_text=_("Without an answer, because another version went live or the page left the site."),
    )
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


class CorrectionRound(ClockedModel):
    """A numbered round of correction of a posted page; closed when the corrected page is live (R47)."""

    CLOCK_STARTS = "opened_at"
    CLOCK_ENDS = ("closed_at",)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="corrections")
    page = models.ForeignKey(PAGE_MODEL, on_delete=models.CASCADE, related_name="corrections")
    check_row = models.OneToOneField(PublicationCheck, on_delete=models.CASCADE, related_name="correction")
    number = models.PositiveSmallIntegerField(_("round"))
    keeps_live = models.BooleanField(_("stays online meanwhile"), default=True)
    opened_at = models.DateTimeField(_("opened at"))
    due_at = models.DateTimeField(_("due"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("correction round")
        verbose_name_plural = _("correction rounds")
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="correction_number")]

    def __str__(self):
        return f"{self.page} #{self.number}"


class EmergencyPublication(ClockedModel):
    """News published by a superuser without its chain, with a reason; red until a second person confirms (I3, R37)."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused and taken down")

    CLOCK_STARTS = "published_at"
    CLOCK_ENDS = ("decided_at",)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="emergencies")
    page = models.ForeignKey(PAGE_MODEL, verbose_name=_("news"), on_delete=models.CASCADE, related_name="emergencies")
    revision = models.OneToOneField(
        "wagtailcore.Revision", verbose_name=_("revision"), on_delete=models.PROTECT, related_name="emergency"
    )
    reason = models.TextField(_("reason"))
    content_hash = models.CharField(_("content hash"), max_length=64)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("published by"), on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField(_("to confirm by"), db_index=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("emergency publication")
        verbose_name_plural = _("emergency publications")
        ordering = ["-published_at", "-id"]

    def __str__(self):
        return f"{self.revision.object_str}"


class TakeDown(models.Model):
    """Why a page left the site, and what its address says now (R50). Ended when the page is live again."""

    class Kind(models.TextChoices):
        IN_ERROR = "in_error", _("Published in error")
        CONSOLIDATED = "consolidated", _("Merged into another page")
        WITHDRAWN = "withdrawn", _("Withdrawn, with a public notice")
        EXPIRED = "expired", _("Expired")
        CORRECTION = "correction", _("Taken down for correction")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="take_downs")
    page_number = models.PositiveBigIntegerField(_("page number"), db_index=True)
    item_uuid = models.UUIDField(_("public number"), db_index=True)
    title = models.CharField(_("headline"), max_length=255)
    path = models.CharField(_("path on the site"), max_length=4096)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    reason = models.TextField(_("reason"))
    notice = models.TextField(_("public notice"), blank=True)
    replaced_by = models.ForeignKey(
        PAGE_MODEL, verbose_name=_("merged into"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_down_at = models.DateTimeField(_("taken down at"))
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(_("live again at"), null=True, blank=True)

    class Meta:
        verbose_name = _("take-down")
        verbose_name_plural = _("take-downs")
        ordering = ["-taken_down_at", "-id"]

    def __str__(self):
        return f"{self.title} ({self.get_kind_display()})"


class Heartbeat(models.Model):
    """When a part of the machinery was last seen alive; the health page reads it (I6)."""

    name = models.CharField(max_length=32, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self):
        return f"{self.name} {self.seen_at:%Y-%m-%d %H:%M:%S}"
