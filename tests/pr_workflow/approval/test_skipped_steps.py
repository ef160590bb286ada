"""A level left out by rule: at submission only, with its reason, never all of them (R05, I3, I4)."""

import pytest
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from pr_workflow.approval.models import ApprovalSeal, StepSkipRule, Submission
from pr_workflow.approval.selectors import chain_verdict
from pr_workflow.approval.services import ApprovalRefused, news_return
from pr_workflow.approval.workflow_steps import LevelTaskState
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import AgencyGroup
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.models import Posting
from pr_workflow.timeline import news_timeline
from tests.factories.office import MORNING, add_person, current_step, make_draft, make_office, read_and_approve, submit

pytestmark = pytest.mark.django_db
REASON = "สำนักงานเล็ก ไม่มีหัวหน้าฝ่าย"
When = StepSkipRule.When


def skip(office, role=Role.HEAD_OF_SECTION, when=When.ALWAYS, **fields) -> StepSkipRule:
    return StepSkipRule.objects.create(agency=office.agency, role=role, when=when, reason=REASON, **fields)


def sign(office, page, *roles):
    for role in roles:
        read_and_approve(actor=office.person(role), task_state=current_step(page), now=MORNING)


def skipped_names(page) -> list[str]:
    return [step["name"] for step in Submission.objects.get(revision=page.latest_revision).steps if step.get("skipped")]


@pytest.mark.parametrize("role", CHAIN)
def test_the_level_is_left_out_and_the_others_sign(office, role):
    skip(office, role)
    page = make_draft(office)
    submit(office, page)
    rest = [other for other in CHAIN if other != role]
    assert current_step(page).task.name == str(rest[0].label)
    sign(office, page, *rest)
    assert chain_verdict(page.latest_revision).complete
    assert Posting.objects.filter(page_id=page.pk).exists()
    assert ApprovalSeal.objects.count() == 2
    assert skipped_names(page) == [str(role.label)]
    left_out = TaskState.objects.get(status=TaskState.STATUS_SKIPPED)
    assert (left_out.comment, left_out.revision) == (REASON, page.latest_revision)
    row = AuditEntry.objects.get(verb="step_skip")
    assert (row.data["step"], row.data["reason"]) == (str(role.label), REASON)
    assert any(event.note == REASON for event in news_timeline(page).events)


def test_at_least_one_person_signs(office):
    for role in CHAIN:
        skip(office, role)
    with pytest.raises(ApprovalRefused):
        submit(office, make_draft(office))
    assert not WorkflowState.objects.exists()
    assert not TaskState.objects.exists()


def test_a_vacant_level_is_left_out_only_while_it_is_vacant(office):
    skip(office, when=When.VACANT)
    page = make_draft(office)
    submit(office, page)
    assert skipped_names(page) == []
    office.person(Role.HEAD_OF_SECTION).groups.clear()
    later = make_draft(office, title="ตำแหน่งว่าง")
    submit(office, later)
    assert skipped_names(later) == [str(Role.HEAD_OF_SECTION.label)]


def test_a_level_emptied_after_the_submission_is_not_left_out(office):
    skip(office, when=When.VACANT)
    page = make_draft(office)
    submit(office, page)
    sign(office, page, Role.HEAD_OF_WORK)
    office.person(Role.HEAD_OF_SECTION).groups.clear()
    assert current_step(page).task.name == str(Role.HEAD_OF_SECTION.label)
    assert not TaskState.objects.filter(status=TaskState.STATUS_SKIPPED).exists()


def test_the_own_item_of_the_only_holder_leaves_the_level_out(office):
    skip(office, Role.HEAD_OF_WORK, When.OWN_ITEM)
    head = office.person(Role.HEAD_OF_WORK)
    own = make_draft(office, author=head)
    submit(office, own)
    assert skipped_names(own) == [str(Role.HEAD_OF_WORK.label)]
    add_person(office, Role.HEAD_OF_WORK, name="kpr-second-head")
    with_a_colleague = make_draft(office, author=head, title="มีหัวหน้าอีกคน")
    submit(office, with_a_colleague)
    assert skipped_names(with_a_colleague) == []


def test_without_a_rule_the_own_item_of_the_only_holder_is_refused(office):
    with pytest.raises(ApprovalRefused):
        submit(office, make_draft(office, author=office.person(Role.HEAD_OF_WORK)))


@pytest.mark.parametrize("fields", [{"active": False}, {"news_types": ["statement"]}], ids=["off", "other type"])
def test_a_rule_that_does_not_fit_leaves_nothing_out(office, fields):
    skip(office, **fields)
    page = make_draft(office)
    submit(office, page)
    assert skipped_names(page) == []


def test_a_rule_of_another_agency_leaves_nothing_out(office):
    skip(make_office("spp"))
    page = make_draft(office)
    submit(office, page)
    assert skipped_names(page) == []


def test_a_rule_made_later_changes_no_running_item(office):
    page = make_draft(office)
    submit(office, page)
    skip(office)
    sign(office, page, Role.HEAD_OF_WORK)
    assert current_step(page).task.name == str(Role.HEAD_OF_SECTION.label)


def test_a_skip_slipped_in_after_the_submission_ends_no_chain(office):
    """Wagtail would move on; the verdict counts only what the submission kept."""
    page = make_draft(office)
    state = submit(office, page)
    sign(office, page, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION)
    director = current_step(page)
    TaskState.objects.filter(pk=director.pk).update(status=TaskState.STATUS_SKIPPED, finished_at=timezone.now())
    state.refresh_from_db()
    with pytest.raises(ApprovalRefused):
        state.update(user=office.writer)
    assert not Posting.objects.exists()
    assert not chain_verdict(page.latest_revision).complete


def test_after_a_return_the_rules_are_asked_again(office):
    rule = skip(office)
    page = make_draft(office)
    submit(office, page)
    news_return(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), reason="แก้", now=MORNING)
    rule.active = False
    rule.save()
    submit(office, page)
    page.refresh_from_db()
    assert skipped_names(page) == []
    sign(office, page, *CHAIN)
    assert Posting.objects.exists()
    assert AuditEntry.objects.filter(verb="step_skip").count() == 1


def test_a_step_of_two_groups_is_not_left_out(office):
    """A step that two roles share stands for neither alone."""
    page = make_draft(office)
    task = next(task.specific for task in page.get_workflow().tasks if task.name == str(Role.HEAD_OF_SECTION.label))
    task.groups.add(AgencyGroup.objects.get(agency=office.agency, role=Role.DIRECTOR).group)
    skip(office)
    add_person(office, Role.DIRECTOR, name="kpr-director-2")
    submit(office, page)
    assert skipped_names(page) == []


def test_the_plan_is_signed_whatever_the_rules_for_news_say(office):
    from pr_workflow.approval.chain_rules import planned_steps
    from tests.factories.site import make_plan

    skip(office, Role.DIRECTOR)
    plan = make_plan(office, live=False)
    steps = planned_steps(plan, plan.get_workflow(), agency=office.agency, writers=set())
    assert [step.skipped for step in steps] == [""]


def test_the_skipped_state_is_of_our_kind(office):
    skip(office)
    submit(office, make_draft(office))
    assert LevelTaskState.objects.filter(status=TaskState.STATUS_SKIPPED).count() == 1
