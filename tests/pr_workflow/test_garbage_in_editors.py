"""Forms with choosers and rows, sent with what no browser sends: an error at the field, never one of the server.

And nothing of another agency is named by showing a refused choice again (I5).
"""

import tracemalloc

import pytest
from django.test import Client
from django.urls import reverse

from pr_workflow.approval.models import ChainRule
from pr_workflow.audit.models import AuditEntry
from pr_workflow.editor_forms import OwnRowsFormSet
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.procedures import Procedure
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.working_group.models import MemberRole, WorkingGroup
from tests.factories.office import MORNING, make_administrator, make_document, make_draft, make_image, make_office
from tests.factories.working_groups import draft
from tests.pr_workflow.approval.test_chain_watch import workflow_form
from tests.pr_workflow.approval.test_rules_under_items import rule_form
from tests.pr_workflow.news.test_news_views import editor_form, photo_form
from tests.pr_workflow.people.test_procedures import form as procedure_form
from tests.pr_workflow.people.test_staff_register import entry
from tests.pr_workflow.plan.test_plan_views import ADD, activity_form, make_plan, plan_form
from tests.pr_workflow.working_group.test_screens import form as group_form

pytestmark = pytest.mark.django_db
GARBAGE = ["abc", "-1", "0", "1.5", "99999999999999999999999", "1;DROP", "None", "[]"]
STAFF, GROUPS, PROCEDURES = (f"/admin/pr_workflow/{name}/" for name in ("staff", "working-groups", "procedures"))


@pytest.fixture(autouse=True)
def morning(time_machine):
    time_machine.move_to(MORNING, tick=False)


@pytest.fixture
def officer(office) -> Client:
    client = Client(headers={"host": office.agency.site.hostname})
    client.force_login(office.writer)
    return client


@pytest.fixture
def head(office) -> Client:
    client = Client(headers={"host": office.agency.site.hostname})
    client.force_login(office.person(Role.HEAD_OF_WORK))
    return client


def refused_fields() -> list[str]:
    """What the log says of values no screen sends."""
    return [row.data["reason"] for row in AuditEntry.objects.filter(verb="refused")]


def seats(office):
    return [(office.profile(Role.DIRECTOR), MemberRole.CHAIR)]


@pytest.mark.parametrize("value", GARBAGE)
def test_the_photo_of_a_person(officer, office, value):
    before = StaffProfile.objects.count()
    answer = officer.post(f"{STAFF}new/", entry(office, photo=value))
    assert "photo" in answer.context["form"].errors
    assert entry(office)["display_name"] in answer.content.decode()
    assert StaffProfile.objects.count() == before
    (reason,) = refused_fields()
    assert str(answer.context["form"]["photo"].label) in reason


@pytest.mark.parametrize("value", GARBAGE)
def test_the_scan_of_an_order(officer, office, value):
    answer = officer.post(f"{GROUPS}new/", group_form(office, seats(office), scan=value))
    assert "scan" in answer.context["form"].errors
    assert not WorkingGroup.objects.exists()
    (reason,) = refused_fields()
    assert str(answer.context["form"]["scan"].label) in reason


@pytest.mark.parametrize("value", GARBAGE)
def test_the_document_of_a_procedure(head, office, value):
    answer = head.post(f"{PROCEDURES}new/", procedure_form({"document": value}))
    (line,) = answer.context["form"].formsets["revisions"].forms
    assert "document" in line.errors
    assert not Procedure.objects.exists()
    (reason,) = refused_fields()
    assert str(line["document"].label) in reason


@pytest.mark.parametrize("field", ["important_day", "responsible_officer"])
@pytest.mark.parametrize("value", GARBAGE)
def test_the_day_and_the_officer_of_a_plan_line(officer, field, value):
    answer = officer.post(reverse(ADD), plan_form(activity_form(0, **{field: value})))
    (line,) = answer.context["form"].formsets["activities"].forms
    assert field in line.errors
    assert not AnnualPlan.objects.exists()
    (reason,) = refused_fields()
    assert str(line[field].label) in reason


