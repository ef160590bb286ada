"""What the public site asks: only what is live, only what belongs to one site (promise I5)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Site

from pr_workflow.festival_calendar.selectors import ComingDay, next_important_days
from pr_workflow.people.models import Agency
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.plan.selectors import plan_in_force
from pr_workflow.publishing.models import PublishedItem
from pr_workflow.thai_time import fiscal_year_be

from .cards import NewsCard, card_of


@dataclass(frozen=True)
class Neighbours:
    """The news just before and just after an item, in order of publication."""

    older: NewsCard | None = None
    newer: NewsCard | None = None


def agency_of_request(request: HttpRequest) -> Agency | None:
    """The agency whose site answers this request, looked up once; None for a site nobody has taken yet."""
    if not hasattr(request, "_agency"):
        site = Site.find_for_request(request)
        found = Agency.objects.select_related("site__root_page").filter(site=site).first() if site else None
        request._agency = found  # type: ignore[attr-defined]
    return request._agency  # type: ignore[attr-defined]


def published_of(agency: Agency | None) -> QuerySet[PublishedItem]:
    """The public news of one agency, newest first, without the long text of each; none without an agency (I5)."""
    items = PublishedItem.objects.filter(agency=agency) if agency else PublishedItem.objects.none()
    return items.newest_first().defer("detail_json")


def coming_days(agency: Agency | None, *, today: date, limit: int) -> list[ComingDay]:
    """The next important days this agency sees (R20). `today` is a date in Bangkok."""
    return next_important_days(agency=agency, today=today, limit=limit)


def plans_public(agency: Agency | None) -> QuerySet[AnnualPlan]:
    """The approved plans of an agency, newest year first; a draft is never among them (R18)."""
    return AnnualPlan.objects.filter(agency=agency, live=True).order_by("-fiscal_year_be")


def plan_of_running_year(agency: Agency | None, *, today: date) -> AnnualPlan | None:
    """The approved plan of the fiscal year in which `today` lies."""
    return plan_in_force(agency, fiscal_year_be(today)) if agency else None


def neighbours_of(item: PublishedItem) -> Neighbours:
    """The older and the newer item on the same site. Two queries."""
    rows = PublishedItem.objects.filter(agency_id=item.agency_id).defer("detail_json")
    moment = item.published_at
    older = rows.filter(Q(published_at__lt=moment) | Q(published_at=moment, id__lt=item.pk))
    newer = rows.filter(Q(published_at__gt=moment) | Q(published_at=moment, id__gt=item.pk))
    before, after = older.order_by("-published_at", "-id").first(), newer.order_by("published_at", "id").first()
    return Neighbours(older=card_of(before) if before else None, newer=card_of(after) if after else None)
