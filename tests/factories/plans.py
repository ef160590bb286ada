"""Annual plans, in force without walking their approval each time."""

from pr_workflow.gate import publication_permit
from pr_workflow.people.models import Agency
from pr_workflow.plan.models import AnnualPlan


def plan_row(agency: Agency, *, live: bool = True, **fields) -> AnnualPlan:
    """A plan of the agency; a live one as the end of its approval leaves it."""
    plan = AnnualPlan.objects.create(agency=agency, live=False, **{"fiscal_year_be": 2570, "title": "แผน", **fields})
    return in_force(plan) if live else plan


def in_force(plan: AnnualPlan) -> AnnualPlan:
    """Bring a plan into force, as the end of its approval does."""
    plan.live = True
    with publication_permit(plan.pk, kind=AnnualPlan.PERMIT_KIND):
        plan.save()
    return plan


def out_of_force(plan: AnnualPlan) -> None:
    """Take a plan out of force, as an app with the permit does; no screen of ours can."""
    with publication_permit(plan.pk, kind=AnnualPlan.PERMIT_KIND):
        plan.unpublish()
