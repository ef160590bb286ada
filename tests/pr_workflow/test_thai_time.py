"""The pure date module: what people read, what they may type, and the years of the office."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from pr_workflow import thai_time as clock

SONGKRAN = date(2027, 4, 13)
STYLES = ("long", "short", "numeric", "full_with_weekday")
any_day = st.dates(date(1941, 1, 1), date(2400, 12, 31))
digits = st.sampled_from(("arabic", "thai"))


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("long", "13 เมษายน 2570"),
        ("short", "13 เม.ย. 2570"),
        ("numeric", "13/04/2570"),
        ("full_with_weekday", "วันอังคารที่ 13 เมษายน พ.ศ. 2570"),
    ],
)
def test_each_style_reads_as_an_office_writes_it(style, text):
    assert clock.thai_date(SONGKRAN, style) == text


def test_thai_digits_replace_every_digit():
    assert clock.thai_date(SONGKRAN, "numeric", "thai") == "๑๓/๐๔/๒๕๗๐"
    assert (
        clock.thai_datetime(datetime(2027, 4, 13, 9, 5, tzinfo=clock.BANGKOK), digits="thai")
        == "๑๓ เม.ย. ๒๕๗๐ เวลา ๐๙.๐๕ น."
    )


@given(any_day, st.sampled_from(STYLES), digits)
def test_every_written_date_is_read_back(day, style, how):
    assert clock.parse_thai_date(clock.thai_date(day, style, how)) == day


@given(any_day)
def test_every_iso_date_is_read_back(day):
    assert clock.parse_thai_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "13/4/2570",
        "13-04-2570",
        "13.4.2570",
        "๑๓ เม.ย. ๒๕๗๐",
        "13 เมย 2570",
        "  13   เมษายน\u00a0พ.ศ. 2570 ",
        "13เมษายน2570",
        "วันที่ 13 เมษายน 2570",
        "อังคารที่ 13 เมษายน 2570",
        "13 เมษายน ค.ศ. 2027",
        "13/04/2027",
        "2027-04-13",
        "2570-04-13",
    ],
)
def test_what_people_type_is_understood(text):
    assert clock.parse_thai_date(text) == SONGKRAN


def test_a_spoken_weekday_is_understood():
    assert clock.parse_thai_date("วันพฤหัสที่ 15 เมษายน 2570") == date(2027, 4, 15)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not a date"),
        ("พรุ่งนี้", "is not a date"),
        ("13 เมษายน", "is not a date"),
        ("13/4/2570 10:00", "is not a date"),
        ("13 เมษ 2570", "is not a month"),
        ("13/4/70", "is not certain"),
        ("13 เม.ย. 70", "is not certain"),
        ("13/4/570", "is not certain"),
        ("13/4/1570", "is not certain"),
        ("13/4/25700", "is not certain"),
        ("13 เมษายน พ.ศ. 2027", "is not certain"),
        ("13 เมษายน ค.ศ. 2570", "is not certain"),
        ("31/4/2570", "does not exist"),
        ("29/2/2570", "does not exist"),
        ("0/4/2570", "does not exist"),
        ("4/13/2570", "does not exist"),
        ("2027-13-01", "does not exist"),
        ("วันพุธที่ 13 เมษายน 2570", "contradicts itself"),
    ],
)
def test_what_is_not_one_certain_date_is_refused_with_a_sentence(text, reason):
    with translation.override("en"), pytest.raises(clock.ThaiDateError, match=reason) as refusal:
        clock.parse_thai_date(text)
    assert isinstance(refusal.value, ValueError)
    assert str(refusal.value).endswith(".")


def test_a_leap_day_is_kept():
    assert clock.parse_thai_date("29 กุมภาพันธ์ 2571") == date(2028, 2, 29)


@given(any_day)
def test_a_date_lies_inside_its_fiscal_year_quarter_and_week(day):
    year = clock.fiscal_year_be(day)
    first, last = clock.fiscal_year_bounds(year)
    assert first <= day <= last
    assert (first.month, first.day, last.month, last.day) == (10, 1, 9, 30)
    assert clock.fiscal_year_be(first - timedelta(days=1)) == year - 1
    start, end = clock.fiscal_quarter_bounds(year, clock.fiscal_quarter(day))
    assert start <= day <= end
    monday, sunday = clock.week_bounds(day)
    assert monday <= day <= sunday
    assert (monday.isoweekday(), sunday.isoweekday()) == (1, 7)


@given(st.integers(2484, 2900))
def test_the_quarters_fill_the_fiscal_year_without_gaps(year):
    quarters = [clock.fiscal_quarter_bounds(year, number) for number in (1, 2, 3, 4)]
    assert (quarters[0][0], quarters[-1][1]) == clock.fiscal_year_bounds(year)
    for (_start, end), (start, _end) in pairwise(quarters):
        assert start - end == timedelta(days=1)
    with pytest.raises(ValueError, match="quarters 1 to 4"):
        clock.fiscal_quarter_bounds(year, 5)


@given(st.integers(1, 9000))
def test_be_and_ce_years_are_inverse(year):
    assert clock.from_be(clock.to_be(year)) == year
    assert clock.arabic_digits(clock.thai_digits(year)) == str(year)


def test_the_fiscal_year_starts_in_october():
    assert clock.fiscal_year_be(date(2026, 9, 30)) == 2569
    assert clock.fiscal_year_be(date(2026, 10, 1)) == 2570
    assert clock.fiscal_year_bounds(2570) == (date(2026, 10, 1), date(2027, 9, 30))


def test_an_aware_moment_is_shown_in_bangkok():
    late_in_utc = datetime(2026, 9, 30, 17, 30, tzinfo=UTC)
    assert clock.thai_datetime(late_in_utc) == "1 ต.ค. 2569 เวลา 00.30 น."
    assert clock.fiscal_year_be(late_in_utc) == 2570
    naive = late_in_utc.replace(tzinfo=None)
    assert clock.bangkok_date(naive) == date(2026, 9, 30)
    assert clock.thai_time(time(9, 30)) == "09.30 น."


@pytest.mark.parametrize(
    ("start", "end", "style", "text"),
    [
        (SONGKRAN, SONGKRAN, "long", "13 เมษายน 2570"),
        (SONGKRAN, date(2027, 4, 15), "long", "13–15 เมษายน 2570"),
        (SONGKRAN, date(2027, 5, 2), "short", "13 เม.ย. – 2 พ.ค. 2570"),
        (date(2026, 12, 30), date(2027, 1, 2), "long", "30 ธันวาคม 2569 – 2 มกราคม 2570"),
        (SONGKRAN, date(2027, 4, 15), "numeric", "13/04/2570 – 15/04/2570"),
    ],
)
def test_a_range_says_shared_parts_once(start, end, style, text):
    assert clock.thai_date_range(start, end, style) == text


def test_a_range_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="before it starts"):
        clock.thai_date_range(SONGKRAN, date(2027, 4, 12))


@pytest.mark.parametrize(("text", "year"), [("2570", 2027), ("2027", 2027), (" ๒๕๗๐ ", 2027)])
def test_a_typed_year_is_read_in_either_era(text, year):
    assert clock.parse_year(text) == year


@pytest.mark.parametrize("text", ["", "70", "1500", "25700", "next", "-2570"])
def test_an_uncertain_year_is_refused(text):
    with translation.override("en"), pytest.raises(clock.ThaiDateError, match="is not certain"):
        clock.parse_year(text)


class OneDate(forms.Form):
    day = clock.ThaiDateField()


def test_the_form_field_reads_and_shows_be():
    form = OneDate({"day": "๑๓ เม.ย. ๒๕๗๐"})
    assert form.is_valid()
    assert form.cleaned_data["day"] == SONGKRAN
    assert 'value="13/04/2570"' in str(OneDate(initial={"day": SONGKRAN})["day"])


def test_the_form_field_refuses_and_keeps_what_was_typed():
    form = OneDate({"day": "31/2/2570"})
    assert not form.is_valid()
    assert list(form.errors) == ["day"]
    assert "31/2/2570" in form.errors["day"][0]
    assert 'value="31/2/2570"' in str(form["day"])
    assert not OneDate({"day": ""}).is_valid()


def test_the_template_filters():
    template = Template(
        "{% load thai_time %}{{ d|thai_date }}|{{ d|thai_date:'numeric' }}|{{ d|thai_date_short }}|"
        "{{ m|thai_datetime }}|{{ m|thai_time }}|{{ d|be_year }}|{{ n|be_year }}|{{ n|thai_digits }}|"
        "{{ d|fiscal_year_be }}|{{ none|thai_date }}{{ none|thai_datetime }}{{ none|thai_time }}"
        "{{ none|be_year }}{{ none|thai_digits }}{{ none|fiscal_year_be }}"
    )
    moment = datetime(2027, 4, 13, 2, 30, tzinfo=UTC)
    assert template.render(Context({"d": SONGKRAN, "m": moment, "n": 2027, "none": None})) == (
        "13 เมษายน 2570|13/04/2570|13 เม.ย. 2570|13 เม.ย. 2570 เวลา 09.30 น.|09.30 น.|2570|2570|๒๐๒๗|2570|"
    )
