"""Questions of the evaluation: the plain figures of a week, and which weeks have no report."""

from datetime import date, timedelta

from django.db.models import Count

from pr_workflow.audit.models import AuditEntry
from pr_workflow.distribution.models import Delivery
from pr_workflow.people.models import Agency
from pr_workflow.publishing.models import CorrectionRound, Posting
from pr_workflow.thai_time import bangkok_date
from pr_workflow.working_group.models import WorkingGroupMember
from pr_workflow.working_group.selectors import report_signers

from .metrics.measure import Week
from .models import WeeklyReport


def week_figures(week: Week) -> dict[str, int]:
    """Counts of what was done in the week, from the log and the ledgers."""
    verbs = dict(
        AuditEntry.objects.filter(agency=week.agency, **week.within("at"))
        .order_by()
        .values_list("verb")
        .annotate(number=Count("id"))
    )
    postings = Posting.objects.filter(agency=week.agency, **week.within("went_live_at")).select_related("revision")
    deliveries = dict(
        Delivery.objects.filter(agency=week.agency, **week.within("went_live_at"))
        .order_by()
        .values_list("state")
        .annotate(number=Count("id"))
    )
    return {
        "submitted": verbs.get("news_submit", 0),
        "returned": verbs.get("news_return", 0),
        "published": len(postings),
        "unplanned": sum(1 for posting in postings if not posting.revision.content.get("plan_activity")),
        "taken_down": verbs.get("news_take_down", 0),
        "corrections": CorrectionRound.objects.filter(agency=week.agency, **week.within("opened_at")).count(),
        "archived": verbs.get("news_archive", 0),
        "delivered": deliveries.get(Delivery.State.SENT, 0),
        "delivery_failed": deliveries.get(Delivery.State.FAILED, 0),
        "delivery_unknown": deliveries.get(Delivery.State.UNKNOWN, 0),
    }


def signers_of(report: WeeklyReport) -> list[WorkingGroupMember]:
    """Who is to sign a report: the working group in office on the last day of its week (S2 §3.8, R01, R63)."""
    return report_signers(report.agency, report.week_end)


def weeks_without_report(agency: Agency, *, before: date) -> list[date]:
    """Mondays of finished weeks without a report, from the agency's first act to the week before `before`."""
    first = AuditEntry.objects.filter(agency=agency).order_by("at").values_list("at", flat=True).first()
    if first is None:
        return []
    day = bangkok_date(first)
    monday = day - timedelta(days=day.weekday())
    built = set(WeeklyReport.objects.filter(agency=agency).values_list("week_start", flat=True))
    weeks = [monday + timedelta(weeks=number) for number in range((before - monday).days // 7)]
    return [week for week in weeks if week not in built]