@pytest.mark.parametrize("field", ["responsible_officer", "plan_activity"])
@pytest.mark.parametrize("value", GARBAGE)
def test_the_choices_of_an_item(officer, office, field, value):
    page = make_draft(office)
    before = page.latest_revision_id
    answer = officer.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), editor_form(page, **{field: value}))
    assert field in answer.context["form"].errors
    page.refresh_from_db()
    assert page.latest_revision_id == before
    (reason,) = refused_fields()
    assert str(answer.context["form"][field].label) in reason


def test_what_was_forgotten_is_no_attempt(officer, office):
    page = make_draft(office)
    for address, form, named in (
        (reverse("wagtailadmin_pages:edit", args=[page.pk]), editor_form(page, title=""), "title"),
        (f"{STAFF}new/", entry(office, display_name=""), "display_name"),
        (f"{GROUPS}new/", group_form(office, seats(office), title=""), "title"),
    ):
        answer = officer.post(address, form)
        assert answer.status_code == 200
        assert named in answer.context["form"].errors
    assert not refused_fields()


@pytest.mark.parametrize("value", GARBAGE)
def test_the_picture_of_an_item(officer, office, value):
    page = make_draft(office)
    form = editor_form(page, **photo_form(make_image(office))) | {"photos-0-value-image": value}
    answer = officer.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    assert answer.status_code < 500


@pytest.mark.parametrize("value", ['{"blocks":', "[1]", '{"blocks": [{"text": 5, "depth": "x"}]}', "5"])
def test_formatted_text_that_is_none_is_a_form_that_did_not_arrive(officer, office, value):
    page = make_draft(office)
    form = editor_form(page) | {"body-count": "1", "body-0-type": "paragraph", "body-0-order": "0", "body-0-id": ""}
    form |= {"body-0-deleted": "", "body-0-value": value}
    answer = officer.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    assert answer.status_code == 400
    assert "แบบฟอร์มส่งมาไม่ครบ" in answer.content.decode()
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().body[0].value.source.startswith("<p")
    assert len(refused_fields()) == 1


@pytest.mark.parametrize("value", GARBAGE)
def test_the_number_of_a_line(officer, office, value):
    plan = make_plan(office)
    edit = reverse("wagtailsnippets_pr_workflow_annualplan:edit", args=[plan.pk])
    for initial in ("0", "1"):
        form = plan_form(activity_form(0, id=value), **{"activities-INITIAL_FORMS": initial})
        assert officer.post(edit, form).status_code < 500
    assert officer.post(f"{GROUPS}new/", group_form(office, seats(office), **{"members-0-id": value})).status_code < 500


@pytest.mark.parametrize("count", ["1500", "2", "๑๕๐๐", "+600", "600.0", "6_00", " 600 ", "9" * 5000])
def test_more_rows_counted_than_sent_are_refused_before_any_form_is_built(officer, office, count, monkeypatch):
    built = []
    monkeypatch.setattr(OwnRowsFormSet, "__init__", lambda *args, **kwargs: built.append(args))
    group = group_form(office, seats(office), **{"members-TOTAL_FORMS": count})
    for address, form in (
        (reverse(ADD), plan_form(activity_form(0), **{"activities-TOTAL_FORMS": count})),
        (f"{GROUPS}new/", group),
    ):
        before = AuditEntry.objects.filter(verb="refused").count()
        answer = officer.post(address, form)
        assert answer.status_code == 400
        assert AuditEntry.objects.filter(verb="refused").count() == before + 1
    assert not built
    assert not AnnualPlan.objects.exists()
    assert not WorkingGroup.objects.exists()


def test_a_name_of_a_row_that_goes_on_and_on_costs_nothing(officer):
    name = "-1" * 100_000
    form = plan_form(activity_form(0), **{f"{name}-code": "x", "activities-TOTAL_FORMS": "2"})
    tracemalloc.start()
    try:
        assert officer.post(reverse(ADD), form).status_code == 400
        assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    finally:
        tracemalloc.stop()


