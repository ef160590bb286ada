"""Public pages to look at again, and the look itself (R51)."""

from datetime import timedelta
from typing import Any

import swapper
from django.core.exceptions import PermissionDenied, ValidationError
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

from ..approval.reading import reading_refusal
from ..conf import review_after_days
from ..news.models import NewsPageMixin
from ..people.selectors import agency_for_page, agency_of
from ..thai_time import bangkok_date, thai_date
from .forms import PageReviewForm
from .selectors import expiring_pages, stale_pages
from .services import ReviewRefused, news_review, review_refusal

PAGES_PER_LIST = 50
DUE, SOON, EXPIRING = "due", "soon", "expiring"
#: What counts as soon.
SOON_DAYS = timedelta(days=30)


class CurrencyListView(WagtailAdminTemplateMixin, TemplateView):
    """Pages that are due, due soon, or expire soon. For all of the agency who work on news."""

    page_title = gettext_lazy("Pages to look at again")
    header_icon = "history"
    template_name = "pr_workflow/currency/list.html"

    def dispatch(self, request, *args, **kwargs):
        self.agency = agency_of(request.user)
        if self.agency is None:
            raise PermissionDenied(_("This screen is for the people of an agency."))
        if reason := reading_refusal(request.user, self.agency):
            raise PermissionDenied(reason)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        tabs = [(DUE, _("Due now")), (SOON, _("Due within 30 days")), (EXPIRING, _("Leaving the site soon"))]
        show = self.request.GET.get("show", DUE)
        if show not in dict(tabs):
            messages.warning(
                self.request, _("A filter in the address has a value that cannot be looked for. It was left out.")
            )
            show = DUE
        now = timezone.now()
        today = bangkok_date(now)
        agency: Any = self.agency
        if show == EXPIRING:
            rows = expiring_pages(agency, now=now)
        else:
            rows = stale_pages(agency, today=today + SOON_DAYS if show == SOON else today)
        page = Paginator(rows, PAGES_PER_LIST).get_page(self.request.GET.get("p"))
        return super().get_context_data(rows=page, tabs=tabs, show=show, today=today, **kwargs)


class PageReviewView(WagtailAdminTemplateMixin, TemplateView):
    """Is the page still right? For the responsible officer; others of the agency only read."""

    page_title = gettext_lazy("Look at the page again")
    header_icon = "history"
    template_name = "pr_workflow/currency/review.html"

    def dispatch(self, request, pk: int):
        page = get_object_or_404(swapper.load_model("wagtailcore", "Page"), pk=pk)
        self.news: Any = page.specific
        if not isinstance(self.news, NewsPageMixin):
            raise Http404
        self.agency = agency_for_page(self.news)
        if reason := reading_refusal(request.user, self.agency):
            raise PermissionDenied(reason)
        self.refusal = review_refusal(request.user, self.news, self.agency)
        if self.refusal and request.method == "POST":
            raise ReviewRefused(self.refusal)
        return super().dispatch(request, pk=pk)

    def get_page_subtitle(self):
        return self.news.title

    def get_breadcrumbs_items(self):
        place = {"url": reverse("pr_admin:currency"), "label": CurrencyListView.page_title}
        return [*super().get_breadcrumbs_items(), place, {"url": "", "label": self.page_title}]

    def get_context_data(self, *, form: PageReviewForm | None = None, **kwargs):
        usual = bangkok_date(timezone.now()) + timedelta(days=review_after_days())
        first = PageReviewForm(initial={"next_review_on": thai_date(usual, "numeric")})
        return super().get_context_data(page=self.news, refusal=self.refusal, form=form or first, **kwargs)

    def post(self, request, *args, **kwargs):
        form = PageReviewForm(request.POST)
        if form.is_valid():
            try:
                news_review(actor=request.user, page=self.news, now=timezone.now(), **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("“%(title)s” counts as up to date.") % {"title": self.news.title})
        return HttpResponseRedirect(reverse("pr_admin:currency"))
