"""Which entries a visitor may see, asked of the page tree itself, so that a stale entry can never show anything."""

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import StrIndex
from wagtail.models import PageViewRestriction, Site


class SearchEntryQuerySet(QuerySet[Any]):
    """Entries by the site they belong to and by whether the public may read them now."""

    def of_site(self, site: Site) -> "SearchEntryQuerySet":
        """Pages below the root of `site`, without those of another site whose root lies inside it (I5)."""
        root_path = Subquery(Site.objects.filter(pk=site.pk).order_by().values("root_page__path")[:1])
        inner_site = (
            Site.objects.order_by()
            .filter(root_page__path__startswith=root_path)
            .exclude(root_page__path=root_path)
            .annotate(found_at=StrIndex(OuterRef("page__path"), F("root_page__path")))
            .filter(found_at=1)
        )
        return self.filter(~Exists(inner_site), page__path__startswith=root_path)

    def public(self) -> "SearchEntryQuerySet":
        """Pages that are live and neither private themselves nor below a private page."""
        restriction = (
            PageViewRestriction.objects.order_by()
            .annotate(found_at=StrIndex(OuterRef("page__path"), F("page__path")))
            .filter(found_at=1)
        )
        return self.filter(~Exists(restriction), page__live=True)
