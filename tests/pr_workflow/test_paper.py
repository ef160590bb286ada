"""Paper: Thai text that can be copied out again, nothing from outside, and a server without Pango that says so."""

import importlib
import re

import pytest
from PIL import ImageFile

from pr_workflow import paper
from pr_workflow.paper import FileRefused, PaperUnavailable, file_answer, own_file, pdf_of, read_own_file
from tests.pdf_text import objects_of, pdf_text

#: Words with SARA AM, alone and below a tone mark, stacked marks, and a descender.
WORDS = "ประจำสัปดาห์ น้ำ ทำงาน ผู้อำนวยการ ปฏิบัติหน้าที่แทน ที่ ปู่ ฝ้า ผู้ซึ่ง ญาติ ฐาน ๑๓ เม.ย. ๒๕๗๐"


def html(body: str) -> str:
    sheet = own_file("paper.css")
    return f'<html lang="th"><head><link rel="stylesheet" href="{sheet}"></head>{body}</html>'


def test_thai_words_can_be_copied_and_searched():
    found = paper.whole_sara_am(pdf_text(pdf_of(html(f"<p>{WORDS}</p>"))))
    assert set(WORDS.split()) <= set(found.split())


def test_thai_and_latin_letters_stand_side_by_side_in_our_own_font():
    """WeasyPrint mixes up two files of one family; then “testserver” would be drawn with Thai letters."""
    mixed = "http://testserver/admin/ 0123456789 kpr-writer"
    drawn = pdf_of(html(f"<p>ตรวจสอบได้ที่ {mixed} <b>หนา {mixed}</b></p>"))
    assert " ".join(pdf_text(drawn).split()).count(mixed) == 2
    fonts = set(re.findall(rb"/BaseFont /\w+\+([\w-]+)", b"".join(objects_of(drawn).values())))
    assert fonts
    assert all(font.startswith(b"Paper") or b"Sarabun" in font for font in fonts)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://example.org/x.css",
        "https://own.invalid/pr_workflow/paper.css",
        "http://own.invalid.example.org/pr_workflow/paper.css",
        "http://own.invalid/pr_workflow/../../manage.py",
        "http://own.invalid/pr_workflow/%2e%2e/%2e%2e/manage.py",
        "http://own.invalid/admin/paper.css",
        "http://own.invalid/pr_workflow/be_reading.js",
        "http://own.invalid/pr_workflow/none.css",
        "data:text/css,body{}",
        "/etc/passwd",
    ],
)
def test_nothing_but_our_own_sheets_and_fonts_is_read(address):
    with pytest.raises(FileRefused):
        read_own_file(address)


def test_our_own_sheet_is_read():
    data, kind = read_own_file(own_file("paper.css"))
    assert (b"@page" in data, kind) == (True, "text/css")


def test_markup_that_asks_for_files_gets_none(tmp_path):
    """Everything the engine can be made to fetch: pictures, frames, sheets, fonts, attachments."""
    secret = tmp_path / "secret.txt"
    secret.write_text("ลับ-secret-7421")
    address = secret.as_uri()
    body = (
        f'<img src="{address}"><object data="{address}"></object><iframe src="{address}"></iframe>'
        f'<link rel="stylesheet" href="{address}"><link rel="attachment" href="{address}">'
        f'<a rel="attachment" href="{address}">x</a><p style="background: url({address})">เห็น</p>'
        f'<style>@import url("{address}"); @font-face {{ font-family: F; src: url("{address}") }}</style>'
    )
    drawn = pdf_of(html(body))
    assert "เห็น" in pdf_text(drawn)
    assert b"7421" not in drawn
    assert "7421" not in pdf_text(drawn)
    assert b"/EmbeddedFile" not in drawn


def test_a_server_without_pango_says_so(monkeypatch):
    def broken(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    paper._engine.cache_clear()
    monkeypatch.setattr(importlib, "import_module", broken)
    with pytest.raises(PaperUnavailable, match="Pango"):
        pdf_of(html(WORDS))
    monkeypatch.undo()
    paper._engine.cache_clear()
    assert pdf_of(html(WORDS)).startswith(b"%PDF")


def test_a_thai_file_name_survives_the_header_and_cannot_break_it():
    answer = file_answer(b"x", filename='ใบขอ\r\nX: y"อนุญาต/..\\a.pdf', kind="application/pdf")
    value = answer["Content-Disposition"]
    assert value.startswith('attachment; filename="')
    assert "filename*=UTF-8''%E0%B9%83%E0%B8%9A" in value
    assert "\n" not in value
    assert "%22" not in value
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_printing_leaves_the_care_for_damaged_pictures_alone():
    """The library lets the whole process read half pictures when it is loaded; the picture form must not follow."""
    pdf_of("<p>น้ำ</p>")
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
