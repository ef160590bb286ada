"""The job of the working groups: daily, idempotent."""

from celery import shared_task
from django.utils import timezone

from .notices import terms_warn


@shared_task(name="pr_workflow.tasks.working_group_tick")
def working_group_tick() -> int:
    """Warn of terms that end within 30 days, once each (R01); returns how many end."""
    return terms_warn(now=timezone.now())
