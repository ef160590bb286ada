"""The yearly warning on the start page that the cabinet's holidays of the next fiscal year are missing (R25)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .approval.panels import AgencyWorkPanel, WorkRow
from .festival_calendar.cabinet_days import cabinet_days_missing, missing_in_words
from .thai_time import bangkok_date


class CabinetDaysPanel(AgencyWorkPanel):
    """For who keeps the calendar; administrators, who enter national days, are led straight to the form."""

    heading = gettext_lazy("Holidays of the next fiscal year")
    icon = "calendar-alt"
    tone = "warning"
    order = 145

    def find_rows(self):
        user, year = self.request.user, cabinet_days_missing(bangkok_date(self.now))
        if year is None or not user.has_perm("pr_workflow.change_holiday"):
            return []
        title, note = missing_in_words(year)
        if not user.is_superuser:
            note = _(
                "The system administrator enters days of the whole country. Ask for it, or enter your agency's own."
            )
        return [
            WorkRow(
                title=title,
                url=reverse(f"wagtailsnippets_pr_workflow_holiday:{'add' if user.is_superuser else 'list'}"),
                note=note,
                action=_("Enter a holiday") if user.is_superuser else _("Look"),
                now=self.now,
                is_task=False,
            )
        ]
