"""What is found to be private in a public field, however it is written, and what an office may show (R10)."""

import pytest

from pr_workflow.people.private_data import has_id_number, has_mobile_number, has_private_mail, is_id_number
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
    ],
)
def test_private_mail_is_found(text):
    assert has_private_mail(text)


@pytest.mark.parametrize(
    "text",
    ["pr@example.go.th", "pr@school.ac.th", "x@mail.health.go.th", "a@notgmail.com", "gmail", "live@example.or.th", ""],
)
def test_mail_of_offices_is_not(text):
    assert not has_private_mail(text)
