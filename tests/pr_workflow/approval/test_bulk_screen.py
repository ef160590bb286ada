"""Several signatures from end to end: the administrator allows it, the head of section uses the screen (R38, I3)."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse

from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.services import news_return
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import Agency
from pr_workflow.people.roles import CHAIN, Role
from tests.factories.office import (
    MORNING,
    add_person,
    current_step,
    make_administrator,
    make_draft,
    make_office,
    read_and_approve,
    submit,
)
from tests.factories.published import revise

pytestmark = pytest.mark.django_db
SEVERAL = "pr_admin:review_several"
NOON = MORNING + timedelta(hours=3)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def office():
    office = make_office()
    add_person(office, Role.HEAD_OF_SECTION, name="kpr-second-section-head")
    return office


def at_the_section_head(office, title: str):
    page = make_draft(office, title=title)
    submit(office, page)
    return to_the_section_head(office, page)


def to_the_section_head(office, page):
    read_and_approve(actor=office.person(CHAIN[0]), task_state=current_step(page), now=MORNING + timedelta(hours=1))
    return page


def opened(client, page) -> int:
    """The number of the step the head has looked at."""
    number = current_step(page).pk
    assert client.get(reverse("pr_admin:review", args=[number])).status_code == 200
    return number


def allow(client, office) -> None:
    """The administrator ticks the rule in the register of agencies, with all else as it was."""
    client.force_login(make_administrator())
    address = reverse("pr_agencies:edit", args=[office.agency.pk])
    shown = client.get(address).context["form"]
    form = {name: "" if value is None else value for name, value in shown.initial.items()}
    form = {name: value for name, value in form.items() if value is not False} | {"bulk_approval": "on"}
    assert client.post(address, form).status_code == 302


def test_the_rule_is_off_until_an_administrator_switches_it_on(client, office):
    at_the_section_head(office, "รอหัวหน้าฝ่าย")
    head = office.person(Role.HEAD_OF_SECTION)
    client.force_login(head)
    assert reverse(SEVERAL) not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(reverse(SEVERAL)).status_code == 403
    allow(client, office)
    agency = Agency.objects.get(pk=office.agency.pk)
    assert (agency.bulk_approval, agency.auto_post, agency.correction_keeps_live) == (True, False, True)
    assert AuditEntry.objects.get(verb="agency_save").data == {
        "changed": ["bulk_approval"],
        "values": {"bulk_approval": {"old": False, "new": True}},
    }
    client.force_login(head)
    assert client.get(reverse(SEVERAL)).status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_nobody_of_the_office_switches_it_on(client, office, role):
    client.force_login(office.person(role))
    address = reverse("pr_agencies:edit", args=[office.agency.pk])
    assert client.get(address).status_code == 403
    assert client.post(address, {"bulk_approval": "on"}).status_code == 403
    assert not Agency.objects.get(pk=office.agency.pk).bulk_approval


def test_the_head_ticks_reads_and_confirms_and_one_refusal_stops_no_other(client, office):
    good, stale, written = (at_the_section_head(office, title) for title in ("ดี", "แก้แล้วเสนอใหม่", "ช่วยเขียน"))
    allow(client, office)
    head = office.person(Role.HEAD_OF_SECTION)
    client.force_login(head)
    numbers = [opened(client, page) for page in (stale, written, good)]
    home = BeautifulSoup(client.get(reverse("wagtailadmin_home")).content, "html.parser")
    assert {int(box["value"]) for box in home.select("input[name=item]")} == set(numbers)
    listed = client.get(reverse(SEVERAL), {"item": numbers})
    assert {state.pk for state in listed.context["ready"]} == set(numbers)
    # While the list is on the screen, one item is returned, changed and comes back; of another the head has a part.
    second = type(head).objects.get(username="kpr-second-section-head")
    news_return(actor=second, task_state=current_step(stale), reason="แก้ชื่อเรื่อง", now=NOON)
    submit(office, revise(stale, title="แก้แล้วเสนอใหม่ ฉบับสอง"), now=NOON)
    to_the_section_head(office, stale)
    written.get_latest_revision().__class__.objects.filter(pk=written.latest_revision_id).update(user=head)
    answer = client.post(reverse(SEVERAL), {"item": [*numbers, current_step(stale).pk]})
    assert answer.status_code == 200
    outcomes = answer.context["outcomes"]
    assert [outcome.signed for outcome in outcomes] == [False, False, True, False]
    body = answer.content.decode()
    for outcome in outcomes:
        assert outcome.signed or (outcome.reason and outcome.reason in body)
    assert [seal.revision.object_str for seal in ApprovalSeal.objects.filter(approver=head)] == ["ดี"]
    assert current_step(good).task.name == str(Role.DIRECTOR.label)
    for page in (stale, written):
        assert current_step(page).task.name == str(Role.HEAD_OF_SECTION.label)
    assert AuditEntry.objects.filter(verb="refused", actor_id_text=str(head.pk)).count() == 3
    assert AuditEntry.objects.filter(verb="news_approve", actor_id_text=str(head.pk)).count() == 1


def test_what_the_verb_itself_refuses_stops_no_other(client, office):
    """A picture was exchanged after the first signature, before the head opened the item: only the verb knows."""
    exchanged, good = (at_the_section_head(office, title) for title in ("ภาพถูกเปลี่ยน", "ดี"))
    image = exchanged.photos[0].value["image"]
    type(image).objects.filter(pk=image.pk).update(file_hash="0" * 40)
    allow(client, office)
    head = office.person(Role.HEAD_OF_SECTION)
    client.force_login(head)
    numbers = [opened(client, page) for page in (exchanged, good)]
    answer = client.post(reverse(SEVERAL), {"item": numbers})
    assert [outcome.signed for outcome in answer.context["outcomes"]] == [False, True]
    assert answer.context["outcomes"][0].reason in answer.content.decode()
    assert ApprovalSeal.objects.filter(approver=head).count() == 1
    assert AuditEntry.objects.filter(verb="refused", actor_id_text=str(head.pk)).count() == 1


def test_a_list_of_which_nothing_counts_is_a_refusal_logged_once(client, office):
    page = at_the_section_head(office, "ไม่ได้เปิดอ่าน")
    allow(client, office)
    head = office.person(Role.HEAD_OF_SECTION)
    client.force_login(head)
    answer = client.post(reverse(SEVERAL), {"item": [current_step(page).pk]})
    assert answer.status_code == 403
    assert not ApprovalSeal.objects.filter(approver=head).exists()
    assert AuditEntry.objects.filter(verb="refused", actor_id_text=str(head.pk)).count() == 1
    assert client.post(reverse(SEVERAL), {}).status_code == 422
