"""Where is an item, and who did what: computed from the records of every step."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from pr_workflow.approval.decision_words import AGREEMENT, APPROVAL
from pr_workflow.approval.services import news_return
from pr_workflow.clocks.models import ClockPause
from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.people.models import Delegation
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.models import Posting, TakeDown
from pr_workflow.publishing.services import posting_fail, posting_recall
from pr_workflow.publishing.take_down import news_take_down
from pr_workflow.selectors import news_timeline
from pr_workflow.stages import Stage
from pr_workflow.timeline_events import events_of
from pr_workflow.timeline_records import Records
from pr_workflow.timeline_standing import standing_of
from tests.factories.office import (
    MORNING,
    add_person,
    approved,
    current_step,
    live,
    make_draft,
    posted,
    read_and_approve,
    submit,
    verify,
)

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=5)


def test_a_draft_stands_at_writing(office):
    timeline = news_timeline(make_draft(office))
    assert timeline.stage == Stage.WRITE
    assert [event.who for event in timeline.events] == [office.profile(Role.WRITER).display_name]


def test_the_whole_way_in_order(office):
    page = live(office)
    verify(office, page, now=NOON + timedelta(hours=1))
    timeline = news_timeline(page)
    times = [event.at for event in timeline.events]
    assert times == sorted(times)
    signed = [event for event in timeline.events if event.stage == Stage.APPROVE]
    assert [event.who for event in signed] == [office.profile(role).display_name for role in CHAIN]
    assert [event.position for event in signed] == [office.profile(role).position for role in CHAIN]
    stages = list(dict.fromkeys(event.stage for event in timeline.events if event.stage != Stage.DISTRIBUTE))
    assert stages == [Stage.WRITE, Stage.APPROVE, Stage.POST, Stage.VERIFY]


def test_each_step_waits_until_its_time(office):
    page = make_draft(office)
    submit(office, page)
    timeline = news_timeline(page)
    step = current_step(page)
    assert timeline.stage == Stage.APPROVE
    assert step.task.name in timeline.standing.sentence
    assert timeline.standing.due_at == step.deadline.due_at
    assert not timeline.is_overdue(MORNING)
    assert timeline.is_overdue(MORNING + timedelta(days=2))


def test_a_return_is_shown_with_its_reason_and_the_next_submission_after_it(office):
    page = make_draft(office)
    submit(office, page)
    head = office.person(Role.HEAD_OF_WORK)
    news_return(actor=head, task_state=current_step(page), reason="ชื่อเรื่องยาวไป", now=MORNING + timedelta(hours=1))
    returned = news_timeline(page)
    assert returned.stage == Stage.WRITE
    assert returned.standing.state == "trouble"
    (event,) = [event for event in returned.events if event.note]
    assert (event.note, event.who) == ("ชื่อเรื่องยาวไป", office.profile(Role.HEAD_OF_WORK).display_name)
    submit(office, page, now=MORNING + timedelta(hours=2))
    again = news_timeline(page)
    assert again.stage == Stage.APPROVE
    assert len([event for event in again.events if event.stage == Stage.WRITE]) == 3


def test_posting_failing_and_taking_back(office):
    posting = approved(office)
    page = posting.revision.content_object
    assert news_timeline(page).standing.due_at == posting.due_at
    posted(office, posting, go_live_at=NOON, now=NOON - timedelta(minutes=5))
    assert news_timeline(page).stage == Stage.POST
    posting_fail(posting_id=posting.pk, error=RuntimeError("x"), now=NOON)
    failed = news_timeline(page)
    assert failed.standing.state == "trouble"
    assert failed.standing.sentence == Posting.objects.get().failure
    posting_recall(actor=office.it_officer, posting=posting, reason="รอภาพถ่ายใหม่", now=NOON + timedelta(minutes=1))
    recalled = news_timeline(page)
    assert recalled.standing.state == "waiting"
    assert [event.note for event in recalled.events if event.note] == ["รอภาพถ่ายใหม่"]


def test_checks_corrections_and_channels(office):
    page = live(office)
    assert news_timeline(page).stage == Stage.VERIFY
    verify(office, page, now=NOON + timedelta(hours=1), result="needs_correction", note="แก้ชื่อ")
    correcting = news_timeline(page)
    assert correcting.stage == Stage.WRITE
    assert correcting.standing.state == "trouble"
    assert "แก้ชื่อ" in [event.note for event in correcting.events]


def test_a_failed_channel_is_trouble(office):
    page = live(office)
    verify(office, page, now=NOON + timedelta(hours=1))
    channel = Channel.objects.create(agency=office.agency, kind="website", name="เว็บ")
    Delivery.objects.create(
        agency=office.agency,
        page=page,
        revision=page.live_revision,
        channel=channel,
        title=page.title,
        state=Delivery.State.FAILED,
        error="ปลายทางไม่ตอบ",
        went_live_at=NOON,
        planned_at=NOON,
        due_at=NOON,
        last_state_change=NOON + timedelta(minutes=3),
    )
    timeline = news_timeline(page)
    assert timeline.stage == Stage.DISTRIBUTE
    assert timeline.standing.state == "trouble"
    assert "ปลายทางไม่ตอบ" in [event.note for event in timeline.events]


def test_taken_down_is_no_longer_public(office):
    page = live(office)
    news_take_down(actor=office.it_officer, page=page, reason="ข้อมูลผิดพลาด", now=NOON + timedelta(hours=2))
    page.refresh_from_db()
    timeline = news_timeline(page)
    (event,) = [event for event in timeline.events if event.note]
    assert (event.note, event.who) == ("ข้อมูลผิดพลาด", office.profile(Role.IT_OFFICER).display_name)
    assert timeline.standing.state == "done"


def test_the_number_of_questions_is_constant(office, django_assert_max_num_queries):
    short, long = make_draft(office, title="สั้น"), live(office, title="ยาว")
    with django_assert_max_num_queries(20) as few:
        news_timeline(short)
    with django_assert_max_num_queries(len(few.captured_queries) + 1):
        news_timeline(long)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.NETWORK_MEMBER])
def test_the_office_sees_the_course_and_the_list(client, office, role):
    page = live(office, title="ข่าวของเรา")
    client.force_login(office.person(role))
    body = client.get(reverse("pr_admin:news_timeline", args=[page.pk])).content.decode()
    assert office.profile(Role.DIRECTOR).display_name in body
    assert "2569" in body
    listing = client.get(reverse("pr_admin:news_list")).content.decode()
    assert reverse("pr_admin:news_timeline", args=[page.pk]) in listing
    assert "ข่าวของเรา" not in client.get(reverse("pr_admin:news_list") + "?q=ไม่มีคำนี้").content.decode()


def test_network_members_see_neither(client, office):
    page = live(office, title="ข่าวของเรา")
    client.force_login(office.person(Role.NETWORK_MEMBER))
    for address in (reverse("pr_admin:news_timeline", args=[page.pk]), reverse("pr_admin:news_list")):
        response = client.get(address)
        assert response.status_code == 403
        assert "ข่าวของเรา" not in response.content.decode()


def test_a_page_that_is_no_news_has_no_course(client, office):
    client.force_login(office.writer)
    assert client.get(reverse("pr_admin:news_timeline", args=[office.index.pk])).status_code == 404


def test_the_editor_and_the_explorer_lead_to_the_course(client, office):
    page = make_draft(office)
    client.force_login(office.writer)
    course = reverse("pr_admin:news_timeline", args=[page.pk])
    assert course in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert course in client.get(reverse("wagtailadmin_explore", args=[office.index.pk])).content.decode()


def test_the_editor_says_first_where_the_item_stands(client, office):
    """For whoever opens it: the writer, and the head who considers it (R38)."""
    page = make_draft(office)
    submit(office, page)
    for person in (office.writer, office.person(CHAIN[0])):
        client.force_login(person)
        body = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        standing = body.index("pr-standing--line")
        assert standing < body.index('name="title"')
        assert news_timeline(page).standing.sentence in body[standing : standing + 2000]
    client.force_login(office.writer)
    add = reverse("wagtailadmin_pages:add", args=["home", "newspage", office.index.pk])
    response = client.get(add)
    assert response.status_code in {200, 302}
    assert "pr-standing--line" not in response.content.decode()


def test_what_is_posted_at_once_is_set_before_it_goes_live(office):
    page = live(office)
    posted_events = [event.what for event in news_timeline(page).events if event.stage == Stage.POST]
    assert posted_events[-1] == gettext("Went live")


def test_only_the_it_officer_takes_news_off_the_site_and_says_why(client, office):
    page = live(office)
    address = reverse("pr_admin:news_take_down", args=[page.pk])
    for role in (Role.WRITER, Role.DIRECTOR, Role.EVALUATOR):
        client.force_login(office.person(role))
        assert client.post(address, {"reason": "ลบ"}).status_code == 403
    client.force_login(office.it_officer)
    assert client.post(address, {"kind": "in_error", "reason": " "}).status_code == 422
    page.refresh_from_db()
    assert page.live
    client.post(address, {"kind": "in_error", "reason": "ข้อมูลผิดพลาด"})
    page.refresh_from_db()
    assert not page.live


def test_it_says_since_when_with_whom_and_what_comes_next(office):
    page = make_draft(office)
    writer = office.profile(Role.WRITER).display_name
    assert news_timeline(page).standing.who == (writer,)
    submit(office, page)
    for role, following in zip(CHAIN, [*CHAIN[1:], None], strict=True):
        step, standing = current_step(page), news_timeline(page).standing
        assert standing.since == step.started_at
        assert standing.who == (office.profile(role).display_name,)
        assert standing.clock == step.deadline
        assert standing.following
        assert following is None or standing.following == str(following.label)
        read_and_approve(actor=office.person(role), task_state=step, now=MORNING + timedelta(hours=1))
    posting = Posting.objects.get()
    assert news_timeline(page).standing.who == (office.profile(Role.IT_OFFICER).display_name,)
    Posting.objects.update(received_at=MORNING + timedelta(hours=2), received_by=office.it_officer)
    received = news_timeline(page)
    assert received.standing.since == posting.opened_at
    assert [event.at for event in received.events if event.stage == Stage.POST][-1] == MORNING + timedelta(hours=2)


def test_heads_agree_and_the_director_approves(office):
    approved(office)
    posting = Posting.objects.get()
    signed = [e.what for e in news_timeline(posting.page.specific).events if e.stage == Stage.APPROVE]
    names = [str(role.label) for role in CHAIN]
    assert signed == [
        *(str(AGREEMENT.event) % {"step": name} for name in names[:2]),
        str(APPROVAL.event) % {"step": names[2]},
    ]


def test_who_wrote_it_does_not_have_it_and_who_acts_does(office):
    colleague = add_person(office, CHAIN[0], name="colleague")
    deputy = office.profile(Role.EVALUATOR)
    Delegation.objects.create(
        agency=office.agency,
        delegator=office.profile(CHAIN[0]),
        delegate=deputy,
        role=CHAIN[0],
        starts_on=MORNING.date() - timedelta(days=400),
        ends_on=MORNING.date() + timedelta(days=4000),
        order_number="คำสั่งที่ 9/2569",
        granted_at=MORNING,
    )
    page = make_draft(office)
    page.get_latest_revision_as_object().save_revision(user=colleague)
    submit(office, page)
    who = news_timeline(page).standing.who
    assert len(who) == 2
    assert not any(colleague.staff_profile.display_name == name for name in who)
    (acting,) = [name for name in who if name.startswith(deputy.display_name)]
    assert "คำสั่งที่ 9/2569" in acting


def test_pauses_and_skipped_steps_are_told(office):
    page = make_draft(office)
    submit(office, page)
    deadline = current_step(page).deadline
    ClockPause.objects.create(
        agency=office.agency,
        clocked=deadline,
        waiting_for="กลุ่มกฎหมาย",
        reason="ขอความเห็น",
        paused_at=MORNING + timedelta(hours=1),
        paused_by=office.person(CHAIN[0]),
        resumed_at=MORNING + timedelta(hours=3),
        resumed_by=office.person(CHAIN[0]),
    )
    paused, resumed = [event for event in news_timeline(page).events if event.stage == Stage.APPROVE]
    assert (paused.state, paused.note) == ("paused", "ขอความเห็น")
    assert "กลุ่มกฎหมาย" in paused.what
    assert resumed.at == MORNING + timedelta(hours=3)
    records = Records.of(page)
    records.submissions[0].steps[1]["skipped"] = "ตำแหน่งว่าง"
    assert "ตำแหน่งว่าง" in [event.note for event in events_of(records)]
    assert standing_of(records).following == records.submissions[0].steps[2]["name"]


def test_a_taking_down_names_its_kind(office):
    page = live(office)
    news_take_down(actor=office.it_officer, page=page, kind="in_error", reason="ข้อมูลผิดพลาด", now=NOON)
    page.refresh_from_db()
    timeline = news_timeline(page)
    kind = str(TakeDown.Kind.IN_ERROR.label)
    assert kind in timeline.standing.sentence
    assert any(kind in event.what for event in timeline.events)
