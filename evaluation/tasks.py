"""Celery jobs of the evaluation."""

from celery import shared_task
from django.utils import timezone

from .services import weekly_reports_build_due


@shared_task(name="evaluation.tasks.weekly_report_tick")
def weekly_report_tick() -> int:
    """Monday 08:30, and once when a worker starts: build every missing weekly report (R63). Returns how many."""
    return len(weekly_reports_build_due(now=timezone.now()))
