"""A clock on a screen: sign, words and due time. `{% load pr_clock %}`, then `{% clock row %}` on every list.

The state of all rows of one page is read with three queries, however many rows it shows.
"""

from typing import Any

from django import template
from django.utils import timezone

from ..clocks.forms import PauseForm
from ..clocks.models import ClockedModel
from ..clocks.selectors import ended_at, may_pause
from ..clocks.states import ClockBoard, ClockState

register = template.Library()

BOARD = "pr_clock_board"


def _board(context: template.Context) -> ClockBoard:
    """One board for one rendering; `now` of the page counts, so that all of it speaks of one moment."""
    kept: Any = context.render_context
    root = kept.dicts[0]
    if BOARD not in root:
        root[BOARD] = ClockBoard(context.get("now") or timezone.now())
    return root[BOARD]


def _state(context: template.Context, row: Any) -> ClockState | None:
    return _board(context).state(row) if isinstance(row, ClockedModel) else None


@register.inclusion_tag("pr_workflow/clocks/clock.html", takes_context=True)
def clock(context: template.Context, row: Any) -> dict[str, Any]:
    """How much time is left, or how late it is; nothing for a row without a clock."""
    return {"state": _state(context, row)}


@register.simple_tag(takes_context=True)
def clock_state_of(context: template.Context, row: Any) -> ClockState | None:
    """The state itself, for a screen that draws it in another way: `{% clock_state_of row as state %}`."""
    return _state(context, row)


@register.inclusion_tag("pr_workflow/clocks/pause_form.html", takes_context=True)
def clock_pause_form(context: template.Context, row: Any, allowed: bool | None = None) -> dict[str, Any]:
    """A small form to stop the clock or let it run again; nothing for whoever may not.

    A list that knows the answer for all its rows passes `allowed`, so that not every row asks.
    """
    request = context.get("request")
    if request is None or not isinstance(row, ClockedModel) or ended_at(row) is not None:
        return {}
    if not (may_pause(request.user, row) if allowed is None else allowed):
        return {}
    return {
        "row": row,
        "kind": row._meta.model_name,
        "state": _state(context, row),
        "form": PauseForm(prefix=f"clock-{row.pk}"),
        "back": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }
