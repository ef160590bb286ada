"""What the archive puts on the admin's start page: disposals another person has to decide."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..approval.panels import SHOWN_ROWS, AgencyWorkPanel, WorkRow
from .models import DisposalRequest
from .selectors import is_record_head


class DisposalsPanel(AgencyWorkPanel):
    """Open requests to delete archive records; for the director, who did not ask (R49)."""

    heading = gettext_lazy("Disposals to decide")
    icon = "bin"
    order = 180

    def find_rows(self):
        user = self.request.user
        if self.agency is None or not is_record_head(user, self.agency):
            return []
        rows = DisposalRequest.objects.open().filter(agency=self.agency).exclude(asked_by=user)
        return [
            WorkRow(
                title=row.title,
                url=reverse("pr_admin:disposal", args=[row.pk]),
                note=row.reason,
                since=row.asked_at,
                action=_("Decide"),
                now=self.now,
            )
            for row in rows.order_by("asked_at")[: SHOWN_ROWS + 1]
        ]
