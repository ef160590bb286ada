"""What currency puts on the admin's start page: pages to look at again, and pages that leave the site soon (R51)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..approval.panels import SHOWN_ROWS, WorkPanel, WorkRow
from ..thai_time import thai_date, thai_datetime
from .selectors import WatchedPages


class StalePagesPanel(WorkPanel):
    """Public pages this person answers for and should look at again."""

    heading = gettext_lazy("Pages to look at again")
    icon = "history"
    order = 190

    def __init__(self, request, watched: WatchedPages):
        super().__init__(request)
        self.watched = watched

    def find_rows(self):
        return [
            WorkRow(
                title=page.title,
                url=reverse("pr_admin:news_review", args=[page.pk]),
                detail=_("was due on %(day)s") % {"day": thai_date(page.due_on, "short")} if page.due_on else "",
                action=_("Look"),
                now=self.now,
            )
            for page in self.watched.stale[: SHOWN_ROWS + 1]
        ]


class ExpiringPagesPanel(WorkPanel):
    """Public pages this person answers for that leave the site within two weeks; good to know."""

    heading = gettext_lazy("Leaving the site soon")
    icon = "time"
    order = 195

    def __init__(self, request, watched: WatchedPages):
        super().__init__(request)
        self.watched = watched

    def find_rows(self):
        return [
            WorkRow(
                title=page.title,
                url=reverse("pr_admin:news_timeline", args=[page.pk]),
                detail=_("expires on %(time)s") % {"time": thai_datetime(page.expires_at)} if page.expires_at else "",
                now=self.now,
                is_task=False,
            )
            for page in self.watched.expiring[: SHOWN_ROWS + 1]
        ]
