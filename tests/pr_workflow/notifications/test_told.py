"""Who is told what: who has to act, who wrote it, who is to be kept informed, and nobody else (R03, R38)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from pr_workflow.alarms import alarm_tick, tell_live, tell_not_live
from pr_workflow.approval.services import news_return, news_submit
from pr_workflow.notifications.jobs import notices_send
from pr_workflow.notifications.models import Notice
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.people.services import delegation_grant, delegation_revoke
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.publishing.emergency import emergency_publish
from pr_workflow.publishing.models import EmergencyPublication, Heartbeat, Posting, PublicationCheck
from pr_workflow.publishing.services import posting_publish
from pr_workflow.publishing.take_down import news_take_down
from tests.factories.office import (
    MORNING,
    PASSWORD,
    add_person,
    approve_all,
    approved,
    current_step,
    make_draft,
    make_office,
    posted,
    read_and_approve,
    submit,
    verify,
)

pytestmark = pytest.mark.django_db
HEAD = Role.HEAD_OF_WORK


@pytest.fixture
def informed(office):
    """A colleague who is to be kept informed, and has no part in the chain."""
    return add_person(office, Role.EVALUATOR, name="kpr-informed")


@pytest.fixture
def page(office, informed):
    return make_draft(office, stakeholders=[informed.staff_profile])


def told(key_start: str) -> dict[str, str]:
    """Account → subject, of the notices of one event."""
    rows = Notice.objects.filter(key__startswith=key_start).select_related("recipient")
    return {row.recipient.username: row.subject for row in rows}


# -- the chain


def test_a_step_tells_its_deciders_and_those_to_keep_informed(office, page):
    submit(office, page)
    state = current_step(page)
    subjects = told(f"step:{state.pk}")
    assert set(subjects) == {"kpr-head_of_work", "kpr-informed"}
    assert "โปรดพิจารณา" in subjects["kpr-head_of_work"] or "Please consider" in subjects["kpr-head_of_work"]
    notice = Notice.objects.get(recipient=office.person(HEAD))
    assert notice.path == reverse("pr_admin:review", args=[state.pk])
    assert "17 พ.ย. 2569 เวลา 16.30 น." in notice.text


def test_who_wrote_an_item_is_not_asked_to_decide_it(office):
    second = add_person(office, HEAD, name="kpr-second-head")
    page = make_draft(office, author=second)
    news_submit(actor=office.writer, page=page.get_latest_revision_as_object(), now=MORNING)
    paths = Notice.objects.filter(recipient=second).values_list("path", flat=True)
    assert not [path for path in paths if "review" in path]
    assert "kpr-head_of_work" in told("step:")


def test_who_acts_for_the_head_is_told_and_mailed(office, page):
    acting = add_person(office, Role.EVALUATOR, name="kpr-acting")
    acting.email = "acting@example.go.th"
    acting.save()
    with time_machine.travel(MORNING, tick=False):
        delegation_grant(
            actor=office.person(Role.DIRECTOR),
            delegator=office.profile(HEAD),
            delegate=acting.staff_profile,
            role=HEAD,
            starts_on=MORNING.date(),
            ends_on=MORNING.date(),
            order_number="1/2569",
            now=MORNING,
        )
        submit(office, page)
        assert {"kpr-head_of_work", "kpr-acting"} <= set(told("step:"))
        notices_send()
    assert [message for message in mail.outbox if message.to == ["acting@example.go.th"]]


def test_who_was_asked_in_vain_is_asked_no_more(office, page):
    second = add_person(office, HEAD, name="kpr-second-head")
    submit(office, page)
    state = current_step(page)
    asked = Notice.objects.unread().filter(key=f"step:{state.pk}")
    assert asked.filter(recipient__in=[second, office.person(HEAD)]).count() == 2
    read_and_approve(actor=office.person(HEAD), task_state=state, now=MORNING)
    assert [row.recipient.username for row in asked.all()] == ["kpr-informed"]
    assert Notice.objects.unread().filter(recipient=office.person(Role.HEAD_OF_SECTION)).count() == 1


def test_a_return_tells_the_writer_why(office, page):
    submit(office, page)
    state = current_step(page)
    news_return(actor=office.person(HEAD), task_state=state, reason="แก้ชื่อโครงการ", now=MORNING)
    notice = Notice.objects.get(key=f"return:{state.pk}", recipient=office.writer)
    assert "แก้ชื่อโครงการ" in notice.text
    assert notice.path == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert set(told(f"return:{state.pk}")) == {"kpr-writer", "kpr-informed"}


def test_the_end_of_the_chain_tells_the_it_officer_and_the_writer(office, page):
    posting = approved(office, page)
    subjects = told(f"approved:{posting.revision_id}")
    assert set(subjects) == {"kpr-it_officer", "kpr-writer", "kpr-informed"}
    path = Notice.objects.get(recipient=office.it_officer, key=f"approved:{posting.revision_id}").path
    assert path.startswith(reverse("pr_admin:posting"))


def test_plans_are_told_like_news(office):
    plan = AnnualPlan.objects.create(
        agency=office.agency, fiscal_year_be=2570, title="แผน 2570", live=False, has_unpublished_changes=True
    )
    plan.save_revision(user=office.writer)
    plan.get_workflow().start(plan, office.writer)
    assert Notice.objects.filter(key__startswith="step:").exists()
    state = plan.current_workflow_task_state.specific
    decider = Notice.objects.filter(key=f"step:{state.pk}").first().recipient
    news_return(actor=decider, task_state=state, reason="เพิ่มตัวชี้วัด", now=MORNING)
    assert set(told(f"return:{state.pk}")) == {"kpr-writer"}


def test_a_withdrawn_submission_leaves_no_notice_of_a_failed_one(office, page):
    page.responsible_officer = None
    page.save_revision(user=office.writer)
    with pytest.raises(Exception, match=r".+"):
        news_submit(actor=office.writer, page=page.get_latest_revision_as_object(), now=MORNING)
    assert not Notice.objects.exists()


def test_nobody_of_another_agency_is_told(office, page):
    other = make_office("spp", hostname="spp.localhost")
    stranger = StaffProfile.objects.get(user=other.writer)
    page.stakeholders.add(stranger)
    page.save_revision(user=office.writer)
    approved(office, page)
    rows = Notice.objects.filter(recipient__username__startswith="spp") | Notice.objects.filter(agency=other.agency)
    assert not rows.exists()


# -- posting and afterwards


def go_live(office, page) -> PublicationCheck:
    now = MORNING + timedelta(hours=5)
    posting = posted(office, approved(office, page), go_live_at=now, now=now)
    assert posting_publish(posting_id=posting.pk, now=now).went_live
    return PublicationCheck.objects.get(page_id=page.pk)


def test_a_slot_and_the_go_live_are_told(office, page, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        check = go_live(office, page)
    assert set(told("posted:")) == {"kpr-writer", "kpr-informed"}
    now = MORNING + timedelta(hours=5, minutes=1)
    assert tell_live(now=now) == 1
    assert tell_live(now=now) == 0
    notice = Notice.objects.get(key=f"live:{check.pk}", recipient=office.writer)
    assert notice.path == reverse("pr_admin:check", args=[check.pk])
    assert set(told(f"live:{check.pk}")) == {"kpr-writer", "kpr-informed"}


def test_what_went_live_long_ago_is_no_news(office, page):
    go_live(office, page)
    assert tell_live(now=MORNING + timedelta(days=3)) == 0


def test_a_correction_is_told(office, page, django_capture_on_commit_callbacks):
    go_live(office, page)
    page.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        verify(office, page, now=MORNING + timedelta(hours=6), result="needs_correction", note="ชื่อผิด")
    notice = Notice.objects.get(key__startswith="correction:", recipient=office.writer)
    assert "ชื่อผิด" in notice.text


def test_a_take_down_is_told_with_its_reason(office, page, django_capture_on_commit_callbacks):
    go_live(office, page)
    page.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        news_take_down(actor=office.it_officer, page=page, reason="ลงผิดวันที่จัดงาน", now=MORNING + timedelta(hours=6))
    assert set(told("down:")) == {"kpr-writer", "kpr-informed", "kpr-head_of_work"}
    assert "ลงผิดวัน" in Notice.objects.filter(key__startswith="down:").first().text


def test_news_that_is_not_live_at_its_time_is_told_at_once_and_once(office, page):
    now = MORNING + timedelta(hours=5)
    posting = posted(office, approved(office, page), go_live_at=now, now=now)
    assert tell_not_live(now=now) == 0
    later = now + timedelta(minutes=2)
    assert tell_not_live(now=later) == 1
    assert tell_not_live(now=later) == 1
    assert set(told("failed:")) == {"kpr-it_officer", "kpr-head_of_work", "kpr-head_of_section"}
    assert Notice.objects.filter(key__startswith="failed:", is_urgent=True).count() == 3
    Posting.objects.filter(pk=posting.pk).update(failure="ภาพหาย", went_live_at=now)
    assert tell_not_live(now=later) == 0


def test_an_emergency_is_told_to_the_whole_chain_urgently(office, page):
    root = get_user_model().objects.create_superuser("root", password=PASSWORD)
    reason = "ประกาศเตือนภัยน้ำท่วมฉับพลันในพื้นที่"
    emergency_publish(actor=root, page=page, reason=reason, now=MORNING)
    chain = {f"kpr-{role}" for role in CHAIN}
    assert chain <= set(told("emergency:"))
    notice = Notice.objects.get(key__startswith="emergency:", recipient=office.person(HEAD))
    assert notice.is_urgent
    assert reason in notice.text
    assert EmergencyPublication.objects.get().due_at > MORNING


def test_both_people_of_a_delegation_are_told(office):
    delegation = delegation_grant(
        actor=office.person(Role.DIRECTOR),
        delegator=office.profile(HEAD),
        delegate=office.profile(Role.EVALUATOR),
        role=HEAD,
        starts_on=date(2026, 11, 16),
        ends_on=date(2026, 11, 20),
        order_number="12/2569",
        now=MORNING,
    )
    assert set(told("delegation:")) == {"kpr-head_of_work", "kpr-evaluator"}
    delegation_revoke(actor=office.person(HEAD), delegation=delegation, now=MORNING)
    assert Notice.objects.filter(key__endswith=":revoked").count() == 2


# -- machinery


def test_silent_machinery_is_told_once_to_who_can_mend_it_and_so_is_its_end(office):
    root = get_user_model().objects.create_superuser("root", password=PASSWORD)
    Heartbeat.objects.update_or_create(name="tick", defaults={"seen_at": MORNING - timedelta(minutes=3)})
    for minute in (0, 1, 2):
        with time_machine.travel(MORNING + timedelta(minutes=minute), tick=False):
            assert "no_recent_tick" in alarm_tick()["stuck"]
    rows = Notice.objects.filter(key__startswith="health:no_recent_tick", is_urgent=True)
    assert {row.recipient for row in rows} == {root, office.it_officer}
    assert rows.count() == 2
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        alarm_tick()
    assert rows.all().count() == 2
    for minutes, notices in ((61, 2), (64, 2), (65, 4), (70, 4)):
        with time_machine.travel(MORNING + timedelta(minutes=minutes), tick=False):
            Heartbeat.objects.filter(name="tick").update(seen_at=timezone.now())
            assert "no_recent_tick" not in alarm_tick()["stuck"]
            assert rows.all().count() == notices, minutes
    assert {row.recipient for row in rows.filter(key__endswith=":over")} == {root, office.it_officer}


def test_nobody_is_told_of_machinery_that_runs(office):
    with time_machine.travel(MORNING, tick=False):
        Heartbeat.objects.update_or_create(name="tick", defaults={"seen_at": MORNING})
        alarm_tick()
    assert not Notice.objects.filter(key__startswith="health:no_recent_tick").exists()


# -- the chain and a bad mail server


def test_wagtail_sends_no_mail_of_its_own(office, page):
    submit(office, page)
    news_return(actor=office.person(HEAD), task_state=current_step(page), reason="แก้", now=MORNING)
    news_submit(actor=office.writer, page=page.get_latest_revision_as_object(), now=MORNING)
    approve_all(office, page)
    assert mail.outbox == []


def test_a_dead_mail_server_does_not_break_an_approval(office, page, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 0.2
    submit(office, page)
    with django_capture_on_commit_callbacks(execute=True):
        read_and_approve(actor=office.person(HEAD), task_state=current_step(page), now=MORNING)
        with time_machine.travel(MORNING, tick=False):
            assert notices_send()["failed"]
    assert current_step(page).task.name != ""
    assert Notice.objects.exclude(mail_error="").exists()
