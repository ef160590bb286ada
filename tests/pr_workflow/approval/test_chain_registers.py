"""The registers of chains in the admin: the administrator's, with section and chain of one agency (R05, R34, I5)."""

import pytest
from django.test import Client
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from pr_workflow.approval.models import ChainRule, StepSkipRule
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import Role
from tests.factories.office import make_office

pytestmark = pytest.mark.django_db
RULES, SKIPS = "/admin/pr_workflow/chain-rules/", "/admin/pr_workflow/skip-rules/"


@pytest.fixture
def administrator(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("root-account", password="x"))
    return client


def rule_form(office, **changes):
    return {
        "agency": office.agency.pk,
        "name": "ข่าวด่วน",
        "order": "3",
        "section": office.index.pk,
        "news_types": ["announcement"],
        "workflow": ChainRule.objects.get(agency=office.agency, lane="fast").workflow.pk,
        "lane": "fast",
        "active": "on",
        **changes,
    }


def test_the_administrator_adds_a_choice_and_it_is_logged(office, administrator):
    assert administrator.get(f"{RULES}new/").status_code == 200
    assert administrator.post(f"{RULES}new/", rule_form(office)).status_code == 302
    row = ChainRule.objects.get(name="ข่าวด่วน")
    assert (row.order, row.news_types, row.section_id, row.lane) == (3, ["announcement"], office.index.pk, "fast")
    assert AuditEntry.objects.filter(verb="chainrule_save", chain="kpr").count() == 1
    assert "ข่าวด่วน" in administrator.get(RULES).content.decode()


def stock_workflow() -> Workflow:
    workflow = Workflow.objects.create(name="สายของ Wagtail")
    WorkflowTask.objects.create(workflow=workflow, task=GroupApprovalTask.objects.create(name="ก"), sort_order=0)
    return workflow


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("section", lambda other: other.index.pk),
        ("workflow", lambda other: ChainRule.objects.get(agency=other.agency, lane="fast").workflow.pk),
        ("workflow", lambda other: stock_workflow().pk),
        ("workflow", lambda other: Workflow.objects.create(name="ว่าง").pk),
        ("order", lambda other: "-1"),
        ("lane", lambda other: "slow"),
        ("news_types", lambda other: ["gossip"]),
        ("name", lambda other: ""),
    ],
    ids=["foreign section", "foreign chain", "unsigned chain", "empty chain", "order", "lane", "type", "name"],
)
def test_a_choice_that_could_not_work_is_refused_at_its_field(office, administrator, field, value):
    other = make_office("spp")
    answer = administrator.post(f"{RULES}new/", rule_form(office, **{field: value(other)}))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not ChainRule.objects.filter(name="ข่าวด่วน").exists()


def test_the_administrator_adds_a_rule_for_a_level(office, administrator):
    data = {"agency": office.agency.pk, "role": "head_of_section", "when": "vacant", "reason": "ว่าง", "active": "on"}
    assert administrator.post(f"{SKIPS}new/", data).status_code == 302
    assert StepSkipRule.objects.get().reason == "ว่าง"
    made = AuditEntry.objects.get(verb="stepskiprule_save")
    assert made.data["values"]["role"] == {"old": None, "new": "head_of_section"}
    assert made.data["values"]["agency"] == {"old": None, "new": str(office.agency)}
    changes = {**data, "when": "always", "news_types": ["announcement"]}
    assert administrator.post(f"{SKIPS}edit/{StepSkipRule.objects.get().pk}/", changes).status_code == 302
    changed = AuditEntry.objects.filter(verb="stepskiprule_save").latest("pk")
    assert changed.data == {
        "changed": ["news_types", "when"],
        "values": {
            "news_types": {"old": [], "new": ["announcement"]},
            "when": {"old": "vacant", "new": "always"},
        },
    }
    answer = administrator.post(f"{SKIPS}new/", {**data, "reason": ""})
    assert "reason" in answer.context["form"].errors
    assert administrator.get(SKIPS).status_code == 200


@pytest.mark.parametrize("role", [Role.WRITER, Role.DIRECTOR, Role.IT_OFFICER])
@pytest.mark.parametrize("address", [RULES, SKIPS, f"{RULES}new/"])
def test_nobody_else_has_these_registers(office, role, address):
    client = Client()
    client.force_login(office.person(role))
    assert client.get(address).status_code in (302, 403)
    count = ChainRule.objects.count()
    client.post(f"{RULES}new/", rule_form(office))
    assert ChainRule.objects.count() == count


def test_rules_are_switched_off_and_never_deleted(office, administrator):
    row = ChainRule.objects.first()
    assert administrator.post(f"{RULES}delete/{row.pk}/").status_code == 404
    assert ChainRule.objects.filter(pk=row.pk).exists()
