"""What every page of an agency's site shows around its content: name, navigation, contact, freshness."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page, Site

from pr_workflow.people.models import Agency, Ministry
from pr_workflow.plan.models import AnnualPlan

from .models import NewsIndexPage, StaffDirectoryPage
from .selectors import agency_of_request, plan_of_running_year, published_of


@dataclass(frozen=True)
class PublicSite:
    """The frame of one site. Without an agency (a site not yet set up) only the address of the front page is known."""

    agency: Agency | None = None
    home_url: str = "/"
    news_url: str = ""
    news_title: str = ""
    staff_url: str = ""
    staff_title: str = ""
    plan: AnnualPlan | None = None
    updated_at: datetime | None = None

    @property
    def name(self) -> str:
        return self.agency.name if self.agency else ""

    @property
    def ministry(self) -> str:
        return self.agency.ministry if self.agency else Ministry.OTHER.value

    @property
    def digits(self) -> str:
        """Which digits this agency shows to people."""
        return "thai" if self.agency and self.agency.thai_digits else "arabic"

    @property
    def mark(self) -> str:
        """Two to four letters for the emblem: the abbreviation up to its first full stop."""
        return (self.agency.abbr or self.agency.name).split(".")[0].split()[0][:4] if self.agency else ""


def public_site(request: HttpRequest) -> PublicSite:
    """The frame for a request, worked out once. Six queries at most; never raises for an unknown host."""
    if not hasattr(request, "_public_site"):
        request._public_site = _frame_of(request, agency_of_request(request))  # type: ignore[attr-defined]
    return request._public_site  # type: ignore[attr-defined]


def _frame_of(request: HttpRequest, agency: Agency | None) -> PublicSite:
    if agency is None:
        return PublicSite()
    site = agency.site
    news, staff = _sections_of(site)
    return PublicSite(
        agency=agency,
        news_url=news.get_url(request, current_site=site) or "" if news else "",
        news_title=news.title if news else "",
        staff_url=staff.get_url(request, current_site=site) or "" if staff else "",
        staff_title=staff.title if staff else "",
        plan=plan_of_running_year(agency, today=timezone.localdate()),
        updated_at=published_of(agency).order_by().aggregate(newest=Max("updated_at"))["newest"],
    )


def _sections_of(site: Site) -> list[Page | None]:
    """The news index and the staff directory of a site, as far as they are live and open to everybody. One query."""
    pages = Page.objects.descendant_of(site.root_page).live().public().type(NewsIndexPage, StaffDirectoryPage)
    found = {page.specific_class: page for page in reversed(pages.order_by("path"))}
    return [found.get(NewsIndexPage), found.get(StaffDirectoryPage)]
