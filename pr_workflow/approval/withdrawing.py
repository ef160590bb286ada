"""The way out of a running chain before it is decided: who may take an item back, and what is written down (R39, R71).

Wagtail's withdrawing writes several rows without a transaction, and Wagtail lets whoever may approve an item withdraw
it too. There is no setting and no signal early enough, so the methods are wrapped once, when Django is ready.
"""

from datetime import datetime
from functools import wraps

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from ..audit.services import audit_record, chain_lock
from ..clock import step_now
from .errors import ApprovalRefused
from .models import StepDeadline
from .selectors import agency_of_content
from .subject import audit_verb, chain_of_step_lock, has_own_chain


def may_withdraw(workflow_state: WorkflowState, user) -> bool:
    """Whoever submitted the item, its owner, or a superuser; an approver returns it with a reason instead (R39)."""
    owner = getattr(workflow_state.content_object, "owner_id", None)
    return user is not None and (user.is_superuser or user.pk in (workflow_state.requested_by_id, owner))


def withdrawal_guard(*, actor, workflow_state: WorkflowState) -> None:
    """Lock the chain; refuse a withdrawal by somebody else, or of a chain that has ended meanwhile (R39).

    Raises `ApprovalRefused`.
    """
    chain_lock(agency_of_content(workflow_state.content_object))
    current = WorkflowState.objects.select_for_update().get(pk=workflow_state.pk)
    if not current.is_active:
        raise ApprovalRefused(_("The consideration of this item has ended meanwhile."))
    if actor is not None and not may_withdraw(current, actor):
        raise ApprovalRefused(_("Only who submitted the item withdraws it. Return it with a reason instead."))


@transaction.atomic
def step_cancel(*, actor, task_state: TaskState, now: datetime) -> None:
    """Stop the clock of a step that ends undecided, and log it (R48, R71). The withdrawal has its own row."""
    agency = chain_of_step_lock(task_state)
    StepDeadline.objects.filter(task_state=task_state, finished_at=None).update(finished_at=now)
    audit_record(
        actor=actor,
        verb="step_cancel",
        target=task_state.revision.as_object(),
        now=now,
        agency=agency,
        data={"step": task_state.task.name, "revision": task_state.revision_id},
    )


@transaction.atomic
def chain_withdrawn(*, actor, workflow_state: WorkflowState, now: datetime) -> None:
    """Log that an item was taken out of its chain, at whatever point it stood (I4, R71)."""
    content = workflow_state.content_object
    content = getattr(content, "specific", content)
    audit_record(
        actor=actor,
        verb=audit_verb(content, "withdraw"),
        target=content,
        now=now,
        agency=agency_of_content(content),
        data={"workflow_state": workflow_state.pk},
    )


def _guarded_cancel(stock):
    @wraps(stock)
    @transaction.atomic
    def cancel(self, user=None):
        if not has_own_chain(self.content_object):
            return stock(self, user=user)
        withdrawal_guard(actor=user, workflow_state=self)
        result = stock(self, user=user)
        chain_withdrawn(actor=user, workflow_state=self, now=step_now())
        return result

    return cancel


def _guarded_offer(stock):
    @wraps(stock)
    def user_can_cancel(self, user):
        if not has_own_chain(self.content_object):
            return stock(self, user)
        return may_withdraw(self, user)

    return user_can_cancel


def install() -> None:
    """Wrap the methods; called once, by `connections`."""
    WorkflowState.cancel = _guarded_cancel(WorkflowState.cancel)
    WorkflowState.user_can_cancel = _guarded_offer(WorkflowState.user_can_cancel)
