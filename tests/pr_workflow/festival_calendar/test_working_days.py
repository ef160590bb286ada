"""Office working days: the government's holidays, an agency's own, and the arithmetic of deadlines (R25)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pr_workflow.festival_calendar.models import Holiday
from pr_workflow.festival_calendar.selectors import (
    add_working_days,
    holidays_in,
    is_working_day,
    working_days_between,
    working_days_in,
)
from pr_workflow.festival_calendar.services import calendar_prepare
from pr_workflow.thai_time import BANGKOK

pytestmark = pytest.mark.django_db

on_one_register = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
days_of_2027 = st.dates(date(2027, 1, 1), date(2027, 12, 31))


@pytest.fixture
def register(now):
    calendar_prepare(actor=None, now=now, years=(2026, 2027, 2028))


def enter(day: str, kind: str = Holiday.Kind.SPECIAL, agency=None) -> Holiday:
    return Holiday.objects.create(date=date.fromisoformat(day), name_th="วันหยุดที่คนป้อน", kind=kind, agency=agency)


def test_the_days_on_which_the_office_works(register):
    expected = {
        "2026-05-01": True,  # Labour Day: government offices work
        "2027-05-03": True,  # the package's substitute of Labour Day
        "2026-05-13": False,  # Royal Ploughing Day
        "2026-01-02": False,  # cabinet special day
        "2026-01-03": False,  # Saturday
        "2026-06-01": False,  # substitute of Visakha Bucha
        "2026-12-07": False,
        "2027-01-08": True,
        "2027-02-22": False,
        "2027-04-15": False,
        "2027-04-16": True,
        "2027-07-19": False,
        "2027-07-20": False,  # substitute of Asarnha Bucha, after Buddhist Lent Day
        "2027-07-21": True,
        "2027-10-25": False,
        "2027-11-12": True,
        "2027-12-06": False,
        "2028-01-03": False,  # substitute of New Year's Day
        "2028-01-04": True,
    }
    assert {day: is_working_day(date.fromisoformat(day)) for day in expected} == expected


def test_april_2027_has_eighteen_working_days(register):
    assert len(working_days_in(date(2027, 4, 1), date(2027, 4, 30))) == 18


def test_days_are_added_across_weekends_and_holidays(register):
    expected = {
        ("2027-04-12", 1): "2027-04-16",  # across Songkran
        ("2027-04-09", 1): "2027-04-12",  # Friday to Monday
        ("2027-04-10", 1): "2027-04-12",  # the Saturday itself never counts
        ("2027-04-11", 1): "2027-04-12",
        ("2027-04-12", 0): "2027-04-12",
        ("2027-04-13", 0): "2027-04-16",
        ("2027-04-16", -1): "2027-04-12",
        ("2027-04-13", -10): "2027-03-29",
        ("2026-12-30", 1): "2027-01-04",
    }
    found = {(start, days): str(add_working_days(date.fromisoformat(start), days)) for start, days in expected}
    assert found == expected


def test_a_moment_gives_the_end_of_office_hours_in_bangkok(register):
    # 20:00 UTC on Sunday is already Monday in Bangkok.
    deadline = add_working_days(datetime(2027, 4, 11, 20, tzinfo=UTC), 1)
    assert deadline == datetime(2027, 4, 16, 16, 30, tzinfo=BANGKOK)
    assert deadline.utcoffset() == timedelta(hours=7)


def test_a_naive_moment_is_refused(register):
    naive = datetime(2027, 4, 12, 9, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        add_working_days(naive, 1)


@on_one_register
@given(start=days_of_2027, days=st.integers(1, 60))
def test_adding_and_counting_are_inverse(register, start, days):
    end = add_working_days(start, days)
    assert end > start
    assert is_working_day(end)
    assert working_days_between(start, end) == days
    assert working_days_between(end, start) == -days


@on_one_register
@given(start=days_of_2027, first=st.integers(1, 20), second=st.integers(1, 20))
def test_adding_twice_is_adding_the_sum(register, start, first, second):
    assert add_working_days(add_working_days(start, first), second) == add_working_days(start, first + second)


@on_one_register
@given(start=days_of_2027, days=st.integers(1, 30))
def test_counting_back_returns_to_a_working_start(register, start, days):
    monday_or_so = add_working_days(start, 0)
    assert add_working_days(add_working_days(monday_or_so, days), -days) == monday_or_so


@on_one_register
@given(start=days_of_2027, length=st.integers(0, 90))
def test_every_day_of_a_period_is_working_weekend_or_holiday(register, start, length):
    end = start + timedelta(days=length)
    working = set(working_days_in(start, end))
    closed = {row.date for row in holidays_in(start, end)}
    weekend = {start + timedelta(days=n) for n in range(length + 1) if (start + timedelta(days=n)).weekday() >= 5}
    assert len(working | closed | weekend) == length + 1
    assert not working & (closed | weekend)


def test_a_special_day_entered_by_a_person_moves_the_deadline_at_once(register):
    assert add_working_days(date(2027, 4, 9), 1) == date(2027, 4, 12)
    enter("2027-04-12")
    assert add_working_days(date(2027, 4, 9), 1) == date(2027, 4, 16)


def test_a_cancelled_day_opens_the_office(register):
    enter("2027-04-14", Holiday.Kind.CANCELLED)
    assert is_working_day(date(2027, 4, 14))
    assert [row.date.day for row in holidays_in(date(2027, 4, 13), date(2027, 4, 15))] == [13, 15]


def test_an_inactive_row_closes_nothing(register):
    Holiday.objects.filter(date=date(2027, 4, 14)).update(active=False)
    assert is_working_day(date(2027, 4, 14))


def test_an_agencys_own_day_closes_that_agency_only(register, agency, other_agency):
    enter("2027-06-10", agency=agency)
    assert not is_working_day(date(2027, 6, 10), agency=agency)
    assert is_working_day(date(2027, 6, 10), agency=other_agency)
    assert is_working_day(date(2027, 6, 10))
    assert [row.date for row in holidays_in(date(2027, 6, 10), date(2027, 6, 10), agency=other_agency)] == []


def test_an_agencys_own_row_decides_over_the_national_one(register, agency, other_agency):
    enter("2027-04-14", Holiday.Kind.CANCELLED, agency)
    enter("2027-06-11", Holiday.Kind.CANCELLED)
    enter("2027-06-11", Holiday.Kind.SPECIAL, agency)
    assert is_working_day(date(2027, 4, 14), agency=agency)
    assert not is_working_day(date(2027, 4, 14), agency=other_agency)
    assert not is_working_day(date(2027, 6, 11), agency=agency)
    assert is_working_day(date(2027, 6, 11), agency=other_agency)


def test_a_deadline_across_a_long_closure_is_found(register):
    Holiday.objects.bulk_create(
        Holiday(date=date(2027, 8, 1) + timedelta(days=n), name_th="น้ำท่วม", kind=Holiday.Kind.SPECIAL)
        for n in range(90)
    )
    assert add_working_days(date(2027, 7, 30), 1) == date(2027, 11, 1)


def test_the_arithmetic_reads_the_register_once(register, django_assert_num_queries):
    with django_assert_num_queries(1):
        add_working_days(date(2027, 4, 9), 15)
    with django_assert_num_queries(1):
        working_days_between(date(2027, 1, 1), date(2027, 12, 31))
