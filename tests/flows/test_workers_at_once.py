"""Workers side by side, workers that die, and workers that come late: each item goes live exactly once (I1)."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from home.models import NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.publishing.jobs import publish_posting
from pr_workflow.publishing.models import Posting, PublicationCheck, PublishedItem
from pr_workflow.publishing.tick import tick_run
from tests.factories.office import posted

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

#: A worker that stops inside the transaction of a go-live, after the page was saved as live.
STOPS_INSIDE = """
import os, sys, time
import django
django.setup()
from django.conf import settings
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
from django.utils.dateparse import parse_datetime
from wagtail.signals import page_published
def stop(**kwargs):
    print("inside", flush=True)
    time.sleep(60)
page_published.connect(stop, weak=False)
from pr_workflow.publishing.tick import publish_due
publish_due(now=parse_datetime(sys.argv[2]))
"""


def due(office, number: int, *, slot):
    return [
        posted(office, go_live_at=slot, now=slot - timedelta(hours=1), title=f"ข่าวที่ {place}") for place in range(number)
    ]


def went_live_once(postings) -> None:
    assert NewsPage.objects.filter(live=True).count() == len(postings)
    assert PublishedItem.objects.count() == PublicationCheck.objects.count() == len(postings)
    revisions = AuditEntry.objects.filter(verb="news_go_live").values_list("data__revision", flat=True)
    assert sorted(revisions) == sorted(posting.revision_id for posting in postings)
    assert not Posting.objects.exclude(failure="").exists()


def test_two_ticks_and_two_exact_jobs_at_once(office):
    """Two schedulers order two ticks, two workers take them, and the exact jobs come at the same moment."""
    slot = timezone.now() + timedelta(hours=1)
    postings, start, errors = due(office, 4, slot=slot), threading.Barrier(4), []

    def work(act):
        try:
            start.wait()
            act()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    def exact():
        for posting in reversed(postings):
            publish_posting(posting.pk)

    acts = [lambda: tick_run(now=slot), lambda: tick_run(now=slot), exact, exact]
    threads = [threading.Thread(target=work, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tick_run(now=slot + timedelta(hours=2))  # whoever lost the race for a lock left the item to the next tick
    assert errors == []
    went_live_once(postings)


def test_a_worker_that_is_killed_inside_leaves_the_item_to_the_next_tick(office):
    slot = timezone.now() + timedelta(hours=1)
    postings = due(office, 1, slot=slot)
    worker = subprocess.Popen(
        [sys.executable, "-c", STOPS_INSIDE, str(connection.settings_dict["NAME"]), slot.isoformat()],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.test"},
    )
    try:
        assert worker.stdout.readline().strip() == "inside"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=10)
    assert not NewsPage.objects.filter(live=True).exists()
    for _attempt in range(20):  # the database notices the dead connection within moments
        tick_run(now=slot + timedelta(minutes=1))
        if PublishedItem.objects.exists():
            break
        time.sleep(0.1)
    went_live_once(postings)


def test_a_worker_that_starts_late_catches_up_with_expiries_too(office):
    slot = timezone.now() + timedelta(hours=1)
    posting = posted(
        office, go_live_at=slot, now=slot - timedelta(minutes=5), title="มีวันหมดอายุ", expire_at=slot + timedelta(days=1)
    )
    report = tick_run(now=slot + timedelta(hours=5))
    assert [outcome.went_live for outcome in report.outcomes] == [True]
    late = slot + timedelta(days=3)
    assert tick_run(now=late).expired == [posting.page_id]
    assert tick_run(now=late).expired == []
    assert not NewsPage.objects.get().live
