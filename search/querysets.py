"""Which entries a visitor may see: quickly for ranking, and strictly, by the page tree itself, for showing."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import StrIndex
from wagtail.models import PageViewRestriction, Site


def _above(model: Any, path: str) -> QuerySet[Any]:
    """Rows of `model` whose page, named by `path`, stands above the outer query's page or is that page."""
    return (
        model.objects.order_by()
        .annotate(found_at=StrIndex(OuterRef("page__path"), F(f"{path}__path")))
        .filter(found_at=1)
    )


class SearchEntryQuerySet(QuerySet[Any]):
    """Entries by site and by whether the public may read them now."""

    def of_site(self, site: Site) -> "SearchEntryQuerySet":
        """Entries that the index assigns to the site."""
        return self.filter(site_root=site.root_page_id)

    def public_now(self, site: Site) -> "SearchEntryQuerySet":
        """Entries whose page is live, not private, and below the site's root and no inner one (I5).

        Asks the page tree, not the index, so that a stale entry never shows anything.
        """
        here = Q(root_page=site.root_page_id)
        roots = _above(Site, "root_page")
        inner_root = roots.filter(
            root_page__path__gt=Site.objects.filter(here).order_by().values("root_page__path")[:1]
        )
        restriction = _above(PageViewRestriction, "page")
        return self.filter(Exists(roots.filter(here)), ~Exists(inner_root), ~Exists(restriction), page__live=True)
