"""What one agency makes of a national important day: its priority, its audience, its lead time, or none of it (R20).

The national day stays as it is for everybody else. Whoever shows days to people asks `dated_days`, so that an agency
meets its own values everywhere.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..choice_lists import ChoiceListField
from ..people.models import Agency, Ministry
from .models import Audience, ImportantDay, ImportantDayOccurrence, Level

#: From the most urgent to the least.
RANKS = {Level.HIGH: 0, Level.MEDIUM: 1, Level.LOW: 2}


class AgencyDayChoice(models.Model):
    """The values one agency uses for one national day instead of the national ones; empty fields follow those."""

    #: Rules of the office, no personal data: the log keeps old and new values.
    LOGS_VALUES = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        "pr_workflow.Agency", on_delete=models.CASCADE, related_name="day_choices", verbose_name=_("agency")
    )
    important_day = models.ForeignKey(
        ImportantDay, on_delete=models.CASCADE, related_name="choices", verbose_name=_("important day")
    )
    observed = models.BooleanField(
        _("we observe this day"),
        default=True,
        help_text=_("Otherwise it is shown neither in our lists nor on our site. Holidays stay holidays."),
    )
    priority = models.CharField(_("our priority"), max_length=6, choices=Level, blank=True)
    audience = ChoiceListField(
        verbose_name=_("our audiences"), choices_enum=Audience, help_text=_("None ticked: as for all agencies.")
    )
    lead_time_working_days = models.PositiveSmallIntegerField(
        _("our lead time (working days)"), null=True, blank=True, help_text=_("Empty: as for all agencies.")
    )

    class Meta:
        verbose_name = _("own choice about a national day")
        verbose_name_plural = _("own choices about national days")
        constraints = [models.UniqueConstraint(fields=["agency", "important_day"], name="pr_one_choice_per_day")]

    def __str__(self) -> str:
        return f"{self.important_day} ({self.agency})"


@dataclass(frozen=True)
class AgencyDay:
    """An important day as one agency uses it. `chosen`: the agency changed something about a national day."""

    important_day: ImportantDay
    observed: bool
    priority: Level
    audience: list[str]
    lead_time_working_days: int
    chosen: bool = False

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return RANKS[self.priority]


@dataclass(frozen=True)
class DatedDay:
    """One date of a day, with what the agency makes of the day."""

    occurrence: ImportantDayOccurrence
    day: AgencyDay

    @property
    def date(self) -> date:
        return self.occurrence.date

    @property
    def confirmed(self) -> bool:
        return self.occurrence.status == ImportantDayOccurrence.Status.CONFIRMED


def priority_of(day: ImportantDay, agency: Agency | None) -> Level:
    """The national priority that counts for an agency: that of its ministry, for others the higher of the two."""
    if agency is not None and agency.ministry == Ministry.HEALTH:
        return Level(day.health_priority)
    if agency is not None and agency.ministry == Ministry.EDUCATION:
        return Level(day.education_priority)
    return min(Level(day.health_priority), Level(day.education_priority), key=RANKS.__getitem__)


def agency_days(days: Iterable[ImportantDay], *, agency: Agency | None) -> dict[int, AgencyDay]:
    """Each day with the values the agency uses, by the number of the day. One query; none without an agency."""
    choices = AgencyDayChoice.objects.filter(agency=agency) if agency else ()
    by_day = {choice.important_day_id: choice for choice in choices}
    return {day.pk: _as_used(day, by_day.get(day.pk), agency) for day in days}


def _as_used(day: ImportantDay, choice: AgencyDayChoice | None, agency: Agency | None) -> AgencyDay:
    national = priority_of(day, agency)
    if choice is None or day.agency_id is not None:
        return AgencyDay(day, True, national, day.audience, day.lead_time_working_days)
    lead = choice.lead_time_working_days
    return AgencyDay(
        day,
        choice.observed,
        Level(choice.priority) if choice.priority else national,
        choice.audience or day.audience,
        day.lead_time_working_days if lead is None else lead,
        chosen=True,
    )


def dated_days(
    *, agency: Agency | None, first: date, last: date | None = None, limit: int | None = None
) -> list[DatedDay]:
    """The dates an agency sees and observes from first to last (both included; None: open end), in order of date.

    Every screen, job and address that shows important days asks here (R20): days out of use, dates not held, other
    agencies' days and national days the agency does not observe are left out. `limit` bounds the rows that are read.
    Two queries; one without an agency.
    """
    rows = (
        ImportantDayOccurrence.objects.observed()
        .visible_to(agency)
        .filter(important_day__active=True, date__gte=first)
        .select_related("important_day")
        .order_by("date", "pk")
    )
    if last is not None:
        rows = rows.filter(date__lte=last)
    if agency is not None:
        unseen = AgencyDayChoice.objects.filter(agency=agency, observed=False)
        rows = rows.exclude(important_day__in=unseen.values("important_day"))
    found = list(rows[:limit])
    days = agency_days((row.important_day for row in found), agency=agency)
    return [DatedDay(row, days[row.important_day_id]) for row in found]
