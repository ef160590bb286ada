"""Stopping a clock and letting it run again, from whatever screen shows it (R35)."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..people.selectors import rows_visible_to
from .forms import PauseForm
from .selectors import clocked_model, may_pause
from .services import clock_pause, clock_resume


class ClockView(WagtailAdminTemplateMixin, TemplateView):
    """One clock of the person's agency; others do not exist here (I5). 403 for whoever does not hold the step."""

    page_title = gettext_lazy("Stop the clock")
    header_icon = "time"
    template_name = "pr_workflow/clocks/pause.html"

    def dispatch(self, request, kind: str, pk: int, *args, **kwargs):
        model = clocked_model(kind)
        if model is None:
            raise Http404
        rows = rows_visible_to(request.user, model._default_manager.select_related("agency"))
        self.row: Any = get_object_or_404(rows, pk=pk)
        if not may_pause(request.user, self.row):
            raise PermissionDenied(_("Only who holds this step stops its clock or lets it run again."))
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", PauseForm())
        kind = self.row._meta.model_name
        return super().get_context_data(row=self.row, kind=kind, back=self.back, **kwargs)

    @property
    def back(self) -> str:
        """The screen the person came from; never another host."""
        wanted = self.request.POST.get("next") or self.request.GET.get("next") or ""
        safe = url_has_allowed_host_and_scheme(wanted, {self.request.get_host()}, self.request.is_secure())
        return wanted if safe else reverse("wagtailadmin_home")

    def done(self, sentence: str) -> HttpResponseRedirect:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(self.back)


class ClockPauseView(ClockView):
    """GET the form; POST `waiting_for`, `expected_on` and `reason`."""

    def post(self, request, *args, **kwargs):
        form = PauseForm(request.POST, prefix=request.POST.get("prefix") or None)
        if form.is_valid():
            try:
                clock_pause(actor=request.user, row=self.row, now=timezone.now(), **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        whom = form.cleaned_data["waiting_for"]
        return self.done(_("The clock stands still, waiting for: %(whom)s") % {"whom": whom})


class ClockResumeView(ClockView):
    """POST: the answer has come."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        clock_resume(actor=request.user, row=self.row, now=timezone.now())
        return self.done(_("The clock runs again."))
