"""ถูกต้อง: how often the first look after posting found everything right (R64)."""

from pr_workflow.publishing.models import CorrectionRound, PublicationCheck

from .measure import Measure, Week


def accurate(week: Week) -> Measure:
    """First checks answered this week that said "correct", of all first checks answered this week."""
    first = PublicationCheck.objects.filter(agency=week.agency, round=0, **week.within("answered_at"))
    return Measure(
        "accurate",
        good=first.filter(result=PublicationCheck.Result.CORRECT).count(),
        total=first.count(),
        details={
            "correction_rounds_opened": CorrectionRound.objects.filter(
                agency=week.agency, **week.within("opened_at")
            ).count()
        },
    )
