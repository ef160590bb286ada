"""Records of the calendar step: ImportantDay, its dated occurrences, and office holidays."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..choice_lists import ChoiceListField
from ..people.provinces import Province, provinces_in_words
from ..thai_time import thai_date
from .rules import KINDS_OF_RULE, RuleError, rule_check, rule_type_of
from .seeded import SeededRow


class Kind(models.TextChoices):
    NATIONAL_HOLIDAY = "national_holiday", _("National holiday")
    NATIONAL_OBSERVANCE = "national_observance", _("National observance")
    ROYAL = "royal", _("Royal day")
    BUDDHIST = "buddhist", _("Buddhist holy day")
    CULTURAL = "cultural", _("Cultural festival")
    HEALTH_INTERNATIONAL = "health_international", _("International health day")
    HEALTH_NATIONAL = "health_national", _("National health day")
    INTERNATIONAL = "international", _("International day")
    EDUCATION = "education", _("Education day")
    EDUCATION_INTERNATIONAL = "education_international", _("International education day")
    ACADEMIC = "academic", _("School calendar")
    ORGANISATION = "organisation", _("Organisation")


class Level(models.TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Tone(models.TextChoices):
    """How a day is spoken of (R20). Festive days do not fit into a period of mourning."""

    FESTIVE = "festive", _("Festive")
    NEUTRAL = "neutral", _("Neutral")
    ROYAL = "royal", _("Royal")
    MOURNING = "mourning", pgettext_lazy("tone of a day", "Mourning")


class Audience(models.TextChoices):
    ALL = "all", _("Everyone")
    PUBLIC = "public", _("General public")
    COMMUNITY = "community", _("Community")
    STUDENTS = "students", _("Students")
    PARENTS = "parents", _("Parents")
    STAFF = "staff", _("Staff")
    NETWORK = "network", _("Network")


class AgencyScoped(models.QuerySet):
    """Rows an agency may see: the national ones (no agency) and its own."""

    agency_path = "agency"

    def visible_to(self, agency):
        """Args: agency, or None for the national rows alone. Never another agency's rows (I5)."""
        scope = Q(**{f"{self.agency_path}__isnull": True})
        return self.filter(scope if agency is None else scope | Q(**{self.agency_path: agency}))


class OccurrenceQuerySet(AgencyScoped):
    agency_path = "important_day__agency"

    def observed(self):
        return self.exclude(status=ImportantDayOccurrence.Status.CANCELLED)


class HolidayQuerySet(AgencyScoped):
    def active(self):
        return self.filter(active=True)


