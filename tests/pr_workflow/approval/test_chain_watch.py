"""What an administrator changes of the chains in Wagtail's own screens stands in the agency's log, once each (I4)."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Workflow, WorkflowPage, WorkflowTask

from pr_workflow.approval.models import StepDeadline
from pr_workflow.approval.workflow_steps import LevelApprovalTask
from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.wording import act_in_words
from pr_workflow.people.models import AgencyGroup
from pr_workflow.people.roles import Role
from tests.factories.office import make_administrator, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return make_administrator("root-account")


@pytest.fixture
def admin(root):
    client = Client()
    client.force_login(root)
    return client


@pytest.fixture
def workflow(office) -> Workflow:
    return office.index.get_workflow()


def rows(verb: str):
    return AuditEntry.objects.filter(verb=verb).order_by("sequence")


def steps(workflow) -> list[WorkflowTask]:
    return list(workflow.workflow_tasks.order_by("sort_order"))


def names(workflow) -> list[str]:
    return [row.task.name for row in steps(workflow)]


def workflow_form(workflow, *, name=None, leave_out=(), add=None) -> dict:
    """The form of Wagtail's editor of a workflow."""
    present = steps(workflow)
    form = {
        "name": name or workflow.name,
        "active": "on",
        "workflow_tasks-TOTAL_FORMS": len(present) + bool(add),
        "workflow_tasks-INITIAL_FORMS": len(present),
        "workflow_tasks-MIN_NUM_FORMS": 0,
        "workflow_tasks-MAX_NUM_FORMS": 1000,
        "pages-TOTAL_FORMS": 0,
        "pages-INITIAL_FORMS": 0,
        "pages-MIN_NUM_FORMS": 0,
        "pages-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(present):
        form |= {
            f"workflow_tasks-{number}-id": row.pk,
            f"workflow_tasks-{number}-task": row.task_id,
            f"workflow_tasks-{number}-ORDER": number + 1,
            f"workflow_tasks-{number}-DELETE": "1" if number in leave_out else "",
        }
    if add:
        number = len(present)
        form |= {f"workflow_tasks-{number}-task": add.pk, f"workflow_tasks-{number}-ORDER": number + 1}
        form |= {f"workflow_tasks-{number}-id": "", f"workflow_tasks-{number}-DELETE": ""}
    return form


def edit(admin, workflow, **changes):
    answer = admin.post(reverse("wagtailadmin_workflows:edit", args=[workflow.pk]), workflow_form(workflow, **changes))
    assert answer.status_code == 302


def test_setting_up_an_agency_is_one_row_and_no_change_of_a_chain(office):
    assert rows("chain_ensure").filter(chain="kpr").count() == 1
    assert not rows("chain_change").exists()
    assert not rows("chain_place_change").exists()


def test_a_step_taken_out_and_put_in_again(office, admin, root, workflow):
    before, task = names(workflow), steps(workflow)[1].task
    keys = [row.task_id for row in steps(workflow)]
    edit(admin, workflow, leave_out=[1])
    row = rows("chain_change").get()
    assert (row.chain, row.actor_name, row.target_label) == ("kpr", root.username, workflow.name)
    assert row.data == {
        "from": {"steps": before, "tasks": keys},
        "to": {"steps": [before[0], before[2]], "tasks": [keys[0], keys[2]]},
    }
    edit(admin, workflow, add=task)
    assert rows("chain_change").count() == 2
    assert rows("chain_change").last().data["to"]["steps"] == [before[0], before[2], before[1]]


def test_saving_without_a_change_is_no_row(office, admin, workflow):
    edit(admin, workflow)
    task = steps(workflow)[0].task.specific
    form = {"name": task.name, "groups": [group.pk for group in task.groups.all()]}
    assert admin.post(reverse("wagtailadmin_workflows:edit_task", args=[task.pk]), form).status_code == 302
    for verb in ("chain_change", "chain_step_change", "chain_place_change"):
        assert not rows(verb).exists()


def test_a_chain_renamed_switched_off_and_on(office, admin, workflow):
    old = workflow.name
    edit(admin, workflow, name="สายใหม่")
    assert rows("chain_change").get().data["from"]["name"] == old
    # The screen refuses while the chain serves a section; code can.
    assert admin.post(reverse("wagtailadmin_workflows:disable", args=[workflow.pk])).status_code == 403
    assert rows("chain_change").count() == 1
    Workflow.objects.get(pk=workflow.pk).deactivate()
    off = rows("chain_change").last()
    assert (off.chain, off.data["from"]["active"], off.data["to"]["active"]) == ("kpr", True, False)
    assert rows("chain_place_change").get().data == {"from": "สายใหม่", "to": None}
    admin.post(reverse("wagtailadmin_workflows:enable", args=[workflow.pk]))
    assert rows("chain_change").count() == 3
    assert rows("chain_change").last().data["to"]["active"]


def test_a_step_renamed_switched_off_and_on(office, admin, workflow):
    task = steps(workflow)[0].task.specific
    old = task.name
    # Wagtail's form shows the name and does not take another one; code can.
    task.name = "ชื่อใหม่"
    task.save()
    row = rows("chain_step_change").get()
    assert (row.chain, row.data["from"]["name"], row.data["to"]["name"]) == ("kpr", old, "ชื่อใหม่")
    admin.post(reverse("wagtailadmin_workflows:disable_task", args=[task.pk]))
    admin.post(reverse("wagtailadmin_workflows:enable_task", args=[task.pk]))
    assert [row.data["to"]["active"] for row in rows("chain_step_change")] == [True, False, True]
    assert set(rows("chain_step_change").values_list("chain", flat=True)) == {"kpr"}


def test_other_groups_of_a_step(office, admin, workflow):
    task = steps(workflow)[0].task.specific
    (own,) = task.groups.all()
    strangers = Group.objects.create(name="กลุ่มนอกระบบ")
    form = {"name": task.name, "groups": [own.pk, strangers.pk]}
    before = rows("step_groups_change").count()
    admin.post(reverse("wagtailadmin_workflows:edit_task", args=[task.pk]), form)
    assert rows("step_groups_change").count() == before + 1
    row = rows("step_groups_change").filter(chain="kpr").last()
    assert (row.data["from"], row.data["to"]) == ([own.name], sorted([own.name, strangers.name]))


def test_another_chain_for_a_section(office, admin, workflow):
    fast = Workflow.objects.create(name="สายสั้น")
    level = LevelApprovalTask.objects.filter(
        groups=AgencyGroup.objects.get(agency=office.agency, role=Role.DIRECTOR).group
    ).first()
    WorkflowTask.objects.create(workflow=fast, task=level, sort_order=0)
    form = {**workflow_form(fast), "pages-TOTAL_FORMS": 1, "pages-0-page": office.index.pk, "pages-0-DELETE": ""}
    assert admin.post(reverse("wagtailadmin_workflows:edit", args=[fast.pk]), form).status_code == 302
    assert WorkflowPage.objects.get(page=office.index).workflow == fast
    row = rows("chain_place_change").get()
    assert (row.chain, row.data, row.target_label) == ("kpr", {"from": None, "to": "สายสั้น"}, office.index.title)
    admin.post(reverse("wagtailadmin_workflows:remove", args=[office.index.pk]))
    assert rows("chain_place_change").last().data == {"from": "สายสั้น", "to": None}


def test_the_row_stands_in_the_log_of_the_agency_it_is_about(office, admin):
    other = make_office("spp")
    edit(admin, other.index.get_workflow(), leave_out=[0])
    assert rows("chain_change").get().chain == "spp"
    assert not StepDeadline.objects.exists()


def test_a_change_that_fails_leaves_no_row(office, admin, workflow, monkeypatch):
    def fail(self, *args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(Workflow, "save_base", _after_the_signal(Workflow.save_base, fail))
    admin.raise_request_exception = False
    admin.post(reverse("wagtailadmin_workflows:enable", args=[workflow.pk]))
    Workflow.objects.filter(pk=workflow.pk).update(active=False)
    answer = admin.post(reverse("wagtailadmin_workflows:enable", args=[workflow.pk]))
    assert answer.status_code == 500
    assert not rows("chain_change").exists()


def _after_the_signal(stock, fail):
    def save_base(self, *args, **kwargs):
        stock(self, *args, **kwargs)
        fail(self)

    return save_base


@pytest.mark.parametrize("verb", ["chain_change", "chain_step_change", "chain_place_change"])
def test_the_log_says_it_in_words(verb):
    assert act_in_words(verb) != verb
