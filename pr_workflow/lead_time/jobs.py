"""The job of the lead time: daily, idempotent; a worker that starts runs it at once."""

from celery import shared_task
from django.utils import timezone

from .services import lead_time_pass


@shared_task(name="pr_workflow.tasks.lead_time_tick")
def lead_time_tick() -> dict[str, int]:
    """Make the drafts whose lead time has come; returns how many of each outcome (R20, R24)."""
    counts: dict[str, int] = {}
    for line in lead_time_pass(now=timezone.now()):
        counts[line.outcome] = counts.get(line.outcome, 0) + 1
    return counts
