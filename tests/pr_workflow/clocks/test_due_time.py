"""When a clock runs out: what must hold for every start, limit, holiday and pause (R25, R35)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_workflow.clocks.limits import Limit
from pr_workflow.clocks.models import LimitUnit
from pr_workflow.clocks.office import OfficeCalendar, office_time
from pr_workflow.clocks.selectors import due_time
from pr_workflow.festival_calendar.models import Holiday
from pr_workflow.festival_calendar.selectors import add_working_days
from pr_workflow.thai_time import BANGKOK

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=BANGKOK)
FIRST, SPAN = date(2026, 11, 1), 60


class Days(OfficeCalendar):
    """A calendar that knows its closed days without asking the database."""

    def __init__(self, closed=()):
        super().__init__(None)
        self.closed = frozenset(closed)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.closed


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BANGKOK)


def due(start, value, unit, *, pauses=(), closed=()):
    return due_time(start, Limit(value, LimitUnit(unit)), agency=None, pauses=pauses, calendar=Days(closed))


moments = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 20)).map(  # noqa: DTZ001 a zone follows
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=BANGKOK)
)
limits = st.builds(Limit, st.integers(1, 20), st.sampled_from(LimitUnit))
office_limits = st.builds(Limit, st.integers(1, 20), st.sampled_from([LimitUnit.WORKING_DAYS, LimitUnit.OFFICE_HOURS]))
closed_days = st.frozensets(st.integers(0, SPAN).map(lambda n: FIRST + timedelta(days=n)), max_size=8)
pauses = st.lists(st.tuples(moments, st.timedeltas(timedelta(0), timedelta(days=6))), max_size=4).map(
    lambda found: [(paused, paused + length) for paused, length in found]
)


def run(start, limit, pauses, closed):
    return due_time(start, limit, agency=None, pauses=pauses, calendar=Days(closed))


@pytest.mark.parametrize(
    ("start", "value", "unit", "expected"),
    [
        (at(16, 9), 1, "working_days", at(17, 16, 30)),
        (at(16, 23), 1, "working_days", at(17, 16, 30)),
        (at(20, 9), 1, "working_days", at(23, 16, 30)),  # Friday
        (at(21, 9), 1, "working_days", at(23, 16, 30)),  # Saturday
        (at(16, 9), 5, "working_days", at(23, 16, 30)),
        (at(16, 9), 2, "office_hours", at(16, 11)),
        (at(16, 15, 30), 2, "office_hours", at(17, 9, 30)),
        (at(20, 16), 1, "office_hours", at(23, 9)),
        (at(16, 6), 8, "office_hours", at(16, 16, 30)),
        (at(16, 16, 30), 1, "office_hours", at(17, 9, 30)),
        (at(20, 20), 60, "minutes", at(20, 21)),
    ],
)
def test_known_due_times(start, value, unit, expected):
    assert due(start, value, unit) == expected


def test_a_holiday_pushes_the_day():
    assert due(at(16), 1, "working_days", closed=[date(2026, 11, 17)]) == at(18, 16, 30)
    assert due(at(16, 15, 30), 2, "office_hours", closed=[date(2026, 11, 17)]) == at(18, 9, 30)


def test_a_pause_uses_nothing_up():
    assert due(at(16), 1, "working_days", pauses=[(at(17, 10), at(18, 10))]) == at(18, 16, 30)
    assert due(at(16), 1, "working_days", pauses=[(at(17, 8, 30), at(18, 8, 30))]) == at(18, 16, 30)
    assert due(at(16), 2, "office_hours", pauses=[(at(16, 10), at(16, 14))]) == at(16, 15)
    assert due(at(16), 60, "minutes", pauses=[(at(16, 9, 30), at(17, 9, 30))]) == at(17, 10)


def test_pauses_that_meet_count_once():
    twice = [(at(16, 10), at(16, 12)), (at(16, 11), at(16, 13))]
    assert due(at(16), 2, "office_hours", pauses=twice) == at(16, 14)


def test_a_naive_start_is_refused():
    with pytest.raises(ValueError, match="aware"):
        due(datetime(2026, 11, 16, 9), 1, "working_days")  # noqa: DTZ001 that is the point


@given(moments, moments, limits, pauses, closed_days)
def test_a_later_start_is_never_due_earlier(one, other, limit, paused, closed):
    first, second = sorted((one, other))
    assert run(first, limit, paused, closed) <= run(second, limit, paused, closed)


@given(moments, limits, st.integers(0, 10), pauses, closed_days)
def test_a_longer_limit_is_never_due_earlier(start, limit, more, paused, closed):
    longer = Limit(limit.value + more, limit.unit)
    assert run(start, limit, paused, closed) <= run(start, longer, paused, closed)


@given(moments, limits, pauses, closed_days, st.integers(0, SPAN))
def test_another_holiday_never_makes_it_due_earlier(start, limit, paused, closed, number):
    more = closed | {FIRST + timedelta(days=number)}
    assert run(start, limit, paused, closed) <= run(start, limit, paused, more)


@given(moments, limits, pauses, closed_days, moments)
def test_stopping_and_going_on_at_once_changes_nothing(start, limit, paused, closed, moment):
    assert run(start, limit, [*paused, (moment, moment)], closed) == run(start, limit, paused, closed)


@given(moments, limits, pauses, closed_days, moments, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_pause_never_makes_it_due_earlier(start, limit, paused, closed, moment, length):
    assert run(start, limit, paused, closed) <= run(start, limit, [*paused, (moment, moment + length)], closed)


@given(moments, office_limits, pauses, closed_days)
def test_days_and_hours_end_in_office_time(start, limit, paused, closed):
    end = run(start, limit, paused, closed).astimezone(BANGKOK)
    assert Days(closed).is_working_day(end.date())
    assert time(8, 30) < end.time() <= time(16, 30)
    assert end > start


@given(moments, st.integers(1, 20), closed_days)
def test_office_hours_are_used_up_exactly(start, hours, closed):
    end = run(start, Limit(hours, LimitUnit.OFFICE_HOURS), [], closed)
    assert office_time(start, end, calendar=Days(closed)) == timedelta(hours=hours)


@pytest.mark.django_db
@pytest.mark.parametrize("days", [1, 2, 7])
@pytest.mark.parametrize("start", [MONDAY, at(20, 17), at(22, 3), datetime(2026, 12, 30, 20, tzinfo=UTC)])
def test_working_days_agree_with_the_calendar(start, days):
    Holiday.objects.create(date=date(2026, 11, 18), name_th="วันหยุดพิเศษ")
    Holiday.objects.create(date=date(2027, 1, 1), name_th="วันขึ้นปีใหม่")
    limit = Limit(days, LimitUnit.WORKING_DAYS)
    assert due_time(start, limit, agency=None) == add_working_days(start, days)
