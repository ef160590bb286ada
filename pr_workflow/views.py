"""The screens that show where an item is (`/admin/pr/news/`, `/admin/pr/news/<number>/`)."""

from typing import Any

import swapper
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from .approval.reading import reading_refusal
from .news.models import NewsPageMixin
from .news.selectors import news_of
from .people.selectors import agency_for_page, agency_of
from .publishing.forms import TakeDownForm
from .publishing.selectors import may_post
from .publishing.services import news_take_down
from .selectors import news_timeline
from .stages import Stage

NEWS_PER_PAGE = 25


class TimelineView(WagtailAdminTemplateMixin, TemplateView):
    """Who did what when, and where the item stands. For everybody of the agency who works on news (R38, R71)."""

    page_title = gettext_lazy("Course of the item")
    header_icon = "history"
    template_name = "pr_workflow/timeline/timeline.html"

    def dispatch(self, request, pk: int, *args, **kwargs):
        page = get_object_or_404(swapper.load_model("wagtailcore", "Page"), pk=pk)
        self.news: Any = page.specific
        if not isinstance(self.news, NewsPageMixin):
            raise Http404
        self.agency = agency_for_page(self.news)
        if reason := reading_refusal(request.user, self.agency):
            raise PermissionDenied(reason)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.news.draft_title

    def get_breadcrumbs_items(self):
        items = {"url": reverse("pr_admin:news_list"), "label": NewsListView.page_title}
        return [*super().get_breadcrumbs_items(), items, {"url": "", "label": self.page_title}]

    def get_context_data(self, *, take_down: TakeDownForm | None = None, **kwargs):
        may_take_down = self.news.live and may_post(self.request.user, self.agency)
        timeline, now = news_timeline(self.news), timezone.now()
        return super().get_context_data(
            page=self.news,
            timeline=timeline,
            overdue=timeline.is_overdue(now),
            stages=[stage for stage in Stage if stage not in (Stage.PLAN, Stage.EVALUATE)],
            can_edit=self.news.permissions_for_user(self.request.user).can_edit(),
            take_down_form=(take_down or TakeDownForm()) if may_take_down else None,
            **kwargs,
        )


class TakeDownView(TimelineView):
    """POST `reason`: take the live item off the site; IT officers of the agency only (R50)."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        if not may_post(request.user, self.agency):
            raise PermissionDenied(_("Only an IT officer of the agency takes news off the site."))
        form = TakeDownForm(request.POST)
        if not self.news.live:
            messages.warning(request, _("This item is not on the site."))
        elif not form.is_valid():
            return self.render_to_response(self.get_context_data(take_down=form), status=422)
        else:
            reason = form.cleaned_data["reason"]
            news_take_down(actor=request.user, page=self.news, reason=reason, now=timezone.now())
            messages.success(request, _("“%(title)s” was taken off the site.") % {"title": self.news.title})
        return HttpResponseRedirect(reverse("pr_admin:news_timeline", args=[self.news.pk]))


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
