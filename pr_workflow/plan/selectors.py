"""Questions about plans: which one is in force, which plans and activities may somebody see."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from ..audit.models import AuditEntry
from ..people.models import Agency
from ..people.selectors import rows_visible_to
from .models import ActivityCancellation, AnnualPlan, PlanActivity


def plan_in_force(agency: Agency, fiscal_year: int) -> AnnualPlan | None:
    """The approved plan of an agency for a fiscal year (B.E.); None while the director has not approved one (R22)."""
    return AnnualPlan.objects.filter(agency=agency, fiscal_year_be=fiscal_year, live=True).first()


def plans_visible_to(user) -> QuerySet[AnnualPlan]:
    """The plans of the user's own agency (I5)."""
    return rows_visible_to(user, AnnualPlan.objects.select_related("agency"))


def plan_of_next_year(plan: AnnualPlan) -> AnnualPlan | None:
    """The agency's plan for the fiscal year after this one's."""
    return AnnualPlan.objects.filter(agency_id=plan.agency_id, fiscal_year_be=plan.fiscal_year_be + 1).first()


def version_to_copy(plan: AnnualPlan) -> AnnualPlan:
    """The plan in force; the latest version of a plan that has never been in force."""
    return plan if plan.live else plan.get_latest_revision_as_object()


def activities_of(version: AnnualPlan) -> list[PlanActivity]:
    """The lines of a version in order, with their days, officers and units; four queries for any number of lines."""
    activities = list(version.activities.all())
    prefetch_related_objects(activities, "important_day", "responsible_officer__user", "unit")
    return activities


def plan_moves(plan: AnnualPlan) -> list[dict[str, Any]]:
    """What was moved when this plan was copied from the year before; empty for a plan that was written anew."""
    entries = AuditEntry.objects.filter(
        verb="plan_copy_to_next_year", target_type=AnnualPlan._meta.label, target_id=str(plan.pk)
    )
    entry = entries.order_by("-sequence").first()
    return entry.data["moves"] if entry else []


def activities_in_force(agency: Agency, fiscal_year: int) -> QuerySet[PlanActivity]:
    """The activities of the approved plan in the order they begin; none without an approved plan."""
    activities = PlanActivity.objects.filter(plan__agency=agency, plan__fiscal_year_be=fiscal_year, plan__live=True)
    return activities.select_related("plan", "responsible_officer", "important_day").order_by("start", "sort_order")


def standing_cancellations(rows: Iterable[ActivityCancellation]) -> dict[UUID, ActivityCancellation]:
    """The activities that are cancelled by these rows (oldest first): the newest row of each counts."""
    newest = {row.activity_uuid: row for row in rows}
    return {uuid: row for uuid, row in newest.items() if row.act == ActivityCancellation.Act.CANCEL}


def cancellations_of(plan: AnnualPlan) -> dict[UUID, ActivityCancellation]:
    """The cancelled activities of a plan by their `uuid`, each with the row that says so. One query (R24)."""
    return standing_cancellations(ActivityCancellation.objects.filter(plan_id=plan.pk))


def public_cancellations(plan: AnnualPlan) -> dict[UUID, ActivityCancellation]:
    """The cancelled activities that the agency shows as such; of a row only day and public note are for readers.

    Uses `cancellations` of the plan where they are fetched already.
    """
    found = standing_cancellations(plan.cancellations.all())
    return {uuid: row for uuid, row in found.items() if row.is_public}


def cancelled_in(plan: AnnualPlan) -> frozenset[UUID]:
    """The `uuid`s of the cancelled activities of a plan."""
    return frozenset(cancellations_of(plan))
