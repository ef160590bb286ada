"""The Celery job of the notices; a hint after each commit orders it, the tick finds what was missed."""

from datetime import date
from typing import Any

from celery import shared_task
from django.utils import timezone

from ..clocks.office import OfficeCalendar
from .mailing import notices_mail


@shared_task(name="pr_workflow.tasks.notices_send")
def notices_send() -> dict:
    """Every 60 seconds and after each event: mail what is due."""
    return notices_mail_due()


def notices_mail_due(*, urgent_only: bool = False) -> dict:
    """Mail what is due now, with the office calendar of each agency; returns counts. Needs no queue."""
    calendars: dict[int, OfficeCalendar] = {}

    def office_works(agency: Any, day: date) -> bool:
        return calendars.setdefault(agency.pk, OfficeCalendar(agency)).is_working_day(day)

    return notices_mail(now=timezone.now(), office_works=office_works, urgent_only=urgent_only)
