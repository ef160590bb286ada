"""What a clock says: sign and words at each moment, and the tag that shows it (R38)."""

from datetime import datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from pr_workflow.approval.models import StepDeadline
from pr_workflow.clocks.models import ClockPause, LimitUnit
from pr_workflow.clocks.selectors import pause_key
from pr_workflow.clocks.states import SYMBOLS, Level, clock_state
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import approved, current_step, make_draft, submit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("now", "level", "words"),
    [
        (at(16, 9), Level.FRESH, "1 working day left"),
        (at(17, 8, 30), Level.FRESH, "8 hours left"),
        (at(17, 12, 30), Level.HALF, "4 hours left"),
        (at(17, 14, 30), Level.DUE, "2 hours left"),
        (at(17, 16), Level.DUE, "30 minutes left"),
        (at(17, 16, 30), Level.DUE, "due now"),
        (at(17, 18), Level.OVERDUE, "overdue"),
        (at(18, 9), Level.OVERDUE, "overdue by 1 working day"),
        (at(22, 9), Level.OVERDUE, "overdue by 3 working days"),
    ],
)
def test_a_working_day_runs_out(clock, now, level, words):
    state = clock_state(clock, now)
    assert (state.level, state.remaining) == (level, words)


def test_minutes_run_on_the_wall(clock):
    clock.limit_value, clock.limit_unit = 60, LimitUnit.MINUTES
    clock.started_at, clock.due_at = at(21, 20), at(21, 21)
    assert clock_state(clock, at(21, 20, 15)).remaining == "45 minutes left"
    assert clock_state(clock, at(21, 20, 30)).level == Level.HALF
    assert clock_state(clock, at(21, 23, 30)).remaining == "overdue by 3 hours"


def test_the_fraction_grows_with_office_time(clock):
    fractions = [
        clock_state(clock, now).fraction for now in (at(16, 9), at(17, 12, 30), at(17, 16, 30), at(18, 16, 30))
    ]
    assert fractions == pytest.approx([0, 0.5, 1, 2])


def test_a_stopped_clock_says_whom_it_waits_for(clock):
    content_type, number = pause_key(clock)
    ClockPause.objects.create(
        agency=clock.agency,
        content_type_id=content_type,
        object_id=number,
        waiting_for="ฝ่ายกฎหมาย",
        reason="ขอความเห็น",
        paused_at=at(17, 9),
    )
    state = clock_state(clock, at(23, 9))
    assert state.level == Level.PAUSED
    assert "ฝ่ายกฎหมาย" in state.remaining
    assert state.fraction < 0.1


def test_an_ended_clock_says_whether_it_was_in_time(clock):
    clock.finished_at = at(17, 10)
    assert clock_state(clock, at(30, 9)).level == Level.ENDED
    clock.finished_at = at(18, 10)
    assert clock_state(clock, at(30, 9)).level == Level.ENDED_LATE


def test_every_level_has_words_and_a_sign_of_its_own():
    assert set(SYMBOLS) == set(Level)
    running = [SYMBOLS[level] for level in Level if level not in (Level.ENDED, Level.ENDED_LATE)]
    assert len(set(running)) == len(running)


def rendered(rows, now) -> str:
    source = "{% load pr_clock %}{% for row in rows %}{% clock row %}{% endfor %}"
    return Template(source).render(Context({"rows": rows, "now": now}))


def test_the_tag_shows_sign_and_words(clock):
    with translation.override("th"):
        html = rendered([clock], at(18, 9))
    assert "pr-clock--overdue" in html
    assert "▲" in html
    assert "17 พ.ย. 2569 เวลา 16.30 น." in html


def test_the_tag_shows_nothing_for_a_row_without_a_clock(office):
    assert rendered([office.agency, None], at(16, 9)).strip() == ""


def test_a_list_of_clocks_costs_the_same_for_every_length(office, page, clock, django_assert_max_num_queries):
    for number in range(3):
        submit(office, make_draft(office, title=f"ข่าวที่ {number}"))
    approved(office, make_draft(office, title="ข่าวอนุมัติแล้ว"))
    rows = list(StepDeadline.objects.running())
    assert len(rows) == 4
    with django_assert_max_num_queries(3):
        rendered(rows, at(17, 9) + timedelta(hours=1))
    assert current_step(page)
