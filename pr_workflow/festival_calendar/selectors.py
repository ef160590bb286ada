"""Questions about the calendar: who may see and change it, what comes next, which days offices work."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, overload

from django.core.exceptions import PermissionDenied

from ..people.models import Agency
from ..people.selectors import agency_of
from ..thai_time import BANGKOK, bangkok_date
from .day_choices import AgencyDay, DatedDay, dated_days
from .models import AgencyScoped, Holiday, ImportantDay
from .rules import is_certain

Day = date  # a field called `date` hides the type from the lines below it
SPECIAL_HOLIDAY_KEY = "special_holiday"
OFFICE_CLOSES = time(16, 30)
# Long enough for any range of days in the register to be recognised as one coming event.
LONGEST_RANGE_DAYS = 14
# First guess of how far to look; the window doubles when holidays are denser.
CALENDAR_DAYS_A_WORKING_DAY = 2


@dataclass(frozen=True)
class ComingDay:
    """An important day ahead, with what the agency makes of it. `last` is later than `first` for a range; `confirmed`
    is false while one date is not.
    """

    day: AgencyDay
    first: date
    last: date
    confirmed: bool

    @property
    def important_day(self) -> ImportantDay:
        return self.day.important_day


@dataclass(frozen=True)
class YearEntry:
    """One line of a year's calendar: a day by its rule, its substitute, or a special holiday."""

    key: str
    name: str
    date: date
    entry: Literal["day", "substitution", "special"]
    confirmed: bool
    in_lieu_of: Day | None = None


def entries_visible_to(user, queryset: AgencyScoped) -> AgencyScoped:
    """National entries and those of the user's agency; everything for a superuser without an agency (I5)."""
    try:
        agency = agency_of(user)
    except PermissionDenied:
        return queryset.none()
    if agency is None:
        return queryset
    return queryset.visible_to(agency)


def entry_may_change(user, agency_id: int | None) -> bool:
    """Whether a user may change entries of that agency; national ones (None) belong to superusers alone."""
    if user.is_superuser:
        return True
    try:
        own = agency_of(user)
    except PermissionDenied:
        return False
    return agency_id is not None and own is not None and own.pk == agency_id


def closed_days(start: date, end: date, *, agency: Agency | None = None) -> dict[date, Holiday]:
    """Holidays that close the office from start to end, both included; weekends are not listed. One query.

    What a person entered wins (R25): an agency's own row decides over one of its province, that over national ones, and
    `cancelled` opens the office. Without an agency only what holds in the whole country counts.
    """
    province = agency.province if agency else ""
    rows: dict[date, list[Holiday]] = {}
    holidays = Holiday.objects.visible_to(agency).active().filter(date__range=(start, end))
    for row in holidays.select_related("important_day").order_by("date", "pk"):
        if row.holds_in(province):
            rows.setdefault(row.date, []).append(row)
    closed = {}
    for day, entries in rows.items():
        own = [row for row in entries if row.agency_id]
        deciding = own or [row for row in entries if row.provinces] or entries
        if all(row.kind != Holiday.Kind.CANCELLED for row in deciding):
            closed[day] = deciding[0]
    return closed


def holidays_in(start: date, end: date, *, agency: Agency | None = None) -> list[Holiday]:
    """The holidays of an agency (None: of every agency) from start to end, both included, in order of date."""
    return list(closed_days(start, end, agency=agency).values())


def is_working_day(day: date, *, agency: Agency | None = None) -> bool:
    """Whether the office works on a date: Monday to Friday and not closed. A datetime counts as its Bangkok date."""
    day = bangkok_date(day)
    return day.weekday() < 5 and day not in closed_days(day, day, agency=agency)


