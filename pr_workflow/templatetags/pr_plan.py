"""The lines of a plan on the sheet that heads and the director read."""

from django import template

from ..plan.models import AnnualPlan, PlanActivity
from ..plan.reading_rows import LISTS, label_of
from ..plan.selectors import activities_of
from ..plan.words import CHOICES

register = template.Library()
#: What stands under the name of an activity, in this order; empty ones are left out.
FACTS = ("mission", "important_day", "unit", *LISTS)


@register.simple_tag
def plan_lines(plan: AnnualPlan) -> list[tuple[PlanActivity, list[tuple[str, str]]]]:
    """Each activity with what the public page of the plan says besides: label and text. Four queries for any plan."""
    return [(activity, _facts(activity)) for activity in activities_of(plan)]


def _facts(activity: PlanActivity) -> list[tuple[str, str]]:
    shown = [(label_of(name), _text(activity, name)) for name in FACTS]
    return [(label, text) for label, text in shown if text]


def _text(activity: PlanActivity, name: str) -> str:
    value = getattr(activity, name)
    if name in LISTS:
        return ", ".join(str(label) for key, label in CHOICES[name].choices if key in (value or []))
    return str(value or "")
