"""The rules of a chain are changed by an administrator while items are under way in it (I1, I3, I4, R05, R48)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import WorkflowState

from pr_workflow.approval.models import ApprovalSeal, ChainRule, StepDeadline, StepSkipRule, Submission
from pr_workflow.approval.selectors import chain_verdict
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import CHAIN, Role
from tests.factories.office import (
    MORNING,
    current_step,
    make_administrator,
    make_draft,
    make_office,
    read_and_approve,
    submit,
)

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)


@pytest.fixture(autouse=True)
def morning(time_machine):
    time_machine.move_to(MORNING, tick=False)


@pytest.fixture
def root():
    client = Client()
    client.force_login(make_administrator())
    return client


@pytest.fixture
def page(office):
    """News that its first level has signed."""
    page = make_draft(office)
    submit(office, page)
    read_and_approve(actor=office.person(CHAIN[0]), task_state=current_step(page), now=LATER)
    return page


def assert_the_rest_still_signs(office, page) -> None:
    """The signature stays, and both levels that are left are asked and no other."""
    assert list(ApprovalSeal.objects.values_list("approver", flat=True)) == [office.person(CHAIN[0]).pk]
    for role in CHAIN[1:]:
        assert current_step(page).task.name == str(role.label)
        assert not chain_verdict(page.latest_revision).complete
        read_and_approve(actor=office.person(role), task_state=current_step(page), now=LATER)
    assert chain_verdict(page.latest_revision).complete
    assert ApprovalSeal.objects.count() == len(CHAIN)


def row_of(verb: str) -> AuditEntry:
    found = AuditEntry.objects.filter(verb=verb).get()
    assert (found.chain, found.actor_name) == ("kpr", "administrator")
    return found


def rule_form(office, **fields) -> dict:
    chain = ChainRule.objects.get(agency=office.agency, lane="fast").workflow
    form = {"agency": office.agency.pk, "name": "ทางสั้น", "order": 1, "section": "", "lane": "normal", "active": "on"}
    return {**form, "workflow": chain.pk, **fields}


def test_another_chain_by_a_new_rule_counts_for_what_is_submitted_later(office, root, page):
    assert root.post(reverse("pr_chain_rules:add"), rule_form(office)).status_code == 302
    assert "workflow" in row_of("chainrule_save").data["values"]
    assert page.get_workflow() == ChainRule.objects.get(name="ทางสั้น").workflow
    assert_the_rest_still_signs(office, page)


def test_a_rule_switched_off_or_changed_leaves_its_items_their_chain(office, root):
    page = make_draft(office, news_type="clarification")
    state = submit(office, page)
    rule = ChainRule.objects.get(agency=office.agency, lane="fast")
    form = rule_form(office, name=rule.name, lane="fast", news_types=["clarification"])
    form.pop("active")
    assert root.post(reverse("pr_chain_rules:edit", args=[rule.pk]), form).status_code == 302
    values = row_of("chainrule_save").data["values"]
    assert values["active"] == {"old": True, "new": False}
    state.refresh_from_db()
    assert (state.status, current_step(page).task.name) == (WorkflowState.STATUS_IN_PROGRESS, str(Role.DIRECTOR.label))
    read_and_approve(actor=office.person(Role.DIRECTOR), task_state=current_step(page), now=LATER)
    assert chain_verdict(page.latest_revision).complete


def test_a_chain_of_another_agency_is_refused_in_a_rule(office, root, page):
    theirs = make_office("spp").index.get_workflow()
    assert root.post(reverse("pr_chain_rules:add"), rule_form(office, workflow=theirs.pk)).status_code == 200
    assert not AuditEntry.objects.filter(verb="chainrule_save").exists()
    assert_the_rest_still_signs(office, page)


def test_a_level_left_out_by_a_new_rule_is_still_asked_of_what_is_under_way(office, root, page):
    steps = Submission.objects.get().steps
    form = {"agency": office.agency.pk, "role": CHAIN[1], "when": "always", "reason": "คำสั่งที่ 9/2570", "active": "on"}
    assert root.post(reverse("pr_skip_rules:add"), form).status_code == 302
    assert row_of("stepskiprule_save").data["values"]["reason"]["new"] == "คำสั่งที่ 9/2570"
    assert Submission.objects.get().steps == steps
    assert_the_rest_still_signs(office, page)
    assert not AuditEntry.objects.filter(verb="step_skip").exists()


def test_a_level_that_was_left_out_stays_so_for_what_is_under_way(office, root):
    rule = StepSkipRule.objects.create(agency=office.agency, role=CHAIN[1], when="always", reason="คำสั่งที่ 9/2570")
    page = make_draft(office)
    submit(office, page)
    form = {"agency": office.agency.pk, "role": rule.role, "when": "always", "reason": rule.reason}
    assert root.post(reverse("pr_skip_rules:edit", args=[rule.pk]), form).status_code == 302
    assert row_of("stepskiprule_save").data["values"] == {"active": {"old": True, "new": False}}
    for role in (CHAIN[0], CHAIN[2]):
        read_and_approve(actor=office.person(role), task_state=current_step(page), now=LATER)
    assert chain_verdict(page.latest_revision).complete


def test_another_time_limit_counts_for_clocks_that_begin_later(office, root, page):
    running = StepDeadline.objects.get(task_state=current_step(page))
    form = {"agency": office.agency.pk, "step": "approval", "value": 9, "unit": "working_days"}
    assert root.post(reverse("pr_step_limits:add"), form).status_code == 302
    assert row_of("steplimit_save").data["values"]["value"] == {"old": None, "new": 9}
    kept = StepDeadline.objects.get(pk=running.pk)
    assert (kept.due_at, kept.limit_value) == (running.due_at, running.limit_value)
    assert_the_rest_still_signs(office, page)
    assert StepDeadline.objects.latest("pk").limit_value == 9
