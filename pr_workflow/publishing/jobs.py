"""Celery jobs of posting: ids in, one service call, safe to run twice."""

import logging
import time

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from .search_debt import search_debts, search_debts_pay
from .services import posting_publish
from .tick import tick_run

logger = logging.getLogger(__name__)

#: The index job works so long at a time, then stands in the queue again: a go-live must not wait behind it.
INDEX_SECONDS = 3.0


@shared_task(name="pr_workflow.tasks.publish_tick")
def publish_tick() -> dict:
    """Every 60 seconds: everything due goes live or is visibly failed, everything expired is taken down (I1)."""
    report = tick_run(now=timezone.now())
    if report.unindexed:
        order_index()
    return {
        "live": [outcome.title for outcome in report.outcomes if outcome.went_live],
        "failed": [outcome.title for outcome in report.outcomes if not outcome.went_live],
        "others": len(report.others),
        "expired": len(report.expired),
        "lapsed": len(report.lapsed),
    }


@shared_task(name="pr_workflow.tasks.publish_posting")
def publish_posting(posting_id: int) -> bool:
    """The exact-moment job of one posting; the tick would find it anyway. Checks by itself whether it is due."""
    outcome = posting_publish(posting_id=posting_id, now=timezone.now())
    return bool(outcome and outcome.went_live)


@shared_task(name="pr_workflow.tasks.published_index")
def published_index() -> int:
    """Bring what went live into search and references; a short time at once, the rest in another job."""
    started = time.monotonic()
    paid = search_debts_pay(now=timezone.now(), until=lambda: time.monotonic() - started > INDEX_SECONDS)
    if paid and search_debts().exists():
        order_index()
    return paid


def order_index() -> None:
    """Order the index job; without a queue the next tick orders it again."""
    try:
        published_index.apply_async()
    except (OperationalError, OSError) as error:
        logger.warning("no job for the search index now, the tick will order one: %s", error)
