"""setup_roles and chain_ensure: what is missing is made, what people made stays, and danger is named (R05, I3)."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from wagtail.models import GroupPagePermission, Page, Site, Workflow, WorkflowPage

from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.selectors import chain_tasks, step_members
from pr_workflow.approval.setup import chain_ensure
from pr_workflow.approval.workflow_steps import LevelApprovalTask
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.grants import publishing_groups
from pr_workflow.people.models import Agency, AgencyGroup
from pr_workflow.people.roles import CHAIN, Role
from tests.factories.office import MORNING, make_office

LATER = MORNING + timedelta(days=1)


def setup_roles(*args) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("setup_roles", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def bare_agency(code: str = "new") -> Agency:
    root = Page.objects.get(depth=1)
    page = root.add_child(instance=Page(title=code, slug=code))
    site = Site.objects.create(hostname=f"{code}.localhost", root_page=page)
    return Agency.objects.create(code=code, name=f"หน่วยงาน {code}", site=site)


def test_the_chain_has_the_three_levels_in_the_order_of_the_manual(health):
    workflow = WorkflowPage.objects.get(page=health.home).workflow
    steps = list(chain_tasks(workflow))
    groups = [step.specific.groups.get().agency_role for step in steps]
    assert [(seat.agency, seat.role) for seat in groups] == [(health.agency, str(role)) for role in CHAIN]
    assert all(isinstance(step.specific, LevelApprovalTask) for step in steps)
    assert health.index.get_workflow() == workflow


def test_the_plan_is_decided_by_the_director_alone(health):
    (step,) = chain_tasks(health.agency.plan_workflow)
    assert list(step_members(step)) == [health.person(Role.DIRECTOR)]


def test_a_second_run_makes_nothing(health):
    before = Workflow.objects.count(), LevelApprovalTask.objects.count(), AuditEntry.objects.count()
    chain = chain_ensure(actor=None, agency=health.agency, now=LATER)
    assert (chain.pages_made, chain.plan_made) == (False, False)
    assert (Workflow.objects.count(), LevelApprovalTask.objects.count(), AuditEntry.objects.count()) == before


def test_a_chain_somebody_edited_stays_as_it_is(health):
    """A small office may shorten its chain (R05); no upgrade may lengthen it again."""
    workflow = WorkflowPage.objects.get(page=health.home).workflow
    workflow.name = "สายย่อ"
    workflow.save()
    workflow.workflow_tasks.order_by("sort_order").last().delete()
    setup_roles()
    workflow.refresh_from_db()
    assert workflow.name == "สายย่อ"
    assert chain_tasks(workflow).count() == 2
    assert WorkflowPage.objects.filter(page=health.home).count() == 1


def test_a_chain_that_was_replaced_stays_replaced(health):
    own = Workflow.objects.create(name="ของเราเอง")
    WorkflowPage.objects.filter(page=health.home).update(workflow=own)
    health.agency.plan_workflow = own
    health.agency.save()
    chain = chain_ensure(actor=None, agency=health.agency, now=LATER)
    assert chain.pages == chain.plan == own


def test_chains_of_two_agencies_share_no_step(health, education):
    def steps(office):
        return {task.pk for task in chain_tasks(office.index.get_workflow())}

    assert steps(health)
    assert not steps(health) & steps(education)


def test_a_chain_without_groups_says_what_to_run(db):
    with pytest.raises(ImproperlyConfigured, match="setup_roles"):
        chain_ensure(actor=None, agency=bare_agency(), now=MORNING)
    assert ApprovalSeal.objects.count() == 0
    assert not Workflow.objects.filter(name__startswith="หน่วยงาน").exists()


def test_the_command_sets_up_every_agency_and_says_what_it_did(db):
    agencies = [bare_agency("one"), bare_agency("two")]
    out, _err = setup_roles()
    for agency in agencies:
        assert AgencyGroup.objects.filter(agency=agency).count() == len(Role)
        assert f"{agency.code}:" in out
    assert out.count("+ made the chain") == 8
    out, _err = setup_roles()
    assert "+ " not in out
    assert out.count("as they should be") == 2


def test_the_command_can_do_one_agency(db):
    one, two = bare_agency("one"), bare_agency("two")
    setup_roles("--agency", "one")
    assert AgencyGroup.objects.filter(agency=one).exists()
    assert not AgencyGroup.objects.filter(agency=two).exists()


def test_an_unknown_agency_is_named(db):
    bare_agency("one")
    with pytest.raises(CommandError, match="nowhere"):
        setup_roles("--agency", "nowhere")


def test_a_group_that_may_publish_is_named_and_kept(health):
    """Nobody's own group is changed behind their back, but the door beside the chain is said aloud."""
    group = Group.objects.create(name="สำนักพิมพ์")
    GroupPagePermission.objects.create(group=group, page=health.home, permission_type="publish")
    _out, err = setup_roles()
    assert "สำนักพิมพ์" in err
    assert GroupPagePermission.objects.filter(group=group).exists()
    warnings = [issue for issue in run_checks(databases=["default"]) if issue.id == "pr_workflow.W001"]
    assert [issue for issue in warnings if "สำนักพิมพ์" in issue.msg]


def test_nothing_is_warned_of_when_nobody_may_publish(db):
    Group.objects.filter(name__in=["Moderators", "Editors"]).delete()
    make_office("kpr")
    assert not publishing_groups().exists()
    assert setup_roles()[1] == ""
    assert not [issue for issue in run_checks(databases=["default"]) if issue.id == "pr_workflow.W001"]
