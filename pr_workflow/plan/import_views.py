"""The screen that imports a plan from a file: choose, see what would change, confirm (R19)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from .import_check import ImportCheck, import_check
from .import_forms import Parcel, PlanFileForm
from .models import AnnualPlan
from .removing import lines_in_use, removal_refusal
from .selectors import plans_visible_to
from .services import ImportShownAgain, TooManyLines, edit_refusal, may_edit, plan_import

URLS = "wagtailsnippets_pr_workflow_annualplan"
#: So many sentences are read at once; the rest shows after these are corrected.
SHOWN_PROBLEMS = 100


class PlanScreen(WagtailAdminTemplateMixin, TemplateView):
    """One plan of the own agency, with the way back to it. Another agency's plan does not exist (404, I5)."""

    model = AnnualPlan
    header_icon = "list-ul"
    plan: AnnualPlan

    def dispatch(self, request, pk: int):
        self.plan = get_object_or_404(plans_visible_to(request.user), pk=pk)
        return super().dispatch(request, pk=pk)

    def get_breadcrumbs_items(self):
        place = {"url": reverse(f"{URLS}:list"), "label": AnnualPlan._meta.verbose_name_plural}
        plan = {"url": reverse(f"{URLS}:edit", args=[self.plan.pk]), "label": str(self.plan)}
        return [*super().get_breadcrumbs_items(), place, plan, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(plan=self.plan, urls=URLS, **kwargs)


class PlanImportView(PlanScreen):
    """Upload, dry run and confirmation at one address; nothing is written before the confirmation."""

    page_title = gettext_lazy("Import activities")
    template_name = "pr_workflow/plan/import.html"

    def dispatch(self, request, pk: int):
        plan = get_object_or_404(plans_visible_to(request.user), pk=pk)
        self.refusal = edit_refusal(request.user, plan)
        if self.refusal and (request.method == "POST" or not may_edit(request.user, plan)):
            raise PermissionDenied(self.refusal)
        return super().dispatch(request, pk=pk)

    def get(self, request, pk: int):
        return self._show(form=PlanFileForm(plan=self.plan))

    def post(self, request, pk: int):
        if "parcel" in request.POST:
            return self._confirmation(request)
        form = PlanFileForm(request.POST, request.FILES, plan=self.plan)
        if not form.is_valid() or form.parcel is None:
            return self._show(form=form)
        return self._show_check(form.parcel, import_check(self.plan, form.parcel.file()))

    def _confirmation(self, request):
        parcel = Parcel.unpacked(request.POST["parcel"], self.plan)
        if parcel is None:
            messages.error(request, _("The file was chosen too long ago. Choose it again."))
            return self._show(form=PlanFileForm(plan=self.plan))
        file = parcel.file(request.POST.get("table", ""))
        if "confirm" not in request.POST:
            return self._show_check(parcel, import_check(self.plan, file))
        drop = request.POST.get("missing") == "drop"
        shown = request.POST.get("shown", "")
        try:
            check = plan_import(
                actor=request.user, plan=self.plan, file=file, shown=shown, drop_missing=drop, now=timezone.now()
            )
        except TooManyLines as many:
            messages.error(request, many.sentence)
            return self._show_check(parcel, many.check)
        except ImportShownAgain as again:
            messages.warning(
                request,
                _("Nothing was written: the plan has changed since you looked. See what the file would change now."),
            )
            return self._show_check(parcel, again.check)
        messages.success(request, done_text(check, drop))
        if drop and (stayed := removal_refusal(check.dropped)):
            messages.warning(request, stayed)
        return HttpResponseRedirect(reverse(f"{URLS}:edit", args=[self.plan.pk]))

    def _show(self, **context):
        return self.render_to_response(self.get_context_data(refusal=self.refusal, **context))

    def _show_check(self, parcel: Parcel, check: ImportCheck):
        problems = check.problems
        return self._show(
            check=check,
            parcel=parcel.packed(),
            tables=[sheet.name for sheet in parcel.tables],
            problems=problems[:SHOWN_PROBLEMS],
            more_problems=max(0, len(problems) - SHOWN_PROBLEMS),
        )


def done_text(check: ImportCheck, drop: bool) -> str:
    """What the import has written, for the person who did it."""
    gone = len(check.dropped) - len(lines_in_use(check.dropped)) if drop else 0
    if not check.has_changes and not gone:
        return _("The plan already says what the file says. Nothing was written.")
    return _(
        "A new version of the plan's draft was written: %(new)s new, %(changed)s changed, %(gone)s removed activities."
    ) % {"new": len(check.new), "changed": len(check.changed), "gone": gone}
