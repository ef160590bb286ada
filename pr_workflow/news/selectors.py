"""Questions about news items: which page class, where they are written, what was made from a plan activity."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import swapper
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet

from ..conf import news_page_model as configured_model
from ..people.models import Agency
from ..plan.models import PlanActivity
from ..plan.selectors import activities_in_force
from ..thai_time import fiscal_quarter, fiscal_year_be
from .models import NewsPageMixin


def news_page_models() -> list[Any]:
    """Every page class of this installation that is news."""
    page = swapper.load_model("wagtailcore", "Page")
    return [model for model in apps.get_models() if issubclass(model, NewsPageMixin) and issubclass(model, page)]


def news_page_model() -> Any:
    """The class new items are made of: `PR_WORKFLOW_NEWS_PAGE_MODEL`, else the first one found.

    Raises ImproperlyConfigured when the site has no news page class.
    """
    if label := configured_model():
        return apps.get_model(label)
    models = news_page_models()
    if not models:
        raise ImproperlyConfigured("No page class uses NewsPageMixin. Add one to the site, see docs/tutorial.")
    return models[0]


def news_section_of(agency: Agency) -> Any:
    """The page under which the agency's news is written: the first one of its site that takes them; else None."""
    page = swapper.load_model("wagtailcore", "Page")
    parents = news_page_model().allowed_parent_page_models()
    pages = page.objects.descendant_of(agency.site.root_page, inclusive=True).type(*parents).order_by("path")
    found = pages.first()
    return found.specific if found else None


@dataclass
class ActivityNews:
    """An activity of the plan and the news items made from it."""

    activity: PlanActivity
    items: list[Any] = field(default_factory=list)

    @property
    def quarter(self) -> int:
        """The quarter of the fiscal year in which the activity begins."""
        return fiscal_quarter(self.activity.start)


def activities_with_news(agency: Agency, *, today: date) -> list[ActivityNews]:
    """The activities of the plan in force this fiscal year, each with its items. One query per page class."""
    rows = {row.pk: ActivityNews(row) for row in activities_in_force(agency, fiscal_year_be(today))}
    for page in _pages_of(rows):
        rows[page.plan_activity_id].items.append(page)
    return list(rows.values())


def _pages_of(activities: Iterable[int]) -> Iterable[Any]:
    for model in news_page_models():
        yield from model.objects.filter(plan_activity__in=list(activities)).defer_streamfields().order_by("pk")


def news_of(agency: Agency | None, words: str = "") -> QuerySet:
    """The items of an agency (None: of all), last changed first; `words` must stand in the headline."""
    items = news_page_model().objects.select_related("responsible_officer").defer_streamfields()
    if agency is not None:
        items = items.descendant_of(agency.site.root_page)
    if words:
        items = items.filter(draft_title__icontains=words)
    return items.order_by("-latest_revision_created_at", "-pk")
