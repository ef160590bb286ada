"""Tables made by hand: where the header is and what its columns mean."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_workflow.plan.headers import header_of
from pr_workflow.plan.import_check import COLUMNS
from pr_workflow.plan.opening import sheets_of
from pr_workflow.plan.sheets import Sheet, SheetRow, from_json, to_json
from pr_workflow.plan.words import CHOICES, WORDS_FILE, keys_in, plain, words_of
from tests.factories.tables import HEADINGS, workbook


def table(*rows) -> Sheet:
    return Sheet("แผน", [SheetRow(number, list(row)) for number, row in enumerate(rows, start=1)])


def named(sheet: Sheet) -> dict[str, int]:
    header = header_of(sheet, 2570)
    assert header.problems == []
    return {name: place for place, name in header.columns.items()}


@given(st.permutations(HEADINGS))
def test_the_headings_stand_in_any_order(headings):
    found = named(table(headings))
    assert {headings[place] for place in found.values()} == set(HEADINGS)
    assert headings[found["title"]] == "กิจกรรม"
    assert headings[found["period"]] == "ระยะเวลา"


def test_titles_and_blank_rows_stand_above():
    sheet = table(
        ["แผนประชาสัมพันธ์ ประจำปีงบประมาณ พ.ศ. ๒๕๗๐"], ["หน่วยงาน", "งานสื่อสาร"], ["ลำดับที่", "โครงการ/กิจกรรม", "วัน เดือน ปี"]
    )
    assert header_of(sheet, 2570).first_row == 2
    assert named(sheet) == {"code": 0, "title": 1, "period": 2}


def test_two_rows_of_headings_are_read_together():
    data = workbook(
        [
            ["ที่", "กิจกรรม", "ระยะเวลาดำเนินการ", None, "งบประมาณ (บาท)"],
            [None, None, "เริ่ม", "สิ้นสุด", None],
            [1, "ล้างมือ", "1/12/2569", "5/12/2569", 100],
        ],
        merged=["A1:A2", "B1:B2", "C1:D1", "E1:E2"],
    )
    (sheet,) = sheets_of("แผน.xlsx", data)
    assert named(sheet) == {"code": 0, "title": 1, "start": 2, "end": 3, "budget_baht": 4}
    header = header_of(sheet, 2570)
    assert header.first_row + header.rows == 2
    plain_rows = [[cell or None for cell in row] for row in (sheet.rows[0].cells, [None, None, "เริ่ม", "สิ้นสุด"])]
    assert named(table(*plain_rows)) == named(sheet)
    assert header_of(table(*plain_rows), 2570).rows == 2


def test_months_are_columns_with_their_year():
    months = ["ต.ค. 69", "พ.ย.", "ธันวาคม", "ม.ค. 70"]
    sheet = table(["กิจกรรม", "ปี 2569", None, None, "ปี 2570"], [None, *months])
    header = header_of(sheet, 2570)
    assert header.problems == []
    assert [time.start.isoformat() for time in header.times.values()] == [
        "2026-10-01",
        "2026-11-01",
        "2026-12-01",
        "2027-01-01",
    ]


def test_a_row_of_data_is_no_second_header():
    header = header_of(table(HEADINGS, ["A1", "ล้างมือ", "ตลอดปี", "ประชาชน", "เว็บไซต์", "สมชาย", "100"]), 2570)
    assert header.rows == 1


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([["ก", "ข", "ค"]], "กิจกรรม"),
        ([["กิจกรรม", "ผู้รับผิดชอบ"]], "ระยะเวลา"),
        ([["ระยะเวลา", "ผู้รับผิดชอบ"]], "กิจกรรม"),
        ([["ประจำปีงบประมาณ 2569"], ["กิจกรรม", "ระยะเวลา"]], "2569"),
        ([["ประจำปีงบประมาณ พ.ศ. 2027"], ["กิจกรรม", "ระยะเวลา"]], "2027"),
        ([["กิจกรรม", "ระยะเวลา", "งบประมาณ", "งบประมาณ (บาท)"]], "งบประมาณ (บาท)"),
    ],
)
def test_what_is_missing_or_contradicts_is_named(rows, word):
    (problem,) = header_of(table(*rows), 2570).problems
    assert word in problem


def test_every_heading_of_the_data_file_means_one_field():
    with WORDS_FILE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for kind in {line["list"] for line in lines}:
        meant: dict[str, set[str]] = {}
        for line in lines:
            if line["list"] == kind:
                for word in line["words"].split("|"):
                    meant.setdefault(plain(word), set()).add(line["key"])
        assert "" not in meant
        assert [word for word, keys in meant.items() if len(keys) > 1] == []
    assert {*words_of("column").values(), *COLUMNS} == {*COLUMNS, "period"}
    assert {key for kind in CHOICES for key in words_of(kind).values()} <= {"*"} | {
        key for kind in CHOICES.values() for key in kind.values
    }


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("นักเรียน, ผู้ปกครอง", ["students", "parents"]),
        ("ผู้ปกครอง\nนักเรียน/นักศึกษา", ["students", "parents"]),
        ("ครูและบุคลากรทางการศึกษา และผู้ปกครอง", ["staff", "parents"]),
        ("• ชุมชน • สื่อมวลชน", ["community", "press"]),
        ("General public; students", ["students", "public"]),
        ("", []),
        ("-", []),
    ],
)
def test_several_audiences_stand_in_one_cell(text, keys):
    assert keys_in("target_groups", text) == (keys, [])


def test_all_and_unknown_audiences():
    assert keys_in("target_groups", "ทุกกลุ่มเป้าหมาย")[0] == CHOICES["target_groups"].values
    assert keys_in("channels", "เว็บไซต์, ป้ายคัตเอาต์") == (["website"], ["ป้ายคัตเอาต์"])


def test_a_sheet_survives_its_way_through_the_form():
    data = workbook([HEADINGS, ["A1", "=1+1", 12.5, None, True, "x", 3]], merged=["A2:A4"])
    (sheet,) = sheets_of("แผน.xlsx", data)
    assert from_json(to_json(sheet)) == sheet
