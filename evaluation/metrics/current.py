"""เป็นปัจจุบัน: is what the public finds still current (R51, R64)."""

from datetime import timedelta

from pr_workflow.publishing.models import PublishedItem

from .measure import Measure, Week

#: An item nobody has touched for a year counts as stale; a reminder is due after 30 quiet days.
FRESH = timedelta(days=365)


def current(week: Week) -> Measure:
    """Live items published or updated in the year before the end of the week, of all live items.

    It counts what is live when the report is built. Details: days from the newest item to the end of the week.
    """
    live = PublishedItem.objects.filter(agency=week.agency, published_at__lt=week.end)
    newest = live.order_by("-published_at").values_list("published_at", flat=True).first()
    return Measure(
        "current",
        good=live.filter(updated_at__gte=week.end - FRESH).count(),
        total=live.count(),
        details={"days_since_newest": (week.end - newest).days if newest else None},
    )
