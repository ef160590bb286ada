"""Accounts, media and pages of the site. Rules live in the plugin; here are only the classes a site must own."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.models import Page
from wagtail.search import index

from pr_workflow.approval.editor_panels import ReturnReasonsPanel
from pr_workflow.news.api_fields import news_api_fields
from pr_workflow.news.forms import NewsPageForm
from pr_workflow.news.models import NewsDocumentMixin, NewsImageMixin, NewsPageMixin
from pr_workflow.news.panels import news_content_panels, news_promote_panels
from pr_workflow.news.permissions import KeptPageMixin
from pr_workflow.people.directory import directory_public
from pr_workflow.people.private_data import public_fields_guard
from pr_workflow.timeline_panel import StandingPanel

from .article import article_context
from .cards import cards_of
from .news_listing import NewsListing
from .selectors import agency_of_request, coming_days, published_of


class User(AbstractUser):
    """The account of a person; a class of our own from the first migration, so that it can grow."""


class AgencyImage(NewsImageMixin, AbstractImage):
    """A picture with its credit and source."""

    admin_form_fields = (*Image.admin_form_fields, "credit", "source")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")


class AgencyRendition(AbstractRendition):
    """A picture in one of the sizes the site uses."""

    image = models.ForeignKey(AgencyImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
        # Every request for a picture asks by its file name who may see it.
        indexes = [models.Index(fields=["file"], name="rendition_by_file")]


class AgencyDocument(NewsDocumentMixin, AbstractDocument):
    """A file readers can download."""

    admin_form_fields = (*Document.admin_form_fields, "source")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")


class HomePage(KeptPageMixin, Page):
    """The front page of an agency: latest news and coming important days."""

    welcome = models.TextField(_("welcome text"), blank=True)

    content_panels = [*Page.content_panels, "welcome"]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["home.NewsIndexPage", "home.StaffDirectoryPage"]
    template = "home/home_page.html"

    NEWS_SHOWN = 7
    DAYS_SHOWN = 6

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request, *args, **kwargs):
        """The newest item apart, then the next ones, and the days to come."""
        agency = agency_of_request(request)
        cards = cards_of(published_of(agency)[: self.NEWS_SHOWN])
        return {
            **super().get_context(request, *args, **kwargs),
            "lead_card": cards[0] if cards else None,
            "cards": cards[1:],
            "days": coming_days(agency, today=timezone.localdate(), limit=self.DAYS_SHOWN),
        }


class NewsIndexPage(KeptPageMixin, Page):
    """All news of an agency, newest first, with filters."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.NewsPage"]
    max_count_per_parent = 1
    template = "home/news_index_page.html"

    class Meta:
        verbose_name = _("news index")
        verbose_name_plural = _("news indexes")

    def get_context(self, request, *args, **kwargs):
        """One page of the list, filtered by what the address asks for."""
        path = self.get_url(request) or request.path
        listing = NewsListing(items=published_of(agency_of_request(request)), params=request.GET, path=path)
        return {**super().get_context(request, *args, **kwargs), "listing": listing}


class StaffDirectoryPage(Page):
    """The people of the agency, unit by unit, as the register of people says today; nothing is typed in here (R10)."""

    intro = models.TextField(_("introduction"), blank=True)

    #: What everybody reads of the page itself; checked for private data like the entries below it.
    PUBLIC_FIELDS = ("title", "intro", "seo_title", "search_description")

    content_panels = [*Page.content_panels, "intro"]
    search_fields = [*Page.search_fields, index.SearchField("intro")]
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1
    template = "home/staff_directory_page.html"

    class Meta:
        verbose_name = _("staff directory page")
        verbose_name_plural = _("staff directory pages")

    def clean(self):
        """Nothing private in the texts of the page either (R10, PDPA)."""
        super().clean()
        public_fields_guard(self)

    def get_context(self, request, *args, **kwargs):
        """The directory of the site's agency today."""
        agency = agency_of_request(request)
        sections = directory_public(agency) if agency else []
        return {
            **super().get_context(request, *args, **kwargs),
            "sections": sections,
            "number_of_people": sum(len(section.people) for section in sections),
        }


class NewsPageTag(TaggedItemBase):
    """A tag on a news page."""

    content_object = ParentalKey("home.NewsPage", on_delete=models.CASCADE, related_name="tagged_items")


class NewsPage(NewsPageMixin, Page):
    """A news item on this site; all its rules come with the mixin."""

    tags = ClusterTaggableManager(through=NewsPageTag, blank=True, verbose_name=_("tags"))

    base_form_class = NewsPageForm
    content_panels = [StandingPanel(), ReturnReasonsPanel(), *news_content_panels()]
    promote_panels = news_promote_panels()
    search_fields = [
        *Page.search_fields,
        *NewsPageMixin.search_fields,
        index.RelatedFields("tags", [index.SearchField("name")]),
    ]
    api_fields = news_api_fields()
    parent_page_types = ["home.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "home/news_page.html"

    class Meta:
        verbose_name = _("PR news item")
        verbose_name_plural = _("PR news")

    def get_context(self, request, *args, **kwargs):
        """What the page shows beside its own fields."""
        context = super().get_context(request, *args, **kwargs)
        shown = article_context(self, request, agency=agency_of_request(request))
        return {**context, **shown, "tags": sorted(tag.name for tag in self.tags.all())}
