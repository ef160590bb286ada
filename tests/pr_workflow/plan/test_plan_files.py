"""Which files are opened, and how the others are refused before any work is done."""

import tracemalloc
import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import Workbook

from pr_workflow.plan.csv_file import guarded, unguarded
from pr_workflow.plan.opening import MAX_BYTES, sheets_of
from pr_workflow.plan.sheets import MAX_ROWS, Broken, FileRefused, cell_text
from tests.factories.tables import HEADINGS, comma_separated, rezipped, saved, workbook

ROW = ["A1", "ล้างมือ", "ตลอดปี", "ประชาชน", "เว็บไซต์", "", "1,000 บาท"]
PLAIN = workbook([HEADINGS, ROW])


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        sheets_of(name, data)
    return str(refused.value.message)


def texts(name: str, data: bytes) -> list[list[str]]:
    (sheet,) = sheets_of(name, data)
    return [[cell_text(cell) for cell in row.cells] for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "tis-620", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_every_encoding_and_with_every_delimiter(encoding, delimiter):
    data = comma_separated([HEADINGS, ROW], encoding=encoding, delimiter=delimiter)
    assert texts("แผน.csv", data) == [HEADINGS, ROW]


def test_the_content_decides_and_not_the_name():
    assert texts("แผน.csv", PLAIN) == texts("แผน.xlsx", PLAIN)


def xls() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("แผน.xlsm", PLAIN, "macros"),
        ("แผน.xlsx", rezipped(PLAIN, xl__vbaProject_dot_bin=b"x"), "macros"),
        (
            "แผน.xlsx",
            rezipped(
                PLAIN, **{"[Content_Types]_dot_xml": b"<Types>application/vnd.ms-excel.sheet.macroEnabled</Types>"}
            ),
            "macros",
        ),
        ("แผน.xls", xls(), "old Office"),
        ("แผน.xlsx", xls(), "old Office"),
        ("แผน.xlsx", xls() + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("แผน.xlsx", PLAIN[: len(PLAIN) // 2], "damaged"),
        ("แผน.xlsx", rezipped(PLAIN, xl__worksheets__sheet1_dot_xml=b"<worksheet"), "damaged"),
        ("แผน.xlsx", rezipped(PLAIN, xl__workbook_dot_xml=None), "damaged"),
        ("แผน.pdf", b"%PDF-1.7", "This kind of file"),
        ("แผน.csv", b"\x00\x01\x02", "NUL characters"),
        ("แผน.csv", b"", "empty"),
        ("แผน.csv", b"x" * (MAX_BYTES + 1), "larger"),
        ("แผน.xlsx", saved(Workbook()), "empty"),
    ],
)
def test_other_files_are_refused_with_the_way_out(name, data, word):
    assert word in refusal(name, data)


def test_a_file_of_entities_is_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    for part in ("xl__sharedStrings_dot_xml", "xl__worksheets__sheet1_dot_xml", "xl__styles_dot_xml"):
        assert "damaged" in refusal("แผน.xlsx", rezipped(PLAIN, **{part: bomb}))


def test_a_zip_bomb_is_refused_unopened():
    """80 MB of zeros pack into 80 KB: by its table of contents alone it is too much."""
    bomb = rezipped(PLAIN, xl__sharedStrings_dot_xml=bytes(80 * 1024 * 1024))
    assert len(bomb) < 200_000
    tracemalloc.start()
    assert "unpack" in refusal("แผน.xlsx", bomb)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_too_many_entries_are_refused():
    buffer = BytesIO(PLAIN)
    with zipfile.ZipFile(buffer, "a") as archive:
        for number in range(2_001):
            archive.writestr(f"x/{number}", b"")
    assert "unpack" in refusal("แผน.xlsx", buffer.getvalue())


def big_workbook(rows: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("แผน")
    sheet.append(HEADINGS)
    for number in range(rows):
        sheet.append([f"A{number}", *ROW[1:]])
    return saved(book)


def test_too_many_rows_are_refused_before_the_rest_is_read():
    whole = big_workbook(MAX_ROWS + 1_000)
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        rows = archive.read("xl/worksheets/sheet1.xml")
    # Whoever reads on to the end meets what is no XML, and says that the file is damaged.
    broken = rows.replace(b"</sheetData>", b" " * 200_000 + b"<<<")
    assert broken != rows
    assert f"{MAX_ROWS:,}" in refusal("แผน.xlsx", rezipped(whole, xl__worksheets__sheet1_dot_xml=broken))


def test_a_csv_of_fifty_thousand_rows_is_refused():
    assert f"{MAX_ROWS:,}" in refusal("แผน.csv", comma_separated([ROW] * 50_000))


def test_blank_formatted_rows_do_not_count():
    book = Workbook()
    sheet = book.active
    sheet.append(HEADINGS)
    for number in range(2, 7_000):
        sheet.row_dimensions[number].height = 20
    sheet.append(ROW)
    (found,) = sheets_of("แผน.xlsx", saved(book))
    assert len(found.rows) == 2


def test_values_only_formulas_without_a_value_are_marked():
    data = workbook([["กิจกรรม", "ระยะเวลา", "งบประมาณ"], ["ล้างมือ", "ตลอดปี", "=SUM(1,2)"]])
    (sheet,) = sheets_of("แผน.xlsx", data)
    assert isinstance(sheet.rows[1].cell(2), Broken)
    cached = rezipped(data)
    with zipfile.ZipFile(BytesIO(cached)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert b"<v />" in xml or b"<v/>" in xml or b"<v></v>" in xml
    known = xml.replace(b"<v />", b"<v>3</v>").replace(b"<v/>", b"<v>3</v>").replace(b"<v></v>", b"<v>3</v>")
    (sheet,) = sheets_of("แผน.xlsx", rezipped(data, xl__worksheets__sheet1_dot_xml=known))
    assert sheet.rows[1].cell(2) == 3


def test_dates_percentages_and_ticks_come_as_they_are_read():
    book = Workbook()
    sheet = book.active
    sheet.append(["ก", date(2027, 4, 13), 0.8, True, 5.0])
    sheet["C1"].number_format = "0%"
    (found,) = sheets_of("แผน.xlsx", saved(book))
    assert found.rows[0].cells == ["ก", date(2027, 4, 13), 80, "/", 5]


def test_a_wrong_dimension_does_not_cut_the_table_off():
    with zipfile.ZipFile(BytesIO(PLAIN)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    wrong = xml.replace(b'ref="A1:G2"', b'ref="A1"')
    assert wrong != xml
    assert texts("แผน.xlsx", rezipped(PLAIN, xl__worksheets__sheet1_dot_xml=wrong)) == texts("แผน.xlsx", PLAIN)


def test_hidden_sheets_are_left_alone():
    book = Workbook()
    book.active.append(HEADINGS)
    hidden = book.create_sheet("ซ่อน")
    hidden.append(HEADINGS)
    hidden.sheet_state = "hidden"
    assert [sheet.name for sheet in sheets_of("แผน.xlsx", saved(book))] == ["Sheet"]


@pytest.mark.parametrize("text", ["=1+1", "+66", "-5", "@x", "'=1", "''-1", "'", "ก", "", "\t=1", "'ก"])
def test_guarding_a_cell_is_undone_on_reading(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t"))
