"""The annual plan through the admin's own forms: written by the officer, in force by the director."""

from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import TaskState

from pr_workflow.approval.services import news_submit
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.signals import plan_approved
from tests.factories.office import make_draft, make_office, read_and_approve
from tests.factories.plans import in_force

pytestmark = pytest.mark.django_db
URLS = "wagtailsnippets_pr_workflow_annualplan"
ADD = f"{URLS}:add"


@pytest.fixture
def writer(client, office):
    client.force_login(office.writer)
    return client


def activity_form(number: int, **changes) -> dict:
    values = {
        "code": f"A{number}",
        "title": f"กิจกรรมที่ {number}",
        "origin": "mission",
        "start": "1/12/2569",
        "end": "๕ ธ.ค. ๒๕๖๙",
        "target_groups": ["public"],
        "budget_baht": "0",
        "ORDER": str(number + 1),
        "id": "",
        **changes,
    }
    return {f"activities-{number}-{name}": value for name, value in values.items()}


def plan_form(*activities: dict, **changes) -> dict:
    form = {
        "fiscal_year_be": "2570",
        "title": "แผนประชาสัมพันธ์ 2570",
        "doc_date": "15/10/2569",
        "activities-TOTAL_FORMS": str(len(activities)),
        "activities-INITIAL_FORMS": "0",
        "activities-MIN_NUM_FORMS": "0",
        "activities-MAX_NUM_FORMS": "1000",
        **changes,
    }
    for activity in activities:
        form |= activity
    return form


def make_plan(office, year: int = 2570, title: str = "แผน 2570") -> AnnualPlan:
    plan = AnnualPlan(agency=office.agency, fiscal_year_be=year, title=title, live=False)
    plan.activities = [
        PlanActivity(code="A1", title="ล้างมือ", start=date(year - 544, 12, 1), end=date(year - 544, 12, 5))
    ]
    plan.save()
    plan.save_revision(user=office.writer)
    return AnnualPlan.objects.get(pk=plan.pk)


def test_a_writer_makes_the_plan_of_the_own_office_with_dates_in_be(writer, office):
    response = writer.post(reverse(ADD), plan_form(activity_form(0)))
    plan = AnnualPlan.objects.get()
    assert response.status_code == 302
    assert plan.agency == office.agency
    assert not plan.live
    assert plan.doc_date == date(2026, 10, 15)
    (activity,) = plan.activities.all()
    assert (activity.start, activity.end) == (date(2026, 12, 1), date(2026, 12, 5))
    assert activity.target_groups == ["public"]
    assert "01/12/2569" in writer.get(reverse(f"{URLS}:edit", args=[plan.pk])).content.decode()


def test_the_agency_cannot_be_chosen_from_outside(writer, office):
    other = make_office("spp")
    assert 'name="agency"' not in writer.get(reverse(ADD)).content.decode()
    writer.post(reverse(ADD), plan_form(agency=other.agency.pk))
    assert AnnualPlan.objects.get().agency == office.agency


def test_a_superuser_chooses_the_agency(client, office, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("root", password="only-in-tests"))
    client.post(reverse(ADD), plan_form(agency=office.agency.pk))
    assert AnnualPlan.objects.get().agency == office.agency


def test_a_second_plan_of_the_year_is_refused_at_the_field_and_names_the_first(writer, office):
    make_plan(office)
    response = writer.post(reverse(ADD), plan_form())
    form = response.context["form"]
    assert list(form.errors) == ["fiscal_year_be"]
    assert "แผน 2570" in form.errors["fiscal_year_be"][0]
    assert AnnualPlan.objects.count() == 1


def test_another_office_has_its_own_plan_of_the_year(writer, office):
    make_plan(make_office("spp"))
    writer.post(reverse(ADD), plan_form())
    assert AnnualPlan.objects.filter(agency=office.agency).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start": "10/12/2569", "end": "1/12/2569"}, "end"),
        ({"start": "1/9/2569"}, "start"),
        ({"end": "1/10/2570"}, "end"),
        ({"start": "31/2/2570"}, "start"),
        ({"start": "1/12/69"}, "start"),
    ],
)
def test_a_wrong_period_is_refused_at_its_row_and_field(writer, office, changes, field):
    response = writer.post(reverse(ADD), plan_form(activity_form(0), activity_form(1, **changes)))
    first, second = response.context["form"].formsets["activities"].forms
    assert not first.errors
    assert list(second.errors) == [field]
    assert not AnnualPlan.objects.exists()


