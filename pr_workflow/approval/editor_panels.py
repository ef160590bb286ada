"""In the editor of an item that came back: what has to be corrected, above everything and at each field (R38, R39).

An item whose approval was given up before it went live comes back in the same way, with one reason for the whole.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.panels import Panel
from wagtail.models import WorkflowState

from .models import ApprovalWithdrawal, ReturnReason
from .panels import person_name
from .return_parts import parts_of
from .selectors import withdrawal_pending


@dataclass(frozen=True)
class ReasonShown:
    """One reason: the part it blames, and the fields of the editor it belongs to."""

    label: str
    text: str
    fields: tuple[str, ...]


def returned_chain(content) -> WorkflowState | None:
    """The chain that sent this item back and waits for its correction; None when nothing has to be corrected."""
    state = content.current_workflow_state if content is not None and content.pk else None
    return state if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES else None


def given_up(content) -> ApprovalWithdrawal | None:
    """Why this item is with its writer again after its approval; None when a newer version is public or on its way."""
    if content is None or not content.pk or content.current_workflow_state:
        return None
    is_public = content.live and content.live_revision_id == content.latest_revision_id
    return None if is_public else withdrawal_pending(content)


def reasons_shown(content, chain: WorkflowState) -> list[ReasonShown]:
    """The reasons of the last return, in the order they were given; an older return has only its summary."""
    parts = {part.key: part for part in parts_of(content)}
    found = []
    for reason in ReturnReason.objects.filter(task_state=chain.current_task_state_id):
        part = parts.get(reason.field)
        label = str(part.label) if part else _("The item as a whole")
        found.append(ReasonShown(label, reason.text, part.fields if part else ()))
    return found or [ReasonShown(_("The item as a whole"), chain.current_task_state.comment, ())]


class ReturnReasonsPanel(Panel):
    """Shown until the item is submitted again; a site puts it first among its `content_panels`."""

    def clean_name(self):
        return "return_reasons"

    class BoundPanel(Panel.BoundPanel):
        template_name = "pr_workflow/approval/return_reasons.html"

        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.chain = returned_chain(self.instance)
            self.withdrawal = None if self.chain else given_up(self.instance)
            if self.withdrawal:
                self.template_name = "pr_workflow/approval/given_up.html"

        def is_shown(self):
            return self.chain is not None or self.withdrawal is not None

        def get_context_data(self, parent_context=None):
            if self.withdrawal:
                return {**super().get_context_data(parent_context), "withdrawal": self.withdrawal}
            chain: Any = self.chain
            step = chain.current_task_state
            return {
                **super().get_context_data(parent_context),
                "step": step,
                "returned_by": person_name(step.finished_by),
                "reasons": reasons_shown(self.instance, chain),
            }
