"""A month of the calendar on one sheet of A4, landscape, in the Buddhist Era and the digits of the agency (R26)."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from ..archive.evidence import account_name
from ..archive.request_form import digits_of
from ..paper import own_file
from ..thai_time import Digits, thai_datetime, thai_digits
from .entry import Entry, EntryKind
from .period import WEEK, month_title, weeks_of
from .reader import Reader
from .selectors import Wanted, calendar_entries

SHEETS = (own_file("paper.css"), own_file("month_paper.css"))


@dataclass
class PaperEntry:
    """One line in the square of a day; `goes_on` when it began on an earlier day."""

    form: str
    word: str
    time: str
    title: str
    note: str
    goes_on: bool


@dataclass
class PaperDay:
    """The square of a day."""

    number: str
    is_outside: bool
    is_off: bool
    lines: list[PaperEntry] = field(default_factory=list)


def month_html(reader: Reader, day: date, *, wanted: Wanted, address: str, now: datetime) -> str:
    """The month of a day as HTML for paper, in the language of the site. Args: now, aware."""
    digits = digits_of(reader.agency)
    with translation.override(settings.LANGUAGE_CODE):
        weeks = weeks_of(day)
        sheet = calendar_entries(reader, weeks[0][0], weeks[-1][-1], now=now, wanted=wanted)
        closed = {entry.start for entry in sheet.entries if entry.kind == EntryKind.HOLIDAY}
        context = {
            "sheets": SHEETS,
            "digits": digits,
            "address": address,
            "printed_at": thai_datetime(now, "short", digits),
            "printed_by": account_name(reader.user),
            "agency": reader.agency,
            "month": _in_digits(month_title(day), digits),
            "is_chosen": wanted != Wanted(),
            "names": WEEK,
            "weeks": [[_square(each, day, sheet.entries, closed, digits) for each in week] for week in weeks],
        }
        return render_to_string("pr_workflow/editorial_calendar/month_paper.html", context)


def month_paper_name(day: date) -> str:
    """The file name, in the language of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        return f"{_('PR calendar')} {month_title(day)}.pdf"


def _square(day: date, shown: date, entries: list[Entry], closed: set[date | None], digits: Digits) -> PaperDay:
    lines = [_line(each, day, digits) for each in entries if each.start and each.end and each.start <= day <= each.end]
    is_outside = day.month != shown.month
    is_off = day.weekday() >= 5 or day in closed
    return PaperDay(_in_digits(day.day, digits), is_outside, is_off, [] if is_outside else lines)


def _line(entry: Entry, day: date, digits: Digits) -> PaperEntry:
    word = str(entry.kind.label)
    time = _in_digits(entry.time, digits)
    return PaperEntry(entry.look.form, word, time, entry.title, entry.note, entry.start != day)


def _in_digits(value: object, digits: Digits) -> str:
    return thai_digits(value) if digits == "thai" else str(value)
