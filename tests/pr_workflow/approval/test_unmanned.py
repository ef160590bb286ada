"""Nobody waits at a step nobody fills: said by the checks, the health report and the administrator's page (R05, I6)."""

import pytest
from django.contrib.auth.models import Group
from django.core.checks import Tags, run_checks
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from pr_workflow.approval.models import ChainRule, StepSkipRule
from pr_workflow.approval.unmanned import unmanned_levels, unsigned_steps, workflows_in_use
from pr_workflow.health import health_report
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


def test_the_look_costs_the_same_for_many_agencies(office):
    for code in ("spp", "abc"):
        empty(make_office(code))
    with CaptureQueriesContext(connection) as queries:
        assert len(unmanned_levels()) == 2
    assert len(queries) <= 5
