"""Records of the lead time: what a draft starts with, and which draft was made for which day (R20, R24)."""

import uuid
from typing import Any

import swapper
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..choice_lists import ChoiceListField
from ..festival_calendar.models import AgencyScoped, ImportantDay, Kind
from ..festival_calendar.seeded import SeededRow
from ..people.models import Agency, StaffProfile
from ..stages import ChannelKind, MediaFormat, TargetGroup
from .patterns import PATTERN_FIELDS, pattern_refusal

PAGE_MODEL = swapper.get_model_name("wagtailcore", "Page")


class DraftTemplate(SeededRow):
    """What a draft for an important day starts with (R20).

    For one day, or for every day of a kind. A row without an agency is the national default; an agency's own comes
    before it, and one for the day before one for its kind. Texts may hold the placeholders of `patterns`.
    """

    SEEDED_FIELDS = ("kind", "title", "lead", "body", "target_groups", "channels", "media_formats", "tags", "active")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("agency"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="draft_templates",
        help_text=_("Empty: the default of all agencies."),
    )
    important_day = models.ForeignKey(
        ImportantDay,
        verbose_name=_("important day"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="draft_templates",
        help_text=_("For this day only. Otherwise choose a kind below."),
    )
    kind = models.CharField(
        _("kind"), max_length=30, choices=Kind, blank=True, help_text=_("For every day of this kind.")
    )
    title = models.CharField(
        _("headline"),
        max_length=255,
        help_text=_("Placeholders: {name} the day, {year_be} the year, {date} its date, {agency} the agency."),
    )
    lead = models.TextField(_("lead paragraph"), blank=True)
    body = models.TextField(_("text"), blank=True, help_text=_("An empty line begins a new paragraph."))
    target_groups = ChoiceListField(
        verbose_name=_("target groups"),
        choices_enum=TargetGroup,
        help_text=_("Used where the activity of the plan names none; so are channels and formats."),
    )
    channels = ChoiceListField(verbose_name=_("channels"), choices_enum=ChannelKind)
    media_formats = ChoiceListField(verbose_name=_("media formats"), choices_enum=MediaFormat)
    tags = models.CharField(_("tags"), max_length=255, blank=True, help_text=_("Separated by commas."))
    active = models.BooleanField(_("in use"), default=True)

    objects = AgencyScoped.as_manager()

    class Meta:
        verbose_name = _("template of a draft")
        verbose_name_plural = _("templates of drafts")
        ordering = ["important_day__name_th", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(agency__isnull=True, important_day__isnull=True),
                name="pr_template_once_a_kind",
                violation_error_message=_("There is a default template for this kind already. Change that one."),
            ),
            models.UniqueConstraint(
                fields=["important_day"],
                condition=Q(agency__isnull=True, important_day__isnull=False),
                name="pr_template_once_a_day",
                violation_error_message=_("There is a default template for this day already. Change that one."),
            ),
            models.UniqueConstraint(
                fields=["agency", "kind"],
                condition=Q(agency__isnull=False, important_day__isnull=True),
                name="pr_template_once_a_kind_agency",
                violation_error_message=_("The agency has a template for this kind already. Change that one."),
            ),
            models.UniqueConstraint(
                fields=["agency", "important_day"],
                condition=Q(agency__isnull=False, important_day__isnull=False),
                name="pr_template_once_a_day_agency",
                violation_error_message=_("The agency has a template for this day already. Change that one."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.important_day or self.get_kind_display())

    def clean(self):
        """It is for one day or for one kind, the day is the agency's to see, and every placeholder is known."""
        super().clean()
        problems: dict[str, Any] = {}
        if bool(self.important_day_id) == bool(self.kind):
            problems["kind"] = _("Choose either an important day or a kind.")
        if self.important_day and self.important_day.agency_id not in (None, self.agency_id):
            problems["important_day"] = _("This important day belongs to another agency.")
        for name in PATTERN_FIELDS:
            if refusal := pattern_refusal(getattr(self, name)):
                problems[name] = refusal
        if problems:
            raise ValidationError(problems)


class LeadTimeDraft(models.Model):
    """For which activity of which year the lead time has been answered, once and for good (R20, R24).

    The row is the memory: a draft that was moved, renamed or deleted is not made again. `page` and `revision` are the
    draft as the system wrote it; while its newest version is still that one, nobody has touched it.
    """

    class Outcome(models.TextChoices):
        MADE = "made", _("Draft made")
        BEGUN = "begun", _("Somebody had begun already")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="lead_time_drafts")
    activity_uuid = models.UUIDField()
    activity_code = models.CharField(max_length=32, blank=True)
    important_day = models.ForeignKey(ImportantDay, null=True, on_delete=models.SET_NULL, related_name="+")
    #: The stable key of the important day; empty for an activity that names none.
    day_key = models.CharField(max_length=80, blank=True)
    fiscal_year_be = models.PositiveSmallIntegerField()
    #: The day the draft was made for, C.E.; follows the calendar while the draft is untouched.
    day = models.DateField()
    is_confirmed = models.BooleanField(default=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.MADE)
    officer = models.ForeignKey(StaffProfile, null=True, on_delete=models.SET_NULL, related_name="+")
    page = models.ForeignKey(PAGE_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft at lead time")
        verbose_name_plural = _("drafts at lead time")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "activity_uuid", "day_key", "fiscal_year_be"], name="pr_lead_time_once"
            )
        ]
        indexes = [models.Index(fields=["agency", "day"], name="pr_lead_time_day")]

    def __str__(self) -> str:
        return f"{self.activity_code} {self.day:%Y-%m-%d}"
