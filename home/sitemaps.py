"""The sitemap of one site: its public news, its standing pages and its approved plans, nothing else (promise I5)."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from wagtail.models import Page, Site

from pr_workflow.people.models import Agency
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.publishing.models import PublishedItem

from .cards import news_path
from .models import HomePage, NewsIndexPage, StaffDirectoryPage
from .selectors import plans_public, published_of


class NewsSitemap(Sitemap):
    """Every published item of the site; read from the projection, so a draft cannot appear."""

    limit = 40_000

    def __init__(self, agency: Agency):
        self.agency = agency

    def items(self):
        return published_of(self.agency).only("url", "updated_at")

    def location(self, item: PublishedItem) -> str:
        return news_path(item)

    def lastmod(self, item: PublishedItem) -> datetime:
        return item.updated_at


class StandingPages(Sitemap):
    """The front page, the news index and the staff directory, when they are live and open to everybody."""

    def __init__(self, site: Site, request):
        self.site, self.request = site, request

    def items(self):
        pages = self.site.root_page.get_descendants(inclusive=True).live().public()
        return list(pages.type(HomePage, NewsIndexPage, StaffDirectoryPage).order_by("path"))

    def location(self, page: Page) -> str:
        return page.get_url(self.request, current_site=self.site)

    def lastmod(self, page: Page) -> datetime | None:
        return page.last_published_at


class PlanSitemap(Sitemap):
    """The approved plans of the agency, and its privacy notice."""

    def __init__(self, agency: Agency):
        self.agency = agency

    def items(self):
        return [*plans_public(self.agency), None]

    def location(self, plan: AnnualPlan | None) -> str:
        return reverse("home:plan", args=[plan.fiscal_year_be]) if plan else reverse("home:privacy")
