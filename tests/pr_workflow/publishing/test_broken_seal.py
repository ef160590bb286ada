"""What no longer equals its seal is not tried again: it says so, waits for a person, and stays seen (I1, I6)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext, override

from home.models import AgencyImage
from pr_workflow.alarms import tell_not_live
from pr_workflow.audit.models import AuditEntry
from pr_workflow.health import health_report
from pr_workflow.notifications.models import Notice
from pr_workflow.people.roles import Role
from pr_workflow.publishing.giving_up import approval_withdraw
from pr_workflow.publishing.models import Posting
from pr_workflow.publishing.services import PostingRefused, news_post, posting_fail, posting_recall
from pr_workflow.publishing.tick import publish_due
from pr_workflow.selectors import news_timeline
from pr_workflow.stages import Stage
from pr_workflow.timeline_parts import TROUBLE
from tests.factories.office import MORNING, add_person, make_image, posted

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=4)
SLOT = NOON + timedelta(minutes=10)
LATER = SLOT + timedelta(minutes=5)


@pytest.fixture
def broken(office):
    """Its picture was deleted after it was approved and given its time, and the time has come."""
    image = make_image(office, colour="navy")
    posting = posted(office, go_live_at=SLOT, now=NOON, image=image)
    AgencyImage.objects.get(pk=image.pk).delete()
    (outcome,) = publish_due(now=SLOT)
    assert not outcome.went_live
    posting.refresh_from_db()
    return posting


def test_it_is_tried_once_and_not_again(broken):
    assert (broken.attempts, broken.seal_broken_at, broken.retry_at) == (1, SLOT, None)
    for hours in (1, 2, 24):
        assert publish_due(now=SLOT + timedelta(hours=hours)) == []
    broken.refresh_from_db()
    assert (broken.attempts, broken.go_live_at) == (1, SLOT)
    assert AuditEntry.objects.filter(verb="news_go_live_failed").count() == 1


def test_the_health_page_goes_on_telling_it(broken):
    report = health_report(SLOT + timedelta(days=3))
    assert report.failed_postings == 1
    assert report.oldest_due_at == SLOT
    assert {"news_failed_to_go_live", "due_news_not_live"} <= set(report.problems)


def test_the_course_says_who_can_do_what(office, broken):
    second = add_person(office, Role.IT_OFFICER, name="second-it")
    with time_machine.travel(LATER, tick=False):
        standing = news_timeline(broken.page.specific).standing
    assert (standing.stage, standing.state) == (Stage.POST, TROUBLE)
    assert standing.following == gettext("withdrawal of the approval, correction and another submission")
    names = {office.profile(role).display_name for role in (Role.WRITER, Role.DIRECTOR, Role.IT_OFFICER)}
    assert names <= set(standing.who)
    assert second.staff_profile.display_name not in standing.who  # another officer has received the item
    assert office.profile(Role.HEAD_OF_WORK).display_name not in standing.who


def test_a_failure_that_can_heal_is_still_tried_again(office):
    posting = posted(office, go_live_at=SLOT, now=NOON)
    posting_fail(posting_id=posting.pk, error=OSError("disk full"), now=SLOT)
    posting.refresh_from_db()
    assert posting.seal_broken_at is None
    assert posting.retry_at == SLOT + timedelta(minutes=1)
    assert news_timeline(posting.page.specific).standing.following == gettext("another attempt")
    (outcome,) = publish_due(now=SLOT + timedelta(minutes=1))
    assert outcome.went_live


def test_the_queue_offers_the_way_out_and_no_next_attempt(client, office, broken):
    client.force_login(office.it_officer)
    with time_machine.travel(LATER, tick=False), override("th"):
        body = client.get(reverse("pr_admin:posting")).content.decode()
        assert escape(broken.failure) in body
    assert reverse("pr_admin:posting_withdraw", args=[broken.pk]) in body
    row = body.split(f'id="posting-{broken.pk}"')[1].split("</li>")[0]
    with override("th"):
        sentence = gettext(
            "The system does not try again. Return the item to its writer, who corrects it and submits it again. Who "
            "wrote it or answers for it and the director can withdraw the approval too."
        )
    assert sentence in row
    assert "ครั้งถัดไป" not in row


def test_the_writer_is_told_once_what_to_do(office, broken):
    for minutes in (2, 3, 60):
        tell_not_live(now=SLOT + timedelta(minutes=minutes))
    told = Notice.objects.filter(key__startswith="seal-broken:")
    assert [notice.recipient for notice in told] == [office.writer]
    assert broken.failure in told[0].text
    assert told[0].path == reverse("pr_admin:news_timeline", args=[broken.page_id])
    assert Notice.objects.filter(key__startswith="failed:", recipient=office.it_officer).count() == 1


def test_the_writer_gives_it_up_and_nothing_is_left_to_tell(client, office, broken):
    approval_withdraw(actor=office.writer, posting=broken, reason="ภาพถูกลบ ต้องเลือกภาพใหม่", now=LATER)
    report = health_report(LATER)
    assert report.failed_postings == 0
    assert "due_news_not_live" not in report.problems
    assert news_timeline(broken.page.specific).standing.stage == Stage.WRITE


def test_another_time_is_refused_while_the_seal_is_broken(office, broken):
    with pytest.raises(PostingRefused):
        news_post(actor=office.it_officer, posting=broken, go_live_at=LATER + timedelta(hours=1), now=LATER)
    broken.refresh_from_db()
    assert broken.seal_broken_at == SLOT


def test_taking_the_time_back_forgets_the_failure(office, broken):
    posting_recall(actor=office.it_officer, posting=broken, reason="รอภาพใหม่จากผู้เขียน", now=LATER)
    assert not Posting.objects.failed().exists()
    broken.refresh_from_db()
    assert (broken.seal_broken_at, broken.failure) == (None, "")
