"""Tables of a Word document, and nothing else of it (R19).

A .docx file is a ZIP archive with XML. Only its text in tables is wanted, so no library is asked: rows, cells, merged
cells and paragraphs are five elements.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element  # only the type: everything is parsed by defusedxml

from defusedxml.ElementTree import parse
from django.utils.translation import gettext as _

from .archives import DAMAGED, damaged, opened
from .sheets import (
    MAX_COLUMNS,
    MAX_ROWS,
    WIDE,
    Cell,
    FileRefused,
    Sheet,
    SheetRow,
    too_many_rows,
    without_empty_ends,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT = "word/document.xml"
#: All text of a plan with 5,000 lines is a quarter of this.
MAX_DOCUMENT_BYTES = 32 * 1024 * 1024


def word_sheets(data: bytes) -> list[Sheet]:
    """The tables of a .docx file, in order. Raises `FileRefused`."""
    archive = opened(data)
    try:
        if archive.getinfo(DOCUMENT).file_size > MAX_DOCUMENT_BYTES:
            raise too_many_rows()
        with archive.open(DOCUMENT) as part:
            body = parse(part, forbid_dtd=True).getroot().find(f"{W}body")
        tables = [] if body is None else list(_outer_tables(body))
        found = [
            Sheet(_("Table %(number)s") % {"number": number}, without_empty_ends(_rows(table)))
            for number, table in enumerate(tables, start=1)
        ]
    except FileRefused:
        raise
    except DAMAGED as error:
        raise damaged() from error
    if not tables:
        raise FileRefused(_("The document has no table. Put the activities into a table with a row of headings."))
    return [sheet for sheet in found if sheet.rows]


def _outer_tables(parent: Element) -> Iterator[Element]:
    """Tables that lie in no other table; also those inside content controls."""
    for child in parent:
        if child.tag == f"{W}tbl":
            yield child
        else:
            yield from _outer_tables(child)


def _rows(table: Element) -> Iterator[SheetRow]:
    above: dict[int, Cell] = {}
    for number, row in enumerate(_inside(table, "tr"), start=1):
        if number > MAX_ROWS:
            raise too_many_rows()
        cells: list[Cell] = [None] * _count(row, "trPr", "gridBefore", default=0)
        widest = 0
        for cell in _inside(row, "tc"):
            place, span = len(cells), _count(cell, "tcPr", "gridSpan", default=1)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            text = above.get(place) if goes_on else _text(cell)
            above[place] = text
            cells += [text, *[None] * (span - 1)]
            widest = max(widest, span)
        yield SheetRow(number, cells[:MAX_COLUMNS], is_wide=widest >= WIDE)


def _inside(parent: Element, name: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those in content controls, but none of a table inside."""
    for child in parent:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins"):
            yield from _inside(child, name)


def _count(parent: Element, properties: str, name: str, *, default: int) -> int:
    found = parent.find(f"{W}{properties}/{W}{name}")
    value = found.get(f"{W}val", "") if found is not None else ""
    return min(int(value), MAX_COLUMNS) if value.isdecimal() else default


def _text(cell: Element) -> str:
    """The paragraphs of a cell as lines; deleted text of tracked changes is no text."""
    lines = []
    for paragraph in cell.iter(f"{W}p"):
        parts = []
        for element in paragraph.iter():
            if element.tag == f"{W}t":
                parts.append(element.text or "")
            elif element.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
                parts.append("\n" if element.tag != f"{W}tab" else " ")
        lines.append("".join(parts).strip())
    return "\n".join(line for line in lines if line)
