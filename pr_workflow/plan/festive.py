"""Activities of festive days inside a period of mourning: said to the writer and to whoever signs (R20)."""

from django.utils.translation import gettext as _

from ..festival_calendar.mourning import is_festive, mourning_between, mourning_warnings
from .coverage import taking_place
from .models import AnnualPlan
from .selectors import activities_of, cancelled_in


def plan_mourning_warnings(plan: AnnualPlan) -> list[str]:
    """One sentence for each activity of a festive day and period of mourning that meet; blocks nothing.

    Args: plan, or a version of it. A fixed number of queries; without a festive activity no period is looked up.
    """
    lines = taking_place(activities_of(plan), cancelled_in(plan))
    festive = [line for line in lines if is_festive(line.important_day) and line.start <= line.end]
    if not festive:
        return []
    periods = mourning_between(
        min(line.start for line in festive), max(line.end for line in festive), agency=plan.agency
    )
    return [
        _("Activity %(code)s: %(warning)s") % {"code": line.code, "warning": warning}
        for line in festive
        for warning in mourning_warnings(line.important_day, [(line.start, line.end)], periods)
    ]
