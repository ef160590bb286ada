"""Page types of the other site; one of them takes part in the flow."""

from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from pr_workflow.news.forms import NewsPageForm
from pr_workflow.news.models import NewsPageMixin
from pr_workflow.news.panels import news_content_panels, news_promote_panels


class HomePage(Page):
    """The front page; bulletins lie directly below it."""


class BulletinTag(TaggedItemBase):
    content_object = ParentalKey("home.BulletinPage", on_delete=models.CASCADE, related_name="tagged_items")


class BulletinPage(NewsPageMixin, Page):
    """A news page with a field that Prakat knows nothing about."""

    printed_edition = models.CharField(max_length=50, blank=True)
    tags = ClusterTaggableManager(through=BulletinTag, blank=True)

    base_form_class = NewsPageForm
    search_fields = [*Page.search_fields, *NewsPageMixin.search_fields]
    content_panels = [*news_content_panels(), FieldPanel("printed_edition")]
    promote_panels = news_promote_panels()
    template = "home/bulletin_page.html"
