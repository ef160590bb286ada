"""The tab was open, the delegation is over: every form that was on the screen is refused and logged (R06, I3, I4)."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState

from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.seen_version import SeenVersion
from pr_workflow.approval.services import news_submit
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import Delegation
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.people.services import delegation_grant, delegation_revoke
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.publishing.models import Posting
from tests.factories.office import (
    MORNING,
    Office,
    add_person,
    approved,
    current_step,
    look_at,
    make_draft,
    make_office,
    read_and_approve,
    submit,
)
from tests.factories.plans import plan_row

pytestmark = pytest.mark.django_db
#: The whole morning of the story: the delegation counts today and ends with the day.
OPENED = MORNING + timedelta(hours=6)
TOMORROW = MORNING + timedelta(days=1)


@dataclass
class Tab:
    """What the acting person had before them: whose role, which step, and how long it counts."""

    office: Office
    acting: Client
    account: str
    delegation: Delegation


@pytest.fixture
def office():
    office = make_office()
    office.agency.bulk_approval = True
    office.agency.save(update_fields=["bulk_approval"])
    return office


def acting_for(office, role) -> Tab:
    """Somebody who has a role for one day, logged in."""
    person = add_person(office, Role.EVALUATOR, name="kpr-deputy")
    delegation = delegation_grant(
        actor=office.person(role),
        delegator=office.profile(role),
        delegate=person.staff_profile,
        role=role,
        starts_on=MORNING.date(),
        ends_on=MORNING.date(),
        order_number="12/2570",
        now=MORNING,
    )
    client = Client()
    with time_machine.travel(OPENED, tick=False):
        client.force_login(person)
    return Tab(office, client, str(person.pk), delegation)


def revoked(tab: Tab):
    delegation_revoke(actor=tab.delegation.delegator.user, delegation=tab.delegation, now=OPENED)
    return OPENED


def expired(tab: Tab):
    return TOMORROW


def giver_left(tab: Tab):
    giver = tab.delegation.delegator
    giver.active = False
    giver.save(update_fields=["active"])
    return OPENED


def giver_lost_the_seat(tab: Tab):
    tab.delegation.delegator.user.groups.clear()
    return OPENED


ENDS = [revoked, expired, giver_left, giver_lost_the_seat]
ended = pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)


def at_the_first_step(office):
    page = make_draft(office)
    submit(office, page)
    # A second head, so that the step is manned whatever becomes of the first.
    add_person(office, CHAIN[0], name="kpr-second-head")
    return current_step(page)


def decide(tab: Tab, state, moment, **form):
    # The tab was opened in time, with the item in it.
    look_at(get_user_model().objects.get(pk=tab.account), state, now=OPENED)
    with time_machine.travel(moment, tick=False):
        form = {"comment": "", "seen": str(SeenVersion.of(state)), **form}
        return tab.acting.post(reverse("pr_admin:review", args=[state.pk]), form)


def look(tab: Tab, address: str) -> int:
    with time_machine.travel(OPENED, tick=False):
        return tab.acting.get(address).status_code


def assert_nothing_happened(tab: Tab, answer, state) -> None:
    assert answer.status_code == 403
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS
    assert not ApprovalSeal.objects.filter(approver_id=tab.account).exists()
    assert AuditEntry.objects.filter(verb="refused", actor_id_text=tab.account).count() == 1
    assert not AuditEntry.objects.exclude(verb="refused").filter(actor_id_text=tab.account).exists()


@pytest.mark.parametrize("decision", [{"decision": "approve"}, {"decision": "return", "comment": "แก้ชื่อ"}], ids=str)
@ended
def test_the_review_form(office, end, decision):
    state, tab = at_the_first_step(office), acting_for(office, CHAIN[0])
    assert look(tab, reverse("pr_admin:review", args=[state.pk])) == 200
    answer = decide(tab, state, end(tab), **decision)
    assert_nothing_happened(tab, answer, state)


@ended
def test_wagtails_own_form(office, end):
    state, tab = at_the_first_step(office), acting_for(office, CHAIN[0])
    page = state.revision.content_object
    with time_machine.travel(end(tab), tick=False):
        address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
        answer = tab.acting.post(address, {"comment": ""})
    assert_nothing_happened(tab, answer, state)


@ended
def test_several_at_once(office, end):
    state, tab = at_the_first_step(office), acting_for(office, CHAIN[0])
    assert look(tab, reverse("pr_admin:review", args=[state.pk])) == 200
    several = reverse("pr_admin:review_several")
    assert look(tab, f"{several}?item={state.pk}") == 200
    with time_machine.travel(end(tab), tick=False):
        answer = tab.acting.post(several, {"item": [state.pk]})
    (outcome,) = answer.context["outcomes"]
    assert not outcome.signed
    assert_nothing_happened(tab, answer, state)


@ended
def test_the_plan(office, end):
    plan = plan_row(office.agency, live=False)
    plan.save_revision(user=office.writer)
    state = news_submit(actor=office.writer, page=plan, now=MORNING).current_task_state
    tab = acting_for(office, Role.DIRECTOR)
    assert look(tab, reverse("pr_admin:review", args=[state.pk])) == 200
    answer = decide(tab, state, end(tab), decision="approve")
    assert_nothing_happened(tab, answer, state)
    assert not AnnualPlan.objects.get(pk=plan.pk).live


@ended
def test_the_slot(office, end):
    posting, tab = approved(office), acting_for(office, Role.IT_OFFICER)
    assert look(tab, reverse("pr_admin:posting")) == 200
    with time_machine.travel(end(tab), tick=False):
        answer = tab.acting.post(reverse("pr_admin:posting_post", args=[posting.pk]), {"when": "now"})
    assert answer.status_code == 403
    assert Posting.objects.get(pk=posting.pk).go_live_at is None
    assert AuditEntry.objects.filter(verb="refused", actor_id_text=tab.account).count() == 1


def test_the_same_tab_signs_while_the_order_counts(office):
    """So that it was the end of the delegation that was refused above, and nothing else of the forms."""
    state, tab = at_the_first_step(office), acting_for(office, CHAIN[0])
    assert decide(tab, state, OPENED, decision="approve").status_code == 302
    seal = ApprovalSeal.objects.get(approver_id=tab.account)
    assert seal.delegation == tab.delegation


def test_what_was_signed_in_time_stays_signed(office):
    """An order that ends later takes no signature back."""
    state, tab = at_the_first_step(office), acting_for(office, CHAIN[0])
    assert decide(tab, state, OPENED, decision="approve").status_code == 302
    revoked(tab)
    page = state.revision.content_object
    for role in CHAIN[1:]:
        read_and_approve(actor=office.person(role), task_state=current_step(page), now=OPENED)
    assert Posting.objects.open().filter(page_id=page.pk).exists()
