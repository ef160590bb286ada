"""Attempts no view reports by itself: answered with a sentence, nothing changed, one row in the log (I4, R36, R71)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision

from home.models import NewsPage
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.audit.models import AuditEntry
from pr_workflow.clocks.models import ClockPause
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.emergency import emergency_publish
from pr_workflow.publishing.emergency_forms import typed_word
from pr_workflow.publishing.models import EmergencyPublication, PublicationCheck
from pr_workflow.publishing.verification import CHECK_LINES
from tests.factories.office import (
    MORNING,
    current_step,
    live,
    make_administrator,
    make_draft,
    make_office,
    submit,
)
from tests.pr_workflow.news.test_news_views import editor_form

pytestmark = pytest.mark.django_db
FIRST = CHAIN[0]
NOBODY = 999999
REASON = "น้ำประปาปนเปื้อน ต้องเตือนประชาชนทันที"


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(MORNING + timedelta(hours=3), tick=False):
        yield


@pytest.fixture
def page(office):
    page = make_draft(office, title="ข่าวรอพิจารณา")
    submit(office, page)
    return page


def login(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rows():
    return AuditEntry.objects.filter(verb="refused")


def the_row(user, *, chain: str, words: str = "") -> AuditEntry:
    """The only refusal there is, by this account, in this chain."""
    row = rows().get()
    assert (row.actor_id_text, row.chain) == (str(user.pk), chain)
    assert row.data["reason"]
    assert words in row.data["reason"]
    return row


# -- addresses that name nothing


@pytest.mark.parametrize("by_wagtail", [False, True], ids=["ours", "wagtail"])
@pytest.mark.parametrize("who", [FIRST, "administrator"])
def test_a_step_that_does_not_exist(office, page, who, by_wagtail):
    user = make_administrator() if who == "administrator" else office.person(who)
    address = reverse("pr_admin:review", args=[NOBODY])
    if by_wagtail:
        address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", NOBODY])
    client = login(user)
    answer = client.post(address, {"decision": "approve"})
    assert answer.status_code == 404
    row = the_row(user, chain="system" if who == "administrator" else office.agency.code)
    assert (row.data["path"], row.data["method"]) == (address, "POST")
    assert not ApprovalSeal.objects.exists()
    assert client.get(address).status_code == 404
    assert rows().count() == 1, "looking at a wrong address is a slip"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("screen", ["emergency", "pause", "resume"])
def test_what_another_agency_has(office, page, screen, method):
    if screen == "emergency":
        emergency = emergency_publish(actor=make_administrator(), page=make_draft(office), reason=REASON, now=MORNING)
        address = reverse("pr_admin:emergency", args=[emergency.pk])
    else:
        deadline = current_step(page).deadline
        address = reverse(f"pr_admin:clock_{screen}", args=["stepdeadline", deadline.pk])
    stranger = make_office("other").person(FIRST)
    form = {"decision": "refuse", "comment": REASON, "waiting_for": "x", "expected_on": "30/11/2569", "reason": REASON}
    assert getattr(login(stranger), method)(address, form).status_code == 404
    row = the_row(stranger, chain="other")
    assert row.target_id == str(stranger.pk), "what belongs to others is not named"
    assert not ClockPause.objects.exists()
    assert not EmergencyPublication.objects.exclude(decided_at=None).exists()
    holder = office.person(FIRST)
    rows_before = rows().count()
    assert login(holder).get(address).status_code in (200, 405)
    assert rows().count() == rows_before


# -- values no form offers


@pytest.mark.parametrize("forged", [{"title": "maybe"}, {"result": "foo"}], ids=str)
def test_forged_answers_of_the_check(office, forged):
    public = live(office, now=MORNING)
    check = PublicationCheck.objects.get(page_id=public.pk)
    form = {**dict.fromkeys(CHECK_LINES, "yes"), "result": "correct"}
    assert set(forged) <= set(form)
    client = login(office.writer)
    address = reverse("pr_admin:check", args=[check.pk])
    assert client.post(address, {**form, "result": ""}).status_code == 422
    assert not rows().exists(), "what was forgotten is no attempt"
    assert client.post(address, {**form, **forged}).status_code == 422
    the_row(office.writer, chain=office.agency.code)
    check.refresh_from_db()
    assert check.result == ""
    assert client.post(address, form).status_code == 302


@pytest.mark.parametrize("version", ["abc", "", "-"])
def test_a_forged_version_of_an_emergency(office, version):
    page, root = make_draft(office), make_administrator()
    form = {"reason": REASON, "typed": typed_word(), "version": version}
    answer = login(root).post(reverse("pr_admin:news_emergency", args=[page.pk]), form)
    assert answer.status_code == 422
    assert answer.context["form"].errors["version"][0] in answer.content.decode()
    assert REASON in answer.content.decode()
    the_row(root, chain="system")
    assert not NewsPage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("forged", [{"decision": "publish"}, {"decision": ""}, {}], ids=str)
def test_a_decision_that_is_none(office, page, forged):
    head = office.person(FIRST)
    address = reverse("pr_admin:review", args=[current_step(page).pk])
    client = login(head)
    seen = str(client.get(address).context["sheet"].seen)
    answer = client.post(address, {"seen": seen, **forged})
    assert answer.status_code == 422
    row = the_row(head, chain=office.agency.code)
    assert row.data["reason"] in answer.content.decode()
    assert current_step(page).status == "in_progress"
    assert not ApprovalSeal.objects.exists()
    assert not NewsPage.objects.get(pk=page.pk).live


# -- accounts that were closed since their tab was opened


def groups_taken(user):
    user.groups.clear()


def closed(user):
    user.is_active = False
    user.save()


@pytest.mark.parametrize("by_script", [False, True], ids=["person", "script"])
@pytest.mark.parametrize("end", [groups_taken, closed], ids=lambda end: end.__name__)
def test_the_open_tab_of_somebody_who_may_not_work_here_any_more(office, page, end, by_script):
    head = office.person(FIRST)
    client = login(head)
    address = reverse("pr_admin:review", args=[current_step(page).pk])
    seen = str(client.get(address).context["sheet"].seen)
    end(head)
    headers = {"x-requested-with": "XMLHttpRequest"} if by_script else {}
    answer = client.post(address, {"decision": "approve", "seen": seen}, headers=headers)
    assert answer.status_code == (403 if by_script else 302)
    assert by_script or answer.headers["Location"].startswith(reverse("wagtailadmin_login"))
    row = the_row(head, chain=office.agency.code)
    assert row.data["path"] == address
    assert not ApprovalSeal.objects.exists()
    client.get(address)
    client.get(reverse("wagtailadmin_home"))
    assert rows().count() == 1


def test_coming_and_going_leaves_no_row(client, office, page):
    """A visitor's form, a wrong password, the login and the logout are no attempts."""
    assert client.post(reverse("pr_admin:review", args=[current_step(page).pk])).status_code == 302
    head = office.person(FIRST)
    login_page = reverse("wagtailadmin_login")
    client.post(login_page, {"username": head.username, "password": "not-this"})
    client.post(login_page, {"username": head.username, "password": "only-in-tests"})
    assert client.post(reverse("wagtailadmin_logout")).status_code == 302
    assert client.post(reverse("wagtailadmin_logout")).status_code == 302
    assert not rows().exists()


