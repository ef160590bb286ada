"""What currency puts on the admin's start page: pages to look at again, and pages that leave the site soon (R51)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..approval.panels import SHOWN_ROWS, AgencyWorkPanel, WorkRow
from ..thai_time import bangkok_date, thai_date, thai_datetime
from .selectors import expiring_pages, stale_pages


class StalePagesPanel(AgencyWorkPanel):
    """Public pages this person answers for and should look at again."""

    heading = gettext_lazy("Pages to look at again")
    icon = "history"
    order = 190

    def find_rows(self):
        if self.agency is None:
            return []
        found = stale_pages(self.agency, today=bangkok_date(self.now), officer=self.request.user)
        return [
            WorkRow(
                title=page.title,
                url=reverse("pr_admin:news_review", args=[page.pk]),
                detail=_("was due on %(day)s") % {"day": thai_date(page.due_on, "short")} if page.due_on else "",
                action=_("Look"),
                now=self.now,
            )
            for page in found[: SHOWN_ROWS + 1]
        ]


class ExpiringPagesPanel(AgencyWorkPanel):
    """Public pages this person answers for that leave the site within two weeks; good to know."""

    heading = gettext_lazy("Leaving the site soon")
    icon = "time"
    order = 195

    def find_rows(self):
        if self.agency is None:
            return []
        found = expiring_pages(self.agency, now=self.now, officer=self.request.user)
        return [
            WorkRow(
                title=page.title,
                url=reverse("pr_admin:news_timeline", args=[page.pk]),
                detail=_("expires on %(time)s") % {"time": thai_datetime(page.expires_at)} if page.expires_at else "",
                now=self.now,
                is_task=False,
            )
            for page in found[: SHOWN_ROWS + 1]
        ]
