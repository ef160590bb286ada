"""Wagtail's ways into a chain, held to our promises: one submission at a time, in the chain that applies (R05, R36).

Wagtail makes the workflow state before our first step is asked, and resumes a returned item in the chain it was in
before, whatever its type is now. There is no setting and no signal early enough for either, so the two methods are
wrapped once, when Django is ready.
"""

from functools import wraps

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Workflow, WorkflowState

from .services import ApprovalRefused, entry_guard, may_withdraw, return_guard


def has_own_chain(content) -> bool:
    """Whether the end of the chain of this object is ours to decide."""
    return hasattr(getattr(content, "specific", content), "approval_finished")


def _guarded_start(stock):
    @wraps(stock)
    @transaction.atomic
    def start(self, obj, user):
        if has_own_chain(obj):
            entry_guard(content=getattr(obj, "specific", obj), workflow=self)
        return stock(self, obj, user)

    return start


def _guarded_resume(stock):
    @wraps(stock)
    @transaction.atomic
    def resume(self, user=None):
        if not has_own_chain(self.content_object):
            return stock(self, user=user)
        return_guard(workflow_state=self)
        content = self.content_object.get_latest_revision_as_object()
        workflow = content.get_workflow()
        if workflow is None:
            raise ApprovalRefused(_("No approval chain is set up for this item. Ask the system administrator."))
        if workflow.pk == self.workflow_id:
            return stock(self, user=user)
        self.cancel(user=user if may_withdraw(self, user) else None)
        return workflow.start(content, user)

    return resume


def install() -> None:
    """Wrap the methods; called once, by `connections`."""
    Workflow.start = _guarded_start(Workflow.start)
    WorkflowState.resume = _guarded_resume(WorkflowState.resume)
