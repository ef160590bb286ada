"""Which chain an item takes: by section, type and lane; chains from the admin; unsigned chains (R05, R34)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowState, WorkflowTask

from home.models import NewsIndexPage, NewsPage
from pr_workflow.approval.models import ApprovalSeal, ChainRule, Lane, StepDeadline, Submission
from pr_workflow.approval.selectors import chain_verdict
from pr_workflow.approval.services import ApprovalRefused, news_return, news_submit
from pr_workflow.approval.setup import chain_ensure, correction_workflow
from pr_workflow.approval.workflow_steps import LevelApprovalTask
from pr_workflow.audit.models import AuditEntry
from pr_workflow.clocks.models import ClockStep
from pr_workflow.news.chain_choice import chain_choice
from pr_workflow.news.models import NewsType
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.models import Posting
from tests.factories.office import (
    MORNING,
    add_person,
    approve_all,
    current_step,
    make_draft,
    make_office,
    read_and_approve,
    submit,
)

pytestmark = pytest.mark.django_db


def chain_for(office, *roles, name="สายทดลอง") -> Workflow:
    """A workflow of the levels of these roles."""
    workflow = Workflow.objects.create(name=name)
    for order, role in enumerate(roles):
        task = LevelApprovalTask.objects.get(groups__agency_role__agency=office.agency, groups__agency_role__role=role)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    return workflow


def rule(office, workflow, **fields) -> ChainRule:
    defaults = {"agency": office.agency, "name": workflow.name, "order": 5, "workflow": workflow}
    return ChainRule.objects.create(**{**defaults, **fields})


def usual(office) -> Workflow:
    return WorkflowPage.objects.get(page=office.home).workflow


def test_without_a_rule_the_chain_of_the_place_counts(office):
    assert make_draft(office).get_workflow() == usual(office)


def test_a_clarification_takes_the_fast_lane_and_the_rest_does_not(office):
    fast = ChainRule.objects.get(agency=office.agency, lane=Lane.FAST)
    page = make_draft(office, news_type=NewsType.CLARIFICATION)
    assert page.get_workflow() == fast.workflow
    submit(office, page)
    assert Submission.objects.get().lane == Lane.FAST
    deadline = StepDeadline.objects.get()
    assert (deadline.clock_step, deadline.is_urgent) == (ClockStep.APPROVAL_FAST, True)
    read_and_approve(actor=office.person(Role.DIRECTOR), task_state=current_step(page), now=MORNING)
    assert Posting.objects.filter(page_id=page.pk).exists()
    other = make_draft(office, title="ข่าวทั่วไป")
    submit(office, other)
    assert Submission.objects.filter(revision=other.latest_revision, lane=Lane.NORMAL).exists()


def test_the_fast_lane_still_needs_a_second_person(office):
    """The director who writes a clarification finds nobody to sign it, and is told so at once."""
    director = office.person(Role.DIRECTOR)
    page = make_draft(office, author=director, news_type=NewsType.CLARIFICATION)
    with pytest.raises(ApprovalRefused):
        news_submit(actor=director, page=page, now=MORNING)
    assert not WorkflowState.objects.exists()
    add_person(office, Role.DIRECTOR, name="kpr-deputy")
    assert news_submit(actor=director, page=page, now=MORNING).status == WorkflowState.STATUS_IN_PROGRESS


def test_the_lowest_order_decides_then_the_longest_section(office):
    page = make_draft(office)
    wide, narrow, first = (chain_for(office, Role.DIRECTOR, name=name) for name in ("กว้าง", "แคบ", "ก่อน"))
    rule(office, wide, section=office.home)
    assert page.get_workflow() == wide
    rule(office, narrow, section=office.index)
    assert page.get_workflow() == narrow
    rule(office, first, order=1)
    assert page.get_workflow() == first


@pytest.mark.parametrize(
    "fields",
    [{"active": False}, {"news_types": ["announcement"]}, {"section": "other"}, {"lane": Lane.CORRECTION}],
    ids=["switched off", "other type", "other section", "for corrections"],
)
def test_a_rule_that_does_not_fit_changes_nothing(office, fields):
    if fields.get("section") == "other":
        fields = {"section": office.home.add_child(instance=NewsIndexPage(title="อื่น", slug="other"))}
    rule(office, chain_for(office, Role.DIRECTOR), **fields)
    assert make_draft(office).get_workflow() == usual(office)


def test_a_workflow_that_was_switched_off_is_not_chosen(office):
    workflow = chain_for(office, Role.DIRECTOR)
    rule(office, workflow)
    workflow.active = False
    workflow.save()
    assert make_draft(office).get_workflow() == usual(office)


def test_the_rules_of_another_agency_do_not_count_here(office):
    other = make_office("spp")
    rule(other, chain_for(other, Role.DIRECTOR), order=0)
    # A section of ours in a rule of theirs changes nothing either.
    rule(other, chain_for(other, Role.DIRECTOR, name="สองหน่วย"), order=0, section=office.index)
    assert make_draft(office).get_workflow() == usual(office)


def test_a_chain_of_another_agency_is_refused_at_submission(office):
    other = make_office("spp")
    rule(office, chain_for(other, Role.DIRECTOR))
    with pytest.raises(ApprovalRefused):
        submit(office, make_draft(office))


def test_without_workflows_in_wagtail_there_is_no_choice(office, settings):
    settings.WAGTAIL_WORKFLOW_ENABLED = False
    page = make_draft(office, news_type=NewsType.CLARIFICATION)
    assert chain_choice(page) is None
    assert page.get_workflow() is None
    assert not page.has_workflow


def test_an_item_that_changed_its_type_after_a_return_enters_the_chain_of_the_new_type(office):
    """Otherwise ordinary news could be signed by the director alone, by way of a clarification."""
    page = make_draft(office, news_type=NewsType.CLARIFICATION)
    first = submit(office, page)
    news_return(actor=office.person(Role.DIRECTOR), task_state=current_step(page), reason="แก้", now=MORNING)
    draft = NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.news_type = NewsType.NEWS
    draft.save_revision(user=office.writer)
    later = MORNING + timedelta(hours=1)
    second = submit(office, NewsPage.objects.get(pk=page.pk), now=later)
    first.refresh_from_db()
    assert (first.status, second.workflow) == (WorkflowState.STATUS_CANCELLED, usual(office))
    assert current_step(page).task.name == str(Role.HEAD_OF_WORK.label)
    approve_all(office, page, now=later)
    assert ApprovalSeal.objects.filter(workflow_state=second).count() == len(CHAIN)


def test_another_workflow_cannot_be_started_by_hand(office):
    page = make_draft(office)
    with pytest.raises(ApprovalRefused):
        chain_for(office, Role.DIRECTOR).start(page, office.writer)
    assert not WorkflowState.objects.exists()


def test_a_chain_made_in_the_admin_with_a_group_of_its_own_works(office):
    """Any group may fill a step of ours; it need not stand for a role."""
    lawyers = Group.objects.create(name="นิติกร")
    lawyer = add_person(office, Role.EVALUATOR, name="kpr-lawyer")
    lawyer.groups.add(lawyers)
    task = LevelApprovalTask.objects.create(name="ตรวจกฎหมาย")
    task.groups.set([lawyers])
    workflow = Workflow.objects.create(name="สายนิติกร")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    rule(office, workflow)
    page = make_draft(office)
    submit(office, page)
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=office.person(Role.DIRECTOR), task_state=current_step(page), now=MORNING)
    read_and_approve(actor=lawyer, task_state=current_step(page), now=MORNING)
    assert chain_verdict(page.latest_revision).complete


@pytest.fixture
def stock_chain(office):
    """A chain of the section whose second step is Wagtail's own kind of approval."""
    task = GroupApprovalTask.objects.create(name="ขั้นของ Wagtail")
    task.groups.set([Group.objects.get(agency_role__agency=office.agency, agency_role__role=Role.DIRECTOR)])
    workflow = chain_for(office, Role.HEAD_OF_WORK)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    rule(office, workflow)
    return workflow


