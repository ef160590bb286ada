"""The job of the snapshots: apart from the publishing tick, so that it is never in a go-live's way."""

from celery import shared_task
from django.utils import timezone

from .snapshots import snapshots_due


@shared_task(name="pr_workflow.tasks.snapshot_tick")
def snapshot_tick() -> int:
    """Every 60 seconds: keep what went live as readers get it, and check what a machine can check (R44)."""
    return len(snapshots_due(now=timezone.now()))
