"""Thai dates: Buddhist Era years, Thai digits, fiscal years, and reading what people type.

Storage stays UTC and ISO C.E.; this module is only the door to people. Pure: it imports nothing of ours.
Years are shifted by 543, which is exact from 1 January 1941 (B.E. 2484), when the Thai year began to start in January.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BANGKOK = ZoneInfo("Asia/Bangkok")
BE_OFFSET = 543
FISCAL_YEAR_FIRST_MONTH = 10
OLDEST_YEAR_CE = 1900
# A typed year above this is B.E., at or below it C.E.; the two ranges never meet for dates of our time.
LAST_YEAR_CE = 2400

MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
SPOKEN_WEEKDAYS = {"พฤหัส": 3}

Digits = Literal["arabic", "thai"]
Style = Literal["long", "short", "numeric", "full_with_weekday"]

_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_MONTH_NUMBERS = {
    name.replace(".", ""): number for names in (MONTHS, MONTHS_SHORT) for number, name in enumerate(names, start=1)
}
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_NUMERIC = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d+)", re.ASCII)
_WORDS = re.compile(
    r"(?:(?:วัน)?(?P<weekday>[ก-๙]+?)?\s*ที่\s*)?(?P<day>\d{1,2})\s*(?P<month>[ก-๙.]+?)\s*"
    r"(?P<era>พ\.?\s?ศ\.?|ค\.?\s?ศ\.?)?\s*(?P<year>\d+)",
    re.ASCII,
)


#: How much of what somebody typed a sentence repeats.
LONGEST_ECHO = 40
#: No date is longer, however it is written.
LONGEST_DATE = 200


def echo(text: str) -> str:
    """What somebody typed, cut so that a sentence can name it."""
    clean = text.strip()
    return clean if len(clean) <= LONGEST_ECHO else f"{clean[:LONGEST_ECHO]}…"


class ThaiDateError(ValueError):
    """A text that is not one certain date. `message` is a translatable sentence that says what to write instead."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = message


def to_be(year: int) -> int:
    """B.E. year of a C.E. year: 2027 → 2570."""
    return year + BE_OFFSET


def from_be(year: int) -> int:
    """C.E. year of a B.E. year: 2570 → 2027."""
    return year - BE_OFFSET


def thai_digits(text: object) -> str:
    """The text with ๐–๙ for 0–9."""
    return str(text).translate(_TO_THAI)


def arabic_digits(text: object) -> str:
    """The text with 0–9 for ๐–๙."""
    return str(text).translate(_TO_ARABIC)


def bangkok_date(value: date) -> date:
    """The calendar date in Bangkok. An aware datetime is converted first; a naive one counts as Bangkok time."""
    if not isinstance(value, datetime):
        return value
    return (value.astimezone(BANGKOK) if value.tzinfo else value).date()


def thai_date(value: date, style: Style = "long", digits: Digits = "arabic") -> str:
    """A date for people, in B.E. (R26).

    Styles: long “13 เมษายน 2570”, short “13 เม.ย. 2570”, numeric “13/04/2570”,
    full_with_weekday “วันอังคารที่ 13 เมษายน พ.ศ. 2570”.
    """
    day = bangkok_date(value)
    year = to_be(day.year)
    text = {
        "long": f"{day.day} {MONTHS[day.month - 1]} {year}",
        "short": f"{day.day} {MONTHS_SHORT[day.month - 1]} {year}",
        "numeric": f"{day.day:02}/{day.month:02}/{year}",
        "full_with_weekday": f"วัน{WEEKDAYS[day.weekday()]}ที่ {day.day} {MONTHS[day.month - 1]} พ.ศ. {year}",
    }[style]
    return thai_digits(text) if digits == "thai" else text


def thai_time(value: time | datetime, digits: Digits = "arabic") -> str:
    """A time of day for people: “09.30 น.”, in Bangkok for an aware datetime."""
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(BANGKOK)
    text = f"{value.hour:02}.{value.minute:02} น."
    return thai_digits(text) if digits == "thai" else text


def thai_datetime(value: datetime, style: Style = "short", digits: Digits = "arabic") -> str:
    """A moment for people: “13 เม.ย. 2570 เวลา 09.30 น.”, in Bangkok for an aware datetime."""
    return f"{thai_date(value, style, digits)} เวลา {thai_time(value, digits)}"


def thai_date_range(start: date, end: date, style: Style = "long", digits: Digits = "arabic") -> str:
    """Several days for people, saying month and year once where they are shared: “13–15 เมษายน 2570”.

    Raises ValueError when the end lies before the start.
    """
    first, last = bangkok_date(start), bangkok_date(end)
    if last < first:
        raise ValueError(f"the range ends ({last}) before it starts ({first})")
    whole = thai_date(last, style, digits)
    if first == last:
        return whole
    if style not in ("long", "short") or first.year != last.year:
        return f"{thai_date(first, style, digits)} – {whole}"
    day, month, _year = thai_date(first, style, digits).split(" ")
    return f"{day}–{whole}" if first.month == last.month else f"{day} {month} – {whole}"


