"""The check after posting: the live page beside what was kept of it, and the answer (S1 §4.5, R44–R47)."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BoundField
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.utils.decorators import xframe_options_sameorigin_override

from ..approval.reading import reading_refusal
from ..kept_files import bytes_read
from ..people.selectors import rows_visible_to
from .check_findings import findings_of
from .check_forms import CheckForm
from .findings import Finding
from .models import PublicationCheck
from .selectors import checks_of
from .site_reader import SiteReader
from .verification import CHECK_LINES, answerer_guard, publication_verify

#: A kept page may load its style and pictures, and do nothing: no scripts, no forms, no own origin.
SNAPSHOT_POLICY = "sandbox; default-src 'none'; img-src * data:; style-src * 'unsafe-inline'; font-src *"


@dataclass(frozen=True)
class CheckLine:
    """A line of the check: its question, and what the machine found on it."""

    field: BoundField
    findings: list[Finding]


class CheckListView(WagtailAdminTemplateMixin, TemplateView):
    """The open checks of the person."""

    page_title = gettext_lazy("Checks after posting")
    header_icon = "tasks"
    template_name = "pr_workflow/publishing/checks.html"

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(checks=checks_of(self.request.user), now=timezone.now(), **kwargs)


class CheckView(WagtailAdminTemplateMixin, TemplateView):
    """Answer one check beside the live page; only its responsible officer, 403 for others."""

    page_title = gettext_lazy("Check after posting")
    header_icon = "tasks"
    template_name = "pr_workflow/publishing/check.html"

    def dispatch(self, request, pk: int, *args, **kwargs):
        rows = PublicationCheck.objects.select_related("page", "revision", "agency__site")
        self.check = get_object_or_404(rows_visible_to(request.user, rows), pk=pk)
        self.page = self.check.page.specific
        answerer_guard(actor=request.user, page=self.page, agency=self.check.agency)
        self.findings = findings_of(self.check)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return str(self.check.revision.object_str)

    def get_breadcrumbs_items(self):
        checks = {"url": reverse("pr_admin:checks"), "label": CheckListView.page_title}
        return [*super().get_breadcrumbs_items(), checks, {"url": "", "label": self.page_title}]

    def _form(self, data=None) -> CheckForm:
        has_faults = any(not finding.ok for finding in self.findings)
        return CheckForm(data, check=self.check, has_faults=has_faults)

    def get_context_data(self, *, form: CheckForm | None = None, **kwargs):
        form = form or self._form()
        lines = [CheckLine(form[line], [each for each in self.findings if each.line == line]) for line in CHECK_LINES]
        return super().get_context_data(
            check=self.check,
            page=self.page,
            form=form,
            lines=lines,
            others=[field for field in form if field.name not in CHECK_LINES],
            now=timezone.now(),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        form = self._form(request.POST)
        if form.is_valid():
            try:
                self._answer(form)
            except ValidationError as error:
                form.add_error(None, error)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return HttpResponseRedirect(reverse("pr_admin:checks"))

    def _answer(self, form: CheckForm) -> None:
        result = form.cleaned_data["result"]
        publication_verify(
            actor=self.request.user,
            check=self.check,
            answers=form.answers(),
            result=result,
            note=form.cleaned_data["note"],
            coordination=form.cleaned_data["coordination"],
            acknowledged=form.cleaned_data.get("acknowledged", False),
            keeps_live=form.keeps_page_live(),
            now=timezone.now(),
        )
        if result == PublicationCheck.Result.CORRECT:
            messages.success(self.request, _("Found correct. The item goes on to the archive."))
        else:
            messages.warning(
                self.request, _("A correction round is open. Correct the item and submit it for consideration again.")
            )


class SnapshotView(View):
    """The page as it was kept, for the people of the agency; it can do nothing but be looked at."""

    http_method_names = ["get"]

    @method_decorator(xframe_options_sameorigin_override)
    def get(self, request, pk: int):
        rows = rows_visible_to(request.user, PublicationCheck.objects.select_related("agency__site", "page"))
        check = get_object_or_404(rows, pk=pk)
        if reason := reading_refusal(request.user, check.agency):
            raise PermissionDenied(reason)
        page = self.page_of(check)
        if page is None:
            raise Http404("nothing was kept, or it is not whole any more")
        headers = {"Content-Security-Policy": SNAPSHOT_POLICY, "X-Content-Type-Options": "nosniff"}
        return HttpResponse(page, content_type="text/html; charset=utf-8", headers=headers)

    def page_of(self, check: PublicationCheck) -> bytes | None:
        """The bytes to show; None when there are none."""
        return bytes_read(check.snapshot_sha256)


class PageNowView(SnapshotView):
    """The live page as a reader gets it at this moment, beside its snapshot."""

    def page_of(self, check: PublicationCheck) -> bytes | None:
        page = check.page.specific
        parts = page.get_url_parts() if page.live else None
        return SiteReader(check.agency.site).fetch(parts[2]).body if parts else None