# -- forms that did not arrive whole

BUTTONS = [
    {},
    {"action-submit": "1"},
    {"action-workflow-action": "1", "workflow-action-name": "approve"},
    {"action-publish": "1"},
]
LOSSES = [{"body-count": None}, {"photos-count": None, "attachments-count": None}, {"body-count": "many"}]


@pytest.mark.parametrize("loss", LOSSES, ids=str)
@pytest.mark.parametrize("button", BUTTONS, ids=str)
def test_an_editor_s_form_without_its_counts(office, button, loss):
    page = make_draft(office, title="ชื่อเดิม")
    form = editor_form(page, title="ชื่อใหม่", **button) | loss
    form = {name: value for name, value in form.items() if value is not None}
    before = Revision.objects.count()
    answer = login(office.writer).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    refused_anyhow = {"action-publish", "action-workflow-action"} & button.keys()
    assert answer.status_code == (403 if refused_anyhow else 400)
    row = the_row(office.writer, chain=office.agency.code)
    assert row.data["reason"] in answer.content.decode()
    assert row.target_id == str(page.pk)
    page = NewsPage.objects.get(pk=page.pk)
    assert (page.draft_title, page.live, page.current_workflow_state) == ("ชื่อเดิม", False, None)
    assert Revision.objects.count() == before


@pytest.mark.parametrize("role", [FIRST, Role.WRITER])
def test_a_decision_in_the_editor_without_its_counts(office, page, role):
    before = Revision.objects.count()
    button = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    form = {"title": "แก้เอง", "slug": page.slug, **button}
    answer = login(office.person(role)).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    assert answer.status_code in (400, 403)
    assert rows().count() == 1
    assert not ApprovalSeal.objects.exists()
    assert Revision.objects.count() == before


def test_an_error_of_ours_stays_an_error(office, monkeypatch):
    """Only what is missing in the form is the sender's mistake."""

    def fault(*args, **kwargs):
        raise ValueError("a fault of the program")

    monkeypatch.setattr("wagtail.admin.views.pages.edit.EditView.post", fault)
    page = make_draft(office)
    client = login(office.writer)
    client.raise_request_exception = False
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), editor_form(page))
    assert answer.status_code == 500
    assert not rows().exists()
