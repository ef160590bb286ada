"""What is the same to a reader is the same to the search: digits, สระอำ, tone marks, spaces, invisible characters."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.text import clean, fold, normalize, query_terms

pytestmark = pytest.mark.once

SARA_AM, NIKHAHIT, SARA_AA, TONE = "\u0e33", "\u0e4d", "\u0e32", "\u0e49"

thai_letters = st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B)
marks = st.sampled_from("\u0e31\u0e33\u0e34\u0e38\u0e39\u0e47\u0e48\u0e49\u0e4b\u0e4c\u0e4d\u0e32\u0e40\u0e41")
oddities = st.sampled_from("\u200b\ufeff\u202e\u00ad\x00\n\u00a0\u0301\u0130\u212a\ufb01\u00bd\ud800\U000e0041")
texts = st.text(st.one_of(thai_letters, marks, oddities, st.characters()), max_size=40)


@pytest.mark.parametrize(
    ("typed", "same_as"),
    [
        ("๒๕๖๙", "2569"),
        ("２５６９", "2569"),
        (f"น{TONE}{SARA_AM}", f"น{NIKHAHIT}{TONE}{SARA_AA}"),
        (f"น{TONE}{SARA_AM}", f"น{TONE}{NIKHAHIT}{SARA_AA}"),
        (f"น{TONE}{SARA_AM}", f"น{SARA_AM}{TONE}"),
        (f"ก{SARA_AM}", f"ก{NIKHAHIT}{SARA_AA}"),
        ("ที่", "ท\u0e48\u0e35"),
        ("ที่", "ที่\u0e48"),
        ("กู้", "ก\u0e49\u0e39"),
        ("แม่", "เเม่"),
        ("วันเด็กแห่งชาติ", "วัน\u200bเด็ก\u2060แห่ง\ufeffชาติ"),
        ("ข่าว", "\u202eข่าว\u202c"),
        ("วันเด็ก 2569", "  วันเด็ก\u00a0\n\t ๒๕๖๙ "),
        ("covid-19", "COVID-19"),
        ("ข้าว", "ข้าว\ufe0f"),
        ("a b", "a\x00b"),
    ],
)
def test_one_written_form(typed, same_as):
    assert normalize(same_as) == normalize(typed)


@pytest.mark.parametrize(("one", "other"), [("ขาว", "ข่าว"), ("มา", "ม้า"), ("กำ", "กา"), ("2569", "2568")])
def test_different_words_stay_different(one, other):
    assert normalize(one) != normalize(other)


def test_clean_keeps_what_the_reader_sees():
    assert clean("ประกาศ ฉบับที่ ๑/๒๕๖๙ เรื่อง COVID-19") == "ประกาศ ฉบับที่ ๑/๒๕๖๙ เรื่อง COVID-19"


def test_sara_am_is_not_taken_apart():
    assert normalize("ประจำสัปดาห์") == "ประจำสัปดาห์"


@given(texts)
@example("ก" + "\u0e48\u0e34" * 15)
@example("\u0e4d\u0e48\u0e32\u0e48")
@example("\u0e33" + "\u0e48\u0e49" * 10)
@settings(max_examples=300)
def test_normalize_is_idempotent_and_never_longer(text):
    once = normalize(text)
    assert normalize(once) == once
    assert len(once) <= len(unicodedata.normalize("NFC", text))


@given(texts)
@settings(max_examples=300)
def test_clean_is_idempotent_and_storable(text):
    once = clean(text)
    assert clean(once) == once
    assert "\x00" not in once
    once.encode()


@given(texts)
def test_fold_never_moves_a_character(text):
    assert len(fold(text)) == len(text)


@given(texts)
def test_terms_are_found_in_the_normalised_query(text):
    normalised = normalize(text)
    assert all(term and term in normalised for term in query_terms(text))


def test_terms_are_runs_without_punctuation_each_once():
    assert query_terms("“วันเด็ก” แห่งชาติ, (วันเด็ก) ๒๕๖๙!") == ["วันเด็ก", "แห่งชาติ", "2569"]
    assert query_terms(" … ! \u200b") == []
