"""Two at the same instant: one wins, the other is told so, nothing is done twice (I3, I4)."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from home.models import NewsPage
from pr_workflow.approval.models import ApprovalSeal, ApprovalWithdrawal, StepDeadline, Submission
from pr_workflow.approval.services import ApprovalRefused, news_return, news_submit
from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.giving_up import approval_withdraw
from pr_workflow.publishing.jobs import publish_posting
from pr_workflow.publishing.models import Posting, PublishedItem
from pr_workflow.publishing.services import news_post
from pr_workflow.publishing.tick import publish_due
from tests.factories.office import (
    MORNING,
    add_person,
    approved,
    current_step,
    make_draft,
    make_office,
    posted,
    read_and_approve,
    submit,
)
from tests.flows.test_admin_path import news_form

SLOT = MORNING + timedelta(hours=5)
REASON = "วิทยากรยกเลิกกำหนดการ ต้องแก้ชื่อผู้บรรยายก่อน"


def at_once(*acts: Callable[[], object]) -> list[BaseException | None]:
    """Run the acts in threads of their own, each with a connection of its own; what each raised."""
    start, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            act()
        except BaseException as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


@pytest.fixture
def office(transactional_db):
    return make_office()


def one_was_refused(outcomes) -> None:
    raised = [error for error in outcomes if error is not None]
    assert len(raised) == len(outcomes) - 1, outcomes
    assert all(isinstance(error, PermissionDenied) and str(error) for error in raised), raised


@pytest.mark.django_db(transaction=True)
def test_two_submissions_at_the_same_instant(office):
    page = make_draft(office)
    colleague = add_person(office, Role.WRITER, name="kpr-writer-2")
    pages = [NewsPage.objects.get(pk=page.pk) for _who in range(2)]
    people = [office.writer, colleague]
    one_was_refused(at_once(*(lambda n=n: news_submit(actor=people[n], page=pages[n], now=MORNING) for n in range(2))))
    assert WorkflowState.objects.count() == Submission.objects.count() == StepDeadline.objects.count() == 1
    assert AuditEntry.objects.filter(verb="news_submit").count() == 1
    assert audit_verify(chain="kpr") is None


@pytest.mark.django_db(transaction=True)
def test_two_resubmissions_at_the_same_instant(office):
    page = make_draft(office)
    state = submit(office, page)
    news_return(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), reason="แก้", now=MORNING)
    states = [WorkflowState.objects.get(pk=state.pk) for _who in range(2)]
    one_was_refused(at_once(*(lambda s=s: s.resume(user=office.writer) for s in states)))
    assert TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).count() == 1
    assert Submission.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_the_same_instant(office):
    page = make_draft(office)
    second = add_person(office, Role.HEAD_OF_WORK, name="kpr-second-head")
    submit(office, page)
    people = [office.person(Role.HEAD_OF_WORK), second]
    steps = [current_step(page) for _who in people]
    one_was_refused(
        at_once(*(lambda n=n: read_and_approve(actor=people[n], task_state=steps[n], now=MORNING) for n in range(2)))
    )
    assert ApprovalSeal.objects.count() == 1
    assert current_step(page).task.name == str(Role.HEAD_OF_SECTION.label)
    assert TaskState.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_approval_and_return_at_the_same_instant(office):
    page = make_draft(office)
    second = add_person(office, Role.HEAD_OF_WORK, name="kpr-second-head")
    submit(office, page)
    steps = [current_step(page) for _who in range(2)]
    head = office.person(Role.HEAD_OF_WORK)
    one_was_refused(
        at_once(
            lambda: read_and_approve(actor=head, task_state=steps[0], now=MORNING),
            lambda: news_return(actor=second, task_state=steps[1], reason="แก้", now=MORNING),
        )
    )
    verbs = AuditEntry.objects.filter(verb__in=["news_approve", "news_return"])
    assert verbs.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_the_last_approval_opens_one_posting(office):
    page = make_draft(office)
    submit(office, page)
    for role in CHAIN[:2]:
        read_and_approve(actor=office.person(role), task_state=current_step(page), now=MORNING)
    director = office.person(Role.DIRECTOR)
    steps = [current_step(page) for _click in range(2)]
    one_was_refused(at_once(*(lambda s=s: read_and_approve(actor=director, task_state=s, now=MORNING) for s in steps)))
    assert ApprovalSeal.objects.filter(approver=director).count() == 1
    assert Posting.objects.filter(page_id=page.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawal_and_approval_at_the_same_instant(office):
    page = make_draft(office)
    state = submit(office, page)
    step, head = current_step(page), office.person(Role.HEAD_OF_WORK)
    outcomes = at_once(
        lambda: WorkflowState.objects.get(pk=state.pk).cancel(user=office.writer),
        lambda: read_and_approve(actor=head, task_state=step, now=MORNING),
    )
    # The withdrawal always counts; an approval may have come before it, or is refused after it.
    assert outcomes[0] is None
    assert outcomes[1] is None or isinstance(outcomes[1], PermissionDenied)
    state.refresh_from_db()
    assert state.status == WorkflowState.STATUS_CANCELLED
    assert not TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).exists()
    assert not Posting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_press_submit_in_the_editor_at_the_same_instant(office):
    """The loser reads why, and no version of theirs lies above the one that is considered."""
    page = make_draft(office)
    people = [office.writer, add_person(office, Role.WRITER, name="kpr-writer-2")]
    clients, answers = [as_person(user) for user in people], {}
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    forms = [{**news_form(office), "lead": f"ฉบับที่ {number}", "action-submit": "1"} for number in range(2)]

    def press(number: int) -> None:
        answers[number] = clients[number].post(address, forms[number]).status_code

    assert at_once(lambda: press(0), lambda: press(1)) == [None, None]
    # Who comes a moment later meets the locked item, who comes at the same instant the refusal.
    assert sorted(answers.values())[0] in (200, 302)
    assert 302 in answers.values()
    assert not set(answers.values()) - {200, 302, 403}
    state = WorkflowState.objects.get()
    page.refresh_from_db()
    assert page.latest_revision_id == state.current_task_state.revision_id == Submission.objects.get().revision_id


@pytest.fixture
def an_hour_before():
    """The exact job of a time that is set now finds nothing due yet."""
    with time_machine.travel(SLOT - timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def scheduled(office, an_hour_before):
    """An approved item that goes live at `SLOT`."""
    posting = posted(office, go_live_at=SLOT, now=SLOT - timedelta(hours=1))
    assert Posting.objects.scheduled().get() == posting
    return posting


def withdraw(posting, actor) -> None:
    approval_withdraw(actor=actor, posting=Posting.objects.get(pk=posting.pk), reason=REASON, now=SLOT)


def either_live_or_given_up(posting) -> None:
    """Never both, never neither, and the log agrees."""
    posting.refresh_from_db()
    page = NewsPage.objects.get(pk=posting.page_id)
    assert page.live == bool(posting.went_live_at) == PublishedItem.objects.filter(page_id=page.pk).exists()
    assert page.live != ApprovalWithdrawal.objects.filter(revision=posting.revision_id).exists()
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert ("news_go_live" in verbs) == page.live
    assert ("approval_withdraw" in verbs) != page.live
    assert audit_verify(chain="kpr") is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["exact job", "tick"])
def test_an_approval_is_withdrawn_at_the_instant_of_its_going_live(scheduled, office, how):
    act = (lambda: publish_posting(scheduled.pk)) if how == "exact job" else (lambda: publish_due(now=SLOT))
    with time_machine.travel(SLOT, tick=True):
        outcomes = at_once(lambda: withdraw(scheduled, office.writer), act)
    assert outcomes[1] is None
    assert outcomes[0] is None or isinstance(outcomes[0], PermissionDenied)
    either_live_or_given_up(scheduled)


@pytest.mark.django_db(transaction=True)
def test_two_withdraw_an_approval_at_the_same_instant(scheduled, office):
    people = [office.writer, office.person(Role.DIRECTOR), office.it_officer]
    one_of_three = at_once(*(lambda who=who: withdraw(scheduled, who) for who in people))
    refused = [error for error in one_of_three if error is not None]
    assert len(refused) == 2
    assert all(isinstance(error, PermissionDenied) for error in refused)
    assert ApprovalWithdrawal.objects.count() == 1
    assert AuditEntry.objects.filter(verb="approval_withdraw").count() == 1
    either_live_or_given_up(scheduled)


@pytest.mark.django_db(transaction=True)
def test_a_time_is_set_at_the_instant_of_the_withdrawal(office, an_hour_before):
    posting = approved(office)
    outcomes = at_once(
        lambda: withdraw(posting, office.writer),
        lambda: news_post(
            actor=office.it_officer,
            posting=Posting.objects.get(pk=posting.pk),
            go_live_at=SLOT,
            now=SLOT - timedelta(hours=1),
        ),
    )
    assert outcomes[0] is None
    assert outcomes[1] is None or isinstance(outcomes[1], PermissionDenied)
    posting.refresh_from_db()
    assert posting.go_live_at is None
    assert not publish_due(now=SLOT + timedelta(hours=1))
    either_live_or_given_up(posting)


# -- the same, one after the other, through the admin's own screens


@pytest.fixture
def quiet_office(db):
    return make_office()


def as_person(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def review(step) -> str:
    return reverse("pr_admin:review", args=[step.pk])


@pytest.mark.django_db
def test_a_second_click_is_refused_with_a_sentence(quiet_office):
    page = make_draft(quiet_office)
    submit(quiet_office, page)
    step, head = current_step(page), quiet_office.person(Role.HEAD_OF_WORK)
    read_and_approve(actor=head, task_state=step, now=MORNING)
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=head, task_state=step, now=MORNING + timedelta(seconds=1))
    assert ApprovalSeal.objects.count() == 1


@pytest.mark.django_db
def test_submitting_twice_is_refused_with_a_sentence(quiet_office):
    page = make_draft(quiet_office)
    stale = NewsPage.objects.get(pk=page.pk)
    workflow = page.get_workflow()
    submit(quiet_office, page)
    with pytest.raises(ApprovalRefused):
        workflow.start(stale, quiet_office.writer)
    with pytest.raises(ApprovalRefused):
        news_submit(actor=quiet_office.writer, page=stale, now=MORNING)
    assert WorkflowState.objects.count() == 1


@pytest.mark.django_db
def test_an_approver_who_lost_the_role_is_refused_from_an_open_tab(quiet_office):
    page = make_draft(quiet_office)
    submit(quiet_office, page)
    head, step = quiet_office.person(Role.HEAD_OF_WORK), current_step(page)
    client = as_person(head)
    assert client.get(review(step)).status_code == 200
    head.groups.clear()
    assert client.post(review(step), {"decision": "approve", "comment": ""}).status_code in (302, 403)
    assert not ApprovalSeal.objects.exists()
    assert current_step(page).pk == step.pk


@pytest.mark.django_db
def test_unknown_and_foreign_steps_do_not_exist(quiet_office):
    other = make_office("spp")
    page = make_draft(other)
    submit(other, page)
    foreign = current_step(page)
    client = as_person(quiet_office.person(Role.HEAD_OF_WORK))
    for address in (review(foreign), reverse("pr_admin:review", args=[999999])):
        for answer in (client.get(address), client.post(address, {"decision": "approve", "comment": ""})):
            assert answer.status_code == 404
            assert page.title not in answer.content.decode()
    assert not ApprovalSeal.objects.exists()
    foreign.refresh_from_db()
    assert foreign.status == TaskState.STATUS_IN_PROGRESS


@pytest.mark.django_db
@pytest.mark.parametrize("decision", ["", "publish", "approve\x00", "skip"])
def test_an_edited_hidden_field_decides_nothing(quiet_office, decision):
    page = make_draft(quiet_office)
    submit(quiet_office, page)
    step = current_step(page)
    client = as_person(quiet_office.person(Role.HEAD_OF_WORK))
    answer = client.post(review(step), {"decision": decision, "comment": "x", "seen": "0", "revision": "1"})
    assert answer.status_code in (400, 403, 409, 422)
    assert not ApprovalSeal.objects.exists()
    assert current_step(page).pk == step.pk