def test_a_step_without_signature_is_refused_at_submission(office, stock_chain):
    page = make_draft(office)
    with pytest.raises(ApprovalRefused, match="Wagtail"):
        submit(office, page)
    assert not WorkflowState.objects.exists()
    assert not Submission.objects.exists()


def test_the_editor_says_so_before(office, stock_chain):
    from tests.flows.test_admin_path import news_form

    client = Client()
    client.force_login(office.writer)
    address = reverse("wagtailadmin_pages:add", args=["home", "newspage", office.index.pk])
    answer = client.post(address, {**news_form(office), "action-submit": "1"})
    assert not WorkflowState.objects.exists()
    assert "ขั้นของ Wagtail" in answer.content.decode()


def test_a_stock_step_put_in_meanwhile_ends_no_chain(office):
    """A step without signature comes into the chain around the screens: the chain does not end unsigned."""
    workflow = chain_for(office, Role.HEAD_OF_WORK, Role.DIRECTOR)
    rule(office, workflow)
    page = make_draft(office)
    submit(office, page)
    stock = GroupApprovalTask.objects.create(name="ขั้นของ Wagtail")
    stock.groups.set([Group.objects.get(agency_role__agency=office.agency, agency_role__role=Role.DIRECTOR)])
    last = workflow.workflow_tasks.order_by("sort_order").last()
    with pytest.raises(ApprovalRefused), transaction.atomic():
        last.delete()
    WorkflowTask.objects.filter(pk=last.pk)._raw_delete("default")
    with pytest.raises(ApprovalRefused), transaction.atomic():
        WorkflowTask.objects.create(workflow=workflow, task=stock, sort_order=1)
    WorkflowTask.objects.bulk_create([WorkflowTask(workflow=workflow, task=stock, sort_order=1)])
    read_and_approve(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=MORNING)
    step = current_step(page)
    assert step.task_id == stock.pk
    with pytest.raises(ApprovalRefused):
        stock.on_action(step, office.person(Role.DIRECTOR), "approve")
    assert not Posting.objects.exists()
    assert not NewsPage.objects.get(pk=page.pk).live


