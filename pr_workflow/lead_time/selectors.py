"""Which activities are at their lead time, and which important days are although no plan names them (R20, R24)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Q

from ..festival_calendar.models import ImportantDay, ImportantDayOccurrence, Kind, Level
from ..festival_calendar.selectors import ComingDay, add_working_days, days_within, preparation_dates
from ..people.models import Agency
from ..plan.models import ActivityCancellation, AnnualPlan, PlanActivity
from ..plan.selectors import standing_cancellations
from ..thai_time import fiscal_year_be, fiscal_year_bounds
from .models import DraftTemplate, LeadTimeDraft

#: The lead time of an activity by festival that names no important day, in working days.
DEFAULT_LEAD = int(ImportantDay._meta.get_field("lead_time_working_days").get_default())
#: No lead time is looked for further ahead than this, in days, where an activity names no important day.
FURTHEST = timedelta(days=60)

#: What makes an activity's draft one of its own: the activity, its day and its year.
DraftKey = tuple[str, str, int]


@dataclass(frozen=True)
class Placed:
    """An activity of a plan in force with the day it prepares for. `starts` is when the preparation begins.

    `obstacle` says why there is no such day: `no_date`, `not_held`, `day_not_in_use`; empty when there is one.
    """

    activity: PlanActivity
    first: date
    last: date
    confirmed: bool
    starts: date
    obstacle: str = ""

    @property
    def day(self) -> ImportantDay | None:
        return self.activity.important_day

    @property
    def name(self) -> str:
        """The day in words; the activity where it names none."""
        return self.day.name_th if self.day else self.activity.title

    @property
    def key(self) -> DraftKey:
        return (str(self.activity.uuid), self.day.key if self.day else "", self.activity.plan.fiscal_year_be)

    def is_due(self, today: date) -> bool:
        """At its lead time or nearer, and not past."""
        return not self.obstacle and self.starts <= today <= self.last


@dataclass
class LeadTimeBoard:
    """How an agency stands on a day: its placed activities, and important days of high priority that no plan names."""

    agency: Agency
    today: date
    has_plan: bool
    activities: list[Placed] = field(default_factory=list)
    unplanned: list[ComingDay] = field(default_factory=list)

    @property
    def due(self) -> list[Placed]:
        return [placed for placed in self.activities if placed.is_due(self.today)]

    @property
    def blocked(self) -> list[Placed]:
        """Activities whose own dates are at lead time while their important day has none."""
        return [placed for placed in self.activities if placed.obstacle and placed.starts <= self.today <= placed.last]


def lead_time_board(agency: Agency, today: date) -> LeadTimeBoard:
    """Everything about the lead times of an agency on a day in Bangkok; a fixed number of queries.

    The running fiscal year and the next one: what happens early in October is prepared in September.
    """
    years = (fiscal_year_be(today), fiscal_year_be(today) + 1)
    in_force = set(
        AnnualPlan.objects.filter(agency=agency, fiscal_year_be__in=years, live=True).values_list(
            "fiscal_year_be", flat=True
        )
    )
    board = LeadTimeBoard(agency, today, has_plan=years[0] in in_force)
    first, last = fiscal_year_bounds(years[0])[0], fiscal_year_bounds(years[1])[1]
    runs = days_within(first, last, agency=agency)
    starts = dict(zip(map(_run_key, runs), preparation_dates(runs, agency=agency), strict=True))
    activities = list(_activities(agency, years))
    rows = ActivityCancellation.objects.filter(agency=agency, plan__fiscal_year_be__in=years)
    cancelled = standing_cancellations(rows)
    held = [activity for activity in activities if activity.uuid not in cancelled]
    board.activities = _placed(held, runs, starts, agency, today)
    planned = {(activity.important_day_id, activity.plan.fiscal_year_be) for activity in activities}
    board.unplanned = [
        run
        for run in runs
        if run.day.priority == Level.HIGH
        and run.last >= today
        and starts[_run_key(run)] <= today
        and fiscal_year_be(run.first) in in_force
        and (run.important_day.pk, fiscal_year_be(run.first)) not in planned
    ]
    return board


def _activities(agency: Agency, years: Iterable[int]):
    rows = PlanActivity.objects.filter(plan__agency=agency, plan__live=True, plan__fiscal_year_be__in=years)
    by_day = Q(important_day__isnull=False) | Q(origin=PlanActivity.Origin.FESTIVAL)
    wanted = rows.filter(by_day).select_related("plan__agency", "important_day", "responsible_officer__user")
    return wanted.order_by("start", "sort_order", "pk")


def _run_key(run: ComingDay) -> tuple[int, date]:
    return run.important_day.pk, run.first


def _placed(activities, runs, starts, agency: Agency, today: date) -> list[Placed]:
    by_day: dict[int, list[ComingDay]] = {}
    for run in runs:
        by_day.setdefault(run.important_day.pk, []).append(run)
    dayless = {activity.important_day_id for activity in activities} - set(by_day) - {None}
    entered = ImportantDayOccurrence.objects.filter(important_day__in=dayless)
    dated = set(entered.values_list("important_day_id", "date")) if dayless else set()
    found = []
    for activity in activities:
        first, last = fiscal_year_bounds(activity.plan.fiscal_year_be)
        own = [run for run in by_day.get(activity.important_day_id, ()) if first <= run.first <= last]
        run = min(own, key=lambda each: (abs((each.first - activity.start).days), each.first), default=None)
        if run is not None:
            found.append(Placed(activity, run.first, run.last, run.confirmed, starts[_run_key(run)]))
            continue
        placed = Placed(activity, activity.start, activity.end, True, _start_of(activity, agency, today))
        if activity.important_day is not None:
            placed = replace(placed, obstacle=_obstacle(activity, dated))
        found.append(placed)
    return found


def _start_of(activity: PlanActivity, agency: Agency, today: date) -> date:
    """When the preparation of an activity begins by its own dates; its first day where that is far off or over."""
    if not today <= activity.start <= today + FURTHEST:
        return activity.start
    return add_working_days(activity.start, -DEFAULT_LEAD, agency=agency)


def _obstacle(activity: PlanActivity, dated: set[tuple[int, date]]) -> str:
    day, (first, last) = activity.important_day, fiscal_year_bounds(activity.plan.fiscal_year_be)
    if day is None or not day.active:
        return "day_not_in_use"
    is_dated = any(number == day.pk and first <= found <= last for number, found in dated)
    return "not_held" if is_dated else "no_date"


def answered_keys(agency: Agency) -> set[DraftKey]:
    """What the lead time has been answered for already. One query."""
    rows = LeadTimeDraft.objects.filter(agency=agency).values_list("activity_uuid", "day_key", "fiscal_year_be")
    return {(str(activity), day, year) for activity, day, year in rows}


def template_for(agency: Agency, day: ImportantDay | None) -> DraftTemplate | None:
    """What a draft for the day starts with: the agency's own for the day, for its kind, then the national ones.

    An activity that names no day takes the one for days of the organisation. None when every fitting one is out of use.
    """
    kind = day.kind if day else Kind.ORGANISATION
    fitting = Q(important_day__isnull=True, kind=kind)
    if day is not None:
        fitting |= Q(important_day=day)
    rows = DraftTemplate.objects.visible_to(agency).filter(fitting, active=True)
    return min(rows, key=lambda row: (row.agency_id is None, row.important_day_id is None), default=None)
