"""The weekly report of one agency (R63, R64)."""

import uuid
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from pr_workflow.people.models import Agency
from pr_workflow.thai_time import thai_date_range


class WeeklyReport(models.Model):
    """Monday to Sunday in the five quality words of S1: accurate, complete, timely, accessible, current.

    `measures` holds, per measure, the numbers it was computed from, so that the report can be read again later.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="weekly_reports"
    )
    week_start = models.DateField(_("week from"), help_text=_("A Monday."))
    measures = models.JSONField(_("measures"), default=dict)
    figures = models.JSONField(_("figures"), default=dict)
    built_at = models.DateTimeField(_("built at"))

    class Meta:
        verbose_name = _("weekly report")
        verbose_name_plural = _("weekly reports")
        ordering = ["-week_start", "agency"]
        constraints = [models.UniqueConstraint(fields=["agency", "week_start"], name="one_report_per_week")]

    def __str__(self):
        return f"{self.agency} {thai_date_range(self.week_start, self.week_end)}"

    @property
    def week_end(self):
        """The Sunday that closes the week."""
        return self.week_start + timedelta(days=6)