def test_people_of_another_office_cannot_be_responsible(writer, office):
    other = make_office("spp")
    assert str(other.profile(Role.WRITER)) not in writer.get(reverse(ADD)).content.decode()
    form = plan_form(activity_form(0, responsible_officer=other.profile(Role.WRITER).pk))
    (row,) = writer.post(reverse(ADD), form).context["form"].formsets["activities"].forms
    assert list(row.errors) == ["responsible_officer"]


def test_the_editor_looks_staff_up_once_for_all_activities(writer, office):
    plan = make_plan(office)
    address = reverse(f"{URLS}:edit", args=[plan.pk])

    def questions_about_staff() -> int:
        with CaptureQueriesContext(connection) as asked:
            writer.get(address)
        return sum("pr_workflow_staffprofile" in query["sql"] for query in asked.captured_queries)

    before = questions_about_staff()
    for number in range(2, 12):
        plan.activities.add(PlanActivity(code=f"A{number}", title="x", start=date(2026, 12, 1), end=date(2026, 12, 1)))
    plan.save_revision(user=office.writer)
    assert 0 < questions_about_staff() <= before


def test_nobody_publishes_a_plan_by_hand(client, office, django_user_model):
    plan = make_plan(office)
    address = reverse(f"{URLS}:edit", args=[plan.pk])
    root = django_user_model.objects.create_superuser("root", password="only-in-tests")
    for user in (office.writer, office.person(Role.DIRECTOR), root):
        client.force_login(user)
        assert "action-publish" not in client.get(address).content.decode()
        form = {**plan_form(agency=office.agency.pk), "action-publish": "1"}
        response = client.post(address, form)
        assert response.status_code == 403, user
    plan.refresh_from_db()
    assert not plan.live
    assert AuditEntry.objects.filter(verb="refused").count() >= 3


def test_the_director_brings_the_plan_into_force(client, office, django_capture_on_commit_callbacks):
    plan = make_plan(office)
    client.force_login(office.writer)
    edit = reverse(f"{URLS}:edit", args=[plan.pk])
    assert "action-submit" in client.get(edit).content.decode()
    client.post(edit, {**plan_form(), "action-submit": "1"})
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    approved = []
    plan_approved.connect(listener := lambda sender, plan, **kwargs: approved.append(plan), weak=False)
    try:
        client.force_login(office.person(Role.DIRECTOR))
        review = reverse("pr_admin:review", args=[state.pk])
        screen = client.get(review)
        assert screen.status_code == 200
        with django_capture_on_commit_callbacks(execute=True):
            client.post(review, {"decision": "approve", "comment": "", "seen": str(screen.context["sheet"].seen)})
    finally:
        plan_approved.disconnect(listener)
    plan.refresh_from_db()
    assert plan.live
    assert approved == [plan]
    verbs = list(AuditEntry.objects.filter(verb__startswith="plan_").values_list("verb", flat=True))
    assert verbs[::-1] == ["plan_submit", "plan_approve", "plan_in_force"]


def test_the_writer_cannot_approve_the_own_plan(client, office):
    plan = make_plan(office)
    state = news_submit(actor=office.writer, page=plan).current_task_state
    client.force_login(office.writer)
    assert client.post(reverse("pr_admin:review", args=[state.pk]), {"decision": "approve"}).status_code == 403
    plan.refresh_from_db()
    assert not plan.live


