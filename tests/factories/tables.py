"""Files as people bring them: workbooks and CSV made by hand."""

import csv
from io import BytesIO, StringIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

HEADINGS = ["รหัส", "กิจกรรม", "ระยะเวลา", "กลุ่มเป้าหมาย", "ช่องทาง", "ผู้รับผิดชอบ", "งบประมาณ"]


def workbook(rows, *, merged=(), name="แผน", more: dict[str, list] | None = None) -> bytes:
    """An .xlsx file with these rows, merged ranges ("A1:C1") and, by name, more sheets."""
    book = Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    for title, others in (more or {}).items():
        other = book.create_sheet(title)
        for row in others:
            other.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def comma_separated(rows, *, encoding="utf-8-sig", delimiter=",") -> bytes:
    """The rows as a CSV file."""
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def rezipped(data: bytes, **changes: bytes | None) -> bytes:
    """An Office file with parts added or replaced; `__` in a name stands for `/`, None takes the part out."""
    parts = {name.replace("__", "/").replace("_dot_", "."): content for name, content in changes.items()}
    buffer = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(buffer, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_cell(text: str | None, *, span: int = 1, merge: str = "") -> str:
    """One cell; `merge` is `restart` or `continue` of a cell merged downwards."""
    properties = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties += f'<w:vMerge w:val="{merge}"/>' if merge == "restart" else "<w:vMerge/>" if merge else ""
    lines = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in (text or "").split("\n"))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{lines}</w:tc>"


def word_table(*rows: list[str]) -> str:
    """A table of finished cells."""
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(cells)}</w:tr>" for cells in rows) + "</w:tbl>"


def word_document(*parts: str, prolog: str = "") -> bytes:
    """A .docx file with these tables or paragraphs in its body."""
    body = f'{prolog}<w:document xmlns:w="{W}"><w:body>{"".join(parts)}</w:body></w:document>'
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", body.encode())
    return buffer.getvalue()
