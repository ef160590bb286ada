"""What currency puts on the admin's start page: pages to look at again, and pages that leave the site soon (R51)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..approval.panels import SHOWN_ROWS, WorkPanel, WorkRow
from ..thai_time import thai_date, thai_datetime
from .selectors import WatchedPages


class WatchedPanel(WorkPanel):
    """Public pages this person answers for, found once for all panels."""

    def __init__(self, request, watched: WatchedPages):
        super().__init__(request)
        self.watched = watched

    def _row(self, page, address: str, detail: str, **more) -> WorkRow:
        url = reverse(f"pr_admin:{address}", args=[page.pk])
        return WorkRow(title=page.title, url=url, detail=detail, now=self.now, **more)


class StalePagesPanel(WatchedPanel):
    """Those that should be looked at again."""

    heading = gettext_lazy("Pages to look at again")
    icon = "history"
    order = 190

    def find_rows(self):
        return [
            self._row(page, "news_review", self._due(page), action=_("Look"))
            for page in self.watched.stale[: SHOWN_ROWS + 1]
        ]

    @staticmethod
    def _due(page) -> str:
        return _("was due on %(day)s") % {"day": thai_date(page.due_on, "short")} if page.due_on else ""


class ExpiringPagesPanel(WatchedPanel):
    """Those that leave the site within two weeks; good to know."""

    heading = gettext_lazy("Leaving the site soon")
    icon = "time"
    order = 195

    def find_rows(self):
        return [
            self._row(page, "news_timeline", self._end(page), is_task=False)
            for page in self.watched.expiring[: SHOWN_ROWS + 1]
        ]

    @staticmethod
    def _end(page) -> str:
        return _("expires on %(time)s") % {"time": thai_datetime(page.expires_at)} if page.expires_at else ""
