"""The clock of the demo: acts are played in the order of time, and the present comes back."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from home.demo.clock import Diary, time_at
from tests.factories.demo import NOW


def test_the_clock_goes_back_to_the_present():
    moment = NOW - timedelta(days=40)

    def look_and_fail():
        assert timezone.now() == moment
        raise RuntimeError

    with pytest.raises(RuntimeError), time_at(moment):
        look_and_fail()
    assert abs(timezone.now() - moment) > timedelta(days=1)


def play(times: list[datetime], latest: datetime) -> list[tuple[int, datetime]]:
    diary, played = Diary(), []
    for number, at in enumerate(times):
        diary.add(at, lambda now, number=number: played.append((number, now)))
    diary.play(latest=latest)
    return played


def test_a_diary_is_played_in_the_order_of_time():
    times = [NOW + timedelta(hours=hours) for hours in (3, 1, 2, 1)]
    assert play(times, NOW + timedelta(days=1)) == [(1, times[1]), (3, times[3]), (2, times[2]), (0, times[0])]


@given(st.lists(st.integers(-400, 400), max_size=30))
def test_a_diary_never_reaches_beyond_the_present_and_keeps_its_order(hours):
    times = [NOW + timedelta(hours=each) for each in hours]
    played = play(times, NOW)
    moments = [at for _number, at in played]
    assert moments == sorted(moments)
    assert all(at <= NOW for at in moments)
    assert [number for number, _at in played] == sorted(range(len(times)), key=lambda number: (times[number], number))
    assert all(at <= times[number] for number, at in played)
