"""The admin's start page: what this person has to do, the urgent first, and nothing else."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from .approval.panels import SHOWN_ROWS, OnTheWayPanel, ReturnedToMePanel, WaitingForMePanel, WorkPanel, WorkRow
from .distribution.models import Delivery
from .festival_calendar.panels import ComingImportantDaysPanel
from .people.models import Agency
from .people.roles import Role
from .people.selectors import agency_of
from .publishing.models import Heartbeat
from .publishing.panels import CorrectionsPanel, MyChecksPanel, ToPostPanel
from .publishing.selectors import postings_in_trouble

#: The tick comes every minute; after this it is missed (I6).
TICK_MISSED_AFTER = timedelta(minutes=2)


class TroublePanel(WorkPanel):
    """Everything of the agency that failed or is stuck, for all who work on news (I1, I6)."""

    heading = gettext_lazy("Needs attention")
    icon = "warning"
    tone = "critical"
    order = 50

    def __init__(self, request, agency: Agency | None):
        super().__init__(request)
        self.agency = agency

    def find_rows(self):
        if self.agency is None:
            return []
        return [*self._machinery(), *self._postings(self.agency), *self._deliveries(self.agency)]

    def _machinery(self):
        """A scheduler that ran before and is silent now; one that never ran is a matter of the installation."""
        tick = Heartbeat.objects.filter(name="tick", seen_at__lt=self.now - TICK_MISSED_AFTER).first()
        if tick is None:
            return []
        return [
            WorkRow(
                title=_("The scheduler is silent: items do not go live at their time."),
                url="",
                note=_("Ask the system administrator to look at the scheduler and the worker."),
                since=tick.seen_at,
                now=self.now,
            )
        ]

    def _postings(self, agency: Agency):
        return [
            WorkRow(
                title=str(posting),
                url=reverse("pr_admin:news_timeline", args=[posting.page_id]),
                detail=_("not live at its time"),
                note=posting.failure,
                due_at=posting.go_live_at,
                action=_("Look"),
                now=self.now,
            )
            for posting in postings_in_trouble(agency, now=self.now)[: SHOWN_ROWS + 1]
        ]

    def _deliveries(self, agency: Agency):
        lost = [Delivery.State.FAILED, Delivery.State.UNKNOWN]
        rows = Delivery.objects.owned_by(agency).filter(state__in=lost).select_related("channel")
        return [
            WorkRow(
                title=str(delivery),
                url=reverse("pr_workflow_delivery_modeladmin_inspect", args=[delivery.pk]),
                detail=delivery.get_state_display(),
                note=delivery.error,
                since=delivery.last_state_change,
                action=_("Look"),
                now=self.now,
            )
            for delivery in rows.order_by("-last_state_change")[: SHOWN_ROWS + 1]
        ]


class NothingWaitsPanel(Component):
    """Said when there is nothing to do, so that an empty page does not look broken."""

    template_name = "pr_workflow/dashboard/nothing.html"
    order = 100


def my_work(request, panels: list) -> None:
    """Put our panels in the place of Wagtail's (hook `construct_homepage_panels`)."""
    try:
        agency = agency_of(request.user)
    except PermissionDenied:
        agency = None
    works_on_news = _works_on_news(request.user, agency)
    work: list[WorkPanel] = [
        WaitingForMePanel(request),
        ReturnedToMePanel(request),
        CorrectionsPanel(request),
        ToPostPanel(request, agency),
        MyChecksPanel(request),
    ]
    shown = [panel for panel in work if panel.rows]
    extra = [TroublePanel(request, agency if works_on_news else None), OnTheWayPanel(request)]
    panels[:] = [
        *(panel for panel in extra if panel.rows),
        *(shown or [NothingWaitsPanel()]),
        ComingImportantDaysPanel(),
    ]


def _works_on_news(user, agency: Agency | None) -> bool:
    if agency is None:
        return False
    return user.groups.filter(agency_role__agency=agency).exclude(agency_role__role=Role.NETWORK_MEMBER).exists()
