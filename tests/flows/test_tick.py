"""The tick against everything else that may be due, and against a second worker (I1, I3)."""

import json
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from wagtail.models import Revision

from home.models import HomePage, NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.publishing.jobs import publish_posting, publish_tick
from pr_workflow.publishing.models import Heartbeat, Posting, PublicationCheck, PublishedItem
from pr_workflow.publishing.services import posting_publish, posting_recall
from pr_workflow.publishing.tick import expire_due, other_schedules_publish, publish_due
from tests.factories.office import MORNING, approved, make_draft, make_office, posted

pytestmark = pytest.mark.django_db
SLOT = MORNING + timedelta(hours=6)


def schedule_home(office, at):
    """A page that is no news, scheduled as Wagtail does."""
    home = HomePage.objects.get(pk=office.home.pk)
    home.welcome = "ยินดีต้อนรับ"
    revision = home.save_revision()
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=at)
    return revision


def test_other_pages_keep_their_schedule_too(office):
    revision = schedule_home(office, SLOT)
    assert other_schedules_publish(now=SLOT - timedelta(seconds=1)) == []
    assert other_schedules_publish(now=SLOT) == [revision.pk]
    assert HomePage.objects.get(pk=office.home.pk).welcome == "ยินดีต้อนรับ"
    assert other_schedules_publish(now=SLOT) == []


def test_a_news_schedule_set_around_the_chain_never_passes_and_stops_nobody(office):
    smuggled = make_draft(office).get_latest_revision()
    Revision.objects.filter(pk=smuggled.pk).update(approved_go_live_at=SLOT - timedelta(hours=1))
    honest = schedule_home(office, SLOT)
    assert other_schedules_publish(now=SLOT) == [honest.pk]
    assert not NewsPage.objects.filter(live=True).exists()


def test_the_command_of_wagtail_runs_our_tick(office):
    now = timezone.now()
    posting = posted(office, go_live_at=now, now=now)
    smuggled = make_draft(office, title="ลักลอบ").get_latest_revision()
    Revision.objects.filter(pk=smuggled.pk).update(approved_go_live_at=now - timedelta(hours=1))
    call_command("publish_scheduled", stdout=StringIO())
    posting.refresh_from_db()
    assert posting.went_live_at
    assert NewsPage.objects.filter(live=True).count() == 1


def test_publish_due_prints_what_it_did(office):
    now = timezone.now()
    posted(office, go_live_at=now, now=now)
    out = StringIO()
    call_command("publish_due", "--json", stdout=out)
    printed = json.loads(out.getvalue())
    assert [row["went_live"] for row in printed["outcomes"]] == [True]


def test_other_pages_expire_too(office):
    HomePage.objects.filter(pk=office.home.pk).update(live=True, expire_at=SLOT)
    assert expire_due(now=SLOT) == [office.home.pk]
    assert HomePage.objects.get(pk=office.home.pk).expired


def test_the_jobs_publish_and_leave_a_sign_of_life(office):
    now = timezone.now()
    first = posted(office, go_live_at=now, now=now)
    second = posted(office, go_live_at=now, now=now, title="อีกเรื่องหนึ่ง")
    assert publish_posting(first.pk) is True
    assert publish_posting(first.pk) is False
    assert publish_tick()["live"] == [str(second)]
    assert Heartbeat.objects.get(name="tick").seen_at >= now


def test_a_recalled_posting_does_not_go_live(office):
    posting = posted(office, go_live_at=SLOT, now=SLOT - timedelta(hours=1))
    posting_recall(actor=office.it_officer, posting=posting, reason="รอภาพถ่ายใหม่", now=SLOT - timedelta(minutes=5))
    assert publish_due(now=SLOT + timedelta(hours=1)) == []
    assert Posting.objects.awaiting().get() == posting
    assert Revision.objects.get(pk=posting.revision_id).approved_go_live_at is None


def test_a_newer_approval_replaces_the_older_posting(office):
    older = posted(office, go_live_at=SLOT + timedelta(days=3), now=SLOT)
    page = NewsPage.objects.get(pk=older.page_id)
    draft = page.get_latest_revision_as_object()
    draft.lead = "ฉบับใหม่"
    draft.save_revision(user=office.writer)
    newer = approved(office, page, now=SLOT + timedelta(hours=1))
    older.refresh_from_db()
    assert older.closed_at
    posted(office, newer, go_live_at=SLOT + timedelta(days=1), now=SLOT + timedelta(hours=9))
    (outcome,) = publish_due(now=SLOT + timedelta(days=4))
    assert outcome.posting_id == newer.pk
    assert NewsPage.objects.get(pk=page.pk).lead == "ฉบับใหม่"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_publish_exactly_once():
    office, now = make_office(), timezone.now()
    slot = now + timedelta(hours=1)  # later than the exact-moment job, which runs at once here and must refuse
    postings = [posted(office, go_live_at=slot, now=now, title=f"ข่าวที่ {n}") for n in range(3)]
    start = threading.Barrier(2)
    won: list[int] = []

    def work():
        start.wait()
        for posting in postings:
            outcome = posting_publish(posting_id=posting.pk, now=slot)
            if outcome and outcome.went_live:
                won.append(posting.pk)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for _attempt in range(3):  # a worker that lost the race for a lock leaves the item to the next tick
        won += [row.posting_id for row in publish_due(now=slot + timedelta(hours=2)) if row.went_live]
    assert sorted(won) == [posting.pk for posting in postings]
    assert PublishedItem.objects.count() == 3
    assert PublicationCheck.objects.count() == 3
    assert AuditEntry.objects.filter(verb="news_go_live").count() == 3