def test_a_chain_without_steps_is_refused(office):
    rule(office, Workflow.objects.create(name="สายว่าง"))
    with pytest.raises(ApprovalRefused):
        submit(office, make_draft(office))
    assert not WorkflowState.objects.exists()


def test_only_stock_steps_are_refused(office):
    workflow = Workflow.objects.create(name="สายของ Wagtail")
    WorkflowTask.objects.create(workflow=workflow, task=GroupApprovalTask.objects.create(name="ก"), sort_order=0)
    rule(office, workflow)
    with pytest.raises(ApprovalRefused):
        submit(office, make_draft(office))
    assert not WorkflowState.objects.exists()


def test_two_steps_that_only_one_person_could_sign_are_refused(office):
    head = office.person(Role.HEAD_OF_WORK)
    office.person(Role.HEAD_OF_SECTION).groups.clear()
    head.groups.add(Group.objects.get(agency_role__agency=office.agency, agency_role__role=Role.HEAD_OF_SECTION))
    with pytest.raises(ApprovalRefused):
        submit(office, make_draft(office))
    add_person(office, Role.HEAD_OF_WORK, name="kpr-second-head")
    assert submit(office, make_draft(office, title="อีกเรื่อง")).status == WorkflowState.STATUS_IN_PROGRESS


def test_the_lanes_are_seeded_once_and_stay_switched_off(office):
    lanes = ChainRule.objects.filter(agency=office.agency)
    assert {(row.lane, tuple(row.news_types)) for row in lanes} == {("fast", ("clarification",)), ("correction", ())}
    lanes.update(active=False)
    before = Workflow.objects.count(), AuditEntry.objects.count()
    chain = chain_ensure(actor=None, agency=office.agency, now=MORNING)
    assert (Workflow.objects.count(), AuditEntry.objects.count()) == before
    assert not chain.fast_made
    assert not ChainRule.objects.filter(active=True).exists()


def test_the_chain_of_small_corrections_is_found_or_made(office):
    workflow = correction_workflow(office.agency)
    assert correction_workflow(office.agency) == workflow
    (task,) = workflow.tasks
    assert task.specific.groups.get().agency_role.role == Role.HEAD_OF_WORK
    ChainRule.objects.filter(lane=Lane.CORRECTION).delete()
    assert correction_workflow(office.agency) != workflow


def test_the_director_gives_news_where_nobody_is_named(office):
    assert office.agency.news_giver == office.profile(Role.DIRECTOR)
    office.agency.news_giver = office.profile(Role.HEAD_OF_WORK)
    office.agency.save()
    chain_ensure(actor=None, agency=office.agency, now=MORNING)
    office.agency.refresh_from_db()
    assert office.agency.news_giver == office.profile(Role.HEAD_OF_WORK)


def test_choosing_a_chain_costs_three_queries(office, django_assert_max_num_queries):
    page = make_draft(office)
    for number in range(5):
        rule(office, chain_for(office, Role.DIRECTOR, name=str(number)), order=number, section=office.index)
    # The agency, its rules, an open correction round.
    with django_assert_max_num_queries(3):
        assert page.get_workflow().name == "0"
