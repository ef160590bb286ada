"""Deciding a step on the simple screen, and reading a version before it is public."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from pr_workflow.approval.decision_words import AGREEMENT, APPROVAL
from pr_workflow.approval.models import ApprovalSeal, ReadingMark, ReturnReason
from pr_workflow.approval.reading_marks import LIVE, NEW, SEEN
from pr_workflow.approval.seen_version import SeenVersion
from pr_workflow.approval.services import news_submit
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.models import Posting
from tests.factories.office import MORNING, add_person, current_step, live, make_draft, make_office, submit
from tests.factories.site import make_plan

pytestmark = pytest.mark.django_db
FIRST = Role.HEAD_OF_WORK


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


def decide(client, address: str, decision: str, *, seen: str | None = None, **fields):
    """Open the screen and press a button on it; `seen` is what an older or forged form says it showed."""
    if seen is None:
        seen = str(client.get(address).context["sheet"].seen)
    return client.post(address, {"decision": decision, "seen": seen, **fields})


def test_three_levels_sign_on_this_screen(client, office, page):
    for number, role in enumerate(CHAIN):
        client.force_login(office.person(role))
        body = client.get(review(page)).content.decode()
        assert "ข่าวรอพิจารณา" in body
        for earlier in CHAIN[:number]:
            assert office.profile(earlier).display_name in body
        response = decide(client, review(page), "approve", comment=f"เห็นชอบ {number}")
        assert response.status_code == 302
    assert ApprovalSeal.objects.count() == 3
    assert list(ApprovalSeal.objects.values_list("comment", flat=True)) == ["เห็นชอบ 0", "เห็นชอบ 1", "เห็นชอบ 2"]
    assert Posting.objects.awaiting().count() == 1


def test_heads_agree_and_the_director_approves(client, office, page):
    for role in CHAIN:
        client.force_login(office.person(role))
        words = client.get(review(page)).context["sheet"].words
        assert words is (APPROVAL if role == Role.DIRECTOR else AGREEMENT)
        state = current_step(page)
        actions = state.task.specific.get_actions(state.workflow_state.content_object, office.person(role))
        assert [label for name, label, _modal in actions if name == "approve"] == [words.button, words.with_comment]
        decide(client, review(page), "approve")


def test_a_return_needs_a_reason_at_its_field(client, office, page):
    client.force_login(office.person(FIRST))
    refused = decide(client, review(page), "return", **{"comment": "  ", "part-lead": " "})
    assert refused.status_code == 422
    assert list(refused.context["return_form"].errors) == ["comment"]
    assert current_step(page).status == "in_progress"
    decide(client, review(page), "return", **{"comment": "รีบหน่อย", "part-photos": "ภาพที่ 2 ไม่มีที่มา"})
    state = page.workflow_states.get()
    assert state.status == "needs_changes"
    assert "ภาพที่ 2 ไม่มีที่มา" in state.current_task_state.comment
    assert dict(ReturnReason.objects.values_list("field", "text")) == {"photos": "ภาพที่ 2 ไม่มีที่มา", "": "รีบหน่อย"}
    client.force_login(office.writer)
    assert "ภาพที่ 2 ไม่มีที่มา" in client.get(reverse("wagtailadmin_home")).content.decode()


def test_nothing_typed_is_lost_when_the_form_is_refused(client, office, page):
    client.force_login(office.person(FIRST))
    long = "ก" * 2001
    refused = decide(client, review(page), "return", **{"comment": "ทั้งเรื่อง", "part-lead": long})
    assert refused.status_code == 422
    assert list(refused.context["return_form"].errors) == ["part-lead"]
    body = refused.content.decode()
    assert long in body
    assert "ทั้งเรื่อง" in body


def test_reasons_typed_for_a_version_that_changed_wait_on_the_present_one(client, office, page):
    client.force_login(office.person(FIRST))
    seen = str(client.get(review(page)).context["sheet"].seen)
    image = page.photos[0].value["image"]
    type(image).objects.filter(pk=image.pk).update(file_hash="0" * 40)
    typed = {"comment": "ทั้งเรื่อง", "part-lead": "บอกสถานที่"}
    assert decide(client, review(page), "return", seen=seen, **typed).status_code == 409
    opened = client.get(review(page))
    for text in typed.values():
        assert text in opened.content.decode()
    assert decide(client, review(page), "return", **typed).status_code == 302
    other = make_draft(office, title="อีกเรื่อง")
    submit(office, other)
    assert "บอกสถานที่" not in client.get(review(other)).content.decode()


def test_an_unknown_decision_changes_nothing(client, office, page):
    client.force_login(office.person(FIRST))
    assert client.post(review(page), {"decision": "publish"}).status_code == 422
    assert client.post(review(page), {}).status_code == 422
    assert not ApprovalSeal.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != FIRST])
def test_others_are_refused_with_the_reason(client, office, page, role):
    seen = str(SeenVersion.of(current_step(page)))
    client.force_login(office.person(role))
    for response in (client.get(review(page)), decide(client, review(page), "approve", seen=seen)):
        assert response.status_code == 403
        assert response.refusal_reason in response.content.decode()
    assert not ApprovalSeal.objects.exists()
    assert not ReadingMark.objects.exists()
    assert AuditEntry.objects.filter(verb="refused", actor_name=office.person(role).username).count() == 2


def refused_rows(user) -> int:
    return AuditEntry.objects.filter(verb="refused", actor_name=user.username).count()


def test_nobody_signs_two_steps(client, office, page):
    twice = add_person(office, Role.HEAD_OF_SECTION, name="two-hats")
    twice.groups.add(*office.person(FIRST).groups.all())
    client.force_login(twice)
    decide(client, review(page), "approve")
    assert ApprovalSeal.objects.count() == 1
    second = client.get(review(page))
    assert second.status_code == 200
    assert 'value="approve"' not in second.content.decode()
    assert decide(client, review(page), "approve").status_code == 403
    assert ApprovalSeal.objects.count() == 1


def test_a_double_click_signs_once_and_says_so(client, office, page):
    head = office.person(FIRST)
    client.force_login(head)
    address = review(page)
    seen = str(client.get(address).context["sheet"].seen)
    assert decide(client, address, "approve", seen=seen).status_code == 302
    again = decide(client, address, "approve", seen=seen)
    assert again.status_code == 403
    assert again.context["refused"] == again.refusal_reason
    assert 'role="alert"' in again.content.decode()
    assert 'value="approve"' not in again.content.decode()
    assert 'value="approve"' not in client.get(address).content.decode()
    assert ApprovalSeal.objects.count() == 1
    assert refused_rows(head) == 1


def test_the_second_of_two_approvers_reads_that_it_is_decided(client, office, page):
    colleague = add_person(office, FIRST, name="colleague")
    address, seen = review(page), str(SeenVersion.of(current_step(page)))
    client.force_login(office.person(FIRST))
    decide(client, address, "return", seen=seen, comment="แก้ภาพ")
    client.force_login(colleague)
    late = decide(client, address, "approve", seen=seen)
    assert late.status_code == 403
    assert not ApprovalSeal.objects.exists()
    assert page.workflow_states.get().status == "needs_changes"
    assert refused_rows(colleague) == 1


def test_a_version_that_is_no_longer_present_is_not_decided(client, office, page):
    head = office.person(FIRST)
    client.force_login(head)
    address = review(page)
    seen = str(client.get(address).context["sheet"].seen)
    image = page.photos[0].value["image"]
    type(image).objects.filter(pk=image.pk).update(file_hash="0" * 40)
    for decision in ("approve", "return"):
        late = decide(client, address, decision, seen=seen, comment="ข้อความ")
        assert late.status_code == 409
        assert late.refusal_reason in late.content.decode()
        assert str(late.context["sheet"].seen) != seen
    assert not ApprovalSeal.objects.exists()
    assert not ReturnReason.objects.exists()
    assert refused_rows(head) == 2
    assert decide(client, address, "approve").status_code == 302


def test_an_item_changed_after_its_submission_can_still_be_returned(client, office, page):
    page.get_latest_revision_as_object().save_revision(user=office.writer)
    client.force_login(office.person(FIRST))
    body = client.get(review(page)).content.decode()
    assert 'value="approve"' not in body
    assert decide(client, review(page), "return", comment="ส่งใหม่").status_code == 302
    assert page.workflow_states.get().status == "needs_changes"


@pytest.mark.parametrize("seen", ["", "x", "1:1:" + "0" * 64, "9999999999999:1:" + "a" * 64, "๑:๑:" + "a" * 64])
def test_a_forged_or_missing_version_is_refused(client, office, page, seen):
    client.force_login(office.person(FIRST))
    for decision in ("approve", "return"):
        response = decide(client, review(page), decision, seen=seen, comment="ข้อความ")
        assert response.status_code == 409
    assert not ApprovalSeal.objects.exists()
    assert current_step(page).status == "in_progress"
    assert refused_rows(office.person(FIRST)) == 2


def test_forged_fields_of_the_form_change_nothing(client, office, page):
    head = office.person(FIRST)
    client.force_login(head)
    forged = decide(client, review(page), "return", **{"comment": "แก้", "part-slug": "x"})
    assert forged.status_code == 403
    assert current_step(page).status == "in_progress"
    assert refused_rows(head) == 1
    page.photos[0].value["image"].delete()
    checklist = {"problems": "", "checklist": "complete", "approver": office.writer.pk, "task": "99"}
    assert decide(client, review(page), "approve", **checklist).status_code == 403
    assert not ApprovalSeal.objects.exists()


def test_an_open_tab_of_a_person_who_lost_the_role_decides_nothing(client, office, page):
    head = office.person(FIRST)
    client.force_login(head)
    address = review(page)
    seen = str(client.get(address).context["sheet"].seen)
    head.groups.set(office.person(Role.EVALUATOR).groups.all())
    assert decide(client, address, "approve", seen=seen).status_code == 403
    assert not ApprovalSeal.objects.exists()
    assert refused_rows(head) == 1


def test_unknown_and_foreign_steps_do_not_exist(client, office, page):
    other = make_office("spp")
    foreign = make_draft(other, title="ของเขตอื่น")
    submit(other, foreign)
    client.force_login(office.person(FIRST))
    seen = str(SeenVersion.of(current_step(foreign)))
    for address in (review(foreign), reverse("pr_admin:review", args=[10**9])):
        for response in (client.get(address), decide(client, address, "approve", seen=seen)):
            assert response.status_code == 404
            assert "ของเขตอื่น" not in response.content.decode()
    assert not ApprovalSeal.objects.exists()
    assert current_step(foreign).status == "in_progress"
    # Both tries at the foreign step, and the decision on the one that does not exist; looking for that one is a slip.
    assert refused_rows(office.person(FIRST)) == 3


def test_after_a_decision_the_next_item_follows_until_none_is_left(client, office, page):
    urgent = make_draft(office, title="ด่วนกว่า")
    submit(office, urgent, now=MORNING - timedelta(days=3))
    client.force_login(office.person(FIRST))
    first = decide(client, review(page), "approve")
    assert first.url == review(urgent)
    shown = client.get(first.url)
    (message,) = shown.context["messages"]
    assert "ข่าวรอพิจารณา" in str(message)
    last = decide(client, review(urgent), "return", comment="แก้")
    assert last.url == reverse("wagtailadmin_home")


def test_the_first_look_compares_with_the_live_version_or_says_that_all_is_new(client, office, page):
    client.force_login(office.person(FIRST))
    assert client.get(review(page)).context["sheet"].baseline.kind == NEW
    online = live(office, title="เผยแพร่แล้ว", now=MORNING - timedelta(hours=1))
    draft = online.get_latest_revision_as_object()
    draft.lead = "ฉบับแก้ไข"
    draft.save_revision(user=office.writer)
    submit(office, online)
    newcomer = add_person(office, FIRST, name="newcomer")
    client.force_login(newcomer)
    sheet = client.get(review(online)).context["sheet"]
    assert sheet.baseline.kind == LIVE
    assert [field.name for field in sheet.changes] == ["lead"]


def test_the_second_look_shows_what_changed_since_the_first(client, office, page):
    head = office.person(FIRST)
    client.force_login(head)
    decide(client, review(page), "return", **{"part-lead": "บอกสถานที่"})
    draft = page.get_latest_revision_as_object()
    draft.lead = f"{draft.lead} ที่ห้องประชุม <script>alert(1)</script>"
    draft.save_revision(user=office.writer)
    submit(office, page, now=MORNING + timedelta(minutes=90))
    for _look in range(2):  # opening it twice does not lose the comparison
        response = client.get(review(page))
        sheet = response.context["sheet"]
        assert sheet.baseline.kind == SEEN
        assert [field.name for field in sheet.changes] == ["lead"]
        body = response.content.decode()
        assert "<ins" in body
        assert "&lt;script&gt;alert(1)" in body
        assert "<script>alert(1)" not in body
    mark = ReadingMark.objects.get(user=head)
    assert mark.revision_id == current_step(page).revision_id
    assert mark.previous_id != mark.revision_id


def test_only_what_was_shown_is_marked_as_seen(client, office, page):
    head = office.person(FIRST)
    client.force_login(head)
    client.head(review(page))
    client.post(review(page), {})
    client.force_login(office.person(Role.DIRECTOR))
    client.get(review(page))
    assert not ReadingMark.objects.exists()  # the answer to a refused form is no first look
    client.force_login(head)
    client.get(review(page))
    assert ReadingMark.objects.get().user == head
    ReadingMark.objects.update(content_hash="")
    client.post(review(page), {})
    assert not ReadingMark.objects.get().content_hash  # nor a later one
    old = review(page)
    client.force_login(head)
    decide(client, old, "return", comment="แก้")
    page.get_latest_revision_as_object().save_revision(user=office.writer)
    submit(office, page, now=MORNING + timedelta(minutes=90))
    before = ReadingMark.objects.get(user=head).revision_id
    client.get(old)  # the old step's screen shows the old version
    assert ReadingMark.objects.get(user=head).revision_id == before
    assert client.get(old).context["sheet"].present_step == current_step(page)


def test_what_is_missing_is_listed_before_the_decision(client, office):
    page = make_draft(office)
    submit(office, page)
    page.photos[0].value["image"].delete()
    client.force_login(office.person(FIRST))
    response = client.get(review(page))
    assert len(response.context["sheet"].problems) == 1
    assert "disabled" in response.content.decode().split('value="approve"')[1][:40]
    assert decide(client, review(page), "approve").status_code == 403


def test_the_plan_is_considered_on_the_same_screen(client, office):
    plan = make_plan(office, year=2570, activities=2, live=False)
    plan.save_revision(user=office.writer)
    news_submit(actor=office.writer, page=plan, now=MORNING)
    plan.refresh_from_db()
    address = reverse("pr_admin:review", args=[plan.current_workflow_task_state.pk])
    client.force_login(office.person(Role.DIRECTOR))
    sheet = client.get(address).context["sheet"]
    assert sheet.words.button == APPROVAL.button
    decide(client, address, "return", **{"part-activities": "ขาดงบประมาณ"})
    assert ReturnReason.objects.get().field == "activities"


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
