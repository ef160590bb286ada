"""ทันเวลา: were the manual's time limits kept (R64; one working day a step, ten minutes to the first channel)."""

from statistics import median

from django.db.models import F

from pr_workflow.approval.models import StepDeadline
from pr_workflow.distribution.models import DELIVERY_LIMIT, Delivery
from pr_workflow.publishing.models import Posting, PublicationCheck

from .measure import Measure, Week


def _hours(pairs) -> float | None:
    spans = [(end - start).total_seconds() / 3600 for start, end in pairs]
    return round(median(spans), 2) if spans else None


def _first_deliveries(week: Week) -> dict[int, float]:
    """Seconds from go-live to the first channel, per revision that went live this week."""
    rows = Delivery.objects.filter(
        agency=week.agency, state=Delivery.State.SENT, sent_at__isnull=False, **week.within("went_live_at")
    )
    first: dict[int, float] = {}
    for revision_id, start, sent in rows.values_list("revision_id", "went_live_at", "sent_at"):
        if sent is None or revision_id is None:
            continue
        seconds = (sent - start).total_seconds()
        first[revision_id] = min(seconds, first.get(revision_id, seconds))
    return first


def timely(week: Week) -> Measure:
    """Steps finished in time this week (signatures, posting, checks), of all steps finished this week.

    Details: median hours per step, and items whose first channel was out within ten minutes (S2 step 5).
    """
    signed = StepDeadline.objects.filter(agency=week.agency, **week.within("finished_at"))
    posted = Posting.objects.filter(agency=week.agency, **week.within("posted_at"))
    checked = PublicationCheck.objects.filter(agency=week.agency, **week.within("answered_at"))
    in_time = (
        signed.filter(finished_at__lte=F("due_at")).count()
        + posted.filter(posted_at__lte=F("due_at")).count()
        + checked.filter(answered_at__lte=F("due_at")).count()
    )
    first = _first_deliveries(week)
    return Measure(
        "timely",
        good=in_time,
        total=signed.count() + posted.count() + checked.count(),
        details={
            "median_hours_approval": _hours(signed.values_list("started_at", "finished_at")),
            "median_hours_posting": _hours(posted.values_list("opened_at", "posted_at")),
            "median_hours_check": _hours(checked.values_list("opened_at", "answered_at")),
            "delivered": len(first),
            "delivered_within_10_minutes": sum(1 for s in first.values() if s <= DELIVERY_LIMIT.total_seconds()),
        },
    )
