"""Giving up an approval before its version is public: who may, what ends, and what never comes back (R39, R43, I3)."""

from datetime import timedelta
from importlib import import_module
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.models import Revision, WorkflowState

from home.models import NewsPage
from pr_workflow.approval.inbox import approvals_withdrawn_from
from pr_workflow.approval.models import ApprovalSeal, ApprovalWithdrawal, StepDeadline
from pr_workflow.approval.selectors import chain_verdict, withdrawal_pending
from pr_workflow.approval.services import news_submit
from pr_workflow.archive.dossier import log_rows
from pr_workflow.archive.evidence import history_of
from pr_workflow.audit.models import AppendOnlyError, AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.clocks.selectors import running_clocks
from pr_workflow.distribution.models import Delivery
from pr_workflow.notifications.models import Notice
from pr_workflow.people.models import Delegation
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.giving_up import approval_withdraw, approvals_lapse, withdrawal_refusal
from pr_workflow.publishing.models import CorrectionRound, Posting, PublishedItem
from pr_workflow.publishing.services import PostingRefused, news_post, posting_publish, posting_recall, posting_receive
from pr_workflow.publishing.tick import publish_due, tick_run
from pr_workflow.selectors import news_timeline
from pr_workflow.stages import Stage
from pr_workflow.thai_time import bangkok_date
from tests.factories.office import (
    MORNING,
    add_person,
    approve_all,
    approved,
    current_step,
    live,
    make_administrator,
    make_office,
    posted,
    read_and_approve,
    submit,
    verify,
)
from tests.factories.published import revise

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=4)
SLOT = NOON + timedelta(hours=2)
REASON = "วิทยากรยกเลิกกำหนดการ ต้องแก้ชื่อผู้บรรยายก่อนเผยแพร่"


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def scheduled(office):
    return posted(office, go_live_at=SLOT, now=NOON)


def give_up(posting, actor, *, reason=REASON, now=NOON):
    return approval_withdraw(actor=actor, posting=posting, reason=reason, now=now)


def page_of(posting) -> NewsPage:
    return NewsPage.objects.get(pk=posting.page_id)


def address(posting) -> str:
    return reverse("pr_admin:posting_withdraw", args=[posting.pk])


# -- what it does


def test_everything_that_would_bring_it_online_is_gone(office, scheduled):
    withdrawal = give_up(scheduled, office.writer)
    scheduled.refresh_from_db()
    assert (scheduled.closed_at, scheduled.closed_reason) == (NOON, REASON)
    assert scheduled.go_live_at is None
    assert Revision.objects.get(pk=scheduled.revision_id).approved_go_live_at is None
    assert withdrawal.withdrawn_by_name == office.profile(Role.WRITER).display_name
    assert not chain_verdict(Revision.objects.get(pk=scheduled.revision_id)).complete
    later = SLOT + timedelta(hours=1)
    assert posting_publish(posting_id=scheduled.pk, now=later) is None
    report = tick_run(now=later)
    assert not report.outcomes
    assert not report.others
    with time_machine.travel(later, tick=False):
        call_command("publish_scheduled", stdout=StringIO())
    assert not page_of(scheduled).live
    assert not PublishedItem.objects.exists()
    assert not Delivery.objects.exists()


def test_nobody_posts_it_from_an_open_tab(client, office, scheduled):
    give_up(scheduled, office.writer)
    stale = Posting.objects.get(pk=scheduled.pk)
    for act in (
        lambda: news_post(actor=office.it_officer, posting=stale, go_live_at=SLOT, now=NOON),
        lambda: posting_recall(actor=office.it_officer, posting=stale, reason="x", now=NOON),
        lambda: posting_receive(actor=office.it_officer, posting=stale, now=NOON),
    ):
        with pytest.raises(PostingRefused):
            act()
    client.force_login(office.it_officer)
    tab = reverse("pr_admin:posting_post", args=[scheduled.pk])
    assert client.post(tab, {"when": "now"}).status_code == 403
    stale.refresh_from_db()
    assert stale.go_live_at is None


