"""What waits after the approval, on the admin's start page: posting, checks, corrections."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..approval.panels import SHOWN_ROWS, AgencyWorkPanel, WorkPanel, WorkRow
from .selectors import checks_of, corrections_of, may_post, posting_queue


class ToPostPanel(AgencyWorkPanel):
    """Approved items that wait for a go-live time; for IT officers."""

    heading = gettext_lazy("Approved, to be posted")
    icon = "upload"
    order = 120

    def find_rows(self):
        if self.agency is None or not may_post(self.request.user, self.agency):
            return []
        return [
            WorkRow(
                title=str(posting),
                url=reverse("pr_admin:posting") + f"#posting-{posting.pk}",
                since=posting.opened_at,
                due_at=posting.due_at,
                action=_("Post"),
                now=self.now,
                clock=posting,
            )
            for posting in posting_queue(self.agency).waiting[: SHOWN_ROWS + 1]
        ]


class MyChecksPanel(WorkPanel):
    """Posted items this person has to check."""

    heading = gettext_lazy("Posted, to be checked by me")
    icon = "view"
    order = 130

    def find_rows(self):
        return [
            WorkRow(
                title=check.revision.object_str,
                url=reverse("pr_admin:check", args=[check.pk]),
                detail=_("correction round %(number)s") % {"number": check.round} if check.round else "",
                since=check.opened_at,
                due_at=check.due_at,
                action=_("Check"),
                now=self.now,
                clock=check,
            )
            for check in checks_of(self.request.user)[: SHOWN_ROWS + 1]
        ]


class CorrectionsPanel(WorkPanel):
    """Live items under correction this person answers for."""

    heading = gettext_lazy("Live, to be corrected")
    icon = "warning"
    tone = "warning"
    order = 115

    def find_rows(self):
        return [
            WorkRow(
                title=correction.check_row.revision.object_str,
                url=reverse("wagtailadmin_pages:edit", args=[correction.page_id]),
                detail=_("correction round %(number)s") % {"number": correction.number},
                note=correction.check_row.note,
                since=correction.opened_at,
                due_at=correction.due_at,
                action=_("Correct"),
                now=self.now,
                clock=correction,
            )
            for correction in corrections_of(self.request.user)[: SHOWN_ROWS + 1]
        ]
