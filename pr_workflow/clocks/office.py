"""The time offices work: 08:30–16:30 Asia/Bangkok on working days, the lunch hour included (R25).

The official hours are 08:30–12:00 and 13:00–16:30, but offices serve the public through noon, and a limit that stood
still at lunch would make "2 hours" mean something else before and after it. Eight hours are one working day.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from ..festival_calendar.selectors import OFFICE_CLOSES, closed_days
from ..people.models import Agency
from ..thai_time import BANGKOK, bangkok_date

OFFICE_OPENS = time(8, 30)
OFFICE_DAY = timedelta(hours=8)

#: A stretch of time, from and to, aware.
Stretch = tuple[datetime, datetime]


class OfficeCalendar:
    """Working days of one agency (None: of all), read once a year of dates; for one computation, not to be kept."""

    def __init__(self, agency: Agency | None):
        self.agency = agency
        self._closed: dict[int, frozenset[date]] = {}

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday and not closed. One query for each new year."""
        if day.weekday() >= 5:
            return False
        if day.year not in self._closed:
            year = closed_days(date(day.year, 1, 1), date(day.year, 12, 31), agency=self.agency)
            self._closed[day.year] = frozenset(year)
        return day not in self._closed[day.year]

    def hours_from(self, start: datetime) -> Iterator[Stretch]:
        """The office hours from a moment on, day by day, without end."""
        day = bangkok_date(start)
        while True:
            closes = datetime.combine(day, OFFICE_CLOSES, tzinfo=BANGKOK)
            if closes > start and self.is_working_day(day):
                yield max(datetime.combine(day, OFFICE_OPENS, tzinfo=BANGKOK), start), closes
            day += timedelta(days=1)

    def days_between(self, start: datetime, end: datetime) -> int:
        """Working days after the date of `start` up to and including that of `end`; 0 when `end` is not later."""
        day, last = bangkok_date(start), bangkok_date(end)
        return sum(self.is_working_day(day + timedelta(days=n)) for n in range(1, (last - day).days + 1))


def day_after(start: datetime) -> datetime:
    """Midnight in Bangkok at the end of the day: the day work is received never counts."""
    return datetime.combine(bangkok_date(start) + timedelta(days=1), time(0), tzinfo=BANGKOK)


def without(stretch: Stretch, pauses: Iterable[Stretch]) -> Iterator[Stretch]:
    """What is left of a stretch when the pauses are cut out, in order."""
    start, end = stretch
    for paused, resumed in sorted(pauses):
        if resumed <= start or paused >= end:
            continue
        if paused > start:
            yield start, paused
        start = max(start, resumed)
    if start < end:
        yield start, end


def office_time(start: datetime, end: datetime, *, calendar: OfficeCalendar) -> timedelta:
    """How much office time lies between two moments; nothing when `end` is not later."""
    total = timedelta()
    if end <= start:
        return total
    for opens, closes in calendar.hours_from(start):
        if opens >= end:
            return total
        total += min(closes, end) - opens
    return total  # hours_from has no end
