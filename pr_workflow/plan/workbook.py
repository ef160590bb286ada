"""Excel workbooks as tables: values only, read as a stream, never a macro or an outside link (R19).

openpyxl reads the values. What it does not tell in this mode (merged cells, formulas nobody calculated) and how many
rows there are is read from the sheet's XML first, so that a file with too many rows is refused after the first ones.
"""

import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from .archives import DAMAGED, damaged, opened, refuse_doctype
from .sheets import (
    MAX_COLUMNS,
    MAX_ROWS,
    WIDE,
    Broken,
    Cell,
    FileRefused,
    Sheet,
    SheetRow,
    too_many_rows,
    without_empty_ends,
)

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MAX_SHEETS = 30
#: Where the sheets usually lie; they are looked through before anything else is read.
WORKSHEETS = "xl/worksheets/"
#: The last row Excel has; a higher number is an attack.
LAST_ROW = 1_048_576
#: A value merged downwards is repeated in at most so many rows.
MERGED_ROWS = 100


@dataclass
class Layout:
    """What the XML says besides values: merged ranges (first and last row and column) and uncalculated formulas."""

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    last_row: int = 0


def workbook_sheets(data: bytes) -> list[Sheet]:
    """The visible sheets of an .xlsx file that hold something. Raises `FileRefused`."""
    archive = opened(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl reports every extension of Excel that it leaves out
            return _sheets(data, archive)
    except FileRefused:
        raise
    except DAMAGED as error:
        raise damaged() from error


def _sheets(data: bytes, archive: zipfile.ZipFile) -> list[Sheet]:
    parts = [name for name in archive.namelist() if name.startswith("xl/") and name.endswith(".xml")]
    for name in parts:
        refuse_doctype(archive, name)
    layouts = {name: _layout(archive, name) for name in parts if name.startswith(WORKSHEETS)}
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        worksheets: list[Any] = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        found = []
        for worksheet in worksheets[:MAX_SHEETS]:
            path = worksheet._worksheet_path
            rows = without_empty_ends(_rows(worksheet, layouts.get(path) or _layout(archive, path)))
            if rows:
                found.append(Sheet(worksheet.title, rows))
        return found
    finally:
        book.close()


def _layout(archive: zipfile.ZipFile, path: str) -> Layout:
    """One pass over the sheet's XML; it ends as soon as there are too many rows. Raises `FileRefused`."""
    layout, written = Layout(), 0
    with archive.open(path) as part:
        for _event, element in iterparse(part, events=("end",)):
            if element.tag == f"{NAMESPACE}row":
                number = int(element.get("r") or layout.last_row + 1)
                if any(len(cell) for cell in element):
                    written, layout.last_row = written + 1, number
                if written > MAX_ROWS or number > LAST_ROW:
                    raise too_many_rows()
                for cell in element:
                    if _is_uncalculated(cell):
                        layout.uncalculated.add(coordinate_to_tuple(cell.get("r", "A1")))
                element.clear()
            elif element.tag == f"{NAMESPACE}mergeCell":
                first_column, first_row, last_column, last_row = range_boundaries(element.get("ref"))
                layout.merged.append((first_row, last_row, first_column, last_column))
    return layout


def _is_uncalculated(cell) -> bool:
    """A formula without the value it had when the file was saved; a text formula may have had an empty one."""
    formula, value = cell.find(f"{NAMESPACE}f"), cell.find(f"{NAMESPACE}v")
    return formula is not None and (value is None or (not value.text and cell.get("t") != "str"))


def _rows(worksheet, layout: Layout) -> Iterator[SheetRow]:
    """The rows with something in them; a text merged over several rows stands in each of them."""
    worksheet.reset_dimensions()  # programs other than Excel write wrong ones, and the rest would be cut off
    widths = {first_row: last - first + 1 for first_row, _last_row, first, last in layout.merged}
    upright = {(merge[0], merge[2]): merge[1] for merge in layout.merged if merge[1] > merge[0]}
    below: dict[int, dict[int, Cell]] = {}
    for number, cells in enumerate(worksheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        if number > layout.last_row and number not in below:
            break
        values = [_value(cell, layout) for cell in cells]
        for column, value in below.pop(number, {}).items():
            values += [None] * (column - len(values))
            values[column - 1] = value
        if not any(values):
            continue
        for column, value in enumerate(values, start=1):
            for row in range(number + 1, min(upright.get((number, column), 0), number + MERGED_ROWS) + 1):
                below.setdefault(row, {})[column] = value
        yield SheetRow(number, values, is_wide=widths.get(number, 0) >= WIDE)


def _value(cell, layout: Layout) -> Cell:
    """What the cell shows: percentages as they are read (0.8 in a cell of percent is 80), moments as their date."""
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None and layout.uncalculated and hasattr(cell, "row"):
        return Broken(_("a formula")) if (cell.row, cell.column) in layout.uncalculated else None
    if kind == "e":
        return Broken(str(value))
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool):
        return "/" if value else None  # a tick box of the sheet, as in the columns of months
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, int | float) and "%" in (cell.number_format or ""):
        return round(value * 100, 6)
    return value if isinstance(value, str | int | float | date) else None
