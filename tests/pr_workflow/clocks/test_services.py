"""Clocks in the flow: limits of an agency, pauses, and holidays that come and go (R25, R35, R48)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction

from pr_workflow import signals
from pr_workflow.approval.models import StepDeadline
from pr_workflow.audit.models import AuditEntry
from pr_workflow.clocks.limits import Limit, limit_for
from pr_workflow.clocks.models import ClockPause, ClockStep, LimitUnit, StepLimit
from pr_workflow.clocks.selectors import running_clocks
from pr_workflow.clocks.services import PauseRefused, clock_fields, clock_pause, clock_resume, pauses_close
from pr_workflow.festival_calendar.models import Holiday
from pr_workflow.festival_calendar.services import holiday_save
from pr_workflow.people.roles import Role
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import MORNING, current_step, make_office, read_and_approve

pytestmark = pytest.mark.django_db
TUESDAY_EVENING = datetime(2026, 11, 17, 16, 30, tzinfo=BANGKOK)
WEDNESDAY_EVENING = TUESDAY_EVENING + timedelta(days=1)


def due(clock) -> datetime:
    clock.refresh_from_db()
    return clock.due_at


def verbs(agency) -> list[str]:
    return list(AuditEntry.objects.filter(agency=agency).order_by("sequence").values_list("verb", flat=True))


def holiday(day: date, agency=None, kind="special") -> Holiday:
    return Holiday(date=day, name_th="วันหยุดราชการพิเศษ", agency=agency, kind=kind)


# -- limits


def test_the_manuals_table_counts_without_an_own_limit(office, settings):
    assert limit_for(office.agency, ClockStep.APPROVAL) == Limit(1, LimitUnit.WORKING_DAYS)
    assert limit_for(office.agency, ClockStep.APPROVAL_FAST) == Limit(60, LimitUnit.MINUTES)
    assert limit_for(office.agency, ClockStep.POSTING_FAST) == Limit(30, LimitUnit.MINUTES)
    settings.PR_WORKFLOW_STEP_LIMIT_WORKING_DAYS = 3
    assert limit_for(office.agency, ClockStep.PLAN) == Limit(3, LimitUnit.WORKING_DAYS)


def test_an_agency_has_limits_of_its_own(office):
    StepLimit.objects.create(agency=office.agency, step=ClockStep.POSTING, value=2, unit=LimitUnit.OFFICE_HOURS)
    other = make_office("spp", hostname="spp.localhost")
    fields = clock_fields(office.agency, ClockStep.POSTING, MORNING)
    assert fields["due_at"] == MORNING + timedelta(hours=2)
    assert limit_for(other.agency, ClockStep.POSTING).unit == LimitUnit.WORKING_DAYS


def test_a_limit_changed_later_does_not_move_a_running_clock(office, clock):
    StepLimit.objects.create(agency=office.agency, step=ClockStep.APPROVAL, value=5)
    holiday_save(actor=None, holiday=holiday(date(2026, 12, 7)), now=MORNING)
    assert due(clock) == TUESDAY_EVENING


def test_each_level_gets_a_clock_of_its_own(office, page, clock):
    assert (clock.clock_step, clock.limit_value, clock.limit_unit) == ("approval", 1, "working_days")
    read_and_approve(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=TUESDAY_EVENING)
    following = StepDeadline.objects.get(task_state=current_step(page))
    assert following.due_at == WEDNESDAY_EVENING
    assert running_clocks(office.agency) == [following]


# -- holidays


def test_a_new_holiday_moves_open_deadlines_and_its_removal_moves_them_back(office, page, clock):
    day = holiday_save(actor=None, holiday=holiday(date(2026, 11, 17)), now=MORNING)
    assert due(clock) == WEDNESDAY_EVENING
    rows = AuditEntry.objects.filter(verb="clocks_recompute", agency=office.agency)
    row = rows.get()
    assert [each["number"] for each in row.data["clocks"]] == [clock.pk]
    assert row.data["cause"] == str(day)
    day.delete()
    assert due(clock) == TUESDAY_EVENING
    assert rows.count() == 2


def test_a_cancelled_holiday_opens_the_office_again(office, clock):
    holiday_save(actor=None, holiday=holiday(date(2026, 11, 17), kind="regular"), now=MORNING)
    assert due(clock) == WEDNESDAY_EVENING
    holiday_save(actor=None, holiday=holiday(date(2026, 11, 17), office.agency, "cancelled"), now=MORNING)
    assert due(clock) == TUESDAY_EVENING


def test_a_holiday_of_another_agency_moves_nothing(office, clock):
    other = make_office("spp", hostname="spp.localhost")
    holiday_save(actor=None, holiday=holiday(date(2026, 11, 17), other.agency), now=MORNING)
    assert due(clock) == TUESDAY_EVENING
    assert not AuditEntry.objects.filter(verb="clocks_recompute").exists()


def test_a_holiday_that_touches_no_clock_writes_nothing(office, clock):
    holiday_save(actor=None, holiday=holiday(date(2026, 11, 30)), now=MORNING)
    assert not AuditEntry.objects.filter(verb="clocks_recompute").exists()


def test_deadlines_fall_back_with_a_holiday_that_is_not_kept(office, clock):
    class Unkept(Exception):
        pass

    def save_and_fail():
        with transaction.atomic():
            holiday_save(actor=None, holiday=holiday(date(2026, 11, 17)), now=MORNING)
            assert due(clock) == WEDNESDAY_EVENING
            raise Unkept

    with pytest.raises(Unkept):
        save_and_fail()
    assert due(clock) == TUESDAY_EVENING


# -- pauses


def pause(office, clock, *, actor=None, now=TUESDAY_EVENING - timedelta(hours=8), **changes) -> ClockPause:
    words = {"waiting_for": "ฝ่ายกฎหมาย", "reason": "ขอความเห็นเรื่องภาพผู้ป่วย", "expected_on": date(2026, 11, 27)}
    words |= changes
    return clock_pause(actor=actor or office.person(Role.HEAD_OF_WORK), row=clock, now=now, **words)


def test_a_clock_that_stood_still_a_working_day_is_due_a_working_day_later(office, clock):
    seen = []

    def hear(sender, signal, pause, **kwargs):
        seen.append((signal, pause.pk))

    signals.clock_paused.connect(hear)
    signals.clock_resumed.connect(hear)
    row = pause(office, clock)
    assert due(clock) == TUESDAY_EVENING
    clock_resume(actor=office.person(Role.HEAD_OF_WORK), row=clock, now=WEDNESDAY_EVENING - timedelta(hours=8))
    assert due(clock) == WEDNESDAY_EVENING
    assert seen == [(signals.clock_paused, row.pk), (signals.clock_resumed, row.pk)]
    assert verbs(office.agency)[-2:] == ["clock_pause", "clock_resume"]


def test_pausing_and_resuming_at_once_changes_nothing(office, clock):
    pause(office, clock)
    clock_resume(actor=office.person(Role.HEAD_OF_WORK), row=clock, now=TUESDAY_EVENING - timedelta(hours=8))
    assert due(clock) == TUESDAY_EVENING


@pytest.mark.parametrize("role", [Role.WRITER, Role.HEAD_OF_SECTION, Role.IT_OFFICER])
def test_only_who_holds_the_step_stops_its_clock(office, clock, role):
    with pytest.raises(PauseRefused):
        pause(office, clock, actor=office.person(role))
    pause(office, clock)
    with pytest.raises(PauseRefused):
        clock_resume(actor=office.person(role), row=clock, now=TUESDAY_EVENING)
    assert ClockPause.objects.filter(resumed_at=None).count() == 1


def test_a_head_of_another_agency_stops_nothing(office, clock):
    other = make_office("spp", hostname="spp.localhost")
    with pytest.raises(PauseRefused):
        pause(office, clock, actor=other.person(Role.HEAD_OF_WORK))


def test_a_clock_is_stopped_once(office, clock):
    pause(office, clock)
    with pytest.raises(PauseRefused):
        pause(office, clock)


@pytest.mark.parametrize("field", ["waiting_for", "reason"])
def test_a_pause_says_for_whom_and_why(office, clock, field):
    with pytest.raises(ValidationError) as caught:
        pause(office, clock, **{field: "  "})
    assert set(caught.value.message_dict) == {field}
    assert not ClockPause.objects.exists()


def test_a_finished_step_has_no_clock_to_stop(office, page, clock):
    read_and_approve(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=MORNING)
    with pytest.raises(PauseRefused):
        pause(office, clock)


def test_a_pause_ends_with_its_step(office, page, clock):
    pause(office, clock)
    signed_at = WEDNESDAY_EVENING - timedelta(hours=8)
    read_and_approve(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=signed_at)
    assert pauses_close(now=WEDNESDAY_EVENING) == 1
    assert pauses_close(now=WEDNESDAY_EVENING) == 0
    assert due(clock) == WEDNESDAY_EVENING
    assert clock.finished_at < clock.due_at


def test_a_holiday_in_a_pause_is_not_counted_twice(office, clock):
    pause(office, clock)
    clock_resume(actor=office.person(Role.HEAD_OF_WORK), row=clock, now=WEDNESDAY_EVENING + timedelta(days=1, hours=-8))
    thursday = WEDNESDAY_EVENING + timedelta(days=1)
    assert due(clock) == thursday
    holiday_save(actor=None, holiday=holiday(date(2026, 11, 18)), now=MORNING)
    assert due(clock) == thursday


def test_the_log_says_when_even_if_the_clock_of_the_machine_stands(office, clock):
    with time_machine.travel(MORNING, tick=False):
        holiday_save(actor=None, holiday=holiday(date(2026, 11, 17)), now=MORNING)
    assert AuditEntry.objects.get(verb="clocks_recompute").at == MORNING


def test_an_overdue_clock_is_not_stopped(office, clock):
    with pytest.raises(PauseRefused):
        pause(office, clock, now=TUESDAY_EVENING + timedelta(minutes=1))
    assert not ClockPause.objects.exists()


@pytest.mark.parametrize("day", [date(2026, 11, 16), date(2026, 12, 30)], ids=["over", "too far"])
def test_an_answer_is_expected_within_reach(office, clock, day):
    with pytest.raises(ValidationError) as refused:
        pause(office, clock, expected_on=day)
    assert list(refused.value.message_dict) == ["expected_on"]
    assert not ClockPause.objects.exists()


def test_a_clock_runs_again_when_no_answer_came(office, clock):
    begun = TUESDAY_EVENING - timedelta(hours=8)
    pause(office, clock, now=begun, expected_on=date(2026, 11, 18))
    wednesday_evening = TUESDAY_EVENING + timedelta(days=1)
    assert pauses_close(now=wednesday_evening - timedelta(minutes=1)) == 0
    assert pauses_close(now=wednesday_evening + timedelta(days=2)) == 1
    assert ClockPause.objects.get().resumed_at == wednesday_evening
    assert due(clock) == TUESDAY_EVENING + timedelta(days=2)
    assert pauses_close(now=wednesday_evening + timedelta(days=2)) == 0
    assert AuditEntry.objects.filter(verb="clock_pause_close").count() == 1
