"""Lead times on the admin's start page: what should be in preparation and has no draft, with the reason (R20, R24)."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .approval.panels import SHOWN_ROWS, AgencyWorkPanel, WorkRow
from .lead_time.selectors import LeadTimeBoard, Placed, answered_keys, lead_time_board
from .people.models import Agency
from .people.roles import Role
from .plan.selectors import plan_in_force
from .thai_time import bangkok_date, fiscal_year_be, thai_date_range

#: Who sees to it that nothing is missed.
RESPONSIBLE = {Role.WRITER, Role.HEAD_OF_WORK}

OBSTACLES = {
    "no_date": gettext_lazy("The important day has no date this year yet. Enter it in the calendar."),
    "not_held": gettext_lazy("The important day is not held, or your agency does not observe it."),
    "day_not_in_use": gettext_lazy("The important day is no longer in use. Choose another one in the plan."),
}


class LeadTimePanel(AgencyWorkPanel):
    """For PR officers and heads of work: activities without a draft, and important days that no plan names."""

    heading = gettext_lazy("Important days without a draft")
    icon = "date"
    tone = "warning"
    order = 140

    def __init__(self, request, agency: Agency | None, roles: Collection[str]):
        super().__init__(request, agency)
        self.roles = roles

    @property
    def url(self) -> str:
        """Only who writes news may open the screen that begins items; others look at the plan."""
        writes = Role.WRITER in self.roles
        return reverse("pr_admin:activities" if writes else "wagtailsnippets_pr_workflow_annualplan:list")

    def find_rows(self):
        agency, today = self.agency, bangkok_date(self.now)
        if agency is None or RESPONSIBLE.isdisjoint(self.roles):
            return []
        if plan_in_force(agency, fiscal_year_be(today)) is None:
            return [self._no_plan()]
        board = lead_time_board(agency, today)
        answered = answered_keys(agency) if board.due else set()
        late = [placed for placed in board.due if placed.key not in answered]
        rows = [self._activity(placed, _("The draft comes with the next run of the job.")) for placed in late]
        rows += [self._activity(placed, str(OBSTACLES[placed.obstacle])) for placed in board.blocked]
        return [*rows, *self._unplanned(board)][: SHOWN_ROWS + 1]

    def _no_plan(self) -> WorkRow:
        return WorkRow(
            title=_("No plan of this fiscal year is in force"),
            url=reverse("wagtailsnippets_pr_workflow_annualplan:list"),
            note=_("Drafts for important days begin once the director has approved the plan."),
            action=_("To the plan"),
            now=self.now,
            is_task=False,
        )

    def _activity(self, placed: Placed, note: str) -> WorkRow:
        return WorkRow(
            title=f"{placed.activity.code} {placed.name}".strip(),
            url=self.url,
            detail=thai_date_range(placed.first, placed.last, "short"),
            note=note,
            action=_("Look"),
            now=self.now,
            is_task=False,
        )

    def _unplanned(self, board: LeadTimeBoard):
        for run in board.unplanned:
            yield WorkRow(
                title=run.important_day.name_th,
                url=self.url,
                detail=thai_date_range(run.first, run.last, "short"),
                note=_("High priority and at its lead time, but the plan has no activity for it."),
                action=_("Look"),
                now=self.now,
                is_task=False,
            )
