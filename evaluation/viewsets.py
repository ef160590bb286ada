"""The weekly reports in the admin: a read-only register, one page per report, and its workbook."""

from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.views import InspectView

from pr_workflow.people.registers import ReadOnlyRegister
from pr_workflow.people.selectors import rows_visible_to
from pr_workflow.thai_time import thai_date_range, thai_datetime

from .exports import weekly_report_xlsx
from .models import WeeklyReport
from .selectors import signers_of
from .wording import figure_rows, measure_rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WeeklyReportPage(InspectView):
    """One report: five bars, their numbers, and the figures of the week."""

    def get_context_data(self, **kwargs):
        report = self.instance
        return super().get_context_data(
            measures=measure_rows(report),
            figures=figure_rows(report),
            signers=signers_of(report),
            xlsx_url=reverse("pr_weekly_report_xlsx", args=[report.pk]),
            **kwargs,
        )

    def get_page_title(self):
        return _("Weekly report")

    def get_page_subtitle(self):
        return thai_date_range(self.instance.week_start, self.instance.week_end)


class WeeklyReportAdmin(ReadOnlyRegister):
    """ประเมินผลรายสัปดาห์ (S2 §3.8)."""

    model = WeeklyReport
    menu_label = _("Evaluation")
    menu_icon = "glasses"
    menu_order = 700
    list_display = ("week", "accurate", "complete", "timely", "accessible", "current", "built")
    list_filter = ("week_start",)
    search_fields = ("agency__name",)
    list_export = ("agency", "week_start", "accurate", "complete", "timely", "accessible", "current", "built_at")
    inspect_view_class = WeeklyReportPage
    inspect_template_name = "pr_evaluation/report.html"

    def week(self, report):
        return thai_date_range(report.week_start, report.week_end, style="short")

    week.short_description = _("week")  # type: ignore[attr-defined]
    week.admin_order_field = "week_start"  # type: ignore[attr-defined]

    def built(self, report):
        return thai_datetime(report.built_at)

    built.short_description = _("built at")  # type: ignore[attr-defined]

    def _percent(self, report, key):
        percent = report.measures.get(key, {}).get("percent")
        return "–" if percent is None else f"{percent:g} %"

    def accurate(self, report):
        return self._percent(report, "accurate")

    accurate.short_description = _("Accurate")  # type: ignore[attr-defined]

    def complete(self, report):
        return self._percent(report, "complete")

    complete.short_description = _("Complete")  # type: ignore[attr-defined]

    def timely(self, report):
        return self._percent(report, "timely")

    timely.short_description = _("Timely")  # type: ignore[attr-defined]

    def accessible(self, report):
        return self._percent(report, "accessible")

    accessible.short_description = _("Easy to access")  # type: ignore[attr-defined]

    def current(self, report):
        return self._percent(report, "current")

    current.short_description = _("Current")  # type: ignore[attr-defined]


def report_workbook(request, pk: int) -> HttpResponse:
    """The workbook of one report; 404 for a report of another agency, so that not even its existence shows (I5)."""
    if not request.user.has_perm("pr_evaluation.view_weeklyreport"):
        raise Http404
    report = rows_visible_to(request.user, WeeklyReport.objects.select_related("agency")).filter(pk=pk).first()
    if report is None:
        raise Http404
    response = HttpResponse(weekly_report_xlsx(report), content_type=XLSX)
    name = f"weekly-report-{report.agency.code}-{report.week_start.isoformat()}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urlpatterns = [path("pr/weekly-reports/<int:pk>/xlsx/", report_workbook, name="pr_weekly_report_xlsx")]
