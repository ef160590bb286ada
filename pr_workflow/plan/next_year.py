"""Where an activity lies in the next fiscal year: festivals on their new day, the rest in its month and weekday (R20).

Pure: the dates of important days are given.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..thai_time import fiscal_year_bounds, thai_digits

Span = tuple[date, date]


class How(models.TextChoices):
    """By which rule a date was moved."""

    FESTIVAL = "festival", _("with its important day")
    MONTHS = "months", _("same months")
    WEEKDAY = "weekday", _("same weekday nearest to the date")


WHOLE_NUMBER = re.compile(r"[0-9๐-๙]+")
#: A short B.E. year in a code: after letters and before a separator, as in KPR70-01.
SHORT_YEAR = re.compile(r"(?<=[^\W\d_])([0-9๐-๙]{2})(?=[-/.])")


@dataclass(frozen=True)
class Move:
    """The new dates, the rule, and whether the end of the fiscal year cut them."""

    start: date
    end: date
    how: How
    is_cut: bool = False


def year_raised(text: str, year: int) -> str:
    """The text with the B.E. year, in Thai or Arabic digits, made the next one: “แผน ๒๕๗๐” is “แผน ๒๕๗๑”."""
    raised = {str(year): str(year + 1), thai_digits(year): thai_digits(year + 1)}
    return WHOLE_NUMBER.sub(lambda found: raised.get(found[0], found[0]), text)


def code_raised(code: str, year: int) -> str:
    """The code of a line with the B.E. year, long or short, made the next one: “KPR70-01” is “KPR71-01”."""
    short = f"{year % 100:02}", f"{(year + 1) % 100:02}"
    raised = {short[0]: short[1], thai_digits(short[0]): thai_digits(short[1])}
    return SHORT_YEAR.sub(lambda found: raised.get(found[1], found[1]), year_raised(code, year))


def same_date(day: date, years: int = 1) -> date:
    """The date so many years later; 29 February becomes the 28th in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def moved(start: date, end: date, fiscal_year: int) -> Move:
    """Dates of an activity in a B.E. fiscal year, from those of the year before.

    Whole months stay whole months. Otherwise the first day keeps month and weekday, as near to the same date as the
    month allows, and the activity keeps its length.
    """
    if _is_whole_months(start, end):
        # The day after the last one is the first of a month, which every year has.
        return _inside(
            same_date(start), same_date(end + timedelta(days=1)) - timedelta(days=1), How.MONTHS, fiscal_year
        )
    first = _same_weekday(start, same_date(start))
    return _inside(first, first + (end - start), How.WEEKDAY, fiscal_year)


def moved_with_day(start: date, end: date, old: Span, new: Span, fiscal_year: int) -> Move:
    """Dates that keep their distance to a festival: from its first day, or from its last one when they begin later.

    An end after the festival's first day keeps its distance to the last one, so that a longer festival stays covered.
    """
    shift, shift_of_end = new[0] - old[0], new[1] - old[1]
    first = start + (shift if start <= old[1] else shift_of_end)
    last = end + (shift if end < old[1] else shift_of_end)
    return _inside(first, max(first, last), How.FESTIVAL, fiscal_year)


def nearest(spans: list[Span], day: date) -> Span | None:
    """The span whose first day lies nearest to a day."""
    return min(spans, key=lambda span: (abs((span[0] - day).days), span), default=None)


def spans_of(days: list[date]) -> list[Span]:
    """Dates as runs of consecutive days."""
    found: list[Span] = []
    for day in sorted(set(days)):
        if found and (day - found[-1][1]).days == 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _is_whole_months(start: date, end: date) -> bool:
    return start.day == 1 and (end + timedelta(days=1)).day == 1


def _same_weekday(old: date, new: date) -> date:
    """The day nearest to `new` on the weekday of `old`, in the month of `new`."""
    ahead = (old.weekday() - new.weekday()) % 7
    candidates = [new + timedelta(days=ahead), new + timedelta(days=ahead - 7)]
    in_month = [day for day in candidates if day.month == new.month]
    return min(in_month, key=lambda day: abs((day - new).days))


def _inside(start: date, end: date, how: How, fiscal_year: int) -> Move:
    first, last = fiscal_year_bounds(fiscal_year)
    kept = min(max(start, first), last), min(max(end, first), last)
    return Move(*kept, how, is_cut=kept != (start, end))
