"""Annual plans: those that the director has approved, with their activities (S2 §3.3; OIA section 9)."""

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from ..people.models import Agency, StaffProfile
from ..plan.models import ActivityCancellation, AnnualPlan, PlanActivity
from ..plan.selectors import public_cancellations
from ..stages import ChannelKind, MediaFormat, TargetGroup
from ..thai_time import BANGKOK, bangkok_date, fiscal_year_bounds
from .parameters import FiscalYear, only_these_parameters
from .problems import Problem, not_found
from .schemas import (
    Activity,
    AgencyReference,
    Cancelled,
    ImportantDayReference,
    Plan,
    PlanList,
    Responsible,
    known_keys,
)
from .sites import agency_of_request

router = Router(tags=["plans"])


class PlanFilters(Schema):
    """An unknown parameter is an error, never ignored."""

    fiscal_year: FiscalYear | None = Field(None, description="Fiscal year in B.E.", examples=[2570])


def approved_plans(agency: Agency) -> QuerySet[AnnualPlan]:
    """The plans in force of an agency, with what answers show. Drafts and amendments not yet approved are not in."""
    activities = PlanActivity.objects.select_related("important_day", "responsible_officer__unit", "unit")
    return (
        AnnualPlan.objects.filter(agency=agency, live=True)
        .order_by("-fiscal_year_be")
        .prefetch_related(Prefetch("activities", queryset=activities), "cancellations")
    )


def plan_answer(plan: AnnualPlan, agency: Agency) -> Plan:
    """A plan in the shape of the API."""
    first, last = fiscal_year_bounds(plan.fiscal_year_be)
    approved_at = plan.last_published_at
    cancelled = public_cancellations(plan)
    return Plan(
        uuid=plan.uuid,
        agency=AgencyReference(code=agency.code, name=agency.name),
        fiscal_year_be=plan.fiscal_year_be,
        first_day=first,
        last_day=last,
        title=plan.title,
        objective=plan.objective,
        doc_number=plan.doc_number,
        doc_date=plan.doc_date,
        approved_at=approved_at and approved_at.astimezone(BANGKOK),
        activities=[activity_answer(line, agency, cancelled.get(line.uuid)) for line in plan.activities.all()],
    )


def activity_answer(activity: PlanActivity, agency: Agency, cancellation: ActivityCancellation | None) -> Activity:
    """A line of a plan in the shape of the API."""
    day = activity.important_day
    known_day = day if day and day.agency_id in (None, agency.pk) else None
    columns = ("uuid", "code", "title", "origin", "mission", "start", "end", "indicator", "target_value", "budget_baht")
    return Activity(
        **{name: getattr(activity, name) for name in columns},
        important_day=ImportantDayReference(key=known_day.key, name=known_day.name_th) if known_day else None,
        target_groups=known_keys(activity.target_groups, TargetGroup),
        channels=known_keys(activity.channels, ChannelKind),
        media_formats=known_keys(activity.media_formats, MediaFormat),
        unit=activity.unit.name if activity.unit and activity.unit.agency_id == agency.pk else "",
        responsible=responsible_answer(activity.responsible_officer, agency),
        cancelled=cancelled_answer(cancellation),
    )


def cancelled_answer(row: ActivityCancellation | None) -> Cancelled | None:
    """Since when an activity is cancelled and what the public is told, never the reason of the office."""
    return Cancelled(since=bangkok_date(row.at), note=row.public_note) if row else None


def responsible_answer(officer: StaffProfile | None, agency: Agency) -> Responsible | None:
    """Position and unit of the officer, never the name."""
    if officer is None or officer.agency_id != agency.pk:
        return None
    return Responsible(position=officer.position, unit=officer.unit.name if officer.unit else "")


@router.get(
    "plans",
    response={200: PlanList, 400: Problem, 404: Problem},
    summary="List annual plans",
    operation_id="listPlans",
    url_name="plans",
)
@router.get("plans/", response=PlanList, include_in_schema=False, url_name="plans_slash")
@only_these_parameters(PlanFilters)
def plan_list(request: HttpRequest, filters: Query[PlanFilters]):
    """The approved annual PR plans of this site's agency, newest fiscal year first, one a year."""
    agency = agency_of_request(request)
    plans = approved_plans(agency)
    if filters.fiscal_year is not None:
        plans = plans.filter(fiscal_year_be=filters.fiscal_year)
    return PlanList(items=[plan_answer(plan, agency) for plan in plans])


@router.get(
    "plans/{int:fiscal_year}",
    response={200: Plan, 404: Problem},
    summary="The plan of one fiscal year",
    operation_id="getPlan",
    url_name="plan_detail",
)
@router.get("plans/{int:fiscal_year}/", response=Plan, include_in_schema=False, url_name="plan_detail_slash")
@only_these_parameters()
def plan_detail(request: HttpRequest, fiscal_year: FiscalYear):
    """The approved plan of a fiscal year (B.E.). 404 while it is not approved."""
    agency = agency_of_request(request)
    plan = approved_plans(agency).filter(fiscal_year_be=fiscal_year).first()
    if plan is None:
        raise not_found(_("There is no approved plan for fiscal year %(year)s.") % {"year": fiscal_year})
    return plan_answer(plan, agency)
