"""An item that would expire before it is on the site enters no chain, whoever hands it on (R43)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from pr_workflow.approval.errors import ApprovalRefused
from pr_workflow.approval.models import ApprovalSeal, Submission
from pr_workflow.news.readiness import news_problems, submission_problems
from pr_workflow.people.roles import Role
from pr_workflow.publishing.emergency import emergency_publish
from pr_workflow.publishing.models import EmergencyPublication
from pr_workflow.thai_time import thai_datetime
from tests.factories.office import MORNING, current_step, make_administrator, make_draft, read_and_approve, submit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "schedule",
    [
        {"expire_at": MORNING - HOUR},
        {"expire_at": MORNING},
        {"expire_at": MORNING + HOUR, "go_live_at": MORNING + 2 * HOUR},
        {"expire_at": MORNING + HOUR, "go_live_at": MORNING + HOUR},
    ],
)
def test_an_expiry_that_is_too_early_is_named_and_refused(office, schedule):
    page = make_draft(office, **schedule)
    (problem,) = submission_problems(page, now=MORNING)
    assert problem.field == "expire_at"
    assert thai_datetime(schedule["expire_at"]) in problem.message
    with pytest.raises(ApprovalRefused) as refused:
        submit(office, page)
    assert problem.message in str(refused.value)
    assert not Submission.objects.exists()
    assert page.current_workflow_state is None


@pytest.mark.parametrize(
    "schedule",
    [
        {},
        {"go_live_at": MORNING - HOUR},
        {"expire_at": MORNING + HOUR},
        {"expire_at": MORNING + HOUR, "go_live_at": MORNING},
    ],
)
def test_any_other_schedule_is_ready(office, schedule):
    page = make_draft(office, **schedule)
    assert submission_problems(page, now=MORNING) == []
    submit(office, page)
    assert Submission.objects.count() == 1


def test_an_item_that_expires_while_it_is_considered_is_not_signed(client, office):
    page = make_draft(office, expire_at=MORNING + HOUR)
    submit(office, page)
    head, late = office.person(Role.HEAD_OF_WORK), MORNING + 2 * HOUR
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=head, task_state=current_step(page), now=late)
    assert not ApprovalSeal.objects.exists()
    client.force_login(head)
    with time_machine.travel(late, tick=False):
        sheet = client.get(f"/admin/pr/review/{current_step(page).pk}/").context["sheet"]
    assert [problem.field for problem in sheet.problems] == ["expire_at"]
    assert not sheet.may_approve


def test_an_expired_item_is_no_emergency_either(office):
    page = make_draft(office, expire_at=MORNING - HOUR)
    with pytest.raises(ValidationError):
        emergency_publish(actor=make_administrator(), page=page, reason="น้ำประปาปนเปื้อน ต้องเตือนประชาชนทันที", now=MORNING)
    assert not EmergencyPublication.objects.exists()


def test_being_whole_does_not_change_with_time(office):
    """The weekly figures ask about items long expired."""
    assert news_problems(make_draft(office, expire_at=MORNING - HOUR)) == []
