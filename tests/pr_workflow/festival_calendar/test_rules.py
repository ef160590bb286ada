"""The rule grammar and the pure holiday rules, without a database."""

import csv
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from pr_workflow.festival_calendar import official
from pr_workflow.festival_calendar.models import Audience, Kind, Level
from pr_workflow.festival_calendar.official import OfficialDay, merged, substitutes
from pr_workflow.festival_calendar.rules import WEEKDAYS, RuleError, dates_of, is_certain, rule_check, rule_type_of
from pr_workflow.festival_calendar.services import SEED_FILE

YEARS = (2026, 2027, 2028)


def seeded_rows() -> list[dict]:
    with SEED_FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_seeded_rules_give_dates_in_each_year():
    rows = seeded_rows()
    assert len(rows) == 107
    for row in rows:
        rule_check(row["rule"])
        assert rule_type_of(row["rule"]) == row["rule_type"]
        for year in YEARS:
            found = dates_of(row["rule"], year)
            assert all(day.year == year for day in found)
            assert bool(found) is (row["rule"] != "announced"), row["key"]


def test_seeded_values_are_among_the_choices():
    for row in seeded_rows():
        assert row["kind"] in Kind.values
        assert {row["health_priority"], row["education_priority"], row["confidence"]} <= set(Level.values)
        assert set(row["audience"].split(";")) <= set(Audience.values)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("fixed:04-07", ["2027-04-07"]),
        ("fixed:02-29", []),
        ("range:04-13..04-15", ["2027-04-13", "2027-04-14", "2027-04-15"]),
        ("range:12-30..01-02", ["2027-12-30", "2027-12-31", "2028-01-01", "2028-01-02"]),
        ("range:02-28..02-29", ["2027-02-28"]),
        ("nth:01-SAT-2", ["2027-01-09"]),
        ("nth:05-MON-5", ["2027-05-31"]),
        ("nth:04-MON-5", []),
        ("lunar:makha_bucha", ["2027-02-21"]),
        ("lunar:visakha_bucha", ["2027-05-20"]),
        ("lunar:atthami_bucha", ["2027-05-28"]),
        ("lunar:asarnha_bucha", ["2027-07-18"]),
        ("lunar:khao_phansa", ["2027-07-19"]),
        ("lunar:ok_phansa", ["2027-10-15"]),
        ("lunar:loy_krathong", ["2027-11-13"]),
        ("lunar:chinese_new_year", ["2027-02-06"]),
        ("announced", []),
    ],
)
def test_the_dates_of_2027(rule, expected):
    assert [str(day) for day in dates_of(rule, 2027)] == expected


def test_a_leap_day_comes_in_leap_years():
    assert dates_of("fixed:02-29", 2028) == [date(2028, 2, 29)]


@given(st.integers(1, 12), st.sampled_from(WEEKDAYS), st.integers(1, 5), st.integers(1990, 2090))
def test_the_nth_weekday_is_that_weekday_in_that_week_of_the_month(month, weekday, number, year):
    found = dates_of(f"nth:{month:02}-{weekday}-{number}", year)
    assert found or number == 5
    for day in found:
        assert (day.year, day.month, WEEKDAYS[day.weekday()]) == (year, month, weekday)
        assert (day.day - 1) // 7 + 1 == number


@given(st.dates(date(2027, 1, 1), date(2027, 12, 31)), st.integers(0, 40))
def test_a_range_has_every_day_once(first, length):
    last = first + timedelta(days=length)
    found = dates_of(f"range:{first:%m-%d}..{last:%m-%d}", 2027)
    assert found == [first + timedelta(days=number) for number in range(length + 1)]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("", "not understood"),
        ("04-07", "not understood"),
        ("fixed:4-7", "not understood"),
        ("fixed:๐๔-๐๗", "not understood"),
        ("range:04-13", "not understood"),
        ("nth:01-XXX-2", "not understood"),
        ("nth:01-SAT-6", "not understood"),
        ("announced:soon", "not understood"),
        ("weekly:MON", "not understood"),
        ("fixed:02-30", "no year has"),
        ("fixed:13-01", "no year has"),
        ("range:04-13..04-31", "no year has"),
        ("nth:13-MON-1", "no year has"),
        ("lunar:full_moon", "not known"),
        ("lunar:__class__", "not known"),
    ],
)
def test_a_rule_outside_the_grammar_is_refused_with_a_sentence(rule, reason):
    with translation.override("en"), pytest.raises(RuleError, match=reason):
        rule_check(rule)


