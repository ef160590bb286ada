"""Who is not in office today does nothing, with whatever door stands open to the account (I3, R10)."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from home.models import NewsPage
from pr_workflow.approval.inbox import steps_waiting_for
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.notices import deciders_of
from pr_workflow.approval.selectors import refusal_to_decide
from pr_workflow.approval.unmanned import unmanned_levels
from pr_workflow.audit.models import AuditEntry
from pr_workflow.notifications.models import Notice
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.people.selectors import may_change_office_of, role_members, roles_of, user_holds
from pr_workflow.people.services import delegation_grant
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.publishing.models import Posting
from tests.factories.office import MORNING, PASSWORD, approved, current_step, look_at, make_draft, submit
from tests.factories.plans import plan_row
from tests.gate.test_other_paths import login, token_of
from tests.pr_workflow.news.test_news_views import editor_form
from tests.pr_workflow.plan.test_plan_views import activity_form, plan_form

pytestmark = pytest.mark.django_db
TODAY = MORNING.date()
HEAD = Role.HEAD_OF_WORK
#: How an account comes to be out of office today, and what the answer says of it.
OUT = {
    "left": ({"ends_on": TODAY}, "16 พฤศจิกายน 2569"),
    "long gone": ({"ends_on": date(2026, 10, 1)}, "1 ตุลาคม 2569"),
    "to come": ({"starts_on": TODAY + timedelta(days=1)}, "17 พฤศจิกายน 2569"),
    "switched off": ({"active": False}, "ทำเนียบบุคลากร"),
}
#: The last day, the first day, and the day before the last.
IN = ({"ends_on": TODAY + timedelta(days=1)}, {"starts_on": TODAY}, {"ends_on": TODAY + timedelta(days=2)})


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MORNING + timedelta(hours=5), tick=False):
        yield


def set_office(user, **dates) -> None:
    StaffProfile.objects.filter(user=user).update(**dates)


def refusals() -> list[str]:
    return [row.data["reason"] for row in AuditEntry.objects.filter(verb="refused").order_by("sequence")]


def fresh_login(user) -> Client:
    """Through the form of the log-in, which a leaver still passes: the account is open."""
    client = Client()
    form = {"username": user.get_username(), "password": PASSWORD, "next": "/admin/"}
    assert client.post(reverse("wagtailadmin_login"), form).status_code == 302
    return client


def sign(client, user, page):
    """Opens the review screen where that is possible, and approves with Wagtail's own button."""
    step = current_step(page)
    look_at(user, step)
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", step.pk]))


def save(client, page, title: str = "แก้หลังวันพ้นตำแหน่ง"):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), editor_form(page, title=title))


@pytest.mark.parametrize("enter", [login, fresh_login])
@pytest.mark.parametrize("how", OUT)
def test_W17_who_is_not_in_office_signs_nothing(office, enter, how):
    fields, said = OUT[how]
    head, page = office.person(HEAD), make_draft(office)
    submit(office, page)
    client = login(head)
    if enter is login:
        assert client.get(reverse("wagtailadmin_home")).status_code == 200
    set_office(head, **fields)
    client = client if enter is login else fresh_login(head)
    answer = sign(client, head, page)
    assert answer.status_code == 403
    assert said in answer.content.decode()
    assert said in refusals()[-1]
    assert said in refusal_to_decide(current_step(page), head)
    assert not ApprovalSeal.objects.exists()
    assert client.get(reverse("pr_admin:review", args=[current_step(page).pk])).status_code == 403
    assert client.get(reverse("wagtailadmin_home")).status_code == 403


@pytest.mark.parametrize("fields", IN)
def test_on_the_first_and_the_last_day_everything_works(office, fields):
    for role in (HEAD, Role.WRITER, Role.IT_OFFICER):
        set_office(office.person(role), **fields)
    page = make_draft(office)
    assert save(login(office.writer), make_draft(office, title="อีกเรื่อง")).status_code == 302
    submit(office, page)
    assert sign(login(office.person(HEAD)), office.person(HEAD), page).status_code == 302
    assert ApprovalSeal.objects.get().approver == office.person(HEAD)
    assert login(office.it_officer).get(reverse("pr_admin:posting")).status_code == 200


@pytest.mark.parametrize("enter", [login, fresh_login])
def test_an_it_officer_who_has_left_sets_no_time_and_moves_none(office, enter):
    posting = approved(office)
    set_office(office.it_officer, ends_on=TODAY)
    client = enter(office.it_officer)
    for name, form in (("posting_post", {"when": "now"}), ("posting_date", {"date": "2026-12-17"})):
        assert client.post(reverse(f"pr_admin:{name}", args=[posting.pk]), form).status_code == 403
    posting = Posting.objects.get(pk=posting.pk)
    assert (posting.go_live_at, posting.went_live_at) == (None, None)
    assert len(refusals()) == 2
    assert not user_holds(office.it_officer, Role.IT_OFFICER, office.agency)


