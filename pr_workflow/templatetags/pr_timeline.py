"""How the course of an item is drawn."""

from typing import Any

from django import template
from django.utils import timezone

from .. import timeline
from ..stages import Stage

register = template.Library()

ICONS = {"done": "check", "waiting": "time", "trouble": "warning", "paused": "time", "alarm": "warning"}


@register.filter
def state_icon(state: str) -> str:
    """The icon of a state: what is said in colour is said in shape too."""
    return ICONS.get(state, "info-circle")


def stages_shown() -> list[Stage]:
    """The stages one item passes; planning and evaluation are about many."""
    return [stage for stage in Stage if stage not in (Stage.PLAN, Stage.EVALUATE)]


@register.inclusion_tag("pr_workflow/timeline/course.html")
def news_timeline(page, course: timeline.Timeline | None = None) -> dict[str, Any]:
    """The course of an item as one vertical list with where it stands on top; for any screen about the item.

    A screen that has computed the course already hands it over.
    """
    now, course = timezone.now(), course or timeline.news_timeline(page)
    return {"page": page, "timeline": course, "overdue": course.is_overdue(now), "now": now, "stages": stages_shown()}


@register.inclusion_tag("pr_workflow/timeline/standing.html")
def news_standing(page) -> dict[str, Any]:
    """One line: where the item stands, since when and until when, with the way to its whole course."""
    now, course = timezone.now(), timeline.news_timeline(page)
    return {"page": page, "standing": course.standing, "overdue": course.is_overdue(now), "now": now}
