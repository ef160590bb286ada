"""Which public pages show a given thing, and making their rows true again (design §3)."""

import logging
from collections.abc import Iterable
from datetime import datetime

import swapper
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import ReferenceIndex
from wagtail.query import PageQuerySet

from ..news.models import NewsPageMixin
from .models import PublishedItem
from .projection import published_item_refresh
from .search_debt import references_settle

logger = logging.getLogger(__name__)

Page = swapper.load_model("wagtailcore", "Page")


def news_models() -> list[type[NewsPageMixin]]:
    """The news page classes of the site."""
    return [model for model in apps.get_models() if issubclass(model, NewsPageMixin)]


def live_news() -> PageQuerySet:
    """All news pages that are live, public or not."""
    types = ContentType.objects.get_for_models(*news_models(), for_concrete_models=False).values()
    return Page.objects.filter(live=True, content_type__in=list(types))


def pages_using(instance) -> set[int]:
    """Live news pages that refer to an image, document or page anywhere (Wagtail's reference index)."""
    references_settle()
    page_type = ContentType.objects.get_for_model(Page)
    users = ReferenceIndex.get_references_to(instance).filter(base_content_type=page_type)
    keys = {int(key) for key in users.values_list("object_id", flat=True)}
    return set(live_news().filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def pages_with(path: str, value) -> set[int]:
    """Live news pages with this value in a field of their own; a page class without the field has none."""
    found: set[int] = set()
    for model in news_models():
        if any(each.name == path.partition("__")[0] for each in model._meta.get_fields()):
            found |= set(model._default_manager.filter(**{"live": True, path: value}).values_list("pk", flat=True))
    return found


def pages_below(path: str) -> set[int]:
    """Live news pages at or below a place in the page tree, and those that link to a page there."""
    references_settle()
    below = Page.objects.filter(path__startswith=path)
    found = set(live_news().filter(path__startswith=path).values_list("pk", flat=True))
    page_type = ContentType.objects.get_for_model(Page)
    links = ReferenceIndex.objects.filter(base_content_type=page_type, to_content_type=page_type)
    targets = {str(pk) for pk in below.values_list("pk", flat=True)}
    linking = {int(row) for row, to in links.values_list("object_id", "to_object_id") if to in targets}
    return found | set(live_news().filter(pk__in=linking - found).values_list("pk", flat=True))


def pages_of_agency(agency) -> set[int]:
    """Live news pages of an agency, by its site and by the rows it has had so far."""
    rows = PublishedItem.objects.filter(agency_id=agency.pk).values_list("page_id", flat=True)
    return set(rows) | set(live_news().filter(path__startswith=agency.site.root_page.path).values_list("pk", flat=True))


def pages_refresh(page_pks: Iterable[int], *, now: datetime) -> int:
    """Refresh rows one by one, each in its own transaction; one that fails does not stop the others.

    Returns how many could be refreshed.
    """
    done = 0
    for pk in sorted(page_pks):
        try:
            published_item_refresh(pk, now)
            done += 1
        except Exception:  # one page that cannot be built must not keep the others stale
            logger.exception("the public row of page %s could not be refreshed", pk)
    return done


@transaction.atomic
def pages_withdraw(path: str) -> None:
    """Remove every row at or below a place in the page tree at once.

    The pages are locked first: a go-live that runs at the same moment has either finished, and its row is removed
    here, or it starts afterwards and sees the restriction.
    """
    list(Page.objects.select_for_update().filter(path__startswith=path).order_by("pk").values_list("pk", flat=True))
    PublishedItem.objects.filter(page__path__startswith=path).delete()
