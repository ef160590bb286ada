"""What is found to be private in a public field, however it is written, and what an office may show (R10)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_workflow.people.private_data import (
    has_id_number,
    has_mobile_number,
    has_private_mail,
    is_id_number,
    is_telephone,
)
from pr_workflow.thai_time import thai_digits

#: Fictional, with a right check digit.
VALID = ("1200088888882", "3300011122236", "4400033344450")


@pytest.mark.parametrize("number", VALID)
@pytest.mark.parametrize(
    "written", ["{0}", "{0[0]}-{0[1]}{0[2]}{0[3]}{0[4]}-{0[5]}{0[6]}{0[7]}{0[8]}{0[9]}-{0[10]}{0[11]}-{0[12]}"]
)
def test_an_id_number_is_found_plain_and_grouped_in_both_digits(number, written):
    text = written.format(number)
    assert is_id_number(number)
    for shown in (text, thai_digits(text), f"เลขบัตร {text} ครับ", text.replace("-", " "), text.replace("-", "–")):
        assert has_id_number(shown), shown


def test_an_id_number_hidden_by_signs_without_width_is_found():
    assert has_id_number("\u200b".join(VALID[0]))
    assert has_id_number(".".join(VALID[0]))
    assert has_id_number(" - ".join(VALID[0]))
    assert has_id_number("_".join(VALID[0]))


@pytest.mark.parametrize(
    "text",
    [
        "1200088888883",  # wrong check digit
        "0200088888885",  # an organisation
        "91200088888882",  # part of a longer number
        "12000888888821",
        "0 2000 0000 ต่อ 12, 0 2000 0001",
        "ที่ สธ 0900.01/1234 ลงวันที่ 1 ตุลาคม 2569",
        "",
    ],
)
def test_other_numbers_are_no_id_numbers(text):
    assert not has_id_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "0840000021",
        "084 - 000 - 0021",
        "โทร 084,000,0021",
        "084_000_0021",
        "084   000   0021",
        "084·000•0021",
        "084\u2212000\u22120021",
        "\u3164".join("0840000021"),
        "\ufe0f".join("0840000021"),
        "084-000-0021",
        "๐๘๔-๐๐๐-๐๐๒๑",
        "๐๙๕๐๐๐๐๐๒๒",
        "06 1234 5678",
        "(084) 000 0021",
        "+66 84 000 0021",
        "+66840000021",
        "0066 84 000 0021",
        "สายตรง 0 2000 0000 หรือ 084 000 0021",
        "０８４０００００２１",
        "มือถือ 084/000/0021",
        "084 / 000 / 0021",
        "084/0000021",
        "084/000-0021",
        "084 - 000 - 00 21",
        "084-000 00 21",
        "084. 000 0021",
        "+66 84/000/0021",
    ],
)
def test_a_mobile_number_is_found(text):
    assert has_mobile_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "0 2000 0000 ต่อ 12",
        "035-000-000",
        "053 000 0000",
        "1669",
        "+66 2 000 0000",
        "08400000219999",
        "ชั้น 8",
        "0 2000 0900, 0 2000 0001",
        "035/000/0000",
        "0 2000 0900/081",
        "ปี 66/812345678",
        "",
    ],
)
def test_lines_of_offices_are_no_mobile_numbers(text):
    assert not has_mobile_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "a@gmail.com",
        "a(at)gmail.com",
        "a [AT] gmail.com",
        "a@yahoo.in.th",
        "A@GMAIL.COM",
        "ก.ข@hotmail.co.th",
        "x@yahoo.co.th",
        "x@mail.yahoo.com",
        "ติดต่อ x@outlook.com ได้",
        "x @ gmail . com",
        "x＠gmail.com",
        "somchai(at)gmail(dot)com",
        "somchai [at] hotmail [dot] co [dot] th",
        "somchai[@]gmail[.]com",
        "สมชาย(แอท)gmail(จุด)com",
        "somchai@gmail,com",
        "somchai@gmail com",
        "somchai@gmail",
        "somchai@yahoo,co,th",
        "somchai at gmail dot com",
        "somchai at gmail.com",
    ],
)
def test_private_mail_is_found(text):
    assert has_private_mail(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "pr@example.go.th",
            "pr@school.ac.th",
            "x@mail.health.go.th",
            "a@notgmail.com",
            "gmail",
            "live@example.or.th",
        ),
        *(
            "",
            "pr(at)example(dot)go(dot)th",
            "pr@outlook.example.go.th",
            "สอนใช้ Gmail, Outlook และ Yahoo",
            "ติดตาม @me, @live",
        ),
        *("pr@gmail-school.ac.th", "IG @prakat.office, เพจ Outlook", "Workshop at Gmail office"),
    ],
)
def test_mail_of_offices_is_not(text):
    assert not has_private_mail(text)


MOBILE_WRITINGS = [
    *(
        "0{0}{1}-{2}-{3}",
        "0{0}{1} {2} {3}",
        "0{0}{1}{2}{3}",
        "0{0}{1}.{2}.{3}",
        "(0{0}{1}) {2}-{3}",
        "+66 {0}{1} {2} {3}",
    ),
    *("+66{0}{1}{2}{3}", "+66 (0) {0}{1} {2} {3}", "+66 (0){0}{1}-{2}-{3}", "(+66) {0}{1} {2} {3}", "0066{0}{1}{2}{3}"),
    *("66 {0}{1} {2} {3}", "+66-{0}{1}-{2}-{3}", "0{0}{1}-{2}{3}", "0{0}{1}-{2} {3}", "0{0}{1} - {2} - {3}"),
    *("0{0}-{1}{2}-{3}", "0{0} {1}{2} {3}", "0 {0}{1} {2} {3}", "โทร.0{0}{1}-{2}-{3}ค่ะ", "1669, 0{0}{1}{2}{3}"),
    *("0 2590 4000, 0{0}{1} {2} {3}", "0{0}{1}-{2}-{3}/9", "0{0}{1}-{2}-{3}-9", "06/08/2569 0{0}{1}-{2}-{3}"),
]


def _digits(count):
    return st.text("0123456789", min_size=count, max_size=count)


@given(
    st.sampled_from(MOBILE_WRITINGS),
    st.sampled_from("689"),
    _digits(1),
    _digits(3),
    _digits(4),
    st.booleans(),
)
def test_a_mobile_number_is_found_in_each_usual_writing(writing, first, second, third, last, in_thai):
    text = writing.format(first, second, third, last)
    assert has_mobile_number(thai_digits(text) if in_thai else text), text


#: Texts of the office that hold as many digits as a telephone or an ID number.
ORDINARY = [
    *("อบรมวันที่ 06/08/2569 - 07/08/2569", "ประชุม 08.30-12.00, 13.00-16.30 น.", "ประชุม 08:30-12:00 13:00-16:30"),
    *("ตามหนังสือ ที่ ศธ 0609.12/2569", "ที่ อว 0602.1(1)/2570", "โครงการ 06-2569-2570-1", "1-06-2569-2570"),
    *(
        "โครงการ 1 2 3 4 5 6 7 8 9 10 11 12",
        "06.08.2569 - 07.08.2569",
        "06-08-2569 ถึง 07-08-2569",
        "66,812,345,678 บาท",
    ),
    *("16/11/2569", "สธ 0901/55", "สธ 0901.2/ว 55", "06/2569/2570", "08/2569 - 09/2569", "คำสั่งที่ 68/2569 - 69/2569"),
    *("ภายใน 8123/4567", "0 2590 4000 ต่อ 8123/4567", "1,081,234.50 บาท", "งบ 81,234,567.00 บาท", "ห้อง 081/2 ชั้น 3"),
    *("08.30 - 09.00 - 09.30 น.", "ที่ สธ 0809.123456", "08.30 น. 12 34 56 คน", "06-08-2569-2570", "09.00\n12.00\n13.00"),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_texts_of_an_office_hold_nothing_private(text):
    for shown in (text, thai_digits(text)):
        assert not has_mobile_number(shown)
        assert not has_id_number(shown)


@given(
    st.integers(1, 28), st.integers(1, 12), st.integers(2560, 2580), st.sampled_from(["/", ".", "-"]), st.integers(0, 1)
)
def test_days_in_a_row_are_no_numbers_of_people(day, month, year, sign, wide):
    days = [f"{number:02}{sign}{month:02}{sign}{year}" for number in (day, day + 1)]
    text = (" - " if wide else "-").join(days)
    assert not has_mobile_number(text), text
    assert not has_id_number(text), text


@given(st.integers(0, 10**10), st.sampled_from(["", ".00", ".50", ".25"]), st.sampled_from(["", "งบ ", "1-2569/"]))
def test_amounts_are_no_numbers_of_people(baht, satang, before):
    text = f"{before}{baht:,}{satang} บาท"
    assert not has_mobile_number(text), text
    assert not has_id_number(text), text


@given(st.integers(100, 9999), st.integers(1, 9999), st.integers(0, 99), st.sampled_from(["/", "/ว ", ".1/", ".12/"]))
def test_numbers_of_letters_are_no_numbers_of_people(office, letter, year, sign):
    for text in (f"ที่ สธ 0{office}{sign}{letter}", f"คำสั่งที่ {letter}/25{year:02} และ {letter + 1}/25{year:02}"):
        assert not has_mobile_number(text), text
        assert not has_id_number(text), text


@given(
    st.sampled_from(["{0}/{1}/{2}{3}", "{0}/{1}{2}{3}", "{0} - {1} - {2} {3}", "{0}-{1}/{2} {3}", "{0} {1}-{2}-{3}"]),
    st.sampled_from("689"),
    _digits(1),
    _digits(3),
    _digits(2),
    _digits(2),
    st.booleans(),
)
def test_a_mobile_number_is_found_with_several_signs_between(writing, first, second, third, fourth, last, in_thai):
    text = f"มือถือ {writing.format(f'0{first}{second}', third, fourth, last)} ครับ"
    assert has_mobile_number(thai_digits(text) if in_thai else text), text


@given(st.lists(st.tuples(st.integers(0, 23), st.sampled_from(["00", "15", "30", "45"])), min_size=2, max_size=6))
def test_times_in_a_row_are_no_numbers_of_people(times):
    for sign in ".:":
        for between in ("-", " - ", ", ", " "):
            text = between.join(f"{hour:02}{sign}{minute}" for hour, minute in times)
            assert not has_mobile_number(text), text
            assert not has_id_number(text), text


@given(st.integers(100_000_000_000, 899_999_999_999), st.sampled_from(["-", " ", ".", " - "]), st.booleans())
def test_a_right_id_number_is_found_in_its_usual_groups(number, sign, in_thai):
    twelve = str(number)
    digits = next(twelve + last for last in "0123456789" if is_id_number(twelve + last))
    groups = (digits[0], digits[1:5], digits[5:10], digits[10:12], digits[12])
    for text in (digits, sign.join(groups), sign.join(digits)):
        assert has_id_number(thai_digits(text) if in_thai else text), text


@pytest.mark.parametrize(
    "text",
    [
        "โทร. 0 2590 4000",
        "0 2590 4000-2 / 4123",
        "0 2590 4000 กด 1",
        "โทรศัพท์ ๐ ๒๕๙๐ ๔๐๐๐ ต่อ ๑๒",
        "Tel. 0 2590 4000 ext. 5",
        "",
    ],
)
def test_an_office_writes_its_telephone_as_it_does_on_paper(text):
    assert is_telephone(text)
    assert not has_mobile_number(text)


@pytest.mark.parametrize(
    "text", ["081/234/5678", "โทร. 08 12 34 56 78", "0812 34/5678", "ห้อง 4", "โทร.", "a@example.go.th"]
)
def test_what_is_no_line_of_an_office_is_no_work_telephone(text):
    assert not is_telephone(text)
