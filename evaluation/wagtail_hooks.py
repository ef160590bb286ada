"""Registers the weekly reports in the admin."""

from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from .viewsets import WeeklyReportAdmin, urlpatterns

modeladmin_register(WeeklyReportAdmin)


@hooks.register("register_admin_urls")
def weekly_report_urls():
    """The address of the workbook."""
    return urlpatterns