@pytest.mark.parametrize("enter", [login, fresh_login])
def test_a_writer_who_has_left_reads_and_writes_no_draft_and_no_plan(office, enter):
    page, plan = make_draft(office), plan_row(office.agency, live=False)
    set_office(office.writer, ends_on=TODAY)
    client = enter(office.writer)
    assert save(client, page).status_code == 403
    edit = reverse(plan.snippet_viewset.get_url_name("edit"), args=[plan.pk])
    assert client.post(edit, plan_form(activity_form(0), title="แผนของคนที่พ้นตำแหน่ง")).status_code == 403
    assert len(refusals()) == 2
    for address in (
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_pages:view_draft", args=[page.pk]),
        reverse("pr_admin:news_timeline", args=[page.pk]),
        reverse("pr_admin:calendar_entries"),
        edit,
    ):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert page.title not in answer.content.decode()
    assert NewsPage.objects.get(pk=page.pk).latest_revision.content["title"] == page.title
    assert AnnualPlan.objects.get(pk=plan.pk).title == plan.title
    assert client.get(page.photos[0].value["image"].get_rendition("width-100").url).status_code == 404


def test_the_own_account_and_the_way_out_stay_open(office):
    set_office(office.writer, ends_on=TODAY)
    client = login(office.writer)
    for name in ("wagtailadmin_account", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog"):
        assert client.get(reverse(name)).status_code == 200, name
    ping = reverse("wagtailadmin_editing_sessions:ping", args=["home", "newspage", make_draft(office).pk, 1])
    assert client.post(ping).status_code == 403
    assert refusals() == []  # an open tab asks this by itself
    assert client.post(reverse("wagtailadmin_logout")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_accounts_of_nobody_and_superusers_stay_as_they_are(office, django_user_model):
    root = django_user_model.objects.create_superuser("root", password=PASSWORD)
    StaffProfile.objects.create(agency=office.agency, user=root, display_name="ผู้ดูแล", ends_on=TODAY)
    assert login(root).get(reverse("wagtailadmin_home")).status_code == 200
    nobody = django_user_model.objects.create_user("nobody", password=PASSWORD)
    nobody.groups.set(office.person(HEAD).groups.all())
    assert login(nobody).get(reverse("wagtailadmin_home")).status_code == 200
    assert nobody in role_members(office.agency, HEAD)
    assert roles_of(nobody, office.agency) == {HEAD}


def test_a_token_of_who_has_left_opens_nothing(office):
    page, headers = make_draft(office), token_of(office.writer)
    detail = reverse("wagtailapi_v3:update_page", args=[page.pk])
    assert Client().get(detail, headers=headers).status_code == 200
    set_office(office.writer, ends_on=TODAY)
    assert Client().get(detail, headers=headers).status_code == 403
    body = json.dumps({"meta": {"type": "home.NewsPage"}, "title": "เขียนหลังพ้นตำแหน่ง"})
    answer = Client().patch(detail, body, content_type="application/json", headers=headers)
    assert answer.status_code == 403
    assert "16 พฤศจิกายน 2569" in answer.json()["detail"]
    assert refusals() == [answer.json()["detail"]]


def test_nothing_waits_for_who_has_left_and_the_step_counts_as_empty(office):
    head, page = office.person(HEAD), make_draft(office)
    submit(office, page)
    assert list(steps_waiting_for(head))
    assert unmanned_levels() == []
    mailed = Notice.objects.filter(recipient=head)
    assert mailed.still_theirs().exists()
    set_office(head, ends_on=TODAY)
    assert not steps_waiting_for(head).exists()
    assert head not in deciders_of(current_step(page))
    assert head not in role_members(office.agency, HEAD)
    assert head in role_members(office.agency, HEAD, TODAY - timedelta(days=1))
    assert {each.step for each in unmanned_levels()} == {str(HEAD.label)}
    assert not mailed.still_theirs().exists()


def test_a_delegation_lapses_with_its_giver_and_the_last_day_counts(office):
    delegation_grant(
        actor=office.person(Role.DIRECTOR),
        delegator=office.profile(HEAD),
        delegate=office.profile(Role.EVALUATOR),
        role=HEAD,
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=4),
        order_number="12/2569",
        now=MORNING,
    )
    actor = office.person(Role.EVALUATOR)
    set_office(office.person(HEAD), ends_on=TODAY + timedelta(days=1))
    assert user_holds(actor, HEAD, office.agency)
    assert not user_holds(actor, HEAD, office.agency, TODAY + timedelta(days=1))


def test_a_writer_gives_nobody_the_seat_back_by_other_dates(office):
    set_office(office.person(HEAD), ends_on=TODAY)
    person = StaffProfile.objects.get(user=office.person(HEAD))
    assert roles_of(person.user, office.agency) == set()
    assert not may_change_office_of(office.writer, person)
    assert may_change_office_of(office.person(Role.DIRECTOR), person)