def fiscal_year_be(value: date) -> int:
    """The B.E. fiscal year of a date: it starts on 1 October, so 1 October 2026 is 2570 (R18)."""
    day = bangkok_date(value)
    return to_be(day.year + (day.month >= FISCAL_YEAR_FIRST_MONTH))


def fiscal_year_bounds(fiscal_year: int) -> tuple[date, date]:
    """First and last day of a B.E. fiscal year: 2570 → 1 October 2026, 30 September 2027."""
    year = from_be(fiscal_year)
    return date(year - 1, FISCAL_YEAR_FIRST_MONTH, 1), date(year, FISCAL_YEAR_FIRST_MONTH, 1) - timedelta(days=1)


def fiscal_quarter(value: date) -> int:
    """The quarter of the fiscal year, 1 (October–December) to 4 (July–September)."""
    return (bangkok_date(value).month - FISCAL_YEAR_FIRST_MONTH) % 12 // 3 + 1


def fiscal_quarter_bounds(fiscal_year: int, quarter: int) -> tuple[date, date]:
    """First and last day of a quarter (1–4) of a B.E. fiscal year."""
    if not 1 <= quarter <= 4:
        raise ValueError(f"a fiscal year has quarters 1 to 4, not {quarter}")
    first = _first_of_month(fiscal_year_bounds(fiscal_year)[0], 3 * (quarter - 1))
    return first, _first_of_month(first, 3) - timedelta(days=1)


def week_bounds(value: date) -> tuple[date, date]:
    """Monday and Sunday of the week of a date."""
    day = bangkok_date(value)
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def parse_thai_date(text: str) -> date:
    """The date a person typed, with Thai or Arabic digits.

    Accepts 13/4/2570, 13 เมษายน 2570, ๑๓ เม.ย. ๒๕๗๐, วันอังคารที่ 13 เมษายน พ.ศ. 2570 and ISO 2027-04-13. A year above
    2400 is B.E., otherwise C.E. Raises ThaiDateError (a ValueError) for a day that does not exist, for a year that
    could be either (two digits), and for a weekday or era that contradicts the rest.
    """
    clean = " ".join(arabic_digits(text).split()) if len(text) <= LONGEST_DATE else ""
    match = _ISO.fullmatch(clean) or _NUMERIC.fullmatch(clean) or _WORDS.fullmatch(clean)
    if match is None:
        raise ThaiDateError(
            _("“%(text)s” is not a date. Write it like 13/04/2570 or 13 เมษายน 2570.") % {"text": echo(text)}
        )
    parts = match.groupdict()
    year = _year_ce(parts["year"], parts.get("era") or "")
    month = month_number(parts["month"])
    try:
        found = date(year, month, int(parts["day"]))
    except ValueError as error:
        raise ThaiDateError(
            _("The date “%(text)s” does not exist. Check the day and the month.") % {"text": echo(text)}
        ) from error
    weekday = parts.get("weekday")
    if weekday and weekday != WEEKDAYS[found.weekday()] and SPOKEN_WEEKDAYS.get(weekday) != found.weekday():
        raise ThaiDateError(
            _("The date “%(text)s” contradicts itself: that day is a %(weekday)s. Check the weekday or the date.")
            % {"text": echo(text), "weekday": f"วัน{WEEKDAYS[found.weekday()]}"}
        )
    return found


def parse_year(text: str) -> int:
    """The C.E. year a person typed in either era: “2570” and “2027” are 2027. Raises ThaiDateError when uncertain."""
    return _year_ce(arabic_digits(text).strip(), "")


def _year_ce(digits: str, era: str) -> int:
    year = int(digits) if digits.isdecimal() and len(digits) <= 4 else 0
    is_be = year > LAST_YEAR_CE
    stated_be = era.startswith("พ")
    year_ce = from_be(year) if is_be else year
    if year_ce < OLDEST_YEAR_CE or (era and stated_be != is_be):
        raise ThaiDateError(
            _("The year “%(year)s” is not certain. Write the year in full with four digits, like 2570.")
            % {"year": echo(f"{era} {digits}")}
        )
    return year_ce


def month_number(text: str) -> int:
    """The number of a month written as เมษายน, เม.ย. or 4. Raises ThaiDateError for another word."""
    if text.isdecimal():
        return int(text)
    number = _MONTH_NUMBERS.get(text.replace(".", ""))
    if number is None:
        raise ThaiDateError(
            _("“%(month)s” is not a month. Write the Thai month in full, like เมษายน, or short, like เม.ย.")
            % {"month": echo(text)}
        )
    return number


def _first_of_month(value: date, months_later: int) -> date:
    months = value.year * 12 + value.month - 1 + months_later
    return date(months // 12, months % 12 + 1, 1)


class ThaiDateField(forms.DateField):
    """A form field that shows and reads B.E. dates and cleans to a C.E. `date`. Refusals say what to write instead."""

    widget = forms.TextInput

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        try:
            return parse_thai_date(str(value))
        except ThaiDateError as error:
            raise ValidationError(error.message, code="invalid") from error

    def prepare_value(self, value):
        if isinstance(value, str):
            return value[:LONGEST_DATE]
        return thai_date(value, "numeric") if isinstance(value, date) else value
