"""What the approval step says when an item is about to be submitted."""

from django.utils.translation import gettext as _

from ..news.readiness import Problem
from .selectors import unmanned_steps
from .services import chain_finish_guard


def on_news_readiness_asked(sender, *, page, parent, **kwargs) -> list[Problem]:
    """A step nobody can fill is told to the writer at once, before the item waits there for ever (R05)."""
    place = page if page.pk else parent
    workflow = place.get_workflow() if place is not None else None
    return [
        Problem(
            "",
            _("Nobody can fill the step “%(step)s”. Ask the system administrator to add a member to its group.")
            % {"step": step},
        )
        for step in (unmanned_steps(workflow) if workflow else [])
    ]


def on_chain_finishing(sender, *, workflow_state, **kwargs) -> None:
    """No chain ends without all its signatures (I3)."""
    chain_finish_guard(workflow_state=workflow_state)
