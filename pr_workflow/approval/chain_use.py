"""Whether a chain is in use: one that is, is not switched off under the items that wait in it (R05, I1)."""

from django.utils.translation import gettext as _
from wagtail.models import Workflow, WorkflowPage, WorkflowState

from ..people.models import Agency
from .chain_watch import agency_of_workflow
from .models import ChainRule

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


def _serves(workflow: Workflow) -> bool:
    ruled = ChainRule.objects.filter(workflow=workflow, active=True).exists()
    ruled = ruled or Agency.objects.filter(plan_workflow=workflow).exists()
    placed = WorkflowPage.objects.filter(workflow=workflow).exists()
    return ruled or placed or workflow.workflow_content_types.exists()