def test_a_state_that_is_set_back_by_hand_revives_nothing(office, scheduled):
    """The record alone is enough: the signatures never count again."""
    give_up(scheduled, office.writer)
    WorkflowState.objects.update(status=WorkflowState.STATUS_APPROVED)
    Posting.objects.update(closed_at=None, go_live_at=SLOT)
    outcome = posting_publish(posting_id=scheduled.pk, now=SLOT)
    assert not outcome.went_live
    assert not page_of(scheduled).live


def test_the_record_is_not_changed_or_removed(office, scheduled):
    withdrawal = give_up(scheduled, office.writer)
    for act in (lambda: withdrawal.save(), lambda: withdrawal.delete()):
        with pytest.raises(AppendOnlyError):
            act()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE pr_workflow_approvalwithdrawal SET reason = 'อื่น'")
    assert ApprovalWithdrawal.objects.get().reason == REASON


def test_the_item_is_with_its_writer_again_and_starts_at_the_first_step(client, office, scheduled):
    give_up(scheduled, office.person(Role.DIRECTOR))
    page = page_of(scheduled)
    assert page.current_workflow_state is None
    assert page.permissions_for_user(office.writer).can_edit()
    (row,) = approvals_withdrawn_from(office.writer, now=NOON)
    assert row.reason == REASON
    client.force_login(office.writer)
    with time_machine.travel(NOON, tick=False):
        start = client.get(reverse("wagtailadmin_home")).content.decode()
    assert REASON in start
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert REASON in editor
    news_submit(actor=office.writer, page=page.get_latest_revision_as_object(), now=SLOT)
    step = current_step(page)
    assert step.task.name == str(CHAIN[0].label)
    assert step.revision_id != scheduled.revision_id
    assert ApprovalSeal.objects.filter(revision=step.revision_id).count() == 0
    assert not approvals_withdrawn_from(office.writer, now=SLOT)
    assert withdrawal_pending(page) is None
    for role in CHAIN:
        read_and_approve(actor=office.person(role), task_state=current_step(page), now=SLOT)
    posting = Posting.objects.open().get(page_id=page.pk)
    news_post(actor=office.it_officer, posting=posting, go_live_at=SLOT, now=SLOT)
    assert posting_publish(posting_id=posting.pk, now=SLOT).went_live
    assert page_of(scheduled).live_revision_id == posting.revision_id


def test_what_nobody_takes_up_again_leaves_the_start_page_after_a_month(office, scheduled):
    give_up(scheduled, office.writer)
    assert approvals_withdrawn_from(office.writer, now=NOON + timedelta(days=29))
    assert not approvals_withdrawn_from(office.writer, now=NOON + timedelta(days=31))
    assert not approvals_withdrawn_from(office.it_officer, now=NOON)


def test_clocks_stand_still(office):
    posting = approved(office)
    assert [row for row in running_clocks() if isinstance(row, Posting)]
    give_up(posting, office.writer)
    assert not [row for row in running_clocks() if isinstance(row, Posting | StepDeadline)]


def test_those_whom_it_concerns_are_told_once_and_nobody_is_asked_to_post(office, scheduled):
    asked = Notice.objects.unread().filter(key=f"approved:{scheduled.revision_id}", recipient=office.it_officer)
    assert asked.exists()
    director = office.person(Role.DIRECTOR)
    withdrawal = give_up(scheduled, director)
    assert not asked.exists()
    told = Notice.objects.filter(key=f"withdrawn:{withdrawal.pk}")
    names = sorted(told.values_list("recipient__username", flat=True))
    assert names == ["kpr-head_of_section", "kpr-head_of_work", "kpr-it_officer", "kpr-writer"]
    assert all(REASON in text for text in told.values_list("text", flat=True))
    assert str(scheduled.page_id) in told.get(recipient=office.writer).path


