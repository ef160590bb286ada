"""Which reader opens a file: decided by what is in it, not by its name (R19)."""

from django.utils.translation import gettext as _

from .archives import damaged, opened, refuse_ole, with_macros
from .csv_file import csv_sheets
from .sheets import FileRefused, Sheet
from .word_file import word_sheets
from .workbook import workbook_sheets

#: Larger files carry pictures; the table alone never needs so much.
MAX_BYTES = 10 * 1024 * 1024
ZIP_MAGIC = b"PK\x03\x04"
TEXT_ENDINGS = (".csv", ".txt", ".tsv")
MACRO_ENDINGS = (".xlsm", ".xlsb", ".xltm", ".xlam", ".docm", ".dotm")


def sheets_of(name: str, data: bytes) -> list[Sheet]:
    """The tables of an uploaded file. `name` is the file name the person knows. Raises `FileRefused`."""
    ending = name.lower().rpartition(".")[1] + name.lower().rpartition(".")[2]
    if len(data) > MAX_BYTES:
        raise FileRefused(
            _("The file is larger than %(size)s MB. Take pictures out of it or copy the table into a new file.")
            % {"size": MAX_BYTES // 1024 // 1024}
        )
    if ending in MACRO_ENDINGS:
        raise with_macros()
    refuse_ole(data)
    if data.startswith(ZIP_MAGIC):
        sheets = _office_sheets(data)
    elif ending in TEXT_ENDINGS:
        sheets = csv_sheets(data)
    else:
        raise FileRefused(
            _("This kind of file is not read. Choose an Excel workbook (.xlsx), a Word file (.docx) or a CSV file.")
        )
    if not sheets:
        raise FileRefused(_("The file is empty. Choose a file with a table of activities."))
    return sheets


def _office_sheets(data: bytes) -> list[Sheet]:
    parts = set(opened(data).namelist())
    if "xl/workbook.xml" in parts:
        return workbook_sheets(data)
    if "word/document.xml" in parts:
        return word_sheets(data)
    raise damaged()
