"""Reminders and escalation with moved clocks: each stage once, nothing on days off (R48)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from pr_workflow.approval.models import StepDeadline
from pr_workflow.audit.models import AuditEntry
from pr_workflow.clocks.jobs import clock_reminders
from pr_workflow.clocks.models import LimitUnit
from pr_workflow.clocks.services import clock_pause, clock_resume
from pr_workflow.festival_calendar.models import Holiday
from pr_workflow.festival_calendar.services import holiday_save
from pr_workflow.notifications.models import Notice
from pr_workflow.people.roles import Role
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import approved, live, make_draft

pytestmark = pytest.mark.django_db


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BANGKOK)


def run_at(moment: datetime) -> list[tuple[str, str]]:
    """Run the job at a moment; who was told which stage by it."""
    before = set(Notice.objects.values_list("pk", flat=True))
    with time_machine.travel(moment, tick=False):
        clock_reminders()
    rows = Notice.objects.filter(key__startswith="clock:").exclude(pk__in=before).select_related("recipient")
    return sorted((row.recipient.username.removeprefix("kpr-"), row.key.rpartition(":")[2]) for row in rows)


def test_a_clock_reminds_its_holder_at_each_stage_once(clock):
    assert run_at(at(16, 12)) == []
    assert run_at(at(17, 12, 29)) == []
    assert run_at(at(17, 12, 30)) == [("head_of_work", "half")]
    assert run_at(at(17, 12, 35)) == []
    assert run_at(at(17, 14, 30)) == [("head_of_work", "due")]
    assert run_at(at(17, 16, 35)) == [("head_of_work", "overdue")]
    assert run_at(at(17, 16, 40)) == []


def test_an_overdue_step_goes_up_level_by_level(office, clock):
    run_at(at(17, 17))
    assert run_at(at(18, 9)) == [("head_of_section", "level1")]
    assert run_at(at(18, 12)) == []
    assert run_at(at(19, 9)) == [("director", "level2")]
    assert run_at(at(25, 9)) == []
    rows = AuditEntry.objects.filter(verb="clock_escalate", agency=office.agency)
    assert [row.data["level"] for row in rows.order_by("sequence")] == [1, 2]


def test_the_office_decides_how_long_it_waits(clock, settings):
    settings.PR_WORKFLOW_ESCALATION_WORKING_DAYS = 3
    assert run_at(at(19, 9)) == [("head_of_work", "overdue")]
    assert run_at(at(20, 9)) == [("head_of_section", "level1")]


def test_a_job_that_was_away_tells_only_where_the_clock_stands_now(clock):
    assert run_at(at(17, 17)) == [("head_of_work", "overdue")]


def test_nothing_on_days_off(clock):
    StepDeadline.objects.update(due_at=at(20, 16, 30), started_at=at(19, 9))
    run_at(at(20, 17))
    assert run_at(at(21, 10)) == []
    assert run_at(at(22, 10)) == []
    assert run_at(at(23, 9)) == [("head_of_section", "level1")]


def test_a_holiday_is_a_day_off_and_moves_the_clock(clock):
    holiday_save(actor=None, holiday=Holiday(date=date(2026, 11, 17), name_th="วันหยุดพิเศษ"), now=at(16, 10))
    assert run_at(at(17, 13)) == []
    assert run_at(at(18, 12, 30)) == [("head_of_work", "half")]


def test_an_urgent_clock_reminds_on_days_off_too(clock):
    StepDeadline.objects.update(
        is_urgent=True,
        limit_value=60,
        limit_unit=LimitUnit.MINUTES,
        started_at=at(21, 20),
        due_at=at(21, 21),
    )
    assert run_at(at(21, 20, 30)) == [("head_of_work", "half")]
    assert run_at(at(21, 21, 5)) == [("head_of_work", "overdue")]
    assert run_at(at(21, 22, 5)) == [("head_of_section", "level1")]
    assert Notice.objects.filter(key__startswith="clock:", is_urgent=False).count() == 0


def test_a_stopped_clock_is_silent_and_begins_anew(office, clock):
    head = office.person(Role.HEAD_OF_WORK)
    clock_pause(
        actor=head,
        row=clock,
        waiting_for="ฝ่ายกฎหมาย",
        reason="รอความเห็น",
        expected_on=date(2026, 11, 25),
        now=at(17, 8, 30),
    )
    assert run_at(at(18, 12)) == []
    clock_resume(actor=head, row=clock, now=at(19, 8, 30))
    assert run_at(at(19, 12)) == []
    assert run_at(at(19, 13)) == [("head_of_work", "half")]


def test_who_wrote_the_item_is_not_reminded_to_sign_it(office, page, clock):
    page.owner = office.person(Role.HEAD_OF_WORK)
    page.save()
    assert run_at(at(17, 12, 30)) == []


def test_the_job_catches_up_with_the_calendar(clock):
    StepDeadline.objects.update(due_at=at(27, 16, 30))
    run_at(at(16, 10))
    clock.refresh_from_db()
    assert clock.due_at == at(17, 16, 30)


def test_postings_and_checks_remind_their_own_people(office):
    approved(office, make_draft(office, title="ข่าวรอขึ้นเว็บไซต์"))
    assert run_at(at(17, 12, 30)) == [("it_officer", "half")]
    live(office, now=at(17, 14), title="ข่าวรอตรวจ")
    told = run_at(at(18, 12, 30))
    assert ("writer", "half") in told
    assert ("it_officer", "overdue") in told
    assert ("head_of_work", "level1") in told


def test_many_clocks_cost_few_queries_once_told(clock, office, django_assert_max_num_queries):
    for number in range(4):
        approved(office, make_draft(office, title=f"ข่าว {number}"))
    moment = at(17, 12, 30) + timedelta(minutes=5)
    run_at(moment)
    with time_machine.travel(moment, tick=False), django_assert_max_num_queries(40):
        clock_reminders()
