"""One poisoned item never stops another: it keeps its time, says why in Thai, and is tried again (I1, R43)."""

import json
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from home.models import NewsPage
from pr_workflow.health import health_report
from pr_workflow.publishing import tick
from pr_workflow.publishing.models import Posting
from pr_workflow.publishing.tick import publish_due
from tests.factories.office import MORNING, make_draft, posted

pytestmark = pytest.mark.django_db
SLOT = MORNING + timedelta(hours=6)


@pytest.fixture
def pair(office):
    bad = posted(office, go_live_at=SLOT, now=SLOT, title="มีปัญหา")
    return bad, posted(office, go_live_at=SLOT, now=SLOT, title="ข่าวที่สมบูรณ์")


def only_the_good_one_is_live(bad, good) -> str:
    outcomes = {row.posting_id: row for row in publish_due(now=SLOT)}
    assert outcomes[good.pk].went_live, outcomes[good.pk].reason
    assert not outcomes[bad.pk].went_live
    bad.refresh_from_db()
    assert (bad.go_live_at, bad.retry_at) == (SLOT, SLOT + timedelta(minutes=1))
    assert not NewsPage.objects.get(pk=bad.page_id).live
    return bad.failure


def test_a_slug_that_somebody_else_took_meanwhile(client, office, pair):
    bad, good = pair
    taken = make_draft(office, title="มาก่อน")
    NewsPage.objects.filter(pk=taken.pk).update(slug=bad.revision.content["slug"])
    NewsPage.objects.filter(pk=bad.page_id).update(slug="moved-aside")
    assert bad.revision.content["slug"] in only_the_good_one_is_live(bad, good)
    assert health_report(SLOT).failed_postings == 1
    client.force_login(office.it_officer)
    with time_machine.travel(SLOT, tick=False):
        for address in (reverse("pr_admin:posting"), reverse("wagtailadmin_home")):
            assert bad.failure in unescape(client.get(address).content.decode())
    NewsPage.objects.filter(pk=taken.pk).update(slug="free-again")
    assert [row.went_live for row in publish_due(now=SLOT + timedelta(minutes=2))] == [True]


def test_a_block_the_site_no_longer_knows(pair, monkeypatch):
    bad, good = pair
    stored = bad.revision.content["body"]
    blocks = json.loads(stored) if isinstance(stored, str) else stored
    blocks.append({"type": "countdown", "value": "x", "id": "1"})
    bad.revision.content["body"] = json.dumps(blocks)
    bad.revision.save()
    with translation.override("en"):
        assert "countdown" in only_the_good_one_is_live(bad, good)


def test_a_slow_receiver_of_a_batch_does_not_hold_back_what_is_urgent(office, monkeypatch):
    """It becomes due while the batch runs, and goes before the rest of it."""
    slots = [posted(office, go_live_at=SLOT, now=SLOT, title=f"ปกติ {number}") for number in range(3)]
    urgent = posted(office, go_live_at=SLOT + timedelta(seconds=30), now=SLOT, title="ด่วน")
    Posting.objects.filter(pk=urgent.pk).update(is_urgent=True)
    clock = iter([0.0, 1.0, 40.0, 41.0])
    monkeypatch.setattr(tick, "SMALLEST_CHUNK", 1)
    monkeypatch.setattr(tick, "monotonic", lambda: next(clock, 42.0))
    titles = [row.title for row in publish_due(now=SLOT)]
    assert titles == ["ปกติ 0", "ด่วน", "ปกติ 1", "ปกติ 2"]
    assert Posting.objects.get(pk=urgent.pk).went_live_at == SLOT + timedelta(seconds=40)
    assert len(slots) == 3


def test_the_urgent_go_first_when_all_are_due(office):
    posted(office, go_live_at=SLOT, now=SLOT, title="ปกติ")
    urgent = posted(office, go_live_at=SLOT + timedelta(minutes=5), now=SLOT, title="ด่วน")
    Posting.objects.filter(pk=urgent.pk).update(is_urgent=True)
    assert [row.title for row in publish_due(now=SLOT + timedelta(minutes=6))] == ["ด่วน", "ปกติ"]
