"""A refused attempt in the admin: 403, the reason, a row in the log; never a silent redirect."""

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.urls import reverse
from django.utils.translation import gettext

from pr_workflow.approval.services import news_submit
from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.people.roles import Role
from tests.factories.office import current_step, make_administrator, make_draft

pytestmark = pytest.mark.django_db


def test_wagtails_own_refusal_is_a_403_and_logged(client, office):
    client.force_login(office.person(Role.EVALUATOR))
    response = client.get(reverse("wagtailusers_users:index"))
    assert response.status_code == 403
    entry = AuditEntry.objects.get(verb="refused")
    assert entry.chain == office.agency.code
    assert entry.data["reason"] == response.refusal_reason
    assert entry.data["method"] == "GET"
    assert audit_verify(chain=office.agency.code) is None


def test_our_reason_reaches_the_person_through_wagtails_button(client, office):
    """The stock approve button of somebody without the role."""
    page = make_draft(office)
    news_submit(actor=office.writer, page=page)
    state = current_step(page)
    client.force_login(office.person(Role.HEAD_OF_WORK))
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "reject", state.pk])
    client.post(address, {"comment": ""})
    assert current_step(page).status == "in_progress"
    client.force_login(office.person(Role.DIRECTOR))
    response = client.post(address, {"comment": "ไม่ผ่าน"})
    assert response.status_code == 403
    assert current_step(page).status == "in_progress"


def test_an_administrator_is_not_sent_to_the_administrator(client, office):
    page = make_draft(office)
    news_submit(actor=office.writer, page=page)
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", current_step(page).pk])
    reasons = {}
    for user in (make_administrator(), office.person(Role.WRITER)):
        client.force_login(user)
        response = client.post(address, headers={"accept-language": "en"})
        assert response.status_code == 403
        reasons[user.is_superuser] = response.refusal_reason
    assert reasons[True]
    assert "ask the system administrator" not in reasons[True]
    assert "ผู้ดูแลระบบ" not in reasons[True]


def test_scripts_get_json(client, office):
    client.force_login(office.person(Role.DIRECTOR))
    response = client.get(reverse("pr_admin:posting"), headers={"x-requested-with": "XMLHttpRequest"})
    assert response.status_code == 403
    assert response.json()["error_code"] == "refused"
    assert AuditEntry.objects.filter(verb="refused").count() == 1


def test_a_visitor_is_sent_to_the_login_and_leaves_no_row(client, office):
    response = client.get(reverse("pr_admin:posting"))
    assert response.status_code == 302
    assert not AuditEntry.objects.filter(verb="refused").exists()


def test_an_object_of_the_own_office_is_named_in_the_log(client, office):
    page = make_draft(office, title="เรื่องของเรา")
    client.force_login(office.person(Role.EVALUATOR))
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 403
    assert AuditEntry.objects.get(verb="refused").target_id == str(page.pk)


def test_an_incomplete_submission_is_said_at_the_fields_and_keeps_the_text(client, office):
    page = make_draft(office, lead="")
    client.force_login(office.writer)
    form = {
        "title": "ชื่อใหม่ที่พิมพ์ไว้",
        "slug": page.slug,
        "news_type": "news",
        "lead": "",
        "tags": "",
        "action-submit": "1",
        **{f"{name}-count": "0" for name in ("body", "photos", "attachments")},
        **{f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")},
    }
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    assert response.status_code == 200
    assert {"lead", "body", "responsible_officer"} <= set(response.context["form"].errors)
    assert "ชื่อใหม่ที่พิมพ์ไว้" in response.content.decode()
    assert page.current_workflow_state is None


@pytest.mark.parametrize("missing", ["pr_workflow.agency_wall.AgencyWall", "pr_workflow.side_doors.SideDoors"])
def test_a_site_without_the_wall_does_not_start(settings, missing):
    assert not [issue for issue in run_checks(tags=["security"]) if issue.id == "pr_workflow.E003"]
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != missing]
    assert [issue for issue in run_checks(tags=["security"]) if issue.id == "pr_workflow.E003"]


def test_the_wall_stands_after_the_answers(settings):
    settings.MIDDLEWARE = sorted(settings.MIDDLEWARE, key=lambda name: name == "pr_workflow.refusals.RefusalAnswers")
    assert [issue for issue in run_checks(tags=["security"]) if issue.id == "pr_workflow.E003"]


@pytest.mark.parametrize("kind", ["urlencoded", "multipart", "fields"])
def test_a_form_with_too_much_text_is_answered_in_words_and_logged(client, office, kind):
    """Django's answer would be one English line without a heading."""
    page = make_draft(office)
    client.force_login(office.writer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    if kind == "urlencoded":
        body = "title=" + "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        answer = client.post(address, body, content_type="application/x-www-form-urlencoded")
    elif kind == "multipart":
        answer = client.post(address, {"title": "ก" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    else:
        answer = client.post(
            address, {f"f{number}": "" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
        )
    assert answer.status_code == 400
    reason = gettext(
        "The form holds more text than can be taken in one go, so nothing was saved. Go back in the browser, where "
        "what you typed still stands, and shorten the longest field."
    )
    assert reason in answer.content.decode()
    assert AuditEntry.objects.get(verb="refused").data["reason"] == reason


def test_visitors_and_ordinary_forms_pass_the_question_of_size(client, office):
    assert client.post(reverse("wagtailadmin_login"), {"username": "x" * 10, "password": "y"}).status_code == 200
    huge = "username=" + "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    kind = "application/x-www-form-urlencoded"
    assert client.post(reverse("wagtailadmin_login"), huge, content_type=kind).status_code == 400
    assert not AuditEntry.objects.filter(verb="refused").exists()


def test_the_interface_behind_the_admin_refuses_in_our_words(client, office):
    page = make_draft(office)
    client.force_login(office.writer)
    address = reverse("wagtailadmin_api:pages:action", args=[page.pk, "move"])
    answer = client.post(address, {"destination_page_id": office.home.pk, "position": "last-child"})
    assert answer.status_code == 403
    assert "You do not have permission to" not in AuditEntry.objects.get(verb="refused").data["reason"]
    assert "You do not have permission to" not in answer.content.decode()


def test_a_form_that_cannot_be_read_is_answered_in_words(client, office):
    client.force_login(office.writer)
    address = reverse("wagtailadmin_pages:edit", args=[make_draft(office).pk])
    for kind in ("application/x-www-form-urlencoded; charset=utf-7", "multipart/form-data"):
        answer = client.generic("POST", address, "title=x", content_type=kind)
        assert answer.status_code == 400
        assert "แบบฟอร์ม" in answer.content.decode()
    assert AuditEntry.objects.filter(verb="refused").count() == 2


@pytest.mark.parametrize("number", ["7.0", "9" * 30, "9" * 5000, "x"])
def test_an_odd_number_of_a_page_is_no_error(client, office, number):
    client.force_login(make_administrator())
    page = make_draft(office)
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    answers = [
        client.post(reverse("wagtailadmin_pages:move", args=[page.pk]), {"new_parent_page": number}),
        client.post(f"{bulk}?id={page.pk}", {"chooser": number}),
        client.post(f"{bulk}?id={number}", {"chooser": str(office.index.pk)}),
    ]
    assert all(answer.status_code < 500 for answer in answers)
