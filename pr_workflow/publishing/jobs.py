"""Celery jobs of posting: ids in, one service call, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from .heartbeat import heartbeat_beat
from .services import posting_publish
from .tick import expire_due, other_schedules_publish, publish_due


@shared_task(name="pr_workflow.tasks.publish_tick")
def publish_tick() -> dict:
    """Every 60 seconds: everything due goes live or is visibly failed, everything expired is taken down (I1)."""
    now = timezone.now()
    heartbeat_beat(name="tick", now=now)
    outcomes = publish_due(now=now)
    others = other_schedules_publish(now=now)
    expired = expire_due(now=now)
    return {
        "live": [outcome.title for outcome in outcomes if outcome.went_live],
        "failed": [outcome.title for outcome in outcomes if not outcome.went_live],
        "others": len(others),
        "expired": len(expired),
    }


@shared_task(name="pr_workflow.tasks.publish_posting")
def publish_posting(posting_id: int) -> bool:
    """The exact-moment job of one posting; the tick would find it anyway. Checks by itself whether it is due."""
    outcome = posting_publish(posting_id=posting_id, now=timezone.now())
    return bool(outcome and outcome.went_live)
