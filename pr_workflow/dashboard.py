"""The admin's start page: what this person has to do, the urgent first, and nothing else."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from .approval.panels import (
    SHOWN_ROWS,
    AgencyWorkPanel,
    OnTheWayPanel,
    ReturnedToMePanel,
    WaitingForMePanel,
    WorkPanel,
    WorkRow,
)
from .approval.unmanned import StoppedStep, empty_chains, unmanned_levels
from .archive.panels import DisposalsPanel
from .cabinet_days_panel import CabinetDaysPanel
from .currency.panels import ExpiringPagesPanel, StalePagesPanel
from .currency.selectors import WatchedPages
from .distribution.models import Delivery
from .distribution.removal_views import RemovalsPanel
from .lead_time_panel import LeadTimePanel
from .machinery import PROBLEM_WORDS, machinery
from .people.models import Agency
from .people.roles import Role
from .people.selectors import agency_of, roles_of
from .progress.panels import ComingDaysPanel, PlanProgressPanel
from .publishing.emergency_panel import EmergencyPanel
from .publishing.giving_up import withdrawal_refusal
from .publishing.models import Heartbeat
from .publishing.panels import CorrectionsPanel, MyChecksPanel, ToPostPanel
from .publishing.selectors import may_post, postings_in_trouble
from .working_group_panel import WorkingGroupsPanel

#: The tick comes every minute; after this it is missed (I6).
TICK_MISSED_AFTER = timedelta(minutes=2)


#: Told to IT officers and administrators on the first screen; what belongs to single items (an emergency that nobody
#: confirmed) has rows of its own.
FOR_IT_OFFICERS = (
    "no_recent_beat",
    "no_recent_watch",
    "expiry_overdue",
    "search_behind",
    "live_differs_from_approval",
    "steps_unmanned",
    "notices_not_mailed",
)


class TroublePanel(AgencyWorkPanel):
    """Everything of the agency that failed or is stuck, for all who work on news (I1, I6)."""

    heading = gettext_lazy("Needs attention")
    icon = "warning"
    tone = "critical"
    order = 50

    def find_rows(self):
        stopped = self._unmanned() if self.request.user.is_superuser else []
        if self.agency is None:
            return [*stopped, *self._machinery()] if self.request.user.is_superuser else stopped
        return [*stopped, *self._machinery(), *self._postings(self.agency), *self._deliveries(self.agency)]

    def _unmanned(self):
        """Chains without steps and steps nobody fills, for the administrator, who can mend both (R05)."""
        return [self._stopped(found) for found in [*empty_chains(), *unmanned_levels()][: SHOWN_ROWS + 1]]

    def _stopped(self, found: StoppedStep) -> WorkRow:
        title, url, action = _("The chain has no step."), reverse("wagtailadmin_workflows:index"), _("Add the steps")
        if found.step:
            title = _("Nobody can fill the step “%(step)s”.") % {"step": found.step}
            url, action = reverse("wagtailusers_groups:index"), _("Add a member")
        note = _("An item is under way there and would stop.") if found.has_items else ""
        return WorkRow(
            title=title, url=url, action=action, detail=found.workflow, note=note, now=self.now, is_task=False
        )

    def _machinery(self):
        """A scheduler that ran before and is silent now; one that never ran is a matter of the installation.

        What else is stuck in the installation is for IT officers and administrators.
        """
        tick = Heartbeat.objects.filter(name="tick", seen_at__lt=self.now - TICK_MISSED_AFTER).first()
        if tick is not None:
            yield self._stuck(
                _("The scheduler is silent: items do not go live at their time."),
                _("Ask the system administrator to look at the scheduler and the worker."),
                since=tick.seen_at,
            )
        user = self.request.user
        if user.is_superuser or (self.agency is not None and may_post(user, self.agency)):
            for name in machinery(self.now).stuck(self.now):
                if name in FOR_IT_OFFICERS:
                    yield self._stuck(str(PROBLEM_WORDS[name]), "", since=None)

    def _stuck(self, title: str, note: str, since):
        return WorkRow(title=title, url="", note=note, since=since, now=self.now)

    def _postings(self, agency: Agency):
        rows = list(postings_in_trouble(agency, now=self.now)[: SHOWN_ROWS + 1])
        posts = bool(rows) and may_post(self.request.user, agency)
        return [
            WorkRow(
                title=str(posting),
                url=reverse("pr_admin:news_timeline", args=[posting.page_id]),
                detail=_("not live at its time"),
                note=posting.failure,
                due_at=posting.go_live_at,
                action=_("Look"),
                now=self.now,
                is_task=posts or self._may_correct(posting),
                is_failed=True,
            )
            for posting in rows
        ]

    def _may_correct(self, posting) -> bool:
        """Only a new approval helps, and this person can begin it."""
        return posting.seal_broken_at is not None and not withdrawal_refusal(posting, self.request.user)

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
                is_task=False,
            )
            for delivery in rows.order_by("-last_state_change")[: SHOWN_ROWS + 1]
        ]


class MostUrgentPanel(Component):
    """The first thing on the first screen: how much there is to do, how late, one button to the most urgent (R38)."""

    template_name = "pr_workflow/dashboard/most_urgent.html"
    order = 10

    def __init__(self, panels: list[WorkPanel]):
        self.rows = [
            row for panel in panels for row in panel.rows[:SHOWN_ROWS] if row.is_task and row.url and row.action
        ]
        self.has_more = any(row.is_task for panel in panels for row in panel.rows[SHOWN_ROWS:])

    @property
    def most_urgent(self) -> WorkRow:
        """What failed, then what is overdue, what is urgent by its kind, what is due first, what has no clock."""

        def rank(row: WorkRow):
            is_urgent = getattr(row.clock, "is_urgent", False)
            return not row.is_failed, not row.is_overdue, not is_urgent, row.due_at is None, row.due_at

        return min(self.rows, key=rank)

    def get_context_data(self, parent_context):
        return {
            "row": self.most_urgent,
            "count": len(self.rows),
            "overdue": sum(row.is_overdue for row in self.rows),
            "has_more": self.has_more,
            "now": self.most_urgent.now,
        }


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
    roles = roles_of(request.user, agency) if agency else set()
    own = agency if roles - {Role.NETWORK_MEMBER} else None
    watched = WatchedPages(own, request.user, is_writer=Role.WRITER in roles, now=timezone.now())
    work: list[WorkPanel] = [
        WaitingForMePanel(request),
        ReturnedToMePanel(request),
        CorrectionsPanel(request),
        ToPostPanel(request, agency),
        RemovalsPanel(request, agency),
        MyChecksPanel(request),
        DisposalsPanel(request, agency),
        WorkingGroupsPanel(request, agency),
        StalePagesPanel(request, watched),
    ]
    shown = [panel for panel in work if panel.rows]
    emergencies = EmergencyPanel(request, agency)
    trouble = TroublePanel(request, own)
    extra = [
        emergencies,
        trouble,
        LeadTimePanel(request, agency, roles),
        CabinetDaysPanel(request, agency),
        OnTheWayPanel(request),
    ]
    plan = PlanProgressPanel(own, roles)
    expiring = ExpiringPagesPanel(request, watched)
    first = MostUrgentPanel([trouble, emergencies, *shown])
    panels[:] = [
        *([first] if first.rows else []),
        *(panel for panel in extra if panel.rows),
        *(shown if shown or first.rows else [NothingWaitsPanel()]),
        *([expiring] if expiring.rows else []),
        *([plan] if plan.is_shown else []),
        ComingDaysPanel(),
    ]
