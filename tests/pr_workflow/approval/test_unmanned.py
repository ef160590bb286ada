"""Nobody waits at a step nobody fills: said by the checks, the health report and the administrator's page (R05, I6)."""

import pytest
from django.contrib.auth.models import Group
from django.core.checks import Tags, run_checks
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, TaskState, Workflow, WorkflowTask

from pr_workflow.approval.inbox import steps_waiting_for
from pr_workflow.approval.models import ChainRule, StepSkipRule
from pr_workflow.approval.selectors import step_deciders
from pr_workflow.approval.unmanned import unmanned_levels, unsigned_steps, workflows_in_use
from pr_workflow.approval.workflow_steps import LevelApprovalTask
from pr_workflow.health import health_report
from pr_workflow.people.models import AgencyGroup
from pr_workflow.people.roles import CHAIN, Role
from tests.factories.office import make_draft, make_office, submit

pytestmark = pytest.mark.django_db


def empty(office, role=Role.HEAD_OF_SECTION):
    office.person(role).groups.clear()


def warnings(number: str) -> list[str]:
    return [issue.msg for issue in run_checks(databases=["default"]) if issue.id == f"pr_workflow.{number}"]


def test_a_manned_office_is_quiet(office):
    assert unmanned_levels() == unsigned_steps() == []
    assert warnings("W002") == warnings("W003") == []


@pytest.mark.parametrize("role", CHAIN)
def test_an_empty_level_is_named_with_its_chain(office, role):
    empty(office, role)
    found = {(each.workflow, each.step) for each in unmanned_levels()}
    assert (office.index.get_workflow().name, str(role.label)) in found
    assert any(str(role.label) in text for text in warnings("W002"))


def test_a_closed_account_fills_no_step(office):
    head = office.person(Role.HEAD_OF_SECTION)
    head.is_active = False
    head.save()
    assert [each.step for each in unmanned_levels()] == [str(Role.HEAD_OF_SECTION.label)]


def test_ordinary_checks_ask_no_database(office):
    with CaptureQueriesContext(connection) as queries:
        run_checks(tags=[Tags.compatibility, Tags.security, Tags.models])
    assert not [query for query in queries if "levelapprovaltask" in query["sql"]]


def test_a_rule_for_vacant_levels_makes_it_quiet(office):
    empty(office)
    StepSkipRule.objects.create(agency=office.agency, role=Role.HEAD_OF_SECTION, when="vacant", reason="ว่าง")
    assert unmanned_levels() == []


def test_a_level_emptied_while_an_item_waits_is_a_problem_at_once(office):
    """A rule does not help here: nothing is left out after the submission."""
    StepSkipRule.objects.create(agency=office.agency, role=Role.HEAD_OF_SECTION, when="vacant", reason="ว่าง")
    submit(office, make_draft(office))
    assert "steps_unmanned" not in health_report(timezone.now()).problems
    empty(office)
    report = health_report(timezone.now())
    assert report.unmanned_steps == 1
    assert "steps_unmanned" in report.problems
    body = Client().get("/healthz").json()
    assert body["chains"] == {"unmanned_steps": 1}
    assert "steps_unmanned" in body["problems"]


def test_without_an_item_under_way_it_is_counted_and_nothing_is_stuck(office):
    empty(office)
    report = health_report(timezone.now())
    assert report.unmanned_steps == 1
    assert "steps_unmanned" not in report.problems


def test_the_administrator_reads_it_on_the_first_page_and_nobody_else(office, django_user_model):
    empty(office)
    boss = django_user_model.objects.create_superuser("root-account", password="x")
    for user, shown in ((boss, True), (office.person(Role.DIRECTOR), False)):
        client = Client()
        client.force_login(user)
        page = client.get(reverse("wagtailadmin_home")).content.decode()
        assert (office.index.get_workflow().name in page) is shown


def test_a_step_without_signature_is_named(office):
    workflow = Workflow.objects.create(name="สายของ Wagtail")
    task = GroupApprovalTask.objects.create(name="ขั้นของ Wagtail")
    task.groups.set([Group.objects.first()])
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    assert unsigned_steps() == []  # not in use
    ChainRule.objects.create(agency=office.agency, name="ทดลอง", workflow=workflow)
    assert [each.step for each in unsigned_steps()] == ["ขั้นของ Wagtail"]
    assert any("ขั้นของ Wagtail" in text for text in warnings("W003"))


def test_chains_that_are_switched_off_and_empty_do_not_count(office):
    fast = ChainRule.objects.get(lane="fast")
    assert fast.workflow in workflows_in_use()
    ChainRule.objects.filter(pk=fast.pk).update(active=False)
    assert fast.workflow not in workflows_in_use()


def miswire(office, other):
    """A level of another agency in the place of ours, put there by SQL or by an older installation."""
    row = office.index.get_workflow().workflow_tasks.order_by("sort_order").first()
    seat = AgencyGroup.objects.get(agency=other.agency, role=CHAIN[0])
    WorkflowTask.objects.filter(pk=row.pk).update(task=LevelApprovalTask.objects.get(groups=seat.group))


def test_a_step_that_only_another_agency_fills_is_unmanned(office):
    miswire(office, make_office("spp"))
    assert [(each.workflow, each.step) for each in unmanned_levels()] == [
        (office.index.get_workflow().name, str(CHAIN[0].label))
    ]
    assert Client().get("/healthz").json()["chains"] == {"unmanned_steps": 1}


def test_nobody_of_another_agency_is_told_of_an_item_in_a_miswired_chain(office):
    other = make_office("spp")
    page = make_draft(office, title="ลับเฉพาะหน่วยงาน")
    state = submit(office, page)
    miswire(office, other)
    stranger, step = other.person(CHAIN[0]), state.current_task_state
    theirs = LevelApprovalTask.objects.get(groups__agency_role__agency=other.agency, groups__agency_role__role=CHAIN[0])
    # Wagtail hands a waiting item on to the task that stands in the chain now.
    TaskState.objects.filter(pk=step.pk).update(task=theirs)
    step = TaskState.objects.get(pk=step.pk)
    assert not step_deciders(step).exists()
    assert not steps_waiting_for(stranger).exists()
    assert not theirs.get_task_states_user_can_moderate(stranger).exists()
    client = Client()
    client.force_login(stranger)
    assert "ลับเฉพาะหน่วยงาน" not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert health_report(timezone.now()).unmanned_steps == 1


def test_the_look_costs_the_same_for_many_agencies(office):
    empty(office)
    with CaptureQueriesContext(connection) as alone:
        assert len(unmanned_levels()) == 1
    for code in ("spp", "abc"):
        empty(make_office(code))
    with CaptureQueriesContext(connection) as queries:
        assert len(unmanned_levels()) == 3
    assert len(queries) == len(alone)
