"""Questions about plans: which one is in force, which plans and activities may somebody see."""

from django.db.models import QuerySet

from ..people.models import Agency
from ..people.selectors import rows_visible_to
from .models import AnnualPlan, PlanActivity


def plan_in_force(agency: Agency, fiscal_year: int) -> AnnualPlan | None:
    """The approved plan of an agency for a fiscal year (B.E.); None while the director has not approved one (R22)."""
    return AnnualPlan.objects.filter(agency=agency, fiscal_year_be=fiscal_year, live=True).first()


def plans_visible_to(user) -> QuerySet[AnnualPlan]:
    """The plans of the user's own agency (I5)."""
    return rows_visible_to(user, AnnualPlan.objects.select_related("agency"))


def activities_in_force(agency: Agency, fiscal_year: int) -> QuerySet[PlanActivity]:
    """The activities of the approved plan in the order they begin; none without an approved plan."""
    activities = PlanActivity.objects.filter(plan__agency=agency, plan__fiscal_year_be=fiscal_year, plan__live=True)
    return activities.select_related("plan", "responsible_officer", "important_day").order_by("start", "sort_order")
