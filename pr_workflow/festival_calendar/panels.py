"""What the calendar shows on the admin's home page, and in the editors of later steps."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.panels import Panel
from wagtail.admin.ui.components import Component

from ..people.selectors import agency_of
from ..thai_time import bangkok_date, fiscal_year_be, thai_date_range
from .selectors import next_important_days, preparation_dates

SHOWN_DAYS = 8


class ComingImportantDaysPanel(Component):
    """The next important days of the user's agency, and since when each should be in preparation (R20)."""

    name = "coming_important_days"
    template_name = "pr_workflow/festival_calendar/coming_days.html"
    order = 250

    def get_context_data(self, parent_context):
        today = bangkok_date(timezone.now())
        try:
            agency = agency_of(parent_context["request"].user)
        except PermissionDenied:
            return {"days": [], "agency": None}
        coming = next_important_days(agency=agency, today=today, limit=SHOWN_DAYS)
        starts = preparation_dates(coming, agency=agency)
        return {
            "agency": agency,
            "days": [
                {
                    "number": day.important_day.pk,
                    "fiscal_year": fiscal_year_be(day.first),
                    "name": day.important_day.name_th,
                    "dates": thai_date_range(day.first, day.last, "short"),
                    "confirmed": day.confirmed,
                    "days_left": max((day.first - today).days, 0),
                    "prepare_from": start,
                    "in_preparation": start <= today,
                }
                for day, start in zip(coming, starts, strict=True)
            ],
        }


class MourningPanel(Panel):
    """Says in an editor which festive work falls into a period of mourning; there only when some does. Blocks nothing.

    `warnings` gives the sentences for what is being edited (R20).
    """

    def __init__(self, warnings: Callable[[Any], list[str]], **kwargs):
        super().__init__(**kwargs)
        self.warnings = warnings

    def clone_kwargs(self):
        return {**super().clone_kwargs(), "warnings": self.warnings}

    def clean_name(self):
        return "mourning"

    class BoundPanel(Panel.BoundPanel):
        template_name = "pr_workflow/festival_calendar/mourning.html"

        def is_shown(self):
            return bool(self.warnings)

        @cached_property
        def warnings(self) -> list[str]:
            """The sentences, looked up once a screen."""
            if self.instance is None or self.instance.pk is None:
                return []
            return self.panel.warnings(self.instance)

        def get_context_data(self, parent_context=None):
            return {**super().get_context_data(parent_context), "warnings": self.warnings}
