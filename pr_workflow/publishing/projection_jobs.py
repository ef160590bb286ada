"""Celery jobs of the projection: ids in, one service call, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from .refresh import pages_refresh


@shared_task(name="pr_workflow.tasks.published_refresh")
def published_refresh(page_pks: list[int]) -> int:
    """Make the rows of these pages true again, after a change that touched too many for one request."""
    return pages_refresh(page_pks, now=timezone.now())
