"""Whose clock a step of the chain is: its deciders; above them the later levels (R48)."""

from ..clocks.holders import Holders
from ..people.models import Agency, AgencyGroup
from ..people.roles import CHAIN, Role
from ..people.selectors import role_members
from .models import StepDeadline
from .notices import deciders_of, review_path


def on_clock_holders_asked(sender, *, clocked, **kwargs) -> Holders | None:
    """The answer for a step that is being considered."""
    if not isinstance(clocked, StepDeadline):
        return None
    state = clocked.task_state
    return Holders(
        title=state.revision.object_str,
        path=review_path(state),
        people=deciders_of(state),
        levels=[list(role_members(clocked.agency, role)) for role in roles_above(state.task, clocked.agency)],
    )


def roles_above(task, agency: Agency) -> list[Role]:
    """The next level and the director; for the director's own step nobody, for a step outside the chain all of it."""
    groups = getattr(task.specific, "groups", None)
    seats = AgencyGroup.objects.filter(agency=agency, group__in=groups.all()) if groups is not None else []
    own = [CHAIN.index(Role(seat.role)) for seat in seats if seat.role in CHAIN]
    above = CHAIN[max(own) + 1 :] if own else CHAIN
    return list(dict.fromkeys([above[0], above[-1]])) if above else []