@pytest.mark.parametrize("role", [role for role in Role if role != Role.NETWORK_MEMBER])
def test_the_office_reads_its_plan_and_only_its_own(client, office, role):
    own, foreign = make_plan(office), make_plan(make_office("spp"), title="แผนของเขตอื่น")
    client.force_login(office.person(role))
    assert own.title in client.get(reverse(f"{URLS}:list")).content.decode()
    assert "ล้างมือ" in client.get(reverse(f"{URLS}:inspect", args=[own.pk])).content.decode()
    for view in ("edit", "inspect", "history", "usage", "preview_on_edit", "workflow_history", "unpublish", "delete"):
        response = client.get(reverse(f"{URLS}:{view}", args=[foreign.pk]))
        assert response.status_code == 404, view
        assert foreign.title not in response.content.decode()
    assert foreign.title not in client.get(reverse(f"{URLS}:list")).content.decode()
    chooser = "wagtailsnippetchoosers_pr_workflow_annualplan"
    for address in (
        reverse(f"{chooser}:choose"),
        reverse(f"{chooser}:chosen", args=[foreign.pk]),
        reverse(f"{chooser}:chosen_multiple") + f"?id={foreign.pk}",
        reverse("wagtail_bulk_action", args=["pr_workflow", "annualplan", "delete"]) + f"?id={foreign.pk}",
    ):
        assert foreign.title not in client.get(address).content.decode(), address


@pytest.mark.parametrize("role", [role for role in Role if role != Role.WRITER])
def test_only_writers_write_the_plan(client, office, role):
    client.force_login(office.person(role))
    assert client.get(reverse(ADD)).status_code == 403
    assert client.post(reverse(ADD), plan_form()).status_code == 403
    assert not AnnualPlan.objects.exists()


def test_the_list_is_searched_and_filtered(writer, office):
    make_plan(office, title="แผนสื่อสารสุขภาพ")
    make_plan(office, year=2569, title="แผนปีก่อน")
    address = reverse(f"{URLS}:list_results")

    def titles(query: str) -> list[bool]:
        body = writer.get(f"{address}?{query}").content.decode()
        return [title in body for title in ("แผนสื่อสารสุขภาพ", "แผนปีก่อน")]

    assert titles("") == [True, True]
    assert titles("q=สุขภาพ") == [True, False]
    assert titles("fiscal_year_be=2569") == [False, True]
    assert titles("live=true") == [False, False]
    assert titles("fiscal_year_be=มั่ว") == [True, True]


def test_a_plan_that_was_approved_is_not_deleted(client, office, django_user_model):
    plan = make_plan(office)
    state = news_submit(actor=office.writer, page=plan).current_task_state
    read_and_approve(actor=office.person(Role.DIRECTOR), task_state=state)
    client.force_login(django_user_model.objects.create_superuser("root", password="only-in-tests"))
    assert client.post(reverse(f"{URLS}:delete", args=[plan.pk])).status_code == 403
    bulk = reverse("wagtail_bulk_action", args=["pr_workflow", "annualplan", "delete"])
    assert client.post(f"{bulk}?id={plan.pk}").status_code == 403
    assert AnnualPlan.objects.filter(pk=plan.pk).exists()


@pytest.mark.parametrize("year", ["0", "2027", "12000", "99999", "9" * 30, "-2570", "๒๕๗"])
def test_a_year_that_cannot_be_is_refused_at_its_field(writer, year):
    response = writer.post(reverse(ADD), plan_form(activity_form(0), fiscal_year_be=year))
    assert response.status_code == 200
    assert "fiscal_year_be" in response.context["form"].errors
    assert not AnnualPlan.objects.exists()


@pytest.mark.parametrize("field", ["budget_baht", "target_value"])
def test_nothing_is_planned_below_zero(writer, field):
    response = writer.post(reverse(ADD), plan_form(activity_form(0, **{field: "-1"})))
    assert response.status_code == 200
    assert field in response.context["form"].formsets["activities"].forms[0].errors
    assert not AnnualPlan.objects.exists()


