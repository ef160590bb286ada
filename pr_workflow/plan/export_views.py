"""Taking a plan out as a file, for those who may change it (R19)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views import View

from ..paper import file_answer
from .export import csv_of, workbook_of
from .models import AnnualPlan
from .selectors import plans_visible_to
from .services import may_edit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRITERS = {"xlsx": (workbook_of, XLSX), "csv": (csv_of, "text/csv; charset=utf-8")}


class PlanExportView(View):
    """The latest version of the plan as .xlsx or .csv."""

    http_method_names = ["get"]
    model = AnnualPlan

    def get(self, request: HttpRequest, pk: int, ending: str) -> HttpResponse:
        """The file. Raises `Http404` for another agency's plan, `PermissionDenied` for readers."""
        plan = get_object_or_404(plans_visible_to(request.user), pk=pk)
        if not may_edit(request.user, plan):
            raise PermissionDenied(_("Only the PR officers of the agency take its plan out as a file."))
        if ending not in WRITERS:
            raise Http404
        written, kind = WRITERS[ending]
        return file_answer(written(plan), filename=f"{plan.title[:100]}.{ending}", kind=kind)
