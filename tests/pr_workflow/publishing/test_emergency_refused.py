"""An emergency publication that is refused when it is sent: a sentence above the form, what was typed kept (R37)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import override

from home.models import NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.emergency import emergency_publish, emergency_refuse
from pr_workflow.publishing.emergency_forms import typed_word
from pr_workflow.publishing.models import EmergencyPublication, Posting
from tests.factories.office import (
    MORNING,
    current_step,
    make_administrator,
    make_draft,
    make_office,
    read_and_approve,
    submit,
)

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=3)
REASON = "น้ำประปาปนเปื้อน ต้องเตือนประชาชนทันที"


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def administrator(client):
    administrator = make_administrator()
    client.force_login(administrator)
    return administrator


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False), override("th"):
        yield


def send(client, page, **changes):
    form = {"reason": REASON, "typed": typed_word(), "version": page.latest_revision_id, **changes}
    return client.post(reverse("pr_admin:news_emergency", args=[page.pk]), form)


def assert_refused(answer, page, sentence: str) -> None:
    """403 with the form: the sentence above it, the reason still in it; off the site, and one row in the log."""
    body = answer.content.decode()
    assert answer.status_code == 403
    assert sentence in body
    assert REASON in body
    assert typed_word() in answer.context["form"]["typed"].value()
    assert not NewsPage.objects.get(pk=page.pk).live
    (row,) = AuditEntry.objects.filter(verb="refused")
    assert sentence in row.data["reason"]


def test_what_cannot_go_live_says_why_and_keeps_what_was_typed(client, office, administrator, monkeypatch):
    page = make_draft(office)
    submit(office, page)

    def fails(**kwargs):
        raise RuntimeError("ดิสก์เต็ม")

    with monkeypatch.context() as patch:
        patch.setattr("pr_workflow.publishing.going_live.checks_open", fails)
        answer = send(client, page)
    assert_refused(answer, page, "RuntimeError: ดิสก์เต็ม")
    assert "ระบบจะลองใหม่เอง" not in answer.content.decode()
    assert current_step(page) is not None
    assert not EmergencyPublication.objects.exists()
    # The same form, sent again once the cause is gone, goes through.
    assert send(client, page).status_code == 302
    assert NewsPage.objects.get(pk=page.pk).live


def test_what_the_chain_approved_meanwhile_needs_no_emergency(client, office, administrator):
    page = make_draft(office)
    submit(office, page)
    opened = client.get(reverse("pr_admin:news_emergency", args=[page.pk]))
    assert opened.status_code == 200
    for role in CHAIN:
        read_and_approve(actor=office.person(role), task_state=current_step(page), now=NOON)
    assert_refused(send(client, page), page, "ฉบับนี้อนุมัติแล้ว")
    assert Posting.objects.open().filter(page_id=page.pk).exists()


def test_content_a_second_person_refused_stays_refused(client, office, administrator):
    page = make_draft(office)
    emergency = emergency_publish(actor=administrator, page=page, reason=REASON, now=MORNING)
    director = office.person(Role.DIRECTOR)
    emergency_refuse(actor=director, emergency=emergency, comment="ไม่ใช่เหตุด่วน", now=MORNING)
    page = NewsPage.objects.get(pk=page.pk)
    page.get_latest_revision_as_object().save_revision(user=office.writer)
    page.refresh_from_db()
    assert_refused(send(client, page), page, "ผู้ยืนยันปฏิเสธแล้ว")
    assert EmergencyPublication.objects.count() == 1


def test_others_get_neither_the_form_nor_what_they_sent(client, office):
    page = make_draft(office, title="ความลับ")
    foreign = make_office("spp").it_officer
    foreign.is_superuser = True
    foreign.save()
    for person in (office.person(Role.DIRECTOR), foreign):
        client.force_login(person)
        answer = send(client, page)
        assert answer.status_code in (403, 404)
        assert "ความลับ" not in answer.content.decode()
        assert REASON not in answer.content.decode()
    assert not NewsPage.objects.get(pk=page.pk).live