def test_course_log_and_dossier_say_who_when_and_why(office, scheduled):
    director = office.person(Role.DIRECTOR)
    give_up(scheduled, director)
    page = page_of(scheduled)
    course = news_timeline(page)
    (event,) = [event for event in course.events if event.note == REASON]
    assert (event.at, event.who) == (NOON, office.profile(Role.DIRECTOR).display_name)
    assert course.stage == Stage.WRITE
    assert course.standing.who == (office.profile(Role.WRITER).display_name,)
    row = AuditEntry.objects.get(verb="approval_withdraw")
    assert row.actor_id_text == str(director.pk)
    assert row.data["reason"] == REASON
    assert row.data["slot"]
    history = history_of(page)
    assert history["postings"][0]["closed_reason"] == REASON
    told = [line for line in log_rows(history).lines if any(REASON in str(cell) for cell in line)]
    assert any(gettext("Withdrew the approval of news that was not live yet") in map(str, line) for line in told)
    assert audit_verify(chain="kpr") is None


def test_the_course_forgets_it_once_the_item_is_submitted_again_or_live(office, scheduled):
    give_up(scheduled, office.writer)
    page = page_of(scheduled)
    submit(office, page, now=SLOT)
    assert news_timeline(page_of(scheduled)).stage == Stage.APPROVE


# -- a correction of a live page


def test_a_correction_that_is_given_up_leaves_the_page_and_its_round(office):
    page = live(office)
    verify(office, page, now=NOON + timedelta(days=1), result="needs_correction", note="ชื่อวิทยากรผิด")
    before = page_of(Posting.objects.get()).live_revision_id
    revise(page, lead="โปรยที่แก้แล้ว")
    later = NOON + timedelta(days=1, hours=1)
    submit(office, NewsPage.objects.get(pk=page.pk), now=later)
    posting = approve_all(office, page, now=later)
    give_up(posting, office.writer, now=later + timedelta(hours=5))
    page = NewsPage.objects.get(pk=page.pk)
    assert page.live
    assert page.live_revision_id == before == PublishedItem.objects.get().revision_id
    assert CorrectionRound.objects.get().closed_at is None
    standing = news_timeline(page).standing
    assert standing.clock == CorrectionRound.objects.get()
    assert standing.following == gettext("submission of the corrected version")
    submit(office, page, now=later + timedelta(hours=6))
    again = approve_all(office, page, now=later + timedelta(hours=6))
    moment = later + timedelta(hours=12)
    news_post(actor=office.it_officer, posting=again, go_live_at=moment, now=moment)
    assert posting_publish(posting_id=again.pk, now=moment).went_live
    assert CorrectionRound.objects.get().closed_at is not None


# -- who may


def everybody(office):
    return {role: office.person(role) for role in Role}


def test_only_writer_director_and_it_officer_may(office):
    posting = approved(office)
    may = {role for role, user in everybody(office).items() if not withdrawal_refusal(posting, user)}
    assert may == {Role.WRITER, Role.DIRECTOR, Role.IT_OFFICER}


@pytest.mark.parametrize("who", ["head_of_work", "head_of_section", "evaluator", "colleague", "root", "inspector"])
def test_everybody_else_is_refused_and_noted(client, office, who):
    posting = approved(office)
    if who == "colleague":
        user = add_person(office, Role.WRITER, name="kpr-other-writer")
    elif who == "root":
        user = make_administrator()
    elif who == "inspector":  # an administrator with a desk in the agency is no director by that
        user = add_person(office, Role.EVALUATOR, name="kpr-root")
        user.is_superuser = True
        user.save()
    else:
        user = office.person(who)
    with pytest.raises(PostingRefused):
        give_up(posting, user)
    client.force_login(user)
    for answer in (client.get(address(posting)), client.post(address(posting), {"reason": REASON})):
        assert answer.status_code == 403
    assert AuditEntry.objects.filter(verb="refused").count() == 2
    assert not ApprovalWithdrawal.objects.exists()
    assert Posting.objects.open().filter(pk=posting.pk).exists()


@pytest.mark.parametrize("role", [Role.WRITER, Role.DIRECTOR, Role.IT_OFFICER])
def test_another_agency_finds_nothing(client, office, role):
    posting, stranger = approved(office), make_office("spp").person(role)
    with pytest.raises(PermissionDenied):
        give_up(posting, stranger)
    client.force_login(stranger)
    answer = client.post(address(posting), {"reason": REASON})
    assert answer.status_code == 404
    assert posting.revision.object_str not in answer.content.decode()
    assert AuditEntry.objects.get(verb="refused").chain == "spp"
    assert not ApprovalWithdrawal.objects.exists()


