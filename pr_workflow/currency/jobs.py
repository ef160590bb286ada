"""The job of currency: daily, idempotent."""

from celery import shared_task
from django.utils import timezone

from .notices import reviews_remind


@shared_task(name="pr_workflow.tasks.currency_tick")
def currency_tick() -> int:
    """Tell of public pages that are due to be looked at again, once each (R51); returns of how many."""
    return reviews_remind(now=timezone.now())
