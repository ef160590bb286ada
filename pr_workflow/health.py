"""Is the machinery alive, and is anything stuck? One report for the health address (I6, R70).

The report carries counts and times only, no titles: the address is open to monitoring without a login.
"""

from dataclasses import dataclass, field
from datetime import datetime

from celery import current_app
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from .machinery import PATIENCE, Machinery, machinery

#: Seconds an answer of the queue may take.
QUEUE_PATIENCE = {"socket_timeout": 2, "socket_connect_timeout": 2}

__all__ = ["PATIENCE", "HealthReport", "health_report", "healthz"]


@dataclass(kw_only=True)
class HealthReport(Machinery):
    """What was found at one moment; times are aware. ``problems`` names each thing that is stuck, empty means healthy.

    ``queue_waiting`` and the two signs of life tell a dead worker (the scheduler's sign is fresh, jobs pile up) from a
    dead scheduler (nothing waits, and its sign is old).
    """

    now: datetime
    database: bool = False
    queue: bool = False
    queue_waiting: int | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        return not self.problems


def health_report(now: datetime) -> HealthReport:
    """Look at the database, the queue, the signs of life and everything due. ``now`` is aware. Never raises."""
    report = HealthReport(now=now)
    _look_at_queue(report)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        with transaction.atomic():
            found = machinery(now)
    except DatabaseError:
        report.problems.append("database_unusable")
        return report
    report.database = True
    vars(report).update(vars(found))
    report.problems += found.stuck(now)
    return report


def _look_at_queue(report: HealthReport) -> None:
    try:
        with current_app.connection_for_write() as queue:
            # A queue that takes the connection and then says nothing must not keep the answer waiting.
            queue.transport_options = {**queue.transport_options, **QUEUE_PATIENCE}
            queue.ensure_connection(max_retries=1, interval_start=0, timeout=2)
            name = current_app.conf.task_default_queue
            report.queue_waiting = queue.default_channel.queue_declare(queue=name).message_count
        report.queue = True
    except (OperationalError, OSError):
        report.problems.append("queue_unreachable")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when nothing is stuck, else 503; the body says the same in detail, times in ISO 8601 UTC."""
    report = health_report(timezone.now())
    body = {
        "healthy": report.healthy,
        "problems": report.problems,
        "checked_at": report.now,
        "database": {"reachable": report.database},
        "queue": {"reachable": report.queue, "waiting": report.queue_waiting},
        **_details(report),
    }
    return JsonResponse(body, status=200 if report.healthy else 503)


def _details(found: Machinery) -> dict:
    return {
        "last_tick_at": found.last_tick_at,
        "last_beat_at": found.last_beat_at,
        "last_watch_at": found.last_watch_at,
        "oldest_due_not_live_since": found.oldest_due_at,
        "postings": {"failed": found.failed_postings, "not_in_search": found.search_behind},
        "public": {
            "live_without_seal": found.live_without_seal,
            "emergency_unconfirmed": found.emergency_unconfirmed,
            "past_expiry": found.expiry_overdue,
        },
        "deliveries": {
            "stuck": found.stuck_deliveries,
            "failed": found.failed_deliveries,
            "unknown": found.unknown_deliveries,
        },
        "checks": {"overdue": found.checks_overdue},
        "chains": {"unmanned_steps": found.unmanned_steps},
        "notices": {"not_mailed": found.notices_not_mailed},
        "calendar": {"fiscal_year_without_cabinet_days": found.cabinet_days_missing},
    }
