"""Whether a chain is in use: one that is, is not switched off under the items that wait in it (R05, I1)."""

from django.db.models.signals import pre_delete, pre_save
from django.utils.translation import gettext as _
from wagtail.models import Task, Workflow, WorkflowPage, WorkflowState, WorkflowTask

from ..people.models import Agency
from .chain_rules import foreign_step_sentence, nobody_signs_sentence
from .chain_watch import agency_of_workflow
from .errors import ApprovalRefused
from .models import ChainRule
from .workflow_steps import LevelApprovalTask

#: Of a returned item the chain goes on when it is submitted again.
UNDER_WAY = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


def disabling_refusal(workflow: Workflow) -> str:
    """Why a chain may not be switched off, as a whole sentence; empty when nothing needs it.

    Wagtail would withdraw every item in it and forget which sections it was for.
    """
    number = WorkflowState.objects.filter(workflow=workflow, status__in=UNDER_WAY).count()
    if number:
        text = _("%(number)s items are under way in “%(chain)s”. Have them decided or withdrawn first.")
        return text % {"number": number, "chain": workflow.name}
    if _serves(workflow):
        text = _("“%(chain)s” is the chain of %(agency)s. Give its sections and plans another chain first.")
        return text % {"chain": workflow.name, "agency": agency_of_workflow(workflow.pk) or "–"}
    return ""


def task_disabling_refusal(task: Task) -> str:
    """Why a step may not be switched off, as a whole sentence; empty when no item is under way in a chain with it.

    Wagtail would carry the items past it; switched on again, it would be asked after the steps that follow it.
    """
    chains = Workflow.objects.filter(workflow_tasks__task=task).values("pk")
    number = WorkflowState.objects.filter(workflow__in=chains, status__in=UNDER_WAY).count()
    if not number:
        return ""
    text = _(
        "%(number)s items are under way in a chain with the step “%(step)s”. Have them decided or withdrawn first."
    )
    return text % {"number": number, "step": task.name}


def steps_refusal(workflow: Workflow, task: Task, *, is_new: bool) -> str:
    """Why a step may not come into a chain, or be the last one to leave it; empty when it may (I1, I3).

    A chain in use keeps to steps that sign: one of another kind would be decided without a seal and a row.
    """
    if not disabling_refusal(workflow):
        return ""
    if is_new:
        return "" if isinstance(task.specific, LevelApprovalTask) else foreign_step_sentence(workflow, task.name)
    others = WorkflowTask.objects.filter(workflow=workflow, task__active=True).exclude(task=task)
    return "" if others.exists() else nobody_signs_sentence(workflow)


def _serves(workflow: Workflow) -> bool:
    ruled = ChainRule.objects.filter(workflow=workflow, active=True).exists()
    ruled = ruled or Agency.objects.filter(plan_workflow=workflow).exists()
    placed = WorkflowPage.objects.filter(workflow=workflow).exists()
    return ruled or placed or workflow.workflow_content_types.exists()


def on_step_entering(sender, *, instance, raw=False, **kwargs) -> None:
    """A step is about to come into a chain. Raises `ApprovalRefused`."""
    if not raw and instance.pk is None and (reason := steps_refusal(instance.workflow, instance.task, is_new=True)):
        raise ApprovalRefused(reason)


def on_step_leaving(sender, *, instance, **kwargs) -> None:
    """A step is about to leave a chain. Raises `ApprovalRefused`."""
    if reason := steps_refusal(instance.workflow, instance.task, is_new=False):
        raise ApprovalRefused(reason)


def connect() -> None:
    """Listen to the rows of chains; safe to call again."""
    pre_save.connect(on_step_entering, sender=WorkflowTask, dispatch_uid="chain_in_use_step_enters")
    pre_delete.connect(on_step_leaving, sender=WorkflowTask, dispatch_uid="chain_in_use_step_leaves")
