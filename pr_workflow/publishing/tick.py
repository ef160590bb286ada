"""One publishing tick: everything on the site whose time has come; no item depends on another (I1, R43).

News goes through its postings. Other pages and snippets keep Wagtail's own schedule; they are claimed and published
here too, because Wagtail's command loses the schedule of an item that fails and everything behind it.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import QuerySet
from wagtail.models import AbstractPage, DraftStateMixin, Revision, get_default_page_content_type

from ..news.models import NewsPageMixin
from .giving_up import approvals_lapse
from .heartbeat import heartbeat_beat
from .models import Posting, TakeDown
from .search_debt import in_batch, search_debts
from .services import Outcome, posting_publish, postings_publish
from .take_down import news_take_down

logger = logging.getLogger(__name__)

#: A long batch says in between that it is alive, in seconds.
BEAT_EVERY = 30
#: Every other verb of the agency waits while a chunk goes live, so a chunk is as large as fits into this time.
CHUNK_SECONDS = 0.5
SMALLEST_CHUNK, LARGEST_CHUNK = 5, 25
#: Items that take longer than this each (a slow receiver) go alone, so that what is urgent gets its turn. In seconds.
SLOW_ITEM = 2.0


@dataclass(frozen=True)
class TickReport:
    """What one tick did: news, revisions of other pages and snippets, expired keys; what search still lacks; postings
    that expired before they went live."""

    outcomes: list[Outcome]
    others: list[int]
    expired: list[int]
    unindexed: int
    lapsed: list[int]


def tick_run(*, now: datetime) -> TickReport:
    """One whole tick: due news, other schedules, expiry. Search follows: `unindexed` says how much it lacks.

    What expired while it waited is given up first, so that nobody tries to publish it.
    """
    heartbeat_beat(name="tick", now=now)
    lapsed = approvals_lapse(now=now)
    outcomes = publish_due(now=now)
    others = other_schedules_publish(now=now)
    expired = expire_due(now=now)
    return TickReport(outcomes, others, expired, search_debts().count(), lapsed)


def publish_due(*, now: datetime) -> list[Outcome]:
    """Try every due posting, the urgent first, then the oldest slot. One that fails keeps its time and says why.

    `now` is aware; it moves on with the work, in whole seconds. What is urgent, and what has failed before, is tried
    alone; the rest in chunks of one agency. What is urgent and becomes due meanwhile is tried before the next chunk, so
    that it never waits behind a batch.
    """
    started, beaten, size = monotonic(), 0.0, SMALLEST_CHUNK
    waiting = list(_due(now).order_by("-is_urgent", "go_live_at", "pk"))
    tried: dict[int, Outcome | None] = {}
    begun, last = 0.0, 0
    with in_batch():
        while waiting:
            passed = monotonic() - started
            size = _next_size(size, last, passed - begun)
            begun, moment = passed, now + timedelta(seconds=int(passed))
            if (moment - now).total_seconds() - beaten >= BEAT_EVERY:
                beaten = (moment - now).total_seconds()
                heartbeat_beat(name="tick", now=moment)
            for urgent in _due(moment).filter(is_urgent=True).order_by("go_live_at", "pk"):
                if urgent.pk not in tried:
                    tried[urgent.pk] = _publish_alone(urgent, moment)
            waiting = [posting for posting in waiting if posting.pk not in tried]
            chunk = _chunk(waiting, size)
            last = len(chunk)
            tried |= _publish_together(chunk, moment)
            waiting = [posting for posting in waiting if posting.pk not in tried]
    return [outcome for outcome in tried.values() if outcome is not None]


def _due(now: datetime) -> QuerySet[Posting]:
    return Posting.objects.due(now).select_related("agency").only("pk", "agency", "page_id", "is_urgent", "attempts")


def _next_size(size: int, last: int, seconds: float) -> int:
    """How many items the next chunk takes, after `last` items took so long: at most twice as many as before."""
    if last == 0 or seconds <= 0:
        return size
    if seconds / last > SLOW_ITEM:
        return 1
    return max(SMALLEST_CHUNK, min(LARGEST_CHUNK, 2 * size, int(last * CHUNK_SECONDS / seconds)))


def _chunk(waiting: Sequence[Posting], size: int) -> list[Posting]:
    """The first of those that wait, and the next of its agency; one posting of a page, none that failed before."""
    if not waiting:
        return []
    first, pages, chunk = waiting[0], set(), []
    if first.is_urgent or first.attempts:
        return [first]
    for posting in waiting:
        fits = posting.agency_id == first.agency_id and not posting.is_urgent and not posting.attempts
        if fits and posting.page_id not in pages:
            pages.add(posting.page_id)
            chunk.append(posting)
        if len(chunk) == size:
            break
    return chunk


def _publish_together(chunk: Sequence[Posting], now: datetime) -> dict[int, Outcome | None]:
    """All of a chunk in one transaction; when anything at all is wrong with one, every item alone (I1)."""
    if len(chunk) > 1:
        keys = [posting.pk for posting in chunk]
        try:
            done = postings_publish(posting_ids=keys, agency=chunk[0].agency, now=now)
            return {**dict.fromkeys(keys), **{outcome.posting_id: outcome for outcome in done}}
        except Exception as error:  # nothing of it happened; alone each item says itself what is wrong with it
            logger.warning("a chunk of %s postings is tried one by one: %s", len(chunk), error)
    return {posting.pk: _publish_alone(posting, now) for posting in chunk}


def _publish_alone(posting: Posting, now: datetime) -> Outcome | None:
    """One posting, whatever it raises, even while its failure is written down; the others go on (I1)."""
    try:
        return posting_publish(posting_id=posting.pk, now=now, agency=posting.agency)
    except Exception as error:  # e.g. the database refuses the failure text; health still sees the posting as late
        logger.exception("posting %s could not be tried", posting.pk)
        return Outcome(posting.pk, "", False, type(error).__name__)


def other_schedules_publish(*, now: datetime) -> list[int]:
    """Publish the due schedules of pages and snippets that are not news; returns the revisions that went live.

    A news revision without a posting never passes: the gate refuses it, whoever scheduled it.
    """
    due = Revision.objects.filter(approved_go_live_at__lte=now, posting__isnull=True).order_by("approved_go_live_at")
    published = []
    for pk in list(due.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                if not Revision.objects.filter(pk=pk, approved_go_live_at__lte=now).update(approved_go_live_at=None):
                    continue
                Revision.objects.get(pk=pk).publish(log_action="wagtail.publish.scheduled")
            published.append(pk)
        except Exception as error:  # rolled back: the schedule stays, the others go on
            logger.exception("revision %s did not go live: %s", pk, error)
    return published


def _expired(now: datetime) -> Iterator[Any]:
    page_model = get_default_page_content_type().model_class()
    yield from page_model.objects.live().filter(expire_at__lte=now).specific()
    for model in snippet_models():
        yield from model._default_manager.filter(live=True, expire_at__lte=now)


def snippet_models() -> list[type[models.Model]]:
    """Everything beside pages that has drafts, a schedule and an expiry."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, AbstractPage)
    ]


def expire_due(*, now: datetime) -> list[int]:
    """Take down everything whose expiry has come; one that fails does not stop the others. Returns keys."""
    taken = []
    for content in _expired(now):
        try:
            with transaction.atomic():
                if isinstance(content, NewsPageMixin):
                    news_take_down(actor=None, page=content, kind=TakeDown.Kind.EXPIRED, reason="expired", now=now)
                else:
                    content.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
            taken.append(content.pk)
        except Exception as error:  # the next tick tries again
            logger.exception("%s did not expire: %s", content, error)
    return taken