def test_an_empty_and_a_removed_row_are_counted_as_sent(officer):
    blank = activity_form(1, code="", title="", origin="", start="", end="", target_groups=[], DELETE="on")
    assert officer.post(reverse(ADD), plan_form(activity_form(0), blank)).status_code == 302
    assert AnnualPlan.objects.get().activities.count() == 1


def test_a_line_of_another_agency_stays_where_it_is(officer, head, office):
    other = make_office("spp")
    theirs, group = make_plan(other).activities.get(), draft(other)
    plan = make_plan(office)
    edit = reverse("wagtailsnippets_pr_workflow_annualplan:edit", args=[plan.pk])
    for initial in ("0", "1"):
        line = activity_form(0, id=str(theirs.pk), title="ยึดมา")
        assert officer.post(edit, plan_form(line, **{"activities-INITIAL_FORMS": initial})).status_code < 500
    seat = group.members.first()
    for initial in (0, 1):
        names = {"members-0-id": seat.pk, "members-INITIAL_FORMS": initial}
        assert officer.post(f"{GROUPS}new/", group_form(office, seats(office), **names)).status_code < 500
    theirs.refresh_from_db()
    seat.refresh_from_db()
    assert theirs.plan.agency == seat.group.agency == other.agency
    assert theirs.title != "ยึดมา"


def test_a_refused_choice_does_not_name_what_another_agency_has(officer, head, office):
    other = make_office("spp")
    photo, scan = make_image(other, title="ภาพลับของ สพป."), make_document(other, title="คำสั่งลับของ สพป.")
    page = make_draft(office)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answers = [
        officer.post(edit, editor_form(page, title="ชื่อที่พิมพ์ไว้", **photo_form(photo))),
        officer.post(f"{STAFF}new/", entry(office, photo=photo.pk, display_name="")),
        officer.post(f"{GROUPS}new/", group_form(office, seats(office), scan=scan.pk, title="")),
        head.post(f"{PROCEDURES}new/", procedure_form({"document": scan.pk}, title="")),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert "ลับของ" not in answer.content.decode()
    assert "ชื่อที่พิมพ์ไว้" in answers[0].content.decode()


@pytest.mark.parametrize("value", GARBAGE)
def test_what_administrators_choose_in_the_forms_of_chains(office, value):
    root = Client()
    root.force_login(make_administrator())
    chain = office.index.get_workflow()
    step = chain.workflow_tasks.first().task
    section = {"pages-TOTAL_FORMS": 1, "pages-0-page": value, "pages-0-DELETE": ""}
    for address, form in (
        (reverse("pr_chain_rules:add"), rule_form(office, workflow=value)),
        (reverse("wagtailadmin_workflows:edit_task", args=[step.pk]), {"name": step.name, "groups": [value]}),
        (reverse("wagtailadmin_workflows:edit", args=[chain.pk]), {**workflow_form(chain), **section}),
    ):
        before = len(refused_fields())
        answer = root.post(address, form)
        assert answer.status_code in (200, 400), "the field says so, or the form is broken"
        assert len(refused_fields()) == before + 1
    assert office.index.get_workflow() == chain
    assert step.specific.groups.count() == 1
    assert not ChainRule.objects.filter(name="ทางสั้น").exists()


@pytest.mark.parametrize("prefix", ["activities", "members"])
def test_a_form_without_the_counts_of_its_rows_says_so_in_thai(officer, office, prefix):
    whole = plan_form(activity_form(0)) if prefix == "activities" else group_form(office, seats(office))
    form = {name: value for name, value in whole.items() if not name.endswith("_FORMS")}
    address = reverse(ADD) if prefix == "activities" else f"{GROUPS}new/"
    answer = officer.post(address, form, headers={"accept-language": "th"})
    assert "ManagementForm" not in answer.content.decode()
    assert "แบบฟอร์มส่งมาไม่ครบ" in answer.content.decode()
    assert not AnnualPlan.objects.exists()
    assert not WorkingGroup.objects.exists()
    assert len(refused_fields()) == 1
