"""The screens that show where an item is (`/admin/pr/news/`, `/admin/pr/news/<number>/`)."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from .approval.reading import reading_refusal
from .news.screens import news_or_404
from .news.selectors import news_of
from .people.selectors import agency_for_page, agency_of
from .publishing.selectors import may_post
from .selectors import news_timeline

NEWS_PER_PAGE = 25


class TimelineView(WagtailAdminTemplateMixin, TemplateView):
    """Who did what when, and where the item stands. For everybody of the agency who works on news (R38, R71)."""

    page_title = gettext_lazy("Course of the item")
    header_icon = "history"
    template_name = "pr_workflow/timeline/timeline.html"

    def dispatch(self, request, pk: int, *args, **kwargs):
        self.news = news_or_404(pk)
        self.agency = agency_for_page(self.news)
        if reason := reading_refusal(request.user, self.agency):
            raise PermissionDenied(reason)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.news.draft_title

    def get_breadcrumbs_items(self):
        items = {"url": reverse("pr_admin:news_list"), "label": NewsListView.page_title}
        return [*super().get_breadcrumbs_items(), items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        may_take_down = self.news.live and may_post(self.request.user, self.agency)
        timeline, now = news_timeline(self.news), timezone.now()
        return super().get_context_data(
            page=self.news,
            timeline=timeline,
            now=now,
            can_edit=self.news.permissions_for_user(self.request.user).can_edit(),
            may_take_down=may_take_down,
            **kwargs,
        )


class NewsListView(WagtailAdminTemplateMixin, TemplateView):
    """The items of the agency, newest change first: for those who have no part of the page tree."""

    page_title = gettext_lazy("News")
    header_icon = "doc-full"
    template_name = "pr_workflow/timeline/news_list.html"

    def dispatch(self, request, *args, **kwargs):
        self.agency = agency_of(request.user)
        if reason := reading_refusal(request.user, self.agency):
            raise PermissionDenied(reason)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        wanted = self.request.GET.get("q", "").strip()
        rows = news_of(self.agency, wanted)
        page = Paginator(rows, NEWS_PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(rows=page, q=wanted, now=timezone.now(), **kwargs)
