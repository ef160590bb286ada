"""The writer's way from the plan to an item: the activities of the running year, each with its news (R24)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..people.selectors import agency_of, rows_visible_to
from ..plan.models import PlanActivity
from ..thai_time import bangkok_date, fiscal_quarter, fiscal_year_be
from .selectors import activities_with_news
from .services import news_create_from_activity, writing_refusal

QUARTERS = ("1", "2", "3", "4")


class ActivityListView(WagtailAdminTemplateMixin, TemplateView):
    """Activities of the plan in force, the running quarter first; 403 for those who do not write news."""

    page_title = gettext_lazy("News from the plan")
    header_icon = "list-ul"
    template_name = "pr_workflow/news/activities.html"

    def dispatch(self, request, *args, **kwargs):
        agency = agency_of(request.user)
        if agency is None:
            raise PermissionDenied(_("This screen is for the PR officers of an agency."))
        if reason := writing_refusal(request.user, agency):
            raise PermissionDenied(reason)
        self.agency = agency
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        today = bangkok_date(timezone.now())
        rows = activities_with_news(self.agency, today=today)
        quarter = self.request.GET.get("quarter", str(fiscal_quarter(today)))
        if quarter in QUARTERS:
            shown = [row for row in rows if str(row.quarter) == quarter]
        else:
            quarter, shown = "all", rows
        return super().get_context_data(
            fiscal_year=fiscal_year_be(today),
            has_plan=bool(rows),
            rows=shown,
            quarter=quarter,
            quarters=QUARTERS,
            **kwargs,
        )


class ActivityNewsCreateView(View):
    """POST: begin a draft from an activity and open it in the editor."""

    http_method_names = ["post"]

    def post(self, request, pk: int):
        activities = PlanActivity.objects.filter(plan__live=True).select_related(
            "plan__agency__site__root_page", "responsible_officer", "important_day"
        )
        activity = get_object_or_404(rows_visible_to(request.user, activities, field="plan__agency"), pk=pk)
        page = news_create_from_activity(actor=request.user, activity=activity, now=timezone.now())
        messages.success(
            request,
            _("A draft was made from activity %(code)s. Write the text, then submit it for consideration.")
            % {"code": activity.code},
        )
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