def test_an_it_officer_gives_up_only_what_no_colleague_has_received(office):
    posting = approved(office)
    colleague = add_person(office, Role.IT_OFFICER, name="kpr-it-2")
    posting_receive(actor=office.it_officer, posting=posting, now=NOON)
    posting.refresh_from_db()
    assert withdrawal_refusal(posting, colleague)
    assert not withdrawal_refusal(posting, office.it_officer)


def test_who_acts_for_the_director_gives_it_up_in_that_capacity(office):
    posting, acting = approved(office), office.person(Role.HEAD_OF_SECTION)
    assert withdrawal_refusal(posting, acting)
    day = bangkok_date(NOON)
    Delegation.objects.create(
        agency=office.agency,
        delegator=office.profile(Role.DIRECTOR),
        delegate=office.profile(Role.HEAD_OF_SECTION),
        role=Role.DIRECTOR,
        starts_on=day,
        ends_on=day,
        order_number="๑๒/๒๕๗๐",
        granted_at=NOON,
    )
    with time_machine.travel(NOON, tick=False):
        withdrawal = give_up(posting, acting)
    assert "๑๒/๒๕๗๐" in withdrawal.capacity
    assert AuditEntry.objects.get(verb="approval_withdraw").data["capacity"] == withdrawal.capacity


def test_a_closed_account_may_not(office):
    posting = approved(office)
    office.writer.is_active = False
    office.writer.save()
    assert withdrawal_refusal(posting, office.writer)


# -- the form


@pytest.mark.parametrize("reason", ["", "   ", "ไม่เอา", "x" * 19])
def test_a_reason_that_says_nothing_changes_nothing(client, office, reason):
    posting = approved(office)
    with pytest.raises(ValidationError) as refusal:
        give_up(posting, office.writer, reason=reason)
    assert list(refusal.value.message_dict) == ["reason"]
    client.force_login(office.writer)
    answer = client.post(address(posting), {"reason": reason})
    assert answer.status_code == 422
    assert reason.strip() in answer.content.decode()
    assert not ApprovalWithdrawal.objects.exists()
    assert not AuditEntry.objects.filter(verb__in=["approval_withdraw", "posting_close"]).exists()


@pytest.mark.parametrize("role", [Role.WRITER, Role.DIRECTOR, Role.IT_OFFICER])
def test_each_of_them_finds_the_button_and_uses_it(client, office, role):
    posting = approved(office)
    client.force_login(office.person(role))
    course = reverse("pr_admin:news_timeline", args=[posting.page_id])
    assert address(posting) in client.get(course).content.decode()
    if role == Role.IT_OFFICER:
        assert address(posting) in client.get(reverse("pr_admin:posting")).content.decode()
    if role == Role.WRITER:
        editor = reverse("wagtailadmin_pages:edit", args=[posting.page_id])
        assert address(posting) in client.get(editor).content.decode()
    assert client.get(address(posting)).status_code == 200
    answer = client.post(address(posting), {"reason": REASON})
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200
    assert ApprovalWithdrawal.objects.get().withdrawn_by == office.person(role)
    assert address(posting) not in client.get(course).content.decode()
    # The same click once more, from the tab that is still open.
    assert client.post(address(posting), {"reason": REASON}).status_code == 403
    assert ApprovalWithdrawal.objects.count() == 1


def test_nobody_else_is_offered_the_button(client, office):
    posting = approved(office)
    client.force_login(office.person(Role.HEAD_OF_WORK))
    course = reverse("pr_admin:news_timeline", args=[posting.page_id])
    assert address(posting) not in client.get(course).content.decode()


def test_what_is_live_is_not_given_up(client, office):
    page = live(office)
    posting = Posting.objects.get()
    with pytest.raises(PostingRefused):
        give_up(posting, office.writer, now=NOON + timedelta(hours=3))
    client.force_login(office.writer)
    assert client.post(address(posting), {"reason": REASON}).status_code == 403
    assert NewsPage.objects.get(pk=page.pk).live
    assert not ApprovalWithdrawal.objects.exists()


# -- expired while it waited


@pytest.fixture
def expiring(office):
    return approved(office, expire_at=SLOT)


