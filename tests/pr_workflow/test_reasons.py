"""One rule for every reason: what says nothing is refused at its field, what was typed is kept, nothing is done."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from pr_workflow.audit.models import AuditEntry
from pr_workflow.clocks.services import clock_pause
from pr_workflow.people.roles import Role
from pr_workflow.publishing.emergency import emergency_publish, emergency_refuse
from pr_workflow.publishing.emergency_forms import typed_word
from pr_workflow.publishing.models import EmergencyPublication, PublicationCheck
from pr_workflow.publishing.services import posting_recall
from pr_workflow.publishing.take_down import news_take_down
from pr_workflow.reasons import ReasonField, reason_problem
from tests.factories.office import MORNING, approved, live, make_administrator, make_draft, make_office, posted

pytestmark = pytest.mark.django_db

NOON = MORNING + timedelta(hours=6)
WHY = "น้ำท่วมฉับพลัน ต้องเตือนประชาชนทันที"
#: Space, seven characters, a key held down, and signs that are neither letters nor digits.
NO_REASONS = ["   ", "ผิดวัน.", "กกกกกกกกกกกกกก", "-.-.-.-.-.-.-"]


@pytest.fixture
def office():
    return make_office(default_site=True)


@pytest.mark.parametrize("text", NO_REASONS)
def test_what_says_nothing_is_no_reason(text):
    assert reason_problem(text, missing="ต้องมี")


@pytest.mark.parametrize("text", ["รอภาพใหม่", "ลงผิดวันที่", "เลขที่ ศธ 1/2570", "  รอภาพถ่ายใหม่  "])
def test_a_short_sentence_is_a_reason(text):
    assert reason_problem(text, missing="ต้องมี") == ""


def recall(office):
    posting = posted(office, go_live_at=MORNING + timedelta(hours=9), now=MORNING)
    kept = lambda: type(posting).objects.values_list("go_live_at", "closed_at").get(pk=posting.pk)  # noqa: E731
    form = {f"recall-{posting.pk}-reason": ...}
    return office.it_officer, reverse("pr_admin:posting_recall", args=[posting.pk]), form, kept


def withdraw(office):
    posting = approved(office)
    kept = lambda: type(posting).objects.values_list("go_live_at", "closed_at").get(pk=posting.pk)  # noqa: E731
    return office.writer, reverse("pr_admin:posting_withdraw", args=[posting.pk]), {"reason": ...}, kept


def take_down(office):
    page = live(office)
    kept = lambda: type(page).objects.values_list("live").get(pk=page.pk)  # noqa: E731
    form = {"kind": "in_error", "reason": ...}
    return office.it_officer, reverse("pr_admin:news_take_down", args=[page.pk]), form, kept


def stop_the_clock(office):
    live(office)
    check = PublicationCheck.objects.get()
    form = {"waiting_for": "กองแผน", "expected_on": "23/11/2569", "reason": ...}
    kept = lambda: PublicationCheck.objects.values_list("due_at").get(pk=check.pk)  # noqa: E731
    return office.writer, reverse("pr_admin:clock_pause", args=["publicationcheck", check.pk]), form, kept


def emergency(office):
    page = make_draft(office)
    with override("th"):
        form = {"reason": ..., "typed": typed_word(), "version": page.latest_revision_id}
    kept = lambda: type(page).objects.values_list("live").get(pk=page.pk)  # noqa: E731
    return make_administrator(), reverse("pr_admin:news_emergency", args=[page.pk]), form, kept


def emergency_decision(office):
    page = make_draft(office)
    row = emergency_publish(actor=make_administrator(), page=page, reason=WHY, now=MORNING)
    kept = lambda: (EmergencyPublication.objects.get().decided_at, type(page).objects.get(pk=page.pk).live)  # noqa: E731
    form = {"decision": "refuse", "comment": ...}
    return office.person(Role.DIRECTOR), reverse("pr_admin:emergency", args=[row.pk]), form, kept


SCREENS = [recall, withdraw, take_down, stop_the_clock, emergency, emergency_decision]


@pytest.mark.parametrize("text", NO_REASONS)
@pytest.mark.parametrize("screen", SCREENS)
def test_the_screen_names_the_field_and_keeps_what_was_typed(office, client, screen, text):
    person, address, form, kept = screen(office)
    form = {name: text if value is ... else value for name, value in form.items()}
    before, rows = kept(), AuditEntry.objects.count()
    client.force_login(person)
    with time_machine.travel(NOON, tick=False), override("th"):
        answer = client.post(address, form)
    body = answer.content.decode()
    assert answer.status_code == 422
    names = ("“ความเห็น”", "“Comment”") if "comment" in form else ("“เหตุผล”", "“Reason”")
    assert any(name in body for name in names)
    assert ("อย่างน้อย 8 ตัวอักษร" in body) == bool(text.strip())
    assert escape(text.strip()) in body
    assert (kept(), AuditEntry.objects.count()) == (before, rows)


@pytest.mark.parametrize("screen", SCREENS)
def test_with_a_reason_it_is_done(office, client, screen):
    person, address, form, kept = screen(office)
    before = kept()
    client.force_login(person)
    with time_machine.travel(NOON, tick=False), override("th"):
        answer = client.post(address, {name: WHY if value is ... else value for name, value in form.items()})
    assert answer.status_code == 302, answer.content.decode()
    assert kept() != before or screen is stop_the_clock


def test_no_verb_takes_what_no_screen_would_send(office):
    """Jobs, commands and the API call the verbs: the rule stands there too."""
    posting = posted(office, go_live_at=MORNING + timedelta(hours=9), now=MORNING)
    page = live(office, title="ข่าวบนเว็บ")
    check = PublicationCheck.objects.get()
    urgent = make_draft(office, title="ข่าวด่วน")
    root = make_administrator()
    hasty = emergency_publish(actor=root, page=make_draft(office, title="ด่วนมาก"), reason=WHY, now=NOON)
    day = {"waiting_for": "กองแผน", "expected_on": date(2026, 11, 23)}
    owner = office.writer
    for act, field in (
        (lambda text: posting_recall(actor=office.it_officer, posting=posting, reason=text, now=NOON), "reason"),
        (lambda text: news_take_down(actor=office.it_officer, page=page, reason=text, now=NOON), "reason"),
        (lambda text: clock_pause(actor=owner, row=check, reason=text, now=NOON, **day), "reason"),
        (lambda text: emergency_publish(actor=root, page=urgent, reason=text, now=NOON), "reason"),
        (
            lambda text: emergency_refuse(actor=office.person(Role.DIRECTOR), emergency=hasty, comment=text, now=NOON),
            "comment",
        ),
    ):
        for text in NO_REASONS:
            with pytest.raises(ValidationError) as refused:
                act(text)
            assert list(refused.value.message_dict) == [field]


def test_too_long_is_the_only_thing_said_of_a_reason_that_is_too_long(office):
    field = ReasonField(missing="เขียนเหตุผล", rows=2, max_length=500)
    with pytest.raises(ValidationError) as refused:
        field.clean("ก" * 501)
    assert [error.code for error in refused.value.error_list] == ["max_length"]
