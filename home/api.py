"""Wagtail's API v2 at /api/v2/: live pages of the site that was asked, with our fields (R62).

Images and documents have no endpoints of their own: those would list files of drafts and other agencies. What a page
shows of them is inside the page.
"""

from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import Http404
from rest_framework.response import Response
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.models import Page, Site

from pr_workflow.news.api_fields import MEDIA_KEY, media_for_answer
from pr_workflow.news.models import NewsPageMixin
from pr_workflow.people.models import Agency
from pr_workflow.publishing.gone import gone_page

from .models import NewsPage

#: Fetched with a list of news pages, whatever fields are asked for.
WITH_NEWS = ("locale", "important_day", "plan_activity__plan")
#: What fields and databases raise for a malformed or far too large value of a filter.
UNFIT_VALUE = (ValidationError, OverflowError, DataError)
#: Digits of an offset; a database takes no larger number.
LONGEST_OFFSET = 9
#: Fields that show pictures or files.
MEDIA_FIELDS = ("body", "photos", "attachments", "*")


class SitePagesViewSet(PagesAPIViewSet):
    """Live pages of one site that are open to everybody, for whoever asks: a login opens no private section here."""

    known_query_parameters = PagesAPIViewSet.known_query_parameters - {"site"}

    def get_base_queryset(self):
        """All pages this address may show; the base of every filter. One agency never shows another's (I5)."""
        if "site" in self.request.GET:
            raise BadRequestError("query parameter is not an operation or a recognised field: site")
        site = Site.find_for_request(self.request)
        pages = Page.objects.live().public()
        return pages.descendant_of(site.root_page, inclusive=True) if site else pages.none()

    def get_queryset(self):
        """News pages come with what their fields need, in a fixed number of queries."""
        queryset = super().get_queryset()
        if queryset.model is NewsPage:
            return queryset.select_related(*WITH_NEWS).prefetch_related("tags")
        return queryset.select_related("locale")

    def paginate_queryset(self, queryset):
        """The pictures and files of the whole answer are fetched at once."""
        if len(self.request.GET.get("offset", "")) > LONGEST_OFFSET:
            raise BadRequestError("offset is too large")
        pages = super().paginate_queryset(queryset)
        asked = self.request.GET.get("fields", "")
        if queryset_is_news(pages) and any(name in asked for name in MEDIA_FIELDS):
            self.answer_media = media_for_answer(pages, self.request)
        return pages

    def get_serializer_context(self):
        context = super().get_serializer_context()
        if hasattr(self, "answer_media"):
            context[MEDIA_KEY] = self.answer_media
        return context

    def handle_exception(self, exc):
        """A filter value that does not fit its field is the reader's mistake, not ours: 400, never 500."""
        if isinstance(exc, UNFIT_VALUE):
            exc = BadRequestError("a parameter has a value that does not fit its field")
        return super().handle_exception(exc)

    def detail_view(self, request, pk):
        """One page; for news that left the site the reason, with 410 (R50)."""
        try:
            return super().detail_view(request, pk)
        except Http404:
            site = Site.find_for_request(request)
            gone = gone_page(Agency.objects.filter(site=site).first(), pk) if site else None
            if gone is None:
                raise
            answer: dict[str, str | None] = {"message": "gone", "kind": gone.kind, "notice": gone.notice}
            answer["replaced_by"] = str(gone.replacement.uuid) if gone.replacement else None
            return Response(answer, status=gone.status)

    def find_object(self, queryset, request):
        """A search by an `id` that is no number finds nothing, instead of failing."""
        if "id" in request.GET and not request.GET["id"].isdecimal():
            raise Http404("not found")
        return super().find_object(queryset, request)


def queryset_is_news(pages) -> bool:
    """Is this an answer of specific news pages?"""
    return bool(pages) and all(isinstance(page, NewsPageMixin) for page in pages)


api_router = WagtailAPIRouter("wagtailapi")
api_router.register_endpoint("pages", SitePagesViewSet)
