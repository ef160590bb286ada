"""The screens of progress: what became of the plan, and activities that do not take place (R24)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from ..paper import file_answer
from ..people.selectors import agency_of, rows_visible_to
from ..plan.cancelling import activity_cancel, activity_resume, cancel_refusal
from ..plan.coverage_views import READING
from ..plan.export_views import XLSX
from ..plan.import_views import URLS
from ..plan.models import AnnualPlan, PlanActivity
from ..plan.selectors import plan_in_force, plans_visible_to
from ..plan.services import PlanRefused
from ..thai_time import bangkok_date, fiscal_year_be
from .export import progress_workbook
from .filters import filters_read, narrowed
from .forms import CancelForm, ResumeForm
from .selectors import counts_of, plan_progress, unplanned_of


def progress_refusal(user) -> str:
    """Why this account sees no progress of plans, as a whole sentence; empty when it does."""
    if not policy_registry.get_by_type(AnnualPlan).user_has_any_permission(user, READING):
        return _("Only those who work on the plan see its progress.")
    return ""


def plan_to_read(request: HttpRequest, pk: int) -> AnnualPlan:
    """A plan of the own agency. Raises `Http404` for another, `PermissionDenied` for those who read no plans."""
    plan = get_object_or_404(plans_visible_to(request.user).select_related("agency__site__root_page"), pk=pk)
    if refusal := progress_refusal(request.user):
        raise PermissionDenied(refusal)
    return plan


class ProgressOfTheYearView(View):
    """From the menu to the plan of the running fiscal year; without one in force, to the list of plans."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        agency = agency_of(request.user)
        if agency is None:
            raise PermissionDenied(_("This screen is for the people of an agency."))
        if refusal := progress_refusal(request.user):
            raise PermissionDenied(refusal)
        year = fiscal_year_be(bangkok_date(timezone.now()))
        plan = plan_in_force(agency, year)
        if plan is None:
            messages.warning(request, _("No plan for fiscal year %(year)s is in force.") % {"year": year})
            return HttpResponseRedirect(reverse(f"{URLS}:list"))
        return HttpResponseRedirect(reverse("pr_admin:plan_progress", args=[plan.pk]))


class ProgressView(WagtailAdminTemplateMixin, TemplateView):
    """Planned, in production, published, late, cancelled; and what nobody had planned."""

    page_title = gettext_lazy("Progress by the plan")
    header_icon = "tasks"
    template_name = "pr_workflow/progress/progress.html"

    def dispatch(self, request, pk: int):
        self.plan = plan_to_read(request, pk)
        return super().dispatch(request, pk=pk)

    def get_breadcrumbs_items(self):
        place = {"url": reverse(f"{URLS}:list"), "label": AnnualPlan._meta.verbose_name_plural}
        plan = {"url": reverse(f"{URLS}:inspect", args=[self.plan.pk]), "label": str(self.plan)}
        return [*super().get_breadcrumbs_items(), place, plan, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        if not self.plan.live:
            return super().get_context_data(plan=self.plan, **kwargs)
        progress = plan_progress(self.plan, today=bangkok_date(timezone.now()))
        filters = filters_read(progress.activities, self.plan.fiscal_year_be, self.request.GET)
        if filters.problem:
            messages.warning(self.request, filters.problem)
        rows = narrowed(progress.activities, filters)
        return super().get_context_data(
            plan=self.plan,
            rows=rows,
            total=len(progress.activities),
            counts=counts_of(rows),
            filters=filters,
            query=self.request.GET.urlencode() if filters.chosen else "",
            unplanned=unplanned_of(self.plan.agency, self.plan.fiscal_year_be),
            may_cancel=not cancel_refusal(self.request.user, self.plan),
            **kwargs,
        )


class ProgressExportView(View):
    """The same as .xlsx, narrowed by the same filters."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan = plan_to_read(request, pk)
        if not plan.live:
            raise PermissionDenied(_("The plan is not in force yet, so nothing of it can be late or done."))
        progress = plan_progress(plan, today=bangkok_date(timezone.now()))
        filters = filters_read(progress.activities, plan.fiscal_year_be, request.GET)
        rows, unplanned = narrowed(progress.activities, filters), unplanned_of(plan.agency, plan.fiscal_year_be)
        name = _("Progress %(title)s") % {"title": plan.title[:100]}
        return file_answer(progress_workbook(progress, rows, unplanned), filename=f"{name}.xlsx", kind=XLSX)


class ActivityCancelView(WagtailAdminTemplateMixin, TemplateView):
    """Why an activity does not take place. For those who write the plan; another agency's does not exist here (404)."""

    page_title = gettext_lazy("Cancel an activity")
    header_icon = "cross"
    template_name = "pr_workflow/progress/cancel.html"
    form_class: type[Form] = CancelForm
    button = gettext_lazy("Cancel the activity")
    lead = gettext_lazy(
        "The activity stays in the approved plan and is marked as cancelled. Items that were begun stay as they are."
    )

    def dispatch(self, request, pk: int):
        activities = PlanActivity.objects.select_related("plan__agency", "responsible_officer__user")
        self.activity = get_object_or_404(rows_visible_to(request.user, activities, field="plan__agency"), pk=pk)
        if refusal := cancel_refusal(request.user, self.activity.plan):
            raise PlanRefused(refusal)
        return super().dispatch(request, pk=pk)

    def _back(self) -> str:
        return reverse("pr_admin:plan_progress", args=[self.activity.plan_id])

    def get_breadcrumbs_items(self):
        place = {"url": self._back(), "label": ProgressView.page_title}
        return [*super().get_breadcrumbs_items(), place, {"url": "", "label": self.page_title}]

    def get_context_data(self, *, form: Form | None = None, **kwargs):
        return super().get_context_data(
            activity=self.activity,
            form=form or self.form_class(),
            back=self._back(),
            button=self.button,
            lead=self.lead,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                self.act(form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return HttpResponseRedirect(self._back())

    def act(self, values: dict) -> None:
        """Carry it out and say so."""
        activity_cancel(actor=self.request.user, activity=self.activity, now=timezone.now(), **values)
        messages.success(self.request, _("“%(activity)s” is cancelled.") % {"activity": self.activity})


class ActivityResumeView(ActivityCancelView):
    """Why a cancelled activity takes place after all."""

    page_title = gettext_lazy("Take an activity up again")
    header_icon = "undo"
    form_class = ResumeForm
    button = gettext_lazy("Take the activity up again")
    lead = gettext_lazy("The cancellation stays in the record; the activity counts as planned again.")

    def act(self, values: dict) -> None:
        activity_resume(actor=self.request.user, activity=self.activity, now=timezone.now(), **values)
        messages.success(self.request, _("“%(activity)s” takes place after all.") % {"activity": self.activity})
