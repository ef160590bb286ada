"""Celery jobs of the archive."""

from celery import shared_task
from django.utils import timezone

from .services import archive_due


@shared_task(name="pr_workflow.tasks.archive_tick")
def archive_tick() -> int:
    """Every 60 seconds, and right after a check: keep what is verified (R49). Returns how many records were written."""
    return len(archive_due(now=timezone.now()))
