"""The screen of coverage: whom the plan reaches in which month, and whom it does not (R19, R21, R23)."""

from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from ..people.panels import it_skill_warning
from .coverage import by_mission, by_target_group, by_unit, taking_place
from .gaps import gaps_of, labels_of_groups, schools_and_units
from .import_views import PlanScreen
from .models import AnnualPlan
from .selectors import activities_of, cancelled_in

LATEST, IN_FORCE = "latest", "in_force"
READING = ["add", "change", "delete", "view"]


class PlanCoverageView(PlanScreen):
    """The tables of one version of a plan: the latest, or the one in force. For all who read the plan."""

    page_title = gettext_lazy("Coverage")
    template_name = "pr_workflow/plan/coverage.html"

    def get(self, request, *args, **kwargs):
        if not policy_registry.get_by_type(AnnualPlan).user_has_any_permission(request.user, READING):
            raise PermissionDenied(_("Only those who work on the plan see what it covers."))
        return super().get(request, *args, **kwargs)

    @cached_property
    def versions(self) -> list[tuple[str, str]]:
        """What can be looked at; a choice only where draft and plan in force differ."""
        names = [(LATEST, _("Latest version"))]
        if self.plan.live and self.plan.has_unpublished_changes:
            names.append((IN_FORCE, _("Plan in force")))
        return names

    @cached_property
    def version(self) -> str:
        """The version that is asked for; a word nobody knows means the latest, and that is said."""
        wanted = self.request.GET.get("version", LATEST)
        if wanted in (LATEST, IN_FORCE):
            return wanted if wanted in dict(self.versions) else LATEST
        messages.warning(self.request, _("There is no such version of the plan. This is the latest one."))
        return LATEST

    def get_context_data(self, **kwargs):
        plan = self.plan if self.version == IN_FORCE else self.plan.get_latest_revision_as_object()
        every, cancelled = activities_of(plan), cancelled_in(self.plan)
        lines, year, units = taking_place(every, cancelled), self.plan.fiscal_year_be, schools_and_units(plan.agency)
        unserved = plan.agency.unserved_groups
        of_units = by_unit(lines, year, units)
        return super().get_context_data(
            versions=self.versions,
            version=self.version,
            gaps=gaps_of(lines, year, units, unserved),
            unserved=labels_of_groups(unserved),
            it_skill=it_skill_warning(line.responsible_officer for line in lines),
            cancelled=[line for line in every if line.uuid in cancelled],
            tables=[
                (_("Target groups by month"), _("Target group"), by_target_group(lines, year, unserved)),
                (_("Missions by month"), _("Mission"), by_mission(lines, year)),
                (_("Units and schools by month"), _("Unit or school"), of_units),
            ],
            **kwargs,
        )