def test_lunar_and_announced_days_need_confirmation():
    assert [is_certain(rule) for rule in ("fixed:01-01", "range:04-13..04-15", "nth:01-SAT-2")] == [True] * 3
    assert [is_certain(rule) for rule in ("lunar:makha_bucha", "announced")] == [False] * 2


def day(text: str, key: str = "", kind: str = "regular") -> OfficialDay:
    return OfficialDay(f"{key}:{text}", date.fromisoformat(text), key, key, kind, key)


def moved(*days: OfficialDay) -> list[tuple[str, str]]:
    return [(str(each.in_lieu_of), str(each.date)) for each in substitutes(days)]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([day("2027-02-21")], [("2027-02-21", "2027-02-22")]),
        ([day("2027-10-23")], [("2027-10-23", "2027-10-25")]),
        ([day("2027-04-06")], []),
        # The day after is closed as well: Asarnha Bucha on Sunday, Buddhist Lent on Monday.
        (
            [day("2027-07-18", "asarnha_bucha"), day("2027-07-19", "khao_phansa")],
            [("2027-07-18", "2027-07-20")],
        ),
        # Blocks give one substitute, also when two of their days fall on a weekend.
        ([day(f"2030-04-{number}", "songkran") for number in (13, 14, 15)], [("2030-04-13", "2030-04-16")]),
        ([day("2033-12-31", "new_year_eve"), day("2034-01-01", "new_year")], [("2033-12-31", "2034-01-02")]),
        (
            [day("2024-07-20", "asarnha_bucha"), day("2024-07-21", "khao_phansa")],
            [("2024-07-20", "2024-07-22")],
        ),
        # Unrelated days in one weekend move one after the other.
        (
            [day("2027-05-01", "a"), day("2027-05-02", "b")],
            [("2027-05-01", "2027-05-03"), ("2027-05-02", "2027-05-04")],
        ),
        # Two holidays on one date close the office once.
        ([day("2023-06-03", "a"), day("2023-06-03", "b")], [("2023-06-03", "2023-06-05")]),
        ([day("2027-05-01", kind="special")], []),
    ],
)
def test_substitution(days, expected):
    assert moved(*days) == expected


@given(st.sets(st.dates(date(2027, 1, 1), date(2027, 3, 31)), max_size=30))
def test_a_substitute_is_a_free_working_day_after_its_holiday(dates):
    days = [day(str(each), f"k{number}") for number, each in enumerate(sorted(dates))]
    found = substitutes(days)
    assert len(found) == sum(each.weekday() >= 5 for each in dates)
    assert len({each.date for each in found}) == len(found)
    for each in found:
        assert each.in_lieu_of is not None
        assert each.in_lieu_of < each.date
        assert each.date.weekday() < 5
        assert each.date not in dates


def test_merged_keeps_both_names():
    both = merged([day("2023-06-03", "visakha"), day("2023-06-03", "birthday")])
    assert [each.name_th for each in both] == ["birthday; visakha"]


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027, 2028, 2029])
def test_the_package_brings_no_day_on_which_government_offices_work(year):
    names = [each.name_th for each in official.package_days(year)]
    assert len(names) >= 18
    assert not any("แรงงาน" in name or "เด็ก" in name or "ชดเชย" in name for name in names)


def test_the_ploughing_day_is_known_once_it_was_announced():
    assert official.announced_dates("ploughing_day", 2026) == [date(2026, 5, 13)]
    assert official.announced_dates("ploughing_day", 2027) == []
    assert official.announced_dates("labour_day", 2026) == []
