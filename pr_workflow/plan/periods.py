"""When an activity takes place, as people write it in a plan: dates, months, quarters, the whole year (R19, R26).

Reads “ต.ค. 69 – มี.ค. 70”, “ไตรมาส 1”, “ตลอดปี”, “13–15 เม.ย. 2570”, “๑๓/๔/๒๕๗๐”, “2027-04-13” and more. A month without
a year is that of the plan's fiscal year; a year of two digits is B.E., and only when it lies in that year. Pure.
"""

import re
from calendar import monthrange
from datetime import date

from django.utils.translation import gettext_lazy as _

from ..thai_time import (
    FISCAL_YEAR_FIRST_MONTH,
    LAST_YEAR_CE,
    ThaiDateError,
    arabic_digits,
    echo,
    fiscal_quarter_bounds,
    fiscal_year_bounds,
    from_be,
    month_number,
    parse_thai_date,
    parse_year,
)

Period = tuple[date, date]

WHOLE_YEAR = re.compile(
    r"(?:ตลอด|ทั้ง|ทุกเดือน(?:ตลอด)?)\s*(?:ทั้ง)?\s*(?:ปี(?:งบประมาณ)?)?\s*(?:พ\.?\s?ศ\.?\s*)?(?P<year>\d{2,4})?|ทุกเดือน"
)
QUARTERS = re.compile(
    r"(?:ไตรมาส(?:ที่)?|[qQ])\s*(?P<first>[1-4])(?:\s*(?:-|,|และ|&)\s*(?:ไตรมาส(?:ที่)?|[qQ])?\s*(?P<last>[1-4]))?"
    r"(?:\s*/?\s*(?:ปี(?:งบประมาณ)?)?\s*(?:พ\.?\s?ศ\.?\s*)?(?P<year>\d{2,4}))?"
)
DAY = re.compile(r"\d{1,2}")
SHORT_NUMERIC = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>\d{2}))?")
MONTH_WORDS = re.compile(
    r"(?:(?P<day>\d{1,2})\s*)?(?P<month>[ก-๎][ก-๎.]*?)\s*(?:(?P<era>พ\.?\s?ศ\.?|ค\.?\s?ศ\.?)\s*)?(?P<year>\d{2}|\d{4})?"
)
FILLERS = re.compile(r"^(?:ระหว่าง|ภายใน|ประมาณ|ช่วง)?\s*(?:วันที่|เดือน)?\s*(?=[\dก-๙])")


def month_period(month: int, fiscal_year: int) -> Period:
    """The whole of a month (1–12) in a B.E. fiscal year."""
    year = from_be(fiscal_year) - (month >= FISCAL_YEAR_FIRST_MONTH)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def period_of(text: str, fiscal_year: int) -> Period:
    """First and last day of a period as a person wrote it, seen from a B.E. fiscal year.

    Whether the days lie in the year, and in the right order, is for the caller to check.
    Raises `ThaiDateError` when it is not one certain period.
    """
    clean = _clean(text)
    if match := WHOLE_YEAR.fullmatch(clean):
        _same_year(match["year"], fiscal_year)
        return fiscal_year_bounds(fiscal_year)
    if match := QUARTERS.fullmatch(clean):
        _same_year(match["year"], fiscal_year)
        first, last = int(match["first"]), int(match["last"] or match["first"])
        return fiscal_quarter_bounds(fiscal_year, first)[0], fiscal_quarter_bounds(fiscal_year, last)[1]
    try:
        return _end_of_period(clean, fiscal_year)
    except ThaiDateError as error:
        if found := _range(clean, fiscal_year):
            return found
        raise ThaiDateError(_the_sentence(text, clean, error)) from error


def _the_sentence(text: str, clean: str, error: ThaiDateError):
    """A date that is one by its form has a sentence of its own; anything else is told what a period looks like."""
    if re.fullmatch(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}\s*[ก-๎.]+\s*\d{2,4}|วัน.+\d{4}", clean):
        return error.message
    return _("“%(text)s” is not a period. Write it like 13/04/2570, ต.ค. 2569 – มี.ค. 2570, ไตรมาส 1 or ตลอดปี.") % {
        "text": echo(text)
    }


def _clean(text: str) -> str:
    clean = " ".join(arabic_digits(text).split())
    clean = re.sub(r"[–—−‒~]|\s*(?:จนถึง|ถึง)\s*", "-", clean)
    return FILLERS.sub("", clean).strip(" .") if not clean.endswith("น.") else clean


def _same_year(written: str | None, fiscal_year: int) -> None:
    """A year beside “quarter” or “whole year” names the fiscal year. Raises `ThaiDateError` for another one."""
    if written and fiscal_year != _be(written):
        raise ThaiDateError(
            _("It names the year %(written)s, but the plan is for fiscal year %(year)s (B.E.).")
            % {"written": echo(written), "year": fiscal_year}
        )


def _be(written: str) -> int:
    return 2500 + int(written) if len(written) == 2 else int(written)


def _range(clean: str, fiscal_year: int) -> Period | None:
    """The text cut at the one dash that leaves a beginning and an end."""
    for dash in re.finditer(r"\s*-\s*", clean):
        left, right = clean[: dash.start()], FILLERS.sub("", clean[dash.end() :])
        try:
            last = _end_of_period(right, fiscal_year)
            if DAY.fullmatch(left):
                first = _date(last[0].year, last[0].month, int(left), left)
            else:
                first = _end_of_period(left, fiscal_year)[0]
        except ThaiDateError:
            continue
        return first, last[1]
    return None


def _end_of_period(text: str, fiscal_year: int) -> Period:
    """One day, or one month with its first and last day. Raises `ThaiDateError`."""
    try:
        day = parse_thai_date(text)
    except ThaiDateError as error:
        match = SHORT_NUMERIC.fullmatch(text) or MONTH_WORDS.fullmatch(text)
        if match is None or (match["day"] and match["year"] and len(match["year"]) == 4):
            raise
        month = month_number(match["month"])
        if not 1 <= month <= 12:
            raise ThaiDateError(error.message) from error
        year = _year(match["year"], match.groupdict().get("era") or "", month, fiscal_year)
        if match["day"] is None:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        day = _date(year, month, int(match["day"]), text)
    return day, day


def _year(written: str | None, era: str, month: int, fiscal_year: int) -> int:
    by_plan = month_period(month, fiscal_year)[0].year
    if written is None:
        return by_plan
    contradicts = bool(era) and era.startswith("พ") != (_be(written) > LAST_YEAR_CE)
    if len(written) == 4 and not contradicts:
        return parse_year(written)
    if contradicts or from_be(2500 + int(written)) != by_plan:
        raise ThaiDateError(
            _("The year “%(year)s” is not certain. Write the year in full with four digits, like 2570.")
            % {"year": echo(written)}
        )
    return by_plan


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ThaiDateError(
            _("The date “%(text)s” does not exist. Check the day and the month.") % {"text": echo(text)}
        ) from error
