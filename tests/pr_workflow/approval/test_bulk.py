"""Several signatures at once: only where allowed, only heads, only what they opened; one refusal stops no other."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from wagtail.models import TaskState

from pr_workflow.approval.bulk import MOST, news_approve_several
from pr_workflow.approval.models import ApprovalSeal, Lane, Submission
from pr_workflow.approval.services import ApprovalRefused
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import CHAIN, Role
from tests.factories.office import MORNING, add_person, current_step, make_draft, make_office, submit
from tests.factories.published import revise

pytestmark = pytest.mark.django_db
SEVERAL = "pr_admin:review_several"


@pytest.fixture(autouse=True)
def an_hour_later():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def office(shared_office):
    shared_office.agency.bulk_approval = True
    shared_office.agency.save(update_fields=["bulk_approval"])
    return shared_office


def waiting(office, title: str):
    page = make_draft(office, title=title)
    submit(office, page)
    return page


def opened(client, *pages):
    for page in pages:
        assert client.get(reverse("pr_admin:review", args=[current_step(page).pk])).status_code == 200


def numbers(*pages) -> list[int]:
    return [current_step(page).pk for page in pages]


def test_a_head_signs_what_was_opened_item_by_item(client, office):
    one, two, unopened = (waiting(office, f"ข่าวที่ {number}") for number in range(3))
    client.force_login(office.person(CHAIN[0]))
    opened(client, one, two)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse(SEVERAL) in home
    assert home.count('name="item"') == 2
    confirm = client.get(reverse(SEVERAL), {"item": numbers(one, two, unopened)})
    assert [state.pk for state in confirm.context["ready"]] == numbers(one, two)
    assert [item.state.pk for item in confirm.context["held"]] == numbers(unopened)
    assert not ApprovalSeal.objects.exists()
    done = client.post(reverse(SEVERAL), {"item": numbers(one, two)})
    assert [outcome.signed for outcome in done.context["outcomes"]] == [True, True]
    assert ApprovalSeal.objects.count() == 2
    assert AuditEntry.objects.filter(verb="news_approve").count() == 2


def test_forged_numbers_sign_nothing_and_stop_nothing(client, office):
    other = make_office("spp")
    foreign = waiting(other, "ของเขตอื่น")
    good, unopened, decided = (waiting(office, title) for title in ("ดี", "ไม่ได้เปิด", "ตัดสินแล้ว"))
    head = office.person(CHAIN[0])
    client.force_login(head)
    opened(client, good, decided)
    gone = numbers(decided)
    assert client.post(reverse(SEVERAL), {"item": gone}).status_code == 200
    given = [*numbers(foreign), *numbers(unopened), *gone, 10**9, *numbers(good), *numbers(good)]
    response = client.post(reverse(SEVERAL), {"item": [*given, "x", "๑", "-1", "9" * 30]})
    outcomes = response.context["outcomes"]
    assert [outcome.signed for outcome in outcomes] == [False, False, False, False, True]
    assert all(outcome.reason for outcome in outcomes[:4])
    assert "ของเขตอื่น" not in response.content.decode()
    assert ApprovalSeal.objects.count() == 2
    assert current_step(foreign).status == current_step(unopened).status == "in_progress"
    rows = AuditEntry.objects.filter(verb="refused", actor_name=head.username)
    assert rows.count() == 4
    assert not rows.filter(target_label="ของเขตอื่น").exists()


def test_another_version_than_the_opened_one_is_not_signed(client, office):
    page = waiting(office, "เปลี่ยนภาพ")
    client.force_login(office.person(CHAIN[0]))
    opened(client, page)
    image = page.photos[0].value["image"]
    type(image).objects.filter(pk=image.pk).update(file_hash="0" * 40)
    response = client.post(reverse(SEVERAL), {"item": numbers(page)})
    assert [outcome.signed for outcome in response.context["outcomes"]] == [False]
    assert not ApprovalSeal.objects.exists()


def test_the_fast_lane_is_decided_item_by_item(client, office, monkeypatch):
    page = waiting(office, "ด่วน")
    client.force_login(office.person(CHAIN[0]))
    opened(client, page)
    found = list(Submission.objects.all())
    found[0].lane = Lane.FAST  # the record itself is append-only
    monkeypatch.setattr(Submission.objects, "filter", lambda **given: found)
    response = client.post(reverse(SEVERAL), {"item": numbers(page)})
    assert [outcome.signed for outcome in response.context["outcomes"]] == [False]
    assert not ApprovalSeal.objects.exists()


def test_the_director_decides_item_by_item(client, office):
    page = waiting(office, "ถึงผู้อำนวยการ")
    for role in CHAIN[:2]:
        person = office.person(role)
        client.force_login(person)
        opened(client, page)
        client.post(reverse(SEVERAL), {"item": numbers(page)})
    assert ApprovalSeal.objects.count() == 2
    client.force_login(office.person(Role.DIRECTOR))
    opened(client, page)
    assert 'name="item"' not in client.get(reverse("wagtailadmin_home")).content.decode()
    client.post(reverse(SEVERAL), {"item": numbers(page)})
    assert ApprovalSeal.objects.count() == 2


def test_nobody_signs_two_steps_this_way_either(client, office):
    twice = add_person(office, Role.HEAD_OF_SECTION, name="two-hats")
    twice.groups.add(*office.person(CHAIN[0]).groups.all())
    page = waiting(office, "สองหมวก")
    client.force_login(twice)
    for _step in range(2):
        opened(client, page)
        client.post(reverse(SEVERAL), {"item": numbers(page)})
    assert ApprovalSeal.objects.count() == 1


def test_where_the_agency_does_not_allow_it_there_is_no_way(client, office):
    office.agency.bulk_approval = False
    office.agency.save(update_fields=["bulk_approval"])
    page = waiting(office, "ทีละเรื่อง")
    head = office.person(CHAIN[0])
    client.force_login(head)
    opened(client, page)
    assert reverse(SEVERAL) not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(reverse(SEVERAL), {"item": numbers(page)}).status_code == 403
    assert client.post(reverse(SEVERAL), {"item": numbers(page)}).status_code == 403
    with pytest.raises(ApprovalRefused):
        news_approve_several(actor=head, numbers=numbers(page), now=MORNING)
    assert not ApprovalSeal.objects.exists()


def test_an_item_with_a_newer_draft_is_not_ready_and_says_why(client, office):
    changed, good = waiting(office, "แก้หลังเสนอ"), waiting(office, "ตามที่เสนอ")
    client.force_login(office.person(CHAIN[0]))
    opened(client, changed, good)
    chosen = numbers(changed, good)
    revise(changed, title="แก้หลังเสนอ ฉบับใหม่")
    listed = client.get(reverse(SEVERAL), {"item": chosen})
    assert [state.pk for state in listed.context["ready"]] == [chosen[1]]
    (held,) = listed.context["held"]
    assert held.state.pk == chosen[0]
    assert held.refusal in listed.content.decode()
    assert client.get(reverse("wagtailadmin_home")).content.decode().count('name="item"') == 1
    done = client.post(reverse(SEVERAL), {"item": chosen})
    first, second = done.context["outcomes"]
    assert (first.signed, first.reason, second.signed) == (False, held.refusal, True)


def test_an_item_named_often_leaves_room_for_the_others(client, office):
    one, two = waiting(office, "หนึ่ง"), waiting(office, "สอง")
    client.force_login(office.person(CHAIN[0]))
    opened(client, one, two)
    first, second = numbers(one, two)
    chosen = {"item": [first] * MOST + [second]}
    listed = client.get(reverse(SEVERAL), chosen)
    assert [state.pk for state in listed.context["ready"]] == [first, second]
    done = client.post(reverse(SEVERAL), chosen)
    assert [outcome.signed for outcome in done.context["outcomes"]] == [True, True]


@pytest.mark.parametrize("item", [["abc"], ["-1", ""], ["1" * 30], ["๑"]], ids=str)
def test_a_form_that_names_no_items_is_refused_and_logged(client, office, item):
    head = office.person(CHAIN[0])
    client.force_login(head)
    answer = client.post(reverse(SEVERAL), {"item": item})
    assert answer.status_code == 403
    row = AuditEntry.objects.get(verb="refused")
    assert (row.actor_id_text, row.chain) == (str(head.pk), office.agency.code)
    assert row.data["reason"] in answer.content.decode()


def test_choosing_nothing_is_no_attempt(client, office):
    client.force_login(office.person(CHAIN[0]))
    assert client.post(reverse(SEVERAL)).status_code == 422
    assert not AuditEntry.objects.filter(verb="refused").exists()


def test_what_is_chosen_beyond_the_most_at_once_is_said_and_left(client, office, monkeypatch):
    monkeypatch.setattr("pr_workflow.approval.bulk.MOST", 1)
    monkeypatch.setattr("pr_workflow.approval.bulk_views.MOST", 1)
    one, two = waiting(office, "รอบแรก"), waiting(office, "รอบหลัง")
    client.force_login(office.person(CHAIN[0]))
    opened(client, one, two)
    first, second = numbers(one, two)
    listed = client.get(reverse(SEVERAL), {"item": [first, second]})
    assert [state.pk for state in listed.context["ready"]] == [first]
    assert listed.context["too_many"] == 1
    done = client.post(reverse(SEVERAL), {"item": [first, second]})
    signed, left = done.context["outcomes"]
    assert (signed.signed, left.signed, left.title) == (True, False, "รอบหลัง")
    assert left.reason in done.content.decode()
    assert TaskState.objects.get(pk=second).status == TaskState.STATUS_IN_PROGRESS


def test_the_title_of_an_item_that_waits_for_others_is_not_told_beyond_the_most(client, office, monkeypatch):
    monkeypatch.setattr("pr_workflow.approval.bulk.MOST", 1)
    mine, foreign = waiting(office, "ของฉัน"), waiting(office, "ของคนอื่น")
    client.force_login(office.person(CHAIN[0]))
    opened(client, mine, foreign)
    first, second = numbers(mine, foreign)
    TaskState.objects.filter(pk=second).update(status=TaskState.STATUS_CANCELLED)
    done = client.post(reverse(SEVERAL), {"item": [first, second]})
    assert "ของคนอื่น" not in done.content.decode()
