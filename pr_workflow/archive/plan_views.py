"""The annual plan as a PDF, for everybody of the agency who reads plans (R22, I5)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from ..approval.reading import reading_refusal
from ..plan.models import AnnualPlan
from ..plan.selectors import plans_visible_to
from .plan_paper import plan_html, plan_paper_name
from .views import paper_answer


class PlanPaperView(View):
    """The version in force; 404 while there is none."""

    http_method_names = ["get"]
    #: For the agency wall: the number in the address is that of a plan.
    model = AnnualPlan
    is_draft = False

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The PDF. Raises `Http404` and `PermissionDenied`."""
        plan = get_object_or_404(plans_visible_to(request.user), pk=pk)
        if reason := reading_refusal(request.user, plan.agency):
            raise PermissionDenied(reason)
        if not request.user.has_perm("pr_workflow.view_annualplan"):
            raise PermissionDenied(_("Only the people of the agency who work on news read its plan here."))
        address = request.build_absolute_uri(reverse("wagtailsnippets_pr_workflow_annualplan:inspect", args=[plan.pk]))
        html = plan_html(plan, is_draft=self.is_draft, address=address, reader=request.user, now=timezone.now())
        return paper_answer(request, html, plan_paper_name(plan, is_draft=self.is_draft))


class PlanDraftPaperView(PlanPaperView):
    """The latest version, marked as a draft on every page."""

    is_draft = True
