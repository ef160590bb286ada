"""เป็นปัจจุบัน: is what the public finds still current (R51, R64)."""

from datetime import timedelta

from pr_workflow.currency.selectors import stale_pages
from pr_workflow.publishing.models import PublishedItem

from .measure import Measure, Week


def current(week: Week) -> Measure:
    """Live items that were not due to be looked at again by the last day of the week, of all live items.

    The day is that of the list “Pages to look at again” (`PublicPage.due_on`): what the last look since the go-live
    set, else the date of the page, else a year after its newest version went live. Looks and versions count up to the
    end of the week; which items are live is seen when the report is built. Details: days from the newest item to that
    end.
    """
    live = PublishedItem.objects.filter(agency=week.agency, published_at__lt=week.end)
    last_day = week.monday + timedelta(days=6)
    due = {page.pk for page in stale_pages(week.agency, today=last_day, before=week.end)}
    pages = list(live.values_list("page_id", flat=True))
    newest = live.order_by("-published_at").values_list("published_at", flat=True).first()
    return Measure(
        "current",
        good=sum(page not in due for page in pages),
        total=len(pages),
        details={"days_since_newest": (week.end - newest).days if newest else None},
    )
