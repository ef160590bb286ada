"""Plans that come as a table in a Word document."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from pr_workflow.plan.opening import sheets_of
from pr_workflow.plan.sheets import MAX_ROWS, FileRefused
from tests.factories.office import make_office
from tests.factories.tables import HEADINGS, rezipped, word_cell, word_document, word_table
from tests.pr_workflow.plan.test_plan_import import URLS, confirm, draft, make_plan, row, upload


def cells(*texts: str) -> list[str]:
    return [word_cell(text) for text in texts]


def refusal(data: bytes, name: str = "แผน.docx") -> str:
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        sheets_of(name, data)
    with translation.override("en"):
        return str(refused.value.message)


def test_merged_cells_and_lines_come_as_in_a_workbook():
    table = word_table(
        [word_cell("ที่", merge="restart"), word_cell("กิจกรรม", merge="restart"), word_cell("ระยะเวลา", span=2)],
        [word_cell("", merge="continue"), word_cell("", merge="continue"), word_cell("เริ่ม"), word_cell("สิ้นสุด")],
        [word_cell("ตามพันธกิจ", span=4)],
        [word_cell("1"), word_cell("ล้างมือ\nในโรงเรียน"), word_cell("1/12/2569"), word_cell("5/12/2569")],
    )
    (sheet,) = sheets_of("แผน.docx", word_document("<w:p/>", table))
    assert [found.cells for found in sheet.rows] == [
        ["ที่", "กิจกรรม", "ระยะเวลา"],
        ["ที่", "กิจกรรม", "เริ่ม", "สิ้นสุด"],
        ["ตามพันธกิจ"],
        ["1", "ล้างมือ\nในโรงเรียน", "1/12/2569", "5/12/2569"],
    ]
    assert [found.is_wide for found in sheet.rows] == [False, False, True, False]


def test_each_outer_table_is_one_and_tracked_deletions_are_no_text():
    inner = word_table(cells("ใน"))
    deleted = "<w:tc><w:p><w:del><w:r><w:delText>ลบ</w:delText></w:r></w:del><w:r><w:t>คง</w:t></w:r></w:p></w:tc>"
    outer = word_table([deleted, f"<w:tc>{inner}<w:p/></w:tc>"])
    controlled = f"<w:sdt><w:sdtContent>{word_table(cells('ข'))}</w:sdtContent></w:sdt>"
    sheets = sheets_of("แผน.docx", word_document(outer, controlled))
    assert [[found.cells for found in sheet.rows] for sheet in sheets] == [[["คง", "ใน"]], [["ข"]]]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (word_document("<w:p/>"), "no table"),
        (word_document(word_table(cells("", ""))), "empty"),
        (word_document(word_table(*[cells("ก")] * (MAX_ROWS + 50))), f"{MAX_ROWS:,}"),
        (rezipped(word_document(), word__document_dot_xml=b"<w:document"), "damaged"),
        (
            word_document(word_table(cells("&a;")).replace("&amp;", "&"), prolog='<!DOCTYPE x [<!ENTITY a "b">]>'),
            "damaged",
        ),
        (rezipped(word_document(word_table(cells("ก"))), word__vbaProject_dot_bin=b"x"), "macros"),
        (rezipped(word_document(), word__document_dot_xml=bytes(40_000_000)), f"{MAX_ROWS:,}"),
    ],
)
def test_other_documents_are_refused(data, word):
    assert word in refusal(data)


@pytest.mark.django_db
def test_a_word_table_goes_through_the_same_screen(client):
    office = make_office()
    plan = make_plan(office)
    client.force_login(office.writer)
    assert ".docx" in client.get(reverse(f"{URLS}:import", args=[plan.pk])).content.decode()
    data = word_document(word_table(cells(*HEADINGS), cells(*row("A2", "จาก Word", "ไตรมาส ๒"))))
    confirm(client, plan, upload(client, plan, data, name="แผน.docx"))
    assert draft(plan)["A2"].start == date(2027, 1, 1)
    wrong = word_document(word_table(cells(*HEADINGS), cells(*row("A3", "ผิด", "ไม่รู้"))))
    (problem,) = upload(client, plan, wrong, name="แผน.docx").context["check"].problems
    assert "2" in problem
