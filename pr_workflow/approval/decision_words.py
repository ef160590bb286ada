"""How a decision is called: heads agree (เห็นชอบ), the last in the chain approves (อนุมัติ), as in both manuals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import TaskState

from .models import Submission
from .selectors import chain_tasks


@dataclass(frozen=True)
class DecisionWords:
    """The words of one step: on its button, on the button with a comment, in the message after, in the history."""

    button: str | Promise
    with_comment: str | Promise
    done: str | Promise
    event: str | Promise


AGREEMENT = DecisionWords(
    pgettext_lazy("decision of a head", "Agree"),
    pgettext_lazy("decision of a head", "Agree with comment"),
    _("You have agreed to “%(title)s”. It goes on to the next step."),
    _("Agreed: %(step)s"),
)
APPROVAL = DecisionWords(
    _("Approve"),
    _("Approve with comment"),
    _("You have approved “%(title)s”. It goes to the IT officer."),
    _("Approved: %(step)s"),
)
PLAN_APPROVAL = DecisionWords(
    APPROVAL.button, APPROVAL.with_comment, _("You have approved “%(title)s”. It is in force."), APPROVAL.event
)


def last_task(steps: Iterable[Mapping[str, Any]]) -> int | None:
    """The number of the last step somebody has to sign; skipped ones carry their reason."""
    signed = [step["task"] for step in steps if not step.get("skipped")]
    return signed[-1] if signed else None


def is_last_step(task_state: TaskState) -> bool:
    """Does the whole chain end with this step? By what the item was submitted for, not by what the chain is today."""
    submission = Submission.objects.filter(
        workflow_state=task_state.workflow_state_id, revision=task_state.revision_id
    ).first()
    if submission:
        return last_task(submission.steps) == task_state.task_id
    tasks = list(chain_tasks(task_state.workflow_state.workflow).values_list("pk", flat=True))
    return bool(tasks) and tasks[-1] == task_state.task_id


def decision_words(task_state: TaskState, content=None) -> DecisionWords:
    """The words of this step; `content` decides what an approval leads to."""
    if not is_last_step(task_state):
        return AGREEMENT
    return PLAN_APPROVAL if getattr(content, "audit_noun", "") == "plan" else APPROVAL