class ImportantDay(SeededRow):
    """A day the agency plans its PR around, with the rule that gives its dates (R20, S1 §1.3).

    A row without an agency is national and shared by all; an agency adds its own beside them. `key` is stable:
    plans, news and seed data refer to it. Names are editable, because royal names change by announcement.
    """

    SEEDED_FIELDS = (
        "name_th", "name_en", "kind", "tone", "rule", "gov_holiday", "audience", "health_priority",
        "education_priority", "confidence", "lead_time_working_days", "note", "active",
    )  # fmt: skip

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        "pr_workflow.Agency",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="important_days",
        verbose_name=_("agency"),
        help_text=_("Empty: a national day that all agencies share."),
    )
    key = models.SlugField(_("key"), max_length=80, unique=True, blank=True, editable=False)
    name_th = models.CharField(_("Thai name"), max_length=255)
    name_en = models.CharField(_("English name"), max_length=255, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind, default=Kind.ORGANISATION)
    tone = models.CharField(
        _("tone"),
        max_length=10,
        choices=Tone,
        default=Tone.NEUTRAL,
        help_text=_("Work on a festive day is warned about in a period of mourning."),
    )
    rule_type = models.CharField(_("rule type"), max_length=12, choices=KINDS_OF_RULE, editable=False)
    rule = models.CharField(
        _("date rule"),
        max_length=60,
        help_text=_(
            "fixed:MM-DD, range:MM-DD..MM-DD, nth:MM-SAT-2 (second Saturday of the month), lunar:NAME, or announced."
        ),
    )
    gov_holiday = models.BooleanField(_("government offices close"), default=False)
    audience = ChoiceListField(verbose_name=_("audiences"), choices_enum=Audience)
    health_priority = models.CharField(_("priority for health"), max_length=6, choices=Level, default=Level.MEDIUM)
    education_priority = models.CharField(
        _("priority for education"), max_length=6, choices=Level, default=Level.MEDIUM
    )
    confidence = models.CharField(_("confidence"), max_length=6, choices=Level, default=Level.HIGH)
    lead_time_working_days = models.PositiveSmallIntegerField(
        _("lead time (working days)"),
        default=10,
        help_text=_("How many working days before the day the preparation starts."),
    )
    note = models.TextField(_("note"), blank=True)
    active = models.BooleanField(_("in use"), default=True)

    objects = AgencyScoped.as_manager()

    class Meta:
        verbose_name = _("important day")
        verbose_name_plural = _("important days")
        ordering = ["name_th", "pk"]

    def __str__(self) -> str:
        return self.name_th

    def clean(self):
        super().clean()
        try:
            rule_check(self.rule)
        except RuleError as error:
            raise ValidationError({"rule": error.message}) from error

    def save(self, *args, **kwargs):
        self.rule_type = rule_type_of(self.rule)
        # An agency's key carries nothing a second agency could guess or collide with.
        self.key = self.key or f"day-{self.uuid.hex[:12]}"
        super().save(*args, **kwargs)

    def get_audience_display(self) -> str:
        """The audiences in words."""
        return ", ".join(str(Audience(name).label) for name in self.audience if name in Audience.values)


