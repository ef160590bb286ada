"""Rows of a table as lines of a plan: each cell either understood with certainty or named in a finding (R19).

A finding is a whole sentence for the person: which row, which column, what to do. One finding keeps the whole file out.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from ..people.models import StaffProfile, Unit
from ..people.private_data import private_data_in
from ..thai_time import (
    LAST_YEAR_CE,
    ThaiDateError,
    arabic_digits,
    fiscal_year_bounds,
    parse_thai_date,
    thai_date,
    to_be,
)
from .amounts import NOTHING, NoNumber, money, number
from .headers import Header
from .known_names import KnownNames
from .models import PlanActivity
from .periods import Period, period_of
from .sheets import Broken, Cell, Sheet, SheetRow, cell_text, is_blank
from .words import CHOICES, keys_in, plain, words_of

LISTS = ("target_groups", "channels", "media_formats")
TEXTS = ("code", "title", "mission", "indicator")
#: Rows that add up the others.
_TOTALS = ("รวม", "รวมทั้งสิ้น", "รวมงบประมาณ", "ยอดรวม", "รวมเงิน", "total")
NOT_IN_OFFICE = gettext_lazy(
    "“%(name)s” is not in the staff directory, or has left. Write the name as it stands there, or the user name."
)
#: Signs that no XML may carry, and with it no workbook.
NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_NO_MARKS = frozenset({"-", "–", "—", "0"})


def label_of(name: str) -> str:
    """The column of a field as our own files name it."""
    return capfirst(str(PlanActivity._meta.get_field(name).verbose_name))


@dataclass(frozen=True)
class Finding:
    """Something in the file that has to be corrected; `row` is its number in the file."""

    row: int
    column: str
    what: str

    @property
    def text(self) -> str:
        """The whole sentence."""
        return _("Row %(row)s, column “%(column)s”: %(what)s") % {
            "row": self.row,
            "column": self.column,
            "what": self.what,
        }


@dataclass
class Line:
    """One row that was read: the values of the fields the file has columns for."""

    row: int
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class Reading:
    """A whole table."""

    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class RowReader:
    """Reads the rows below a header, for the plan of one fiscal year (B.E.)."""

    def __init__(self, header: Header, names: KnownNames, fiscal_year: int):
        self.header, self.names, self.fiscal_year = header, names, fiscal_year
        self.reading = Reading()
        self._section = ""
        self._row = 0

    def read(self, sheet: Sheet) -> Reading:
        """Every row, in order."""
        for row in sheet.rows[self.header.first_row + self.header.rows :]:
            if not self._is_heading(row):
                self._read(row)
        if not self.reading.lines:
            self._find(self.header.first_row + 1, "title", _("There is no activity below the headings. Add one."))
        return self.reading

    # -- rows that are no activities

    def _is_heading(self, row: SheetRow) -> bool:
        """A title inside the table, or a sum below it: left out, and said so."""
        written = [cell_text(cell) for cell in row.cells if not is_blank(cell)]
        first, title = written[0], self.header.place_of("title")
        has_title = title is not None and not is_blank(row.cell(title))
        sums = plain(first) in {plain(word) for word in _TOTALS}
        alone = len(set(written)) == 1 and len(self.header.columns) > 1 and (row.is_wide or not has_title)
        repeated = all(
            is_blank(row.cell(place)) or plain(cell_text(row.cell(place))) in words_of("column")
            for place in self.header.columns
        )
        if not (sums or alone or repeated):
            return False
        if section := self._section_named(first):
            self._section = section
        self.reading.notes.append(
            _("Row %(row)s “%(text)s” is a heading or a sum and was left out.") % {"row": row.number, "text": first}
        )
        return True

    @staticmethod
    def _section_named(text: str) -> str:
        """“๒. ตามเทศกาล/วันสำคัญ” says where the rows below it come from."""
        word = plain(text).lstrip("0123456789")
        if origin := words_of("origin").get(word):
            return origin
        if "เทศกาล" in word or "วันสำคัญ" in word:
            return PlanActivity.Origin.FESTIVAL
        return PlanActivity.Origin.MISSION if "พันธกิจ" in word or "ภารกิจ" in word else ""

    # -- one row

    def _read(self, row: SheetRow) -> None:
        line, self._row = Line(row.number), row.number
        for place, name in self.header.columns.items():
            cell = row.cell(place)
            if isinstance(cell, Broken):
                self._find(
                    row.number,
                    name,
                    _("The value is not in the file (%(text)s). Write it instead of a formula.") % {"text": cell.text},
                    place,
                )
            elif name not in ("start", "end", "period"):
                line.values[name] = self._value(name, cell, place)
        self._period(row, line)
        self._origin(line)
        self.reading.lines.append(line)

    def _value(self, name: str, cell: Cell, place: int) -> Any:
        if name in TEXTS:
            return self._text(name, cell, place)
        if name in LISTS:
            return self._keys(name, cell_text_in_lines(cell), place)
        if name in ("budget_baht", "target_value"):
            return self._number(name, cell, place)
        text = "" if cell_text(cell) in NOTHING else cell_text(cell)
        if not text:
            return "" if name == "origin" else None
        readers = {
            "origin": self._origin_key,
            "important_day": self._day,
            "responsible_officer": self._officer,
            "unit": self._unit,
        }
        return readers[name](text, place)

    def _text(self, name: str, cell: Cell, place: int) -> str:
        text = cell_text(cell)
        longest = PlanActivity._meta.get_field(name).max_length
        if longest and len(text) > longest:
            self._find(
                self._row, name, _("The text has more than %(count)s letters. Shorten it.") % {"count": longest}, place
            )
        if name in PlanActivity.PUBLIC_FIELDS and (problem := private_data_in(text, label_of(name))):
            self._find(self._row, name, problem, place)
        if name == "title" and not text:
            self._find(self._row, name, _("The name of the activity is missing. Write it, or delete the row."), place)
        return text

    def _keys(self, name: str, text: str, place: int) -> list[str]:
        keys, unknown = keys_in(name, text)
        if unknown:
            self._find(
                self._row,
                name,
                _("“%(words)s” is not known. Write one or more of: %(known)s.")
                % {"words": ", ".join(unknown), "known": ", ".join(str(label) for label in CHOICES[name].labels)},
                place,
            )
        return keys

    def _number(self, name: str, cell: Cell, place: int) -> Any:
        if isinstance(cell, date):
            self._find(self._row, name, _("A date stands here. Write a number."), place)
            return None
        value = cell if isinstance(cell, int | float) else cell_text(cell)
        try:
            return money(value) if name == "budget_baht" else number(value)
        except NoNumber as error:
            self._find(self._row, name, f"“{cell_text(cell)}”: {error.message}", place)
            return None

    def _origin_key(self, text: str, place: int) -> str:
        if key := words_of("origin").get(plain(text)):
            return key
        labels = ", ".join(str(label) for label in CHOICES["origin"].labels)
        self._find(
            self._row,
            "origin",
            _("“%(words)s” is not known. Write one or more of: %(known)s.") % {"words": text, "known": labels},
            place,
        )
        return ""

    def _day(self, text: str, place: int):
        found = self.names.day(text)
        if len(found) == 1:
            return found[0]
        self._find(
            self._row,
            "important_day",
            _("“%(text)s” is not one important day of the calendar. Copy its name from the calendar.") % {"text": text},
            place,
        )
        return None

    def _officer(self, text: str, place: int) -> StaffProfile | None:
        found = self.names.officer(text)
        if len(found) == 1:
            return found[0]
        if found:
            what = _("Several people are called “%(name)s”. Write the user name instead.") % {"name": text}
        else:
            what = NOT_IN_OFFICE % {"name": text}
        self._find(self._row, "responsible_officer", what, place)
        return None

    def _unit(self, text: str, place: int) -> Unit | None:
        found = self.names.unit(text)
        if len(found) == 1:
            return found[0]
        what = _("“%(name)s” is not one unit or school of the agency. Write its name as it stands in the register.")
        self._find(self._row, "unit", what % {"name": text}, place)
        return None

    def _origin(self, line: Line) -> None:
        """Without a word of its own a line comes from its section, or from its important day."""
        if not line.values.get("origin") and self._section:
            line.values["origin"] = self._section
        if not line.values.get("origin") and line.values.get("important_day"):
            line.values["origin"] = PlanActivity.Origin.FESTIVAL
        if not line.values.get("origin"):
            line.values.pop("origin", None)

    # -- when

    def _period(self, row: SheetRow, line: Line) -> None:
        column, found = self._period_found(row)
        if found is None:
            return
        start, end = found
        first, last = fiscal_year_bounds(self.fiscal_year)
        words = {"start": thai_date(start), "end": thai_date(end), "year": self.fiscal_year}
        if end < start:
            self._find(
                self._row,
                column,
                _("It ends on %(end)s, before it starts on %(start)s. Correct one of the dates.") % words,
            )
        elif not (first <= start and end <= last):
            outside = words | {"first": thai_date(first), "last": thai_date(last)}
            what = _(
                "%(start)s to %(end)s is not inside fiscal year %(year)s (%(first)s to %(last)s). Correct the dates."
            )
            self._find(self._row, column, f"{what % outside}{self._era_read(row, start, end)}")
        else:
            line.values |= {"start": start, "end": end}

    def _era_read(self, row: SheetRow, *days: date) -> str:
        """Which era a year was taken for, when it is not written as it is shown here."""
        places = [self.header.place_of(name) for name in ("start", "end", "period")]
        cells = [row.cell(place) for place in places if place is not None]
        texts = [arabic_digits(cell_text(cell)) for cell in cells if not isinstance(cell, Broken)]
        read = {day.year for day in days if any(str(day.year) in text for text in texts)}
        read |= {day.year for day in days if any(isinstance(cell, date) and cell.year == day.year for cell in cells)}
        text = _("The year %(written)s was read as C.E., which is %(year)s B.E.")
        return "".join(" " + text % {"written": year, "year": to_be(year)} for year in sorted(read))

    def _period_found(self, row: SheetRow) -> tuple[str, Period | None]:
        """The column to name in a finding, and the period; None after a finding."""
        places = {name: self.header.place_of(name) for name in ("start", "end", "period")}
        written = {n: p for n, p in places.items() if p is not None and not is_blank(row.cell(p))}
        if any(isinstance(row.cell(place), Broken) for place in written.values()):
            return "", None
        read = {name: self._period_in(row.cell(place), name, place) for name, place in written.items()}
        if None in read.values():
            return "", None
        periods: dict[str, Period] = {name: period for name, period in read.items() if period}
        if "start" in periods:
            begin = periods["start"]
            return "end" if "end" in periods else "start", (begin[0], periods.get("end", begin)[1])
        if "period" in periods:
            return "period", periods["period"]
        marked = [time for place, time in self.header.times.items() if self._is_marked(row.cell(place))]
        if marked and "end" not in periods:
            return "period", (min(time.start for time in marked), max(time.end for time in marked))
        column = "start" if places["start"] is not None else "period"
        self._find(self._row, column, _("It does not say when. Write a date, a period, or mark the months."))
        return "", None

    def _period_in(self, cell: Cell, name: str, place: int) -> Period | None:
        try:
            if isinstance(cell, date):
                day = _in_common_era(cell)
                return day, day
            return period_of(cell_text(cell), self.fiscal_year)
        except ThaiDateError as error:
            self._find(self._row, name, str(error.message), place)
            return None

    @staticmethod
    def _is_marked(cell: Cell) -> bool:
        return not is_blank(cell) and cell_text(cell) not in _NO_MARKS

    # -- findings

    def _find(self, row: int, name: str, what: str, place: int | None = None) -> None:
        place = self.header.place_of(name) if place is None else place
        unnamed = _("Period") if name == "period" else label_of(name)
        label = unnamed if place is None else self.header.labels[place]
        self.reading.findings.append(Finding(row, label, what))


def cell_text_in_lines(cell: Cell) -> str:
    """A cell with its line ends: they part the entries of a list."""
    return cell if isinstance(cell, str) else cell_text(cell)


def _in_common_era(day: date) -> date:
    """A real date that Excel took from a typed B.E. year lies 543 years ahead. Raises `ThaiDateError`."""
    if day.year <= LAST_YEAR_CE:
        return day
    return parse_thai_date(f"{day.day}/{day.month}/{day.year}")


def left_office(row: int, header: Header, officer: StaffProfile) -> Finding:
    """Somebody who is not in office any more is given a new task."""
    place = header.place_of("responsible_officer")
    label = label_of("responsible_officer") if place is None else header.labels[place]
    return Finding(row, label, NOT_IN_OFFICE % {"name": officer.display_name})


def rows_read(sheet: Sheet, header: Header, names: KnownNames, fiscal_year: int) -> Reading:
    """What the rows below the header say; duplicates of one code are findings too."""
    reading = RowReader(header, names, fiscal_year).read(sheet)
    reading.findings += list(_twice(reading.lines, header))
    reading.findings.sort(key=lambda finding: finding.row)
    return reading


def _twice(lines: list[Line], header: Header) -> Iterator[Finding]:
    """Lines that cannot be told apart: the same code, or, in a file without codes, the same name."""
    seen: dict[str, int] = {}
    name = "code" if "code" in header.names else "title"
    label = header.labels.get(header.place_of(name) or 0, label_of(name))
    for line in lines:
        key = plain_key(line.values.get(name) or "")
        if key in seen:
            what = _("“%(value)s” stands in row %(first)s too. Give each activity its own.")
            yield Finding(line.row, label, what % {"value": line.values[name], "first": seen[key]})
        elif key:
            seen[key] = line.row


def plain_key(text: str) -> str:
    """What two spellings of a code have in common: digits, width, case, spaces and unseen signs do not part them."""
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return bare(arabic_digits(seen)).replace(" ", "").casefold()


def bare(text: str) -> str:
    """Without control characters, signs that no XML has, and double spaces: a file carries none of them."""
    return " ".join(NOT_IN_XML.sub("", ILLEGAL_CHARACTERS_RE.sub("", text)).split())
