"""Is the machinery alive, and is anything stuck? One report for the health address and the dashboard (I6, R70).

The report carries counts and times only, no titles: the address is open to monitoring without a login.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from celery import current_app
from django.db import DatabaseError, connection
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from .approval.models import ApprovalSeal
from .distribution.models import Delivery
from .publishing.models import Heartbeat, Posting, PublishedItem

#: I6: within this time the report says that something is stuck. The tick comes every 60 s.
PATIENCE = timedelta(minutes=2)


@dataclass
class HealthReport:
    """What was found at one moment; times are aware. ``problems`` names each thing that is stuck, empty means healthy.

    ``queue_waiting`` tells a dead worker (jobs pile up) from a dead scheduler (nothing waits, yet no tick comes).
    Failed and unknown deliveries are counted but are no problem of the machinery: they wait for a person in the ledger.
    So is live news whose public content no signature covers: it came without the chain, or a file of it is gone (I3).
    """

    now: datetime
    database: bool = False
    queue: bool = False
    queue_waiting: int | None = None
    last_tick_at: datetime | None = None
    oldest_due_at: datetime | None = None
    failed_postings: int = 0
    stuck_deliveries: int = 0
    failed_deliveries: int = 0
    unknown_deliveries: int = 0
    live_without_seal: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        return not self.problems


def health_report(now: datetime) -> HealthReport:
    """Look at the database, the queue, the last tick and everything due. ``now`` is aware. Never raises."""
    report = HealthReport(now=now)
    _look_at_queue(report)
    try:
        _look_at_records(report)
    except DatabaseError:
        report.database = False
        report.problems.append("database_unusable")
        return report
    _name_problems(report)
    return report


def _look_at_queue(report: HealthReport) -> None:
    try:
        with current_app.connection_for_write() as queue:
            queue.ensure_connection(max_retries=1, interval_start=0, timeout=2)
            name = current_app.conf.task_default_queue
            report.queue_waiting = queue.default_channel.queue_declare(queue=name).message_count
        report.queue = True
    except (OperationalError, OSError):
        report.problems.append("queue_unreachable")


def _look_at_records(report: HealthReport) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    report.database = True
    late = report.now - PATIENCE
    report.last_tick_at = Heartbeat.objects.filter(name="tick").values_list("seen_at", flat=True).first()
    report.oldest_due_at = (
        Posting.objects.overdue(report.now).order_by("go_live_at").values_list("go_live_at", flat=True).first()
    )
    report.failed_postings = Posting.objects.failed().count()
    report.stuck_deliveries = (Delivery.objects.ripe(late) | Delivery.objects.expired_lease(late)).count()
    report.stuck_deliveries += Delivery.objects.due(late).count()
    report.failed_deliveries = Delivery.objects.failed().count()
    report.unknown_deliveries = Delivery.objects.unknown().count()
    # The row carries the hash of what it shows, so nothing is hashed again here.
    seals = ApprovalSeal.objects.filter(revision=OuterRef("revision"), content_hash=OuterRef("content_hash"))
    report.live_without_seal = PublishedItem.objects.filter(~Exists(seals)).count()


def _name_problems(report: HealthReport) -> None:
    late = report.now - PATIENCE
    found = {
        "no_recent_tick": report.last_tick_at is None or report.last_tick_at < late,
        "due_news_not_live": report.oldest_due_at is not None and report.oldest_due_at < late,
        "news_failed_to_go_live": report.failed_postings > 0,
        "deliveries_stuck": report.stuck_deliveries > 0,
    }
    report.problems += [name for name, holds in found.items() if holds]


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
        "last_tick_at": report.last_tick_at,
        "oldest_due_not_live_since": report.oldest_due_at,
        "postings": {"failed": report.failed_postings},
        "public": {"live_without_seal": report.live_without_seal},
        "deliveries": {
            "stuck": report.stuck_deliveries,
            "failed": report.failed_deliveries,
            "unknown": report.unknown_deliveries,
        },
    }
    return JsonResponse(body, status=200 if report.healthy else 503)