class ImportantDayOccurrence(SeededRow):
    """One date of an ImportantDay in one C.E. year (R20).

    `slot` says which date of the rule it is (0 for a single day, 0..n for a range); a person's own entry has none.
    A row that a person moved, confirmed or cancelled (`edited`) is never changed by a roll. Lunar and announced dates
    stay `to_confirm` until a person confirms them against the official notice.
    """

    SEEDED_FIELDS = ("important_day", "date", "status")

    class Status(models.TextChoices):
        TO_CONFIRM = "to_confirm", _("To be confirmed")
        CONFIRMED = "confirmed", _("Confirmed")
        CANCELLED = "cancelled", _("Not held")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    important_day = models.ForeignKey(
        ImportantDay, on_delete=models.CASCADE, related_name="occurrences", verbose_name=_("important day")
    )
    year = models.PositiveSmallIntegerField(_("year (C.E.)"), editable=False)
    slot = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    date = models.DateField(_("date"), db_index=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.TO_CONFIRM)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    reference_no = models.CharField(
        _("reference number"), max_length=100, blank=True, help_text=_("The official notice that fixes the date.")
    )

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("date of an important day")
        verbose_name_plural = _("dates of important days")
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["important_day", "date"],
                name="pr_occurrence_once_a_date",
                violation_error_message=_("This important day already has an entry on this date."),
            ),
            models.UniqueConstraint(
                fields=["important_day", "year", "slot"],
                condition=Q(slot__isnull=False),
                name="pr_occurrence_once_a_slot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.important_day} {thai_date(self.date, 'short')}"

    def save(self, *args, **kwargs):
        self.date = models.DateField().to_python(self.date)
        # A rolled row keeps the year of its rule even when a person moves it across New Year.
        if self.slot is None or self.year is None:
            self.year = self.date.year
        super().save(*args, **kwargs)

    @property
    def agency_id(self) -> int | None:
        """The agency of the important day; None for a national one."""
        return self.important_day.agency_id


class Holiday(SeededRow):
    """A date on which offices close, or (`cancelled`) stay open although a rule says otherwise (R25).

    A row without an agency holds for every agency, or for those of its provinces when it names any. What a person
    entered wins over every rule: an agency's row over one of its province, that over a national one, and `cancelled`
    over the other kinds on the same level. `seed_key` ties the row to what the import made it from, so a moved row is
    recognised and not made a second time. A holiday that was moved (`moved_from`) leaves its old row, not in use.
    """

    SEEDED_FIELDS = ("date", "name_th", "name_en", "kind", "in_lieu_of", "important_day", "active")

    class Kind(models.TextChoices):
        REGULAR = "regular", _("Official holiday")
        SUBSTITUTION = "substitution", _("Substitution holiday")
        SPECIAL = "special", _("Special official holiday")
        CANCELLED = "cancelled", _("Cancelled: offices stay open")

    class Source(models.TextChoices):
        IMPORT = "import", _("Import")
        RULE = "rule", _("Rule of an important day")
        PERSON = "person", _("Entered by a person")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        "pr_workflow.Agency",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="holidays",
        verbose_name=_("agency"),
        help_text=_("Empty: a holiday of all agencies."),
    )
    provinces = ChoiceListField(
        verbose_name=_("provinces"),
        choices_enum=Province,
        help_text=_("Only agencies in these provinces have the holiday. None ticked: the whole country."),
    )
    area = models.CharField(max_length=500, blank=True, default="", editable=False)
    date = models.DateField(_("date"), db_index=True)
    name_th = models.CharField(_("Thai name"), max_length=255)
    name_en = models.CharField(_("English name"), max_length=255, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SPECIAL)
    in_lieu_of = models.DateField(_("in lieu of"), null=True, blank=True)
    important_day = models.ForeignKey(
        ImportantDay,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="holidays",
        verbose_name=_("important day"),
    )
    active = models.BooleanField(_("in use"), default=True)
    source = models.CharField(_("source"), max_length=8, choices=Source, default=Source.PERSON, editable=False)
    reference_no = models.CharField(
        _("reference number"), max_length=100, blank=True, help_text=_("Cabinet resolution or announcement.")
    )
    note = models.TextField(_("note"), blank=True)
    seed_key = models.CharField(max_length=120, null=True, blank=True, unique=True, editable=False)
    moved_from = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="moved_to",
        verbose_name=_("moved from"),
    )
    cancelled_at = models.DateTimeField(_("cancelled or moved at"), null=True, blank=True, editable=False)
    cancel_reference_no = models.CharField(
        _("reference number of the cancellation"), max_length=100, blank=True, editable=False
    )

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["date", "kind", "area"],
                condition=Q(agency__isnull=True),
                name="pr_holiday_once_national",
                violation_error_message=_("A national holiday of this kind already exists on this date."),
            ),
            models.UniqueConstraint(
                fields=["agency", "date", "kind"],
                condition=Q(agency__isnull=False),
                name="pr_holiday_once_agency",
                violation_error_message=_("This agency already has a holiday of this kind on this date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_th} {thai_date(self.date, 'short')}"

    def clean(self):
        """An agency's own holiday holds there whatever its province is."""
        super().clean()
        self.area = area_of(self.provinces)
        if self.provinces and self.agency_id:
            raise ValidationError({"provinces": _("A holiday of one agency names no provinces. Leave one of the two.")})

    def save(self, *args, **kwargs):
        self.area = area_of(self.provinces)
        if self.area:
            self.edited = True  # No import knows provinces, so none may take such a row back.
        if (fields := kwargs.get("update_fields")) is not None and "provinces" in fields:
            kwargs["update_fields"] = {*fields, "area", "edited"}
        super().save(*args, **kwargs)

    def get_provinces_display(self) -> str:
        """The provinces in words; empty for the whole country."""
        return provinces_in_words(self.provinces)

    def holds_in(self, province: str) -> bool:
        """Whether the row counts for an office in that province (`TH-50`; empty: not known)."""
        return not self.provinces or province in self.provinces


def area_of(provinces: list[str]) -> str:
    """The provinces as one text that is the same for the same set; empty for the whole country."""
    return ",".join(sorted(set(provinces or [])))