def test_who_has_left_stays_where_they_are_until_someone_is_chosen(writer, office):
    plan = make_plan(office)
    leaver = office.profile(Role.IT_OFFICER)
    draft = plan.get_latest_revision_as_object()
    line = draft.activities.get()
    line.responsible_officer = leaver
    draft.activities = [line]
    draft.save_revision(user=office.writer)
    StaffProfile.objects.filter(pk=leaver.pk).update(ends_on=date(2020, 1, 1))
    address = reverse("wagtailsnippets_pr_workflow_annualplan:edit", args=[plan.pk])
    form = writer.get(address).context["form"].formsets["activities"].forms[0]
    assert form["responsible_officer"].value() == leaver.pk
    assert str(leaver) in str(form["responsible_officer"])
    sent = activity_form(0, id=str(line.pk or ""), responsible_officer=str(leaver.pk))
    known = {"activities-INITIAL_FORMS": "1"} if line.pk else {}
    assert writer.post(address, plan_form(sent, **known)).status_code == 302
    (kept,) = AnnualPlan.objects.get(pk=plan.pk).get_latest_revision_as_object().activities.all()
    assert kept.responsible_officer == leaver


def test_a_line_with_items_is_not_taken_out_in_the_editor(writer, office):
    plan = in_force(make_plan(office))
    line = plan.activities.get()
    make_draft(office, plan_activity=line)
    edit = reverse(f"{URLS}:edit", args=[plan.pk])
    form = plan_form(activity_form(0, code=line.code, id=str(line.pk), DELETE="1"), **{"activities-INITIAL_FORMS": "1"})
    refused = writer.post(edit, form)
    assert line.code in str(refused.context["form"].non_field_errors())
    assert AnnualPlan.objects.get(pk=plan.pk).get_latest_revision_as_object().activities.count() == 1


@pytest.mark.parametrize(
    ("written", "amount"),
    [("๕,๐๐๐", "5000"), ("5,000.50", "5000.5"), ("๕๐๐๐", "5000"), ("5,000 บาท", "5000"), ("-", "0")],
)
def test_a_budget_is_written_as_on_paper(writer, written, amount):
    writer.post(reverse(ADD), plan_form(activity_form(0, budget_baht=written)))
    (line,) = AnnualPlan.objects.get().get_latest_revision_as_object().activities.all()
    assert line.budget_baht == Decimal(amount)


@pytest.mark.parametrize("written", ["5,00", "ห้าพัน", "-5", "1e400", "5.001", "NaN", ""])
def test_a_budget_that_is_no_amount_is_refused_at_its_field(writer, written):
    answer = writer.post(reverse(ADD), plan_form(activity_form(0, budget_baht=written)))
    (line,) = answer.context["form"].formsets["activities"].forms
    assert list(line.errors) == ["budget_baht"]
    assert not AnnualPlan.objects.exists()


PRIVATE = ["โทร 081-234-5678", "เลข ๑๑๐๑๗๐๐๒๓๐๗๐๘", "ส่งที่ somchai@gmail.com"]


@pytest.mark.parametrize("words", PRIVATE)
@pytest.mark.parametrize("field", ["title", "objective"])
def test_private_data_in_a_plan_is_refused_at_its_field(writer, field, words):
    answer = writer.post(reverse(ADD), plan_form(activity_form(0), **{field: words}))
    assert list(answer.context["form"].errors) == [field]
    assert "“" in answer.context["form"].errors[field][0]
    assert not AnnualPlan.objects.exists()


@pytest.mark.parametrize("words", PRIVATE)
@pytest.mark.parametrize("field", ["code", "title", "mission", "indicator"])
def test_private_data_in_a_line_is_refused_at_its_field(writer, field, words):
    answer = writer.post(reverse(ADD), plan_form(activity_form(0, **{field: words})))
    (line,) = answer.context["form"].formsets["activities"].forms
    assert list(line.errors) == [field]
    assert not AnnualPlan.objects.exists()


def test_a_draft_without_a_title_is_called_by_agency_and_year(writer, office):
    answer = writer.post(reverse(ADD), plan_form(activity_form(0), title=""), follow=True)
    plan = AnnualPlan.objects.get()
    assert "object (" not in answer.content.decode()
    assert str(office.agency) in str(plan)
    assert "2570" in str(plan)
    (told,) = answer.context["messages"]
    assert str(plan) in unescape(told.message)
