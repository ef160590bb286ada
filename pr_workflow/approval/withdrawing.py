"""The way out of a chain: taking an item back before it is decided, and an approval before it is public (R39, R71).

Wagtail's withdrawing writes several rows without a transaction, and Wagtail lets whoever may approve an item withdraw
it too. There is no setting and no signal early enough, so the methods are wrapped once, when Django is ready.
"""

from datetime import datetime
from functools import wraps

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Revision, TaskState, WorkflowState

from ..audit.services import audit_record, chain_lock
from ..clock import step_now
from ..people.delegations import capacity_text
from ..people.models import Agency, Delegation
from ..people.selectors import profile_of
from .errors import ApprovalRefused
from .models import ApprovalWithdrawal, StepDeadline
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


@transaction.atomic
def approval_end(
    *,
    actor,
    workflow_state: WorkflowState,
    revision: Revision,
    agency: Agency,
    reason: str,
    delegation: Delegation | None = None,
    now: datetime,
) -> ApprovalWithdrawal:
    """Make a finished chain count no more; its signatures stay as they are, for the record (I3, I4).

    The half of a withdrawal that belongs to the chain: whoever calls it holds the agency's lock, has asked who may do
    this, and writes the row of the log. `actor` None is the system. Raises `ApprovalRefused` when the chain is not
    (any more) an approved one.
    """
    state = WorkflowState.objects.select_for_update().get(pk=workflow_state.pk)
    if state.status != WorkflowState.STATUS_APPROVED:
        raise ApprovalRefused(_("The approval of this version has already been withdrawn or replaced."))
    profile = profile_of(actor) if actor else None
    withdrawal = ApprovalWithdrawal.objects.create(
        agency=agency,
        workflow_state=state,
        revision=revision,
        withdrawn_by=actor,
        withdrawn_by_name=profile.display_name if profile else "",
        withdrawn_by_position=profile.position if profile else "",
        capacity=capacity_text(delegation),
        reason=reason,
        withdrawn_at=now,
    )
    state.status = WorkflowState.STATUS_CANCELLED
    state.save(update_fields=["status"])
    log(
        instance=revision.content_object,
        action="wagtail.workflow.cancel",
        user=actor,
        revision=revision,
        data={"workflow": {"id": state.workflow_id, "title": state.workflow.name, "status": state.status}},
    )
    return withdrawal


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
