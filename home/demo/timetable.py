"""When things happen to a demo news item: office hours, working days, one step after another (S1 step table)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from pr_workflow.festival_calendar.selectors import add_working_days
from pr_workflow.people.models import Agency
from pr_workflow.thai_time import BANGKOK, bangkok_date

#: Hours of the steps of an item that went through without trouble: working days after the event, hour, minute.
WRITTEN = (0, 13, 5)
SUBMITTED = (0, 14, 20)
SIGNED = ((0, 15, 30), (1, 9, 15), (1, 10, 40))
POSTED = (1, 11, 20)
WENT_LIVE = (1, 13, 0)
VERIFIED = (1, 14, 45)

#: Hours of a correction after posting, all on one day: corrected, signed three times, posted, live, checked again.
CORRECTED = (0, 8, 50)
SIGNED_AGAIN = ((0, 9, 40), (0, 10, 30), (0, 11, 20))
POSTED_AGAIN = (0, 13, 10)
LIVE_AGAIN = (0, 13, 30)
VERIFIED_AGAIN = (0, 14, 40)

#: A writer corrects within this time, and then the chain begins again, an hour a level.
CORRECTION = timedelta(minutes=50)
#: Items of one day are not handled in the same minute.
SPREAD = timedelta(minutes=7)


@dataclass(frozen=True)
class Timetable:
    """The hours of one item, counted from the working day it is written on."""

    agency: Agency
    first_day: date
    delay: timedelta

    def at(self, mark: tuple[int, int, int]) -> datetime:
        """The moment of a mark (working days after the first, hour, minute), aware, Bangkok."""
        days, hour, minute = mark
        day = add_working_days(self.first_day, days, agency=self.agency)
        return datetime.combine(day, time(hour, minute), tzinfo=BANGKOK) + self.delay

    def a_working_day_later(self) -> "Timetable":
        """The same hours, one working day on."""
        return replace(self, first_day=add_working_days(self.first_day, 1, agency=self.agency))


def timetable_after_event(agency: Agency, event: date, *, number: int) -> Timetable:
    """Written on the day of the event, or the next working day."""
    return Timetable(agency, add_working_days(event, 0, agency=agency), SPREAD * (number % 4))


def timetable_before(agency: Agency, now: datetime, *, working_days: int, number: int) -> Timetable:
    """Written so many working days before the present: for items that are still on their way."""
    return Timetable(agency, add_working_days(bangkok_date(now), -working_days, agency=agency), SPREAD * (number % 4))


def next_morning(agency: Agency, now: datetime) -> datetime:
    """09:00 on the next working day."""
    day = add_working_days(bangkok_date(now), 1, agency=agency)
    return datetime.combine(day, time(9, 0), tzinfo=BANGKOK)
