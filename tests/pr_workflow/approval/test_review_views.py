"""Deciding a step on the simple screen, and reading a version before it is public."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.models import Posting
from tests.factories.office import MORNING, add_person, current_step, make_draft, make_office, submit

pytestmark = pytest.mark.django_db
FIRST = Role.HEAD_OF_WORK


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def page(office):
    page = make_draft(office, title="ข่าวรอพิจารณา")
    submit(office, page)
    return page


@pytest.fixture(autouse=True)
def an_hour_later():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


def review(page) -> str:
    return reverse("pr_admin:review", args=[current_step(page).pk])


def test_three_levels_sign_on_this_screen(client, office, page):
    for number, role in enumerate(CHAIN):
        client.force_login(office.person(role))
        body = client.get(review(page)).content.decode()
        assert "ข่าวรอพิจารณา" in body
        for earlier in CHAIN[:number]:
            assert office.profile(earlier).display_name in body
        response = client.post(review(page), {"decision": "approve", "comment": f"เห็นชอบ {number}"}, follow=True)
        assert response.status_code == 200
    assert ApprovalSeal.objects.count() == 3
    assert list(ApprovalSeal.objects.values_list("comment", flat=True)) == ["เห็นชอบ 0", "เห็นชอบ 1", "เห็นชอบ 2"]
    assert Posting.objects.awaiting().count() == 1


def test_a_return_needs_a_reason_at_its_field(client, office, page):
    client.force_login(office.person(FIRST))
    refused = client.post(review(page), {"decision": "return", "comment": "  "})
    assert refused.status_code == 422
    assert list(refused.context["return_form"].errors) == ["comment"]
    assert current_step(page).status == "in_progress"
    client.post(review(page), {"decision": "return", "comment": "ภาพที่ 2 ไม่มีที่มา"})
    state = page.workflow_states.get()
    assert state.status == "needs_changes"
    assert state.current_task_state.comment == "ภาพที่ 2 ไม่มีที่มา"
    client.force_login(office.writer)
    assert "ภาพที่ 2 ไม่มีที่มา" in client.get(reverse("wagtailadmin_home")).content.decode()


def test_an_unknown_decision_changes_nothing(client, office, page):
    client.force_login(office.person(FIRST))
    assert client.post(review(page), {"decision": "publish"}).status_code == 422
    assert client.post(review(page), {}).status_code == 422
    assert not ApprovalSeal.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != FIRST])
def test_others_are_refused_with_the_reason(client, office, page, role):
    client.force_login(office.person(role))
    for response in (client.get(review(page)), client.post(review(page), {"decision": "approve"})):
        assert response.status_code == 403
        assert response.refusal_reason in response.content.decode()
    assert not ApprovalSeal.objects.exists()
    assert AuditEntry.objects.filter(verb="refused", actor_name=office.person(role).username).count() == 2


def test_nobody_signs_two_steps(client, office, page):
    twice = add_person(office, Role.HEAD_OF_SECTION, name="two-hats")
    twice.groups.add(*office.person(FIRST).groups.all())
    client.force_login(twice)
    client.post(review(page), {"decision": "approve", "comment": ""})
    assert ApprovalSeal.objects.count() == 1
    second = client.get(review(page))
    assert second.status_code == 200
    assert 'value="approve"' not in second.content.decode()
    assert client.post(review(page), {"decision": "approve"}).status_code == 403
    assert ApprovalSeal.objects.count() == 1


def test_a_decided_step_says_so_and_offers_no_button(client, office, page):
    client.force_login(office.person(FIRST))
    address = review(page)
    client.post(address, {"decision": "approve", "comment": ""})
    again = client.get(address)
    assert again.status_code == 200
    assert 'value="approve"' not in again.content.decode()
    assert client.post(address, {"decision": "approve"}).status_code == 403


def test_what_is_missing_is_listed_before_the_decision(client, office):
    page = make_draft(office)
    submit(office, page)
    page.photos[0].value["image"].delete()
    client.force_login(office.person(FIRST))
    body = client.get(review(page)).content.decode()
    assert "1" in body
    assert "disabled" in body.split('value="approve"')[1][:40]
    assert client.post(review(page), {"decision": "approve"}).status_code == 403


@pytest.mark.parametrize("role", [role for role in Role if role != Role.NETWORK_MEMBER])
def test_the_office_previews_a_version(client, office, page, role):
    client.force_login(office.person(role))
    response = client.get(reverse("pr_admin:preview", args=[page.latest_revision_id]))
    assert response.status_code == 200
    assert "ข่าวรอพิจารณา" in response.content.decode()
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_network_members_and_visitors_preview_nothing(client, office, page):
    address = reverse("pr_admin:preview", args=[page.latest_revision_id])
    visitor = client.get(address)
    assert visitor.status_code == 302
    assert "login" in visitor.url
    client.force_login(office.person(Role.NETWORK_MEMBER))
    refused = client.get(address)
    assert refused.status_code == 403
    assert "ข่าวรอพิจารณา" not in refused.content.decode()


def test_the_editor_leads_those_to_the_decision_who_may_sign(client, office, page):
    editor = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client.force_login(office.person(FIRST))
    assert review(page) in client.get(editor).content.decode()
    client.force_login(office.writer)
    assert review(page) not in client.get(editor).content.decode()
