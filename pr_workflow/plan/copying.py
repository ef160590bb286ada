"""A plan copied to the next fiscal year, with a list of what moved how and what needs a look (R18, R20)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from ..festival_calendar.models import ImportantDay, ImportantDayOccurrence
from ..festival_calendar.rules import dates_of, is_certain
from ..festival_calendar.selectors import closed_days
from ..thai_time import bangkok_date, fiscal_year_bounds, thai_date, thai_date_range
from .models import AnnualPlan, PlanActivity
from .next_year import How, Move, Span, code_raised, moved, moved_with_day, nearest, spans_of
from .selectors import activities_of, cancellations_of

#: What a line takes along; its officer and day are looked at one by one.
COPIED = (
    "title", "origin", "mission", "unit", "target_groups", "channels", "media_formats", "indicator",
    "target_value", "budget_baht",
)  # fmt: skip


@dataclass(frozen=True)
class MovedLine:
    """One activity: its dates before and after, by which rule, and what a person should look at."""

    code: str
    title: str
    before: str
    after: str
    how: str
    looks: list[str] = field(default_factory=list)

    def as_data(self) -> dict:
        """For the log, which keeps the list for good."""
        return asdict(self)


class Festivals:
    """The dates of important days in a plan's year and the next one; two queries for any number of activities."""

    def __init__(self, days: Iterable[ImportantDay], fiscal_year: int):
        self.days = {day.pk: day for day in days}
        self.old, self.new = (fiscal_year_bounds(year) for year in (fiscal_year, fiscal_year + 1))
        self.rows: dict[int, list[ImportantDayOccurrence]] = {pk: [] for pk in self.days}
        reach = (self.old[0].year, self.new[1].year)
        rows = ImportantDayOccurrence.objects.observed().filter(important_day__in=self.days, year__range=reach)
        for row in rows:
            self.rows[row.important_day_id].append(row)

    def spans(self, pk: int, bounds: Span) -> list[Span]:
        """The runs of an important day inside a fiscal year: from the calendar, else computed from its rule."""
        dates: list[date] = []
        for year in (bounds[0].year, bounds[1].year):
            entered = [row.date for row in self.rows[pk] if row.year == year]
            dates += entered or dates_of(self.days[pk].rule, year)
        return [span for span in spans_of(dates) if bounds[0] <= span[0] <= bounds[1]]

    def is_sure(self, pk: int, span: Span) -> bool:
        """Has a person, or a rule that needs none, fixed these dates?"""
        states = [row.status for row in self.rows[pk] if span[0] <= row.date <= span[1]]
        if states:
            return all(state == ImportantDayOccurrence.Status.CONFIRMED for state in states)
        return is_certain(self.days[pk].rule)


def lines_moved(source: AnnualPlan) -> tuple[list[PlanActivity], list[MovedLine]]:
    """New lines for the year after a plan's, and what moved; writes nothing. A fixed number of queries."""
    activities = activities_of(source)
    festivals = Festivals((a.important_day for a in activities if a.important_day), source.fiscal_year_be)
    cancelled = cancellations_of(source)
    closed = closed_days(*fiscal_year_bounds(source.fiscal_year_be + 1), agency=source.agency)
    lines, told = [], []
    for place, activity in enumerate(activities):
        move, looks = _move(activity, festivals, source.fiscal_year_be + 1)
        if row := cancelled.get(activity.uuid):
            words = {"date": thai_date(bangkok_date(row.at), "short"), "reason": row.reason}
            looks.append(
                _("It was cancelled on %(date)s: %(reason)s. Keep it only if it takes place this time.") % words
            )
        officer = activity.responsible_officer
        if officer and not officer.in_office:
            looks.append(_("%(name)s has left. Choose another responsible officer.") % {"name": officer.display_name})
            officer = None
        if move.how == How.WEEKDAY and move.start in closed:
            words = {"date": thai_date(move.start), "holiday": closed[move.start].name_th}
            looks.append(_("%(date)s is a holiday: %(holiday)s.") % words)
        if move.how == How.FESTIVAL and _now_on_a_weekend((activity.start, activity.end), (move.start, move.end)):
            looks.append(_("It begins or ends on a Saturday or Sunday now. Check whether the office works on it."))
        if move.is_cut:
            looks.append(_("The end of the fiscal year cuts the period. Check the dates."))
        line = PlanActivity(start=move.start, end=move.end, sort_order=place, responsible_officer=officer)
        line.important_day = activity.important_day
        line.code = code_raised(activity.code, source.fiscal_year_be)
        for name in COPIED:
            setattr(line, name, getattr(activity, name))
        lines.append(line)
        told.append(_told(line, activity, looks, move))
    return lines, told


def _move(activity: PlanActivity, festivals: Festivals, fiscal_year: int) -> tuple[Move, list[str]]:
    plain = moved(activity.start, activity.end, fiscal_year)
    day = activity.important_day
    if day is None:
        return plain, []
    name = {"day": day.name_th, "year": fiscal_year}
    old = nearest(festivals.spans(day.pk, festivals.old), activity.start)
    new = nearest(festivals.spans(day.pk, festivals.new), plain.start)
    if new is None or not day.active:
        look = _("“%(day)s” has no date in fiscal year %(year)s yet. Enter it in the calendar and set the dates here.")
        return plain, [look % name]
    looks = []
    if not festivals.is_sure(day.pk, new):
        looks.append(_("The date of “%(day)s” is not confirmed yet. Confirm it in the calendar.") % name)
    if old is None:
        looks.append(_("“%(day)s” had no date in the old year, so the distance to it is not known.") % name)
        return plain, looks
    return moved_with_day(activity.start, activity.end, old, new, fiscal_year), looks


def _now_on_a_weekend(before: Span, after: Span) -> bool:
    """An edge that lay on a weekday lies on a weekend; an activity that was meant for weekends is left alone."""
    return any(old.weekday() < 5 <= new.weekday() for old, new in zip(before, after, strict=True))


def _told(line: PlanActivity, before: PlanActivity, looks: list[str], move: Move) -> MovedLine:
    return MovedLine(
        line.code,
        line.title,
        thai_date_range(before.start, before.end, "short"),
        thai_date_range(line.start, line.end, "short"),
        How(move.how).value,
        looks,
    )
