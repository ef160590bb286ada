"""What stands below a result: the right place, marked, and nothing that a browser would run."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.snippets import marked, snippet
from search.text import clean, query_terms

pytestmark = pytest.mark.once

LONG = "ก่อนหน้านี้เป็นข้อความยาว " * 20 + "กิจกรรมวันเด็กแห่งชาติ ๒๕๖๙ จัดที่สนาม" + " ข้อความท้ายเรื่อง" * 20


def marks(rendered: str) -> list[str]:
    return re.findall("<mark>(.*?)</mark>", rendered)


def without_marks(rendered: str) -> str:
    return html.unescape(re.sub("</?mark>", "", rendered))


def test_the_found_word_is_marked_inside_a_run_as_it_is_written():
    shown = snippet(LONG, query_terms("วันเด็ก 2569"), 80)
    assert marks(shown) == ["วันเด็ก", "๒๕๖๙"]
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(without_marks(shown)) < 90


def test_it_begins_and_ends_at_a_space_where_one_is_near():
    shown = without_marks(snippet(LONG, query_terms("วันเด็ก"), 120)).strip("…")
    before, _, after = LONG.partition(shown)
    assert before.endswith(" ")
    assert after.startswith(" ")


def test_letter_case_of_the_text_is_kept():
    assert marks(marked("เรื่อง COVID-19 วันนี้", query_terms("covid"))) == ["COVID"]


def test_a_tone_mark_is_not_torn_from_its_letter():
    assert marks(marked("น้ำท่วม", ["น"])) == ["น้ำ"]


def test_a_near_match_marks_the_part_that_is_there():
    assert marks(snippet("โรคไข้เลือดออกระบาด", query_terms("ไข้เลือดนก"), 80)) == ["ไข้เลือด"]


def test_without_a_match_the_text_begins_at_its_beginning():
    shown = snippet(LONG, query_terms("ไม่มีคำxyz"[-3:]), 40)
    assert without_marks(shown).startswith("ก่อนหน้านี้")


def test_text_is_escaped_inside_and_outside_the_mark():
    shown = marked("<script>alert('วันเด็ก')</script> & <b>วันเด็ก", query_terms("วันเด็ก script"))
    assert "<script" not in shown
    assert "<b>" not in shown
    assert marks(shown) == ["script", "วันเด็ก", "script", "วันเด็ก"]
    assert "&lt;<mark>script</mark>&gt;alert(&#x27;" in shown


def test_an_empty_text_gives_an_empty_snippet():
    assert snippet("", ["วันเด็ก"], 80) == ""


some_text = st.text(st.one_of(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), st.sampled_from("<>&'\" a1")))


@given(some_text, some_text, st.integers(20, 60))
def test_only_marks_and_dots_are_added(text, query, length):
    text = clean(text)
    shown = snippet(text, query_terms(query), length)
    assert set(re.findall("<[^>]*>", shown)) <= {"<mark>", "</mark>"}
    assert without_marks(shown).strip("…") in text or not text
