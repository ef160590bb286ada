"""A table as people made it: rows of cells, whatever kind of file it came in (R19).

The readers (`workbook`, `csv_file`, `word_file`) make these; `headers` and `reading_rows` understand them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

#: A file of more rows is no plan: it is refused before it is read to its end. A plan holds fewer (`line_limit`).
MAX_ROWS = 5_000
#: No table of a plan is wider; cells further right are left alone.
MAX_COLUMNS = 60
#: Rows above the table (titles, blank lines) among which its headings are looked for.
ROWS_ABOVE = 40
#: A text over so many merged columns is a heading inside the table, not a value.
WIDE = 3


class FileRefused(ValueError):
    """The file is not read at all. `message` is a translatable sentence that says why and what to do."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = message


def too_many_rows() -> FileRefused:
    """The sentence for a table that is no plan."""
    return FileRefused(
        _(
            "The table has more than %(count)s rows, so it was not read. Choose a file with the activities of one "
            "fiscal year only."
        )
        % {"count": f"{MAX_ROWS:,}"}
    )


@dataclass(frozen=True)
class Broken:
    """A cell whose value is not in the file: a formula that was never calculated, or one that failed."""

    text: str


Cell = str | int | float | date | Broken | None


@dataclass
class SheetRow:
    """One row: its number as the person sees it, its cells from the left, and whether one text spans many columns."""

    number: int
    cells: list[Cell] = field(default_factory=list)
    is_wide: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing is written in it."""
        return all(is_blank(cell) for cell in self.cells)

    def cell(self, place: int) -> Cell:
        """The cell at a place, counted from 0; None beyond the end."""
        return self.cells[place] if place < len(self.cells) else None


@dataclass
class Sheet:
    """One table of a file."""

    name: str
    rows: list[SheetRow] = field(default_factory=list)


def is_blank(cell: Cell) -> bool:
    """Nothing written, or only spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def cell_text(cell: Cell) -> str:
    """A cell as one line of text; whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, Broken):
        return cell.text
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def without_empty_ends(rows: Iterable[SheetRow]) -> list[SheetRow]:
    """Rows with something in them, cut after their last written cell."""
    kept = []
    for row in rows:
        while row.cells and is_blank(row.cells[-1]):
            row.cells.pop()
        if row.cells:
            kept.append(row)
    return kept


def to_json(sheet: Sheet) -> list:
    """The sheet in plain JSON values, for a form that comes back."""
    return [sheet.name, [[row.number, int(row.is_wide), [_pack(cell) for cell in row.cells]] for row in sheet.rows]]


def from_json(packed: list) -> Sheet:
    """The inverse of `to_json`."""
    name, rows = packed
    return Sheet(name, [SheetRow(number, [_unpack(c) for c in cells], bool(wide)) for number, wide, cells in rows])


def _pack(cell: Cell):
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    return {"broken": cell.text} if isinstance(cell, Broken) else cell


def _unpack(value) -> Cell:
    if not isinstance(value, dict):
        return value
    return date.fromisoformat(value["date"]) if "date" in value else Broken(value["broken"])
