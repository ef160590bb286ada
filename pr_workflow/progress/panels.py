"""What the plan puts on the admin's start page: how far it is, whom it misses, what festivals need (R20–R24)."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from ..approval.reading import reading_refusal
from ..festival_calendar.panels import ComingImportantDaysPanel
from ..people.models import Agency
from ..people.roles import Role
from ..plan.coverage import by_target_group, month_name, taking_place
from ..plan.gaps import groups_missing_in
from ..plan.models import AnnualPlan, PlanActivity
from ..plan.selectors import plan_in_force
from ..thai_time import bangkok_date, fiscal_year_be
from .selectors import activities_progress, plan_progress
from .standing import ActivityProgress

#: Who plans and decides about the plan is told of its gaps; the others only see how far it is.
STEERING = frozenset({Role.WRITER, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.DIRECTOR})


class PlanProgressPanel(Component):
    """How far the plan of the running year is; for those who steer it also whom this month and the next leave out."""

    name = "plan_progress"
    template_name = "pr_workflow/progress/panel.html"
    order = 240

    def __init__(self, agency: Agency | None, roles: set[str]):
        self.agency, self.steers = agency, bool(roles & STEERING)
        self.today = bangkok_date(timezone.now())

    @cached_property
    def plan(self) -> AnnualPlan | None:
        """The plan in force of the running fiscal year."""
        return plan_in_force(self.agency, fiscal_year_be(self.today)) if self.agency else None

    @property
    def is_shown(self) -> bool:
        """A year without a plan is told to those who should make one."""
        return self.plan is not None or (self.agency is not None and self.steers)

    def get_context_data(self, parent_context) -> dict[str, Any]:
        year = fiscal_year_be(self.today)
        if self.plan is None:
            return {"plan": None, "year": year}
        progress = plan_progress(self.plan, today=self.today)
        return {
            "plan": self.plan,
            "year": year,
            "counts": progress.counts,
            "total": len(progress.activities),
            "gaps": self._gaps(progress.activities) if self.steers else [],
        }

    def _gaps(self, rows: list[ActivityProgress]) -> list[str]:
        """Whom this month and the next leave out; of the next fiscal year another plan has to tell."""
        lines = taking_place([row.activity for row in rows], [row.activity.uuid for row in rows if row.cancellation])
        unserved = self.agency.unserved_groups if self.agency else ()
        matrix = by_target_group(lines, fiscal_year_be(self.today), unserved)
        place = matrix.months.index(self.today.replace(day=1))
        text = _("%(month)s has no activity for: %(groups)s.")
        return [
            text % {"month": month_name(month), "groups": ", ".join(missing)}
            for month in matrix.months[place : place + 2]
            if (missing := groups_missing_in(matrix, month))
        ]


class ComingDaysPanel(ComingImportantDaysPanel):
    """The coming important days, each with whether the plan has an activity for it and what became of it."""

    def get_context_data(self, parent_context) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        days = context["days"]
        if not days:
            return context
        agency, today = context["agency"], bangkok_date(timezone.now())
        found = news_of_days([day["number"] for day in days], agency, today) if agency else {}
        for day in days:
            day["news"] = found.get((day["number"], day["fiscal_year"]))
        hides_drafts = bool(agency and reading_refusal(parent_context["request"].user, agency))
        if hides_drafts:
            _only_public_items(days)
        return {**context, "with_news": agency is not None, "hides_drafts": hides_drafts}


def _only_public_items(days: list[dict[str, Any]]) -> None:
    """Give each day the items on the site only, as the site names them: who reads no drafts reads no titles of them."""
    numbers = [item.pk for day in days if day["news"] for item in day["news"].items if item.is_live]
    pages = Page.objects.in_bulk(numbers)
    for day in days:
        shown = day["news"].shown_items if day["news"] else []
        day["public_items"] = [
            (pages[item.pk], standing) for item, standing in shown if item.pk in pages and pages[item.pk].live
        ]


def news_of_days(days: list[int], agency: Agency, today: date) -> dict[tuple[int, int], ActivityProgress]:
    """The activity in force of each important day (by number and fiscal year) with its items; queries do not grow.

    Of several activities of one day the one with the most items in public counts, then the one with the most items.
    """
    lines = PlanActivity.objects.filter(plan__agency=agency, plan__live=True, important_day__in=days)
    lines = lines.filter(plan__fiscal_year_be__gte=fiscal_year_be(today)).select_related("plan")
    rows = activities_progress(list(lines), today=today)
    found: dict[tuple[int, int], ActivityProgress] = {}
    for row in sorted(rows, key=lambda row: (row.cancellation is None, row.published, row.produced)):
        found[row.activity.important_day_id or 0, row.activity.plan.fiscal_year_be] = row
    return found
