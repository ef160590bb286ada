"""The Celery job of the clocks."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone, translation

from .reminders import clocks_remind
from .services import clocks_recompute, pauses_close


@shared_task(name="pr_workflow.tasks.clock_reminders")
def clock_reminders() -> dict:
    """Every 5 minutes: end pauses of finished steps, catch up with the calendar, remind and escalate."""
    # Safe to repeat: each reminder is a notice, and a notice is written once.
    now = timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "closed": pauses_close(now=now),
            "moved": clocks_recompute(actor=None, agency=None, now=now, cause="clock_reminders"),
            "told": clocks_remind(now=now),
        }
