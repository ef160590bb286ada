"""The header of a table people made: any order, other words, titles above, two rows, columns of months (R19)."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from ..thai_time import ThaiDateError, arabic_digits, fiscal_quarter_bounds, month_number
from .periods import month_period
from .sheets import ROWS_ABOVE, Sheet, SheetRow, cell_text
from .words import plain, words_of

#: A longer heading may begin with a known one: “งบประมาณที่ใช้ (บาท)”. Shorter words begin too much else.
LONG_ENOUGH = 5
_YEAR_ABOVE = re.compile(r"ปี\s*งบประมาณ\s*(?P<era>พ\.?\s?ศ\.?|ค\.?\s?ศ\.?)?\s*(?P<year>\d{4})")
_MONTH = re.compile(r"(?P<name>[ก-๎]+?)(?P<year>\d{2}|\d{4})?")
_QUARTER = re.compile(r"(?:ไตรมาส(?:ที่)?|q)([1-4])")


@dataclass(frozen=True)
class TimeColumn:
    """A column of a month or quarter in which a mark means “in this time”."""

    start: date
    end: date


@dataclass
class Header:
    """Where the table begins and what its columns (counted from 0) hold; `problems` keep it from being read."""

    first_row: int = 0
    rows: int = 1
    columns: dict[int, str] = field(default_factory=dict)
    times: dict[int, TimeColumn] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """The fields the file has a column for."""
        return set(self.columns.values())

    @property
    def has_time(self) -> bool:
        """Does any column say when?"""
        return bool(self.names & {"start", "period"} or self.times)

    @property
    def unread(self) -> list[str]:
        """Headings of columns that are left alone."""
        return [label for place, label in self.labels.items() if place not in self.columns and place not in self.times]

    def place_of(self, name: str) -> int | None:
        """The column of a field."""
        return next((place for place, found in self.columns.items() if found == name), None)


def header_of(sheet: Sheet, fiscal_year: int) -> Header:
    """The header among the first rows; its `problems` say what is missing, in whole sentences."""
    best = Header()
    for start in range(min(len(sheet.rows), ROWS_ABOVE)):
        for depth in (1, 2):
            rows = sheet.rows[start : start + depth]
            if len(rows) == depth:
                found = _read(rows, start, fiscal_year)
                best = max(best, found, key=_score)
    if not best.names and not best.times:
        best.problems = [
            _(
                "No header row was found in “%(sheet)s”. The table needs a row of headings with at least "
                "“กิจกรรม” and “ระยะเวลา” (or “วันเริ่มต้น” and “วันสิ้นสุด”, or the months)."
            )
            % {"sheet": sheet.name}
        ]
        return best
    best.problems += _missing(best)
    best.problems += _other_year(sheet.rows[: best.first_row], fiscal_year)
    return best


def _score(header: Header) -> tuple[int, int]:
    return len(header.names) + min(len(header.times), 2), -header.rows


def _missing(header: Header) -> list[str]:
    problems = []
    if "title" not in header.names:
        problems.append(_("The table has no column “กิจกรรม”. Name the column with the names of the activities so."))
    if not header.has_time:
        problems.append(
            _("The table has no column that says when. Add “ระยะเวลา”, or “วันเริ่มต้น” and “วันสิ้นสุด”, or the months.")
        )
    return problems


def _other_year(above: list[SheetRow], fiscal_year: int) -> list[str]:
    """A title above the table that names another fiscal year: the wrong file, or a C.E. year."""
    for row in above:
        for cell in row.cells:
            match = _YEAR_ABOVE.search(arabic_digits(cell_text(cell)))
            if match and int(match["year"]) != fiscal_year:
                return [
                    _(
                        "Row %(row)s says fiscal year %(written)s, but this plan is for fiscal year %(year)s (B.E.). "
                        "Choose the file of this year, or correct the year in the file."
                    )
                    % {"row": row.number, "written": match["year"], "year": fiscal_year}
                ]
    return []


def _read(rows: list[SheetRow], start: int, fiscal_year: int) -> Header:
    header = Header(start, len(rows))
    taken: dict[str, bool] = {}
    upper = ""
    for place in range(max(len(row.cells) for row in rows)):
        own, below = cell_text(rows[0].cell(place)), cell_text(rows[-1].cell(place)) if len(rows) > 1 else ""
        upper = own or (upper if below else "")
        label = " ".join(dict.fromkeys(filter(None, (upper, below))))
        if not label:
            continue
        header.labels[place] = label
        if time := _time_column(below or upper, fiscal_year):
            header.times[place] = time
            continue
        name, is_exact = _field_named(label, below or upper)
        if name is None:
            continue
        if name in taken:
            _second_column(header, taken, name, place, is_exact)
            continue
        header.columns[place] = name
        taken[name] = is_exact
    if len(header.times) == 1:  # one word that happens to be a month is no calendar
        header.times.clear()
    return header


def _second_column(header: Header, taken: dict[str, bool], name: str, place: int, is_exact: bool) -> None:
    """Two headings for one field: the exact one counts; two exact ones are a problem to be solved by the person."""
    first = header.place_of(name)
    if is_exact and taken[name]:
        header.problems.append(
            _("Two columns are read as the same thing: “%(first)s” and “%(second)s”. Rename or remove one of them.")
            % {"first": header.labels[first or 0], "second": header.labels[place]}
        )
    elif is_exact and first is not None:
        del header.columns[first]
        header.columns[place], taken[name] = name, True


def _field_named(label: str, last: str) -> tuple[str | None, bool]:
    """The field a heading names, and whether by a known word and not only by its beginning."""
    known = words_of("column")
    for text in (last, label):
        if name := known.get(plain(text)):
            return name, True
    whole = plain(last)
    begun = [word for word in known if len(word) >= LONG_ENOUGH and whole.startswith(word)]
    return (known[max(begun, key=len)], False) if begun else (None, False)


def _time_column(label: str, fiscal_year: int) -> TimeColumn | None:
    text = plain(label)
    if match := _QUARTER.fullmatch(text):
        return TimeColumn(*fiscal_quarter_bounds(fiscal_year, int(match[1])))
    match = _MONTH.fullmatch(text)
    if match is None:
        return None
    try:
        return TimeColumn(*month_period(month_number(match["name"]), fiscal_year))
    except ThaiDateError:
        return None
