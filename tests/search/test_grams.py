"""The pieces that make up the index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.grams import EVERY_ENTRY, gram_key, rarity, run_grams, text_impacts

pytestmark = pytest.mark.once


@given(st.text(min_size=3, max_size=30), st.data())
def test_every_part_of_a_run_has_all_its_pieces_in_the_run(run, data):
    start = data.draw(st.integers(0, len(run) - 3))
    end = data.draw(st.integers(start + 3, len(run)))
    assert set(run_grams(run[start:end])) <= set(run_grams(run))


def test_a_short_run_is_one_piece():
    assert run_grams("5") == ["5"]
    assert run_grams("ปี") == ["ปี"]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3))
def test_keys_fit_the_column_and_never_mean_every_entry(gram):
    assert EVERY_ENTRY < gram_key(gram) < 2**31


def test_title_and_repetition_weigh_more():
    impacts = text_impacts("วันเด็ก", "ข่าว ข่าว ข่าว กีฬา")
    title, often, once = (impacts[gram_key(gram)] for gram in ("วัน", "ข่า", "กีฬ"))
    assert title.in_title
    assert not often.in_title
    assert title.impact > often.impact > once.impact > 0


def test_a_piece_in_a_long_text_weighs_less():
    short = text_impacts("", "โรคไข้เลือดออก")[gram_key("โรค")]
    long = text_impacts("", "โรคไข้เลือดออก " + "ข้อความอื่น " * 500)[gram_key("โรค")]
    assert 0 < long.impact < short.impact


def test_every_entry_has_the_counting_row_even_without_text():
    assert EVERY_ENTRY in text_impacts("", "")


def test_rarer_is_heavier():
    assert rarity(100, 1) > rarity(100, 50) > rarity(100, 100) > 0
