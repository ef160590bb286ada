"""Pages of the public site that are not in Wagtail's tree: plan, privacy notice, sitemap, robots."""

from itertools import groupby

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_response
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pr_workflow.people.models import Agency
from pr_workflow.plan.selectors import public_cancellations
from pr_workflow.stages import ChannelKind, TargetGroup
from pr_workflow.thai_time import fiscal_quarter, fiscal_quarter_bounds, fiscal_year_bounds

from .selectors import agency_of_request, plans_public
from .sitemaps import NewsSitemap, PlanSitemap, StandingPages


def _agency_or_404(request: HttpRequest) -> Agency:
    agency = agency_of_request(request)
    if agency is None:
        raise Http404("this address belongs to no agency")
    return agency


def _labels(keys: list[str], choices) -> list[str]:
    return [choices(key).label for key in keys if key in choices.values]


def _quarters(plan) -> list[dict]:
    """The activities by the quarter in which they start, in order of their start."""
    activities = plan.activities.select_related("important_day", "responsible_officer__unit", "unit")
    activities, cancelled = activities.order_by("start", "code"), public_cancellations(plan)
    quarters = []
    for number, rows in groupby(activities, key=lambda activity: fiscal_quarter(activity.start)):
        first, last = fiscal_quarter_bounds(plan.fiscal_year_be, number)
        entries = [
            {
                "activity": activity,
                "cancelled": cancelled.get(activity.uuid),
                "audiences": _labels(activity.target_groups, TargetGroup),
                "channels": _labels(activity.channels, ChannelKind),
            }
            for activity in rows
        ]
        quarters.append({"number": number, "first": first, "last": last, "entries": entries})
    return quarters


@require_safe
def plan_page(request: HttpRequest, fiscal_year_be: int) -> HttpResponse:
    """The approved plan of one fiscal year (R18, R24); 404 for a year without one, drafts included."""
    agency = _agency_or_404(request)
    plan = get_object_or_404(plans_public(agency), fiscal_year_be=fiscal_year_be)
    first, last = fiscal_year_bounds(plan.fiscal_year_be)
    quarters = _quarters(plan)
    context = {
        "plan": plan,
        "quarters": quarters,
        "number_of_activities": sum(len(quarter["entries"]) for quarter in quarters),
        "budget": sum(entry["activity"].budget_baht for quarter in quarters for entry in quarter["entries"]),
        "number_cancelled": sum(entry["cancelled"] is not None for quarter in quarters for entry in quarter["entries"]),
        "first_day": first,
        "last_day": last,
        "other_plans": plans_public(agency).exclude(pk=plan.pk),
    }
    return render(request, "home/plan_page.html", context)


@require_safe
def privacy_page(request: HttpRequest) -> HttpResponse:
    """The privacy notice: what this site does with visitors' data, which is next to nothing (PDPA s.23)."""
    return render(request, "home/privacy_page.html")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Addresses for search engines, of this site only."""
    agency = _agency_or_404(request)
    sections: dict[str, type[Sitemap] | Sitemap] = {
        "pages": StandingPages(agency.site, request),
        "plans": PlanSitemap(agency),
        "news": NewsSitemap(agency),
    }
    return sitemap_response(request, sections)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Crawlers may read everything public; the administration is not for them."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {request.build_absolute_uri(reverse('home:sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
