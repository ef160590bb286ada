"""A delegate fills the step of the person they act for: inbox, buttons, signature, printed capacity (R06, I3)."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState

from home.models import NewsPage
from pr_workflow.approval.entering import submission_guard
from pr_workflow.approval.inbox import steps_waiting_for
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.selectors import step_members
from pr_workflow.approval.services import ApprovalRefused, news_return
from pr_workflow.archive.evidence import seals_on
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import Delegation
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.people.services import delegation_grant, delegation_revoke
from pr_workflow.publishing.models import Posting
from pr_workflow.publishing.services import PostingRefused, news_post
from pr_workflow.thai_time import BANGKOK
from pr_workflow.timeline import news_timeline
from tests.factories.office import (
    MORNING,
    add_person,
    approved,
    current_step,
    make_draft,
    make_office,
    read_and_approve,
    submit,
)

pytestmark = pytest.mark.django_db


def delegate(office, role, to, *, now=MORNING, days=6, **changes) -> Delegation:
    person = to if not isinstance(to, Role) else office.person(to)
    fields = {
        "starts_on": now.date(),
        "ends_on": now.date() + timedelta(days=days),
        "order_number": "12/2570",
        **changes,
    }
    giver = office.profile(role)
    return delegation_grant(
        actor=giver.user, delegator=giver, delegate=person.staff_profile, role=role, now=now, **fields
    )


def waiting_at(office, role):
    """An item that waits at the step of a role."""
    page = make_draft(office)
    submit(office, page)
    for earlier in CHAIN[: CHAIN.index(role)]:
        read_and_approve(actor=office.person(earlier), task_state=current_step(page), now=MORNING)
    return page


def test_the_delegate_signs_and_the_seal_says_in_whose_place(office):
    acting = add_person(office, Role.EVALUATOR, name="kpr-deputy")
    delegation = delegate(office, Role.DIRECTOR, acting)
    page = waiting_at(office, Role.DIRECTOR)
    read_and_approve(actor=acting, task_state=current_step(page), now=MORNING)
    seal = ApprovalSeal.objects.get(approver=acting)
    holder = office.profile(Role.DIRECTOR).display_name
    assert seal.delegation == delegation
    assert holder in seal.capacity
    assert "12/2570" in seal.capacity
    assert seal.approver_position == str(Role.EVALUATOR.label)
    assert Posting.objects.open().filter(page_id=page.pk).exists()
    assert AuditEntry.objects.filter(verb="news_approve").latest("sequence").data["capacity"] == seal.capacity
    assert any(seal.capacity == event.capacity for event in news_timeline(page).events)
    assert seals_on(revision=seal.revision)[-1]["capacity"] == seal.capacity


def test_an_own_seat_is_signed_without_capacity(office):
    delegate(office, Role.DIRECTOR, Role.HEAD_OF_SECTION)
    page = waiting_at(office, Role.DIRECTOR)
    read_and_approve(actor=office.person(Role.DIRECTOR), task_state=current_step(page), now=MORNING)
    assert set(ApprovalSeal.objects.values_list("capacity", "delegation")) == {("", None)}


def test_a_delegate_returns_in_that_capacity(office):
    acting = add_person(office, Role.EVALUATOR, name="kpr-deputy")
    delegate(office, Role.HEAD_OF_WORK, acting)
    page = waiting_at(office, Role.HEAD_OF_WORK)
    news_return(actor=acting, task_state=current_step(page), reason="แก้ชื่อ", now=MORNING)
    data = AuditEntry.objects.get(verb="news_return").data
    assert office.profile(Role.HEAD_OF_WORK).display_name in data["capacity"]


def test_acting_gives_no_second_signature(office):
    """Who signed as head of section does not sign for the director too."""
    delegate(office, Role.DIRECTOR, Role.HEAD_OF_SECTION)
    page = waiting_at(office, Role.DIRECTOR)
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=office.person(Role.HEAD_OF_SECTION), task_state=current_step(page), now=MORNING)
    assert not Posting.objects.exists()


def test_acting_does_not_let_a_writer_approve_the_own_item(office):
    delegate(office, Role.HEAD_OF_WORK, Role.WRITER)
    page = waiting_at(office, Role.HEAD_OF_WORK)
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=office.writer, task_state=current_step(page), now=MORNING)
    assert not ApprovalSeal.objects.exists()


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        (datetime(2026, 11, 15, 23, 59, 59, tzinfo=BANGKOK), False),
        (datetime(2026, 11, 16, 0, 0, tzinfo=BANGKOK), True),
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=BANGKOK), True),
        (datetime(2026, 11, 23, 0, 0, tzinfo=BANGKOK), False),
    ],
    ids=str,
)
def test_the_day_is_counted_in_bangkok(office, moment, may):
    acting = add_person(office, Role.EVALUATOR, name="kpr-deputy")
    delegate(office, Role.HEAD_OF_WORK, acting)
    page = waiting_at(office, Role.HEAD_OF_WORK)
    step = current_step(page)
    if may:
        read_and_approve(actor=acting, task_state=step, now=moment)
    else:
        with pytest.raises(ApprovalRefused):
            read_and_approve(actor=acting, task_state=step, now=moment)
    assert ApprovalSeal.objects.exists() is may


def test_a_revoked_delegate_does_not_sign_from_an_open_tab(office, time_machine):
    time_machine.move_to(MORNING, tick=False)
    acting = add_person(office, Role.EVALUATOR, name="kpr-deputy")
    delegation = delegate(office, Role.HEAD_OF_WORK, acting)
    page = waiting_at(office, Role.HEAD_OF_WORK)
    client = Client()
    client.force_login(acting)
    address = reverse("pr_admin:review", args=[current_step(page).pk])
    assert client.get(address).status_code == 200
    delegation_revoke(actor=office.person(Role.HEAD_OF_WORK), delegation=delegation, now=MORNING)
    answer = client.post(address, {"decision": "approve", "comment": ""})
    assert answer.status_code == 403
    assert not ApprovalSeal.objects.exists()
    assert current_step(page).status == TaskState.STATUS_IN_PROGRESS
    assert AuditEntry.objects.filter(verb="refused", actor_id_text=str(acting.pk)).exists()


def test_the_list_of_work_follows_at_once(office, time_machine):
    time_machine.move_to(MORNING, tick=False)
    acting = add_person(office, Role.EVALUATOR, name="kpr-deputy")
    page = waiting_at(office, Role.HEAD_OF_WORK)
    task = current_step(page).task.specific
    assert not steps_waiting_for(acting).exists()
    assert not task.user_can_access_editor(page, acting)
    delegation = delegate(office, Role.HEAD_OF_WORK, acting)
    assert [step.pk for step in steps_waiting_for(acting)] == [current_step(page).pk]
    assert [step.pk for step in steps_waiting_for(office.person(Role.HEAD_OF_WORK))] == [current_step(page).pk]
    assert task.user_can_access_editor(page, acting)
    assert task.get_task_states_user_can_moderate(acting).exists()
    assert [name for name, _label, _modal in task.get_actions(NewsPage.objects.get(pk=page.pk), acting)]
    delegation_revoke(actor=office.person(Role.HEAD_OF_WORK), delegation=delegation, now=MORNING)
    assert not steps_waiting_for(acting).exists()
    assert not task.get_task_states_user_can_moderate(acting).exists()


def test_the_admin_of_a_delegate_shows_the_work(office, time_machine):
    """Somebody of the office without a part in the flow sees nothing of drafts, until a role is handed to them."""
    time_machine.move_to(MORNING, tick=False)
    acting = office.person(Role.EVALUATOR)
    acting.groups.set([Group.objects.create(name="เข้าหน้าผู้ดูแลได้")])
    acting.groups.get().permissions.add(Permission.objects.get(codename="access_admin"))
    page = waiting_at(office, Role.HEAD_OF_WORK)
    client = Client()
    client.force_login(acting)
    news_list, review = reverse("pr_admin:news_list"), reverse("pr_admin:review", args=[current_step(page).pk])
    assert news_list not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(review).status_code == 403
    delegate(office, Role.HEAD_OF_WORK, acting)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert page.title in home
    assert news_list in home
    assert client.get(review).status_code == 200


def test_a_step_whose_holder_left_the_group_is_not_filled_by_the_delegate(office):
    delegate(office, Role.DIRECTOR, Role.EVALUATOR)
    page = make_draft(office)
    task = next(task for task in page.get_workflow().tasks if task.name == str(Role.DIRECTOR.label))
    assert step_members(task, MORNING.date()).count() == 2
    office.person(Role.DIRECTOR).groups.clear()
    assert not step_members(task, MORNING.date()).exists()
    with pytest.raises(ApprovalRefused):
        submission_guard(page, page.get_workflow())


def test_posting_follows_the_it_officers_delegation(office, time_machine):
    time_machine.move_to(MORNING, tick=False)
    posting = approved(office)
    acting = office.person(Role.EVALUATOR)
    later = MORNING + timedelta(hours=6)
    with pytest.raises(PostingRefused):
        news_post(actor=acting, posting=posting, go_live_at=later, now=later)
    client = Client()
    client.force_login(acting)
    queue = reverse("pr_admin:posting")
    assert client.get(queue).status_code == 403
    delegate(office, Role.IT_OFFICER, acting)
    assert queue in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(queue).status_code == 200
    assert news_post(actor=acting, posting=posting, go_live_at=later, now=later).posted_by == acting


def test_a_delegation_of_another_agency_opens_no_step_here(office):
    other = make_office("spp")
    acting = other.person(Role.EVALUATOR)
    delegate(other, Role.HEAD_OF_WORK, acting)
    page = waiting_at(office, Role.HEAD_OF_WORK)
    assert acting not in step_members(current_step(page).task, MORNING.date())
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=acting, task_state=current_step(page), now=MORNING)
