"""The news feed of an agency, RSS 2.0 (R61)."""

import json

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.utils.translation import gettext as _

from pr_workflow.publishing.models import PublishedItem

from .cards import news_path
from .frame import PublicSite, public_site
from .selectors import published_of

ITEMS_IN_FEED = 30


class NewsFeed(Feed):
    """The latest public news of the site that is asked, read from the projection: a draft is never in it (I5)."""

    def get_object(self, request) -> PublicSite:
        frame = public_site(request)
        if frame.agency is None:
            raise Http404("this address belongs to no agency")
        return frame

    def title(self, frame: PublicSite) -> str:
        return _("PR news: %(agency)s") % {"agency": frame.name}

    def description(self, frame: PublicSite) -> str:
        return _("The latest public news of %(agency)s.") % {"agency": frame.name}

    def link(self, frame: PublicSite) -> str:
        return frame.news_url or frame.home_url

    def items(self, frame: PublicSite):
        return published_of(frame.agency)[:ITEMS_IN_FEED]

    def item_title(self, item: PublishedItem) -> str:
        return item.title

    def item_description(self, item: PublishedItem) -> str:
        return item.lead

    def item_link(self, item: PublishedItem) -> str:
        return news_path(item)

    def item_guid(self, item: PublishedItem) -> str:
        return item.uuid.urn

    item_guid_is_permalink = False

    def item_pubdate(self, item: PublishedItem):
        return item.published_at

    def item_updateddate(self, item: PublishedItem):
        return item.updated_at

    def item_categories(self, item: PublishedItem) -> list[str]:
        return json.loads(item.list_json or "{}").get("tags", [])
