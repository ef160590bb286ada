"""Where dates go when a plan is copied to the next fiscal year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_workflow.plan.next_year import How, moved, moved_with_day, nearest, spans_of
from pr_workflow.plan.periods import month_period
from pr_workflow.thai_time import fiscal_year_bounds


@pytest.mark.parametrize(
    ("year", "start", "end", "new_start", "new_end", "how"),
    [
        # a Monday stays the Monday nearest to the date
        (2571, (2026, 12, 7), (2026, 12, 7), (2027, 12, 6), (2027, 12, 6), How.WEEKDAY),
        # the nearest Monday to 1 February 2028 lies in January: the month wins
        (2571, (2027, 2, 1), (2027, 2, 3), (2028, 2, 7), (2028, 2, 9), How.WEEKDAY),
        # leap days
        (2572, (2028, 2, 29), (2028, 2, 29), (2029, 2, 27), (2029, 2, 27), How.WEEKDAY),
        (2571, (2027, 2, 1), (2027, 2, 28), (2028, 2, 1), (2028, 2, 29), How.MONTHS),
        (2572, (2028, 2, 1), (2028, 2, 29), (2029, 2, 1), (2029, 2, 28), How.MONTHS),
        # months, quarters and the whole year
        (2571, (2026, 10, 1), (2027, 9, 30), (2027, 10, 1), (2028, 9, 30), How.MONTHS),
        (2571, (2027, 1, 1), (2027, 3, 31), (2028, 1, 1), (2028, 3, 31), How.MONTHS),
        # the last days of the year stay in it
        (2571, (2027, 9, 30), (2027, 9, 30), (2028, 9, 28), (2028, 9, 28), How.WEEKDAY),
        (2571, (2026, 10, 1), (2026, 10, 2), (2027, 10, 7), (2027, 10, 8), How.WEEKDAY),
    ],
)
def test_dates_keep_month_and_weekday(year, start, end, new_start, new_end, how):
    move = moved(date(*start), date(*end), year)
    assert (move.start, move.end, move.how) == (date(*new_start), date(*new_end), how)
    assert not move.is_cut


def test_what_would_leave_the_year_is_cut_and_says_so():
    move = moved(date(2027, 2, 1), date(2027, 9, 29), 2571)
    assert (move.start, move.end, move.is_cut) == (date(2028, 2, 7), date(2028, 9, 30), True)


@given(year=st.integers(2500, 2640), offset=st.integers(0, 365), length=st.integers(0, 200))
def test_every_date_lands_well(year, offset, length):
    first, last = fiscal_year_bounds(year)
    start = min(first + timedelta(days=offset), last)
    end = min(start + timedelta(days=length), last)
    move = moved(start, end, year + 1)
    new_first, new_last = fiscal_year_bounds(year + 1)
    assert new_first <= move.start <= move.end <= new_last
    assert move.start.month == start.month
    if move.how == How.WEEKDAY:
        assert move.start.weekday() == start.weekday()
        assert move.is_cut or move.end - move.start == end - start


@given(year=st.integers(2500, 2640), month=st.integers(1, 12))
def test_a_month_stays_the_month(year, month):
    move = moved(*month_period(month, year), year + 1)
    assert (move.start, move.end) == month_period(month, year + 1)


def test_a_festival_takes_its_preparation_and_its_days_along():
    visakha_2570, visakha_2571 = (date(2027, 5, 20),) * 2, (date(2028, 5, 8),) * 2
    move = moved_with_day(date(2027, 5, 6), date(2027, 5, 21), visakha_2570, visakha_2571, 2571)
    assert (move.start, move.end, move.how) == (date(2028, 4, 24), date(2028, 5, 9), How.FESTIVAL)


def test_a_longer_festival_stays_covered():
    old, new = (date(2027, 4, 13), date(2027, 4, 15)), (date(2028, 4, 12), date(2028, 4, 16))
    whole = moved_with_day(date(2027, 4, 10), date(2027, 4, 16), old, new, 2571)
    assert (whole.start, whole.end) == (date(2028, 4, 9), date(2028, 4, 17))
    after = moved_with_day(date(2027, 4, 16), date(2027, 4, 17), old, new, 2571)
    assert (after.start, after.end) == (date(2028, 4, 17), date(2028, 4, 18))


def test_a_festival_at_the_edge_is_cut():
    move = moved_with_day(
        date(2027, 9, 28), date(2027, 9, 30), (date(2027, 9, 28),) * 2, (date(2028, 9, 29),) * 2, 2571
    )
    assert (move.end, move.is_cut) == (date(2028, 9, 30), True)


def test_runs_and_the_nearest_of_them():
    days = [date(2027, 4, 13), date(2027, 4, 15), date(2027, 4, 14), date(2027, 1, 1)]
    spans = spans_of(days)
    assert spans == [(date(2027, 1, 1),) * 2, (date(2027, 4, 13), date(2027, 4, 15))]
    assert nearest(spans, date(2027, 3, 30)) == spans[1]
    assert nearest([], date(2027, 3, 30)) is None
