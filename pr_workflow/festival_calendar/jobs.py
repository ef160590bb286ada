"""The calendar's job: daily, idempotent."""

from celery import shared_task
from django.utils import timezone

from .cabinet_days import cabinet_days_warn
from .services import calendar_prepare


@shared_task(name="pr_workflow.tasks.daily_tick")
def daily_tick() -> list[int]:
    """Have days and holidays ready to the end of the coming fiscal year; returns the C.E. years (R20, R25).

    Also tells, once a year, that the cabinet's holidays of the next fiscal year are not entered yet.
    """
    now = timezone.now()
    years = sorted(calendar_prepare(actor=None, now=now))
    cabinet_days_warn(now=now)
    return years
