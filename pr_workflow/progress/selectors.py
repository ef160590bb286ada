"""Questions about a plan and what became of it; everything is read from records, nothing is typed in (R24)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ..news.selectors import news_page_models
from ..people.models import Agency
from ..plan.coverage import month_name, months_of, months_touched
from ..plan.models import ActivityCancellation, AnnualPlan, PlanActivity
from ..plan.selectors import activities_of, standing_cancellations
from ..publishing.models import Posting, TakeDown
from ..thai_time import BANGKOK, fiscal_year_bounds
from .standing import ActivityProgress, ItemFacts, Standing

#: What left the site in these ways was not published after all.
TAKEN_BACK = (TakeDown.Kind.IN_ERROR, TakeDown.Kind.WITHDRAWN)


@dataclass(frozen=True)
class Unplanned:
    """The items of a year without an activity, newest first, and how many each month has, October first."""

    items: list[ItemFacts]
    months: list[tuple[str, int]]


@dataclass(frozen=True)
class PlanProgress:
    """A plan in force and what became of each activity, in the order of the plan."""

    plan: AnnualPlan
    today: date
    activities: list[ActivityProgress]

    @property
    def counts(self) -> dict[Standing, int]:
        """How many activities stand where; every standing is named."""
        return counts_of(self.activities)


def counts_of(activities: Iterable[ActivityProgress]) -> dict[Standing, int]:
    """How many of these activities stand where; every standing is named."""
    found = Counter(row.standing for row in activities)
    return {standing: found[standing] for standing in Standing}


def plan_progress(plan: AnnualPlan, *, today: date) -> PlanProgress:
    """What became of the activities of the plan in force by `today` (Bangkok). Queries do not grow with the plan."""
    return PlanProgress(plan, today, activities_progress(activities_of(plan), today=today))


def activities_progress(lines: list[PlanActivity], *, today: date) -> list[ActivityProgress]:
    """What became of these activities, of one plan or several, in their order. A fixed number of queries."""
    records = ActivityCancellation.objects.filter(activity_uuid__in=[line.uuid for line in lines])
    cancelled = standing_cancellations(records)
    rows = {line.pk: ActivityProgress(line, today, cancellation=cancelled.get(line.uuid)) for line in lines}
    for item in items_of_activities(rows):
        if item.activity_id is not None:
            rows[item.activity_id].items.append(item)
    return list(rows.values())


def items_of_activities(activities: Iterable[int]) -> list[ItemFacts]:
    """The items linked to activities by their numbers, oldest first: one query for each page class, one besides."""
    return _facts(Q(plan_activity__in=list(activities)))


def unplanned_of(agency: Agency, fiscal_year: int) -> Unplanned:
    """The agency's items of a fiscal year that belong to no activity; they are allowed, and counted (R24)."""
    first, last = fiscal_year_bounds(fiscal_year)
    begin, end = midnight(first), midnight(last + timedelta(days=1))
    root = agency.site.root_page
    inside = Q(path__startswith=root.path, depth__gt=root.depth)
    items = _facts(inside & Q(plan_activity__isnull=True, counts_at__gte=begin, counts_at__lt=end))
    days = Counter((item.day.year, item.day.month) for item in items if item.day)
    months = [(month_name(month), days[month.year, month.month]) for month in months_of(fiscal_year)]
    return Unplanned(sorted(items, key=lambda item: (item.day or date.min, item.pk), reverse=True), months)


def midnight(day: date) -> datetime:
    """The beginning of a day in Bangkok, aware."""
    return datetime.combine(day, time(), tzinfo=BANGKOK)


def with_moments(items: QuerySet) -> QuerySet:
    """Pages with `went_live` (the first time, from the postings) and `counts_at` (that, or the last change)."""
    postings = Posting.objects.filter(page_id=OuterRef("pk"), went_live_at__isnull=False).order_by("went_live_at")
    items = items.annotate(went_live=Subquery(postings.values("went_live_at")[:1]))
    return items.annotate(counts_at=Coalesce("went_live", "latest_revision_created_at"))


def _facts(condition: Q) -> list[ItemFacts]:
    columns = ("pk", "draft_title", "plan_activity_id", "went_live", "latest_revision_created_at", "live")
    rows: list[dict[str, Any]] = []
    for model in news_page_models():
        rows += with_moments(model.objects.all()).filter(condition).order_by("pk").values(*columns)
    gone = TakeDown.objects.filter(page_number__in=[row["pk"] for row in rows if not row["live"] and row["went_live"]])
    taken_back = set(gone.filter(ended_at__isnull=True, kind__in=TAKEN_BACK).values_list("page_number", flat=True))
    return [
        ItemFacts(
            pk=row["pk"],
            title=row["draft_title"],
            activity_id=row["plan_activity_id"],
            went_live_at=row["went_live"],
            changed_at=row["latest_revision_created_at"],
            taken_back=row["pk"] in taken_back,
            is_live=row["live"],
        )
        for row in rows
    ]


def touches_month(row: ActivityProgress, month: date) -> bool:
    """Has the activity a day in the month of this first day?"""
    year = row.activity.plan.fiscal_year_be
    return month in [months_of(year)[place] for place in months_touched(row.activity, year)]
