"""The screen on which the IT officer takes an item off the site (R50)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from ..news.screens import ItemActView, course_of, news_or_404
from ..people.selectors import agency_for_page
from .selectors import may_post
from .services import PostingRefused
from .take_down import news_take_down
from .take_down_forms import TakeDownForm


class TakeDownView(ItemActView):
    """Why the item leaves, and what its address says then; IT officers of the agency only."""

    page_title = gettext_lazy("Take off the site")
    header_icon = "download"
    template_name = "pr_workflow/publishing/take_down.html"

    def dispatch(self, request, pk: int, *args, **kwargs):
        self.news = news_or_404(pk)
        agency = agency_for_page(self.news)
        if agency is None or not may_post(request.user, agency):
            raise PostingRefused(_("Only an IT officer of the agency takes news off the site."))
        self.agency = agency
        if not self.news.live:
            messages.warning(request, _("This item is not on the site."))
            return HttpResponseRedirect(self.course())
        return super().dispatch(request, *args, **kwargs)

    def _form(self, data=None) -> TakeDownForm:
        return TakeDownForm(data, agency=self.agency, page_pk=self.news.pk)

    def get_page_subtitle(self):
        return self.news.title

    def course(self):
        return course_of(self.news.pk)

    def get_context_data(self, *, form: TakeDownForm | None = None, **kwargs):
        return super().get_context_data(page=self.news, form=form or self._form(), **kwargs)

    def post(self, request, *args, **kwargs):
        form = self._form(request.POST)
        if form.is_valid():
            try:
                self._take_down(form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("“%(title)s” was taken off the site.") % {"title": self.news.title})
        return HttpResponseRedirect(self.course())

    def _take_down(self, wanted: dict[str, Any]) -> None:
        item = wanted["replaced_by"]
        news_take_down(
            actor=self.request.user,
            page=self.news,
            kind=wanted["kind"],
            reason=wanted["reason"],
            notice=wanted["notice"],
            replaced_by=item.page if item else None,
            now=timezone.now(),
        )