def working_days_in(start: date, end: date, *, agency: Agency | None = None) -> list[date]:
    """The working days from start to end, both included. One query."""
    closed = closed_days(start, end, agency=agency)
    days = (start + timedelta(days=number) for number in range((end - start).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in closed]


@overload
def add_working_days(start: datetime, days: int, *, agency: Agency | None = None) -> datetime: ...
@overload
def add_working_days(start: date, days: int, *, agency: Agency | None = None) -> date: ...
def add_working_days(start: date | datetime, days: int, *, agency: Agency | None = None) -> date | datetime:
    """The day, or the deadline, that lies `days` working days after start (R25, S1 step table `วันทำการ`).

    The start day itself never counts, whatever the hour: work received on Friday, Saturday or Sunday with 1 working day
    is due on Monday. 0 days mean the start day, or the next working day when the office is closed. Negative days count
    back (lead times). A date gives a date. An aware datetime is read in Bangkok and gives the end of office hours,
    16:30 Asia/Bangkok, on that day; a naive one raises ValueError, because its day would be a guess.
    """
    if isinstance(start, datetime):
        if start.tzinfo is None:
            raise ValueError("add_working_days needs an aware datetime")
        day = _date_after(bangkok_date(start), days, agency)
        return datetime.combine(day, OFFICE_CLOSES, tzinfo=BANGKOK)
    return _date_after(start, days, agency)


def working_days_between(start: date, end: date, *, agency: Agency | None = None) -> int:
    """How many working days lie after start up to and including end; negative when end is earlier.

    The inverse of `add_working_days`. Datetimes count as their Bangkok dates.
    """
    start, end = bangkok_date(start), bangkok_date(end)
    if end < start:
        return -working_days_between(end, start, agency=agency)
    return len(working_days_in(start + timedelta(days=1), end, agency=agency))


def next_important_days(*, agency: Agency | None, today: date, limit: int) -> list[ComingDay]:
    """The next `limit` important days an agency sees, from today on; a range counts once while it lasts. Two
    queries."""
    dates = dated_days(
        agency=agency,
        first=today - timedelta(days=LONGEST_RANGE_DAYS),
        limit=(limit + LONGEST_RANGE_DAYS) * LONGEST_RANGE_DAYS,
    )
    coming = [day for day in _grouped(dates) if day.last >= today]
    return sorted(coming, key=lambda day: (max(day.first, today), day.important_day.pk))[:limit]


def days_within(first: date, last: date, *, agency: Agency | None) -> list[ComingDay]:
    """The important days an agency observes from first to last (both included); a range is one entry. Two queries."""
    return _grouped(dated_days(agency=agency, first=first, last=last))


def preparation_dates(coming: Iterable[ComingDay], *, agency: Agency | None) -> list[date]:
    """For each coming day the date its preparation starts: its lead time in working days earlier. One query."""
    leads = [(day.first, day.day.lead_time_working_days) for day in coming]
    if not leads:
        return []
    window = timedelta(days=max(lead for _first, lead in leads) * CALENDAR_DAYS_A_WORKING_DAY + 30)
    earliest, latest = min(first for first, _lead in leads), max(first for first, _lead in leads)
    working = working_days_in(earliest - window, latest, agency=agency)
    return [
        working[bisect_left(working, first) - lead] if lead else first  # the day itself never counts
        for first, lead in leads
    ]


def year_entries(year: int, *, agency: Agency | None = None) -> list[YearEntry]:
    """Everything a C.E. year holds for an agency, in order of date. Three queries.

    `confirmed` is true for certain dates and for what a person confirmed or entered; a substitute is as certain as the
    day it stands for. Special holidays of no important day carry the key `special_holiday`.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    dates = dated_days(agency=agency, first=first, last=last)
    certain = {(each.occurrence.important_day_id, each.date) for each in dates if each.confirmed}
    entries = [YearEntry(*_named(each), each.date, "day", each.confirmed) for each in dates]
    for row in holidays_in(first, last, agency=agency):
        if row.kind == Holiday.Kind.REGULAR:
            continue
        day = row.important_day
        sure_by_rule = day is not None and is_certain(day.rule)
        confirmed = row.edited or sure_by_rule or (row.important_day_id, row.in_lieu_of) in certain
        kind: Literal["substitution", "special"] = "special"
        if row.kind == Holiday.Kind.SUBSTITUTION:
            kind = "substitution"
        key = day.key if day else SPECIAL_HOLIDAY_KEY
        entries.append(YearEntry(key, row.name_th, row.date, kind, confirmed, row.in_lieu_of))
    return sorted(entries, key=lambda each: (each.date, each.key, each.entry))


def years_without_holidays(years: Iterable[int]) -> list[int]:
    """Those of the C.E. years for which no holidays were ever imported."""
    imported = Holiday.objects.exclude(seed_key=None).dates("date", "year")
    return sorted(set(years) - {day.year for day in imported})


def _named(dated: DatedDay) -> tuple[str, str]:
    return dated.day.important_day.key, dated.day.important_day.name_th


def _grouped(dates: Iterable[DatedDay]) -> list[ComingDay]:
    """Consecutive dates of one important day as one entry."""
    groups: dict[int, list[list[DatedDay]]] = {}
    for dated in dates:
        runs = groups.setdefault(dated.occurrence.important_day_id, [])
        if runs and (dated.date - runs[-1][-1].date).days == 1:
            runs[-1].append(dated)
        else:
            runs.append([dated])
    return [
        ComingDay(run[0].day, run[0].date, run[-1].date, all(each.confirmed for each in run))
        for runs in groups.values()
        for run in runs
    ]


def _date_after(start: date, days: int, agency: Agency | None) -> date:
    if days == 0:
        return start if is_working_day(start, agency=agency) else _date_after(start, 1, agency)
    step = 1 if days > 0 else -1
    span = timedelta(days=abs(days) * CALENDAR_DAYS_A_WORKING_DAY + 30)
    while True:
        if step > 0:
            found = working_days_in(start + timedelta(days=1), start + span, agency=agency)
        else:
            found = working_days_in(start - span, start - timedelta(days=1), agency=agency)[::-1]
        if len(found) >= abs(days):
            return found[abs(days) - 1]
        span *= 2