def test_what_expires_in_the_queue_goes_back_to_its_writer(office, expiring):
    assert expiring.expires_at == SLOT
    assert not tick_run(now=SLOT - timedelta(minutes=1)).lapsed
    assert tick_run(now=SLOT).lapsed == [expiring.pk]
    assert not tick_run(now=SLOT + timedelta(minutes=1)).lapsed
    expiring.refresh_from_db()
    assert expiring.closed_at == SLOT
    assert not Posting.objects.open().exists()
    (row,) = approvals_withdrawn_from(office.writer, now=SLOT)
    assert row.withdrawn_by is None
    entry = AuditEntry.objects.get(verb="approval_lapse")
    assert not entry.actor_id_text
    told = set(Notice.objects.filter(key=f"withdrawn:{row.pk}").values_list("recipient__username", flat=True))
    assert {"kpr-writer", "kpr-it_officer"} <= told
    course = news_timeline(page_of(expiring))
    assert course.standing.stage == Stage.WRITE
    assert row.reason in [event.note for event in course.events]
    assert not page_of(expiring).live


def test_a_slot_that_was_missed_until_the_expiry_is_not_due_for_ever(office, expiring):
    """The machinery stood still from the slot to the expiry."""
    news_post(actor=office.it_officer, posting=expiring, go_live_at=SLOT - timedelta(minutes=30), now=NOON)
    late = SLOT + timedelta(hours=1)
    report = tick_run(now=late)
    assert report.lapsed == [expiring.pk]
    assert not report.outcomes
    assert not Posting.objects.overdue(late).exists()
    assert not Posting.objects.failed().exists()
    assert AuditEntry.objects.get(verb="approval_lapse").data["slot"]


def test_until_the_tick_comes_the_queue_says_what_happened_and_takes_no_time(client, office, expiring):
    client.force_login(office.it_officer)
    with time_machine.travel(SLOT + timedelta(seconds=30), tick=False):
        body = client.get(reverse("pr_admin:posting")).content.decode()
        answer = client.post(reverse("pr_admin:posting_post", args=[expiring.pk]), {"when": "now"})
    assert reverse("pr_admin:posting_post", args=[expiring.pk]) not in body
    assert address(expiring) in body
    assert answer.status_code == 422
    expiring.refresh_from_db()
    assert expiring.go_live_at is None
    assert not publish_due(now=SLOT + timedelta(minutes=1))


def test_an_expired_item_is_submitted_again_with_a_later_expiry(office, expiring):
    approvals_lapse(now=SLOT)
    page = page_of(expiring)
    draft = page.get_latest_revision_as_object()
    draft.expire_at = SLOT + timedelta(days=3)
    draft.save_revision(user=office.writer)
    submit(office, page_of(expiring), now=SLOT)
    posting = approve_all(office, page, now=SLOT)
    moment = SLOT + timedelta(hours=6)
    news_post(actor=office.it_officer, posting=posting, go_live_at=moment, now=moment)
    assert posting_publish(posting_id=posting.pk, now=moment).went_live
    assert not approvals_lapse(now=moment)


def test_one_that_cannot_lapse_does_not_stop_the_others(office, expiring, monkeypatch):
    other = approved(office, title="อีกข่าวหนึ่ง", expire_at=SLOT)
    real = approvals_lapse.__globals__["approval_end"]

    def poisoned(**arguments):
        if arguments["revision"].pk == expiring.revision_id:
            raise RuntimeError("one of them is poisoned")
        return real(**arguments)

    monkeypatch.setattr("pr_workflow.publishing.giving_up.approval_end", poisoned)
    assert approvals_lapse(now=SLOT) == [other.pk]
    assert Posting.objects.open().get() == expiring


def test_what_waited_before_expiries_were_kept_gets_its_own(office, expiring):
    Posting.objects.update(expires_at=None)
    without = approved(office, title="ไม่มีวันหมดอายุ")
    migration = import_module("pr_workflow.migrations.0012_approval_withdrawal")
    migration.name_expiries(apps, None)
    assert Posting.objects.get(pk=expiring.pk).expires_at == SLOT
    assert Posting.objects.get(pk=without.pk).expires_at is None
