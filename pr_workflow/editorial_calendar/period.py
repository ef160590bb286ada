"""The month or week somebody looks at, and its names in the Buddhist Era."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ..thai_time import MONTHS, MONTHS_SHORT, thai_date_range, to_be

View = Literal["month", "week", "agenda"]
#: Weeks of Thai calendars begin on Sunday; days are numbered as `date.isoweekday() % 7`.
WEEK = ("อาทิตย์", "จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์")
WEEK_SHORT = ("อา.", "จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.")


@dataclass(frozen=True)
class Period:
    """What is on the screen: `first` to `last`, both included, around the day `anchor`."""

    view: View
    anchor: date

    @property
    def first(self) -> date:
        if self.view == "week":
            return self.anchor - timedelta(days=self.anchor.isoweekday() % 7)
        return self.anchor.replace(day=1)

    @property
    def last(self) -> date:
        if self.view == "week":
            return self.first + timedelta(days=6)
        return _next_month(self.first) - timedelta(days=1)

    @property
    def before(self) -> date:
        """A day of the period before."""
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date:
        """A day of the period after."""
        return self.last + timedelta(days=1)

    @property
    def title(self) -> str:
        """“เมษายน 2570”, or the days of the week."""
        if self.view == "week":
            return thai_date_range(self.first, self.last)
        return month_title(self.anchor)


def month_title(day: date) -> str:
    """The month of a day with its B.E. year."""
    return f"{MONTHS[day.month - 1]} {to_be(day.year)}"


def short_months() -> list[str]:
    """The short names of the twelve months."""
    return list(MONTHS_SHORT)


def weeks_of(day: date) -> list[list[date]]:
    """The weeks, Sunday to Saturday, that hold the month of a day."""
    period = Period("month", day)
    start = period.first - timedelta(days=period.first.isoweekday() % 7)
    weeks = []
    while start <= period.last:
        weeks.append([start + timedelta(days=number) for number in range(7)])
        start += timedelta(days=7)
    return weeks


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
