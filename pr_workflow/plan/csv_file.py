"""CSV files as tables: UTF-8, UTF-16 or the Thai encoding of older programs (TIS-620, CP874); , ; or tab (R19)."""

import csv
import re
from io import StringIO
from statistics import median

from django.utils.translation import gettext as _

from .sheets import MAX_COLUMNS, MAX_ROWS, FileRefused, Sheet, SheetRow, too_many_rows, without_empty_ends

DELIMITERS = ",;\t"
SAMPLE_ROWS = 30
#: What spreadsheet programs take for the start of a formula, behind any marks that were set before it.
_RISKY = re.compile(r"'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """The text so that no spreadsheet program runs it: with a ' in front when it begins like a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(text: str) -> str:
    """The inverse of `guarded`."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


def csv_sheets(data: bytes) -> list[Sheet]:
    """The one table of a text file. Raises `FileRefused`."""
    text = _decoded(data)
    rows, written = [], 0
    try:
        for number, cells in enumerate(csv.reader(StringIO(text), delimiter=_delimiter(text)), start=1):
            written += any(cells)
            if written > MAX_ROWS:
                raise too_many_rows()
            rows.append(SheetRow(number, [unguarded(cell) for cell in cells[:MAX_COLUMNS]]))
    except csv.Error as error:
        raise _unreadable() from error
    rows = without_empty_ends(rows)
    return [Sheet("CSV", rows)] if rows else []


def _decoded(data: bytes) -> str:
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp874"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise FileRefused(
                _(
                    "The file holds NUL characters, so it is damaged or no text file. Open it in the program that made "
                    "it, and save it again as “CSV UTF-8” or as an Excel workbook (.xlsx)."
                )
            )
        return text
    raise _unreadable()


def _unreadable() -> FileRefused:
    return FileRefused(
        _("The text of the file cannot be read. Save it as “CSV UTF-8” or as an Excel workbook (.xlsx) and try again.")
    )


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the most columns; commas inside quotes do not count."""

    def columns(delimiter: str) -> float:
        widths = []
        for row in csv.reader(StringIO(text), delimiter=delimiter):
            widths.append(len(row))
            if len(widths) >= SAMPLE_ROWS:
                break
        return median(widths) if widths else 0

    return max(DELIMITERS, key=columns)
