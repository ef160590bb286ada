"""Wagtail's withdrawing and resubmitting, held to our promises.

Both write several rows without a transaction, and Wagtail lets whoever may approve an item withdraw it too. There is
no setting and no signal early enough for either, so the two methods are wrapped once, when Django is ready.
"""

from functools import wraps

from django.db import transaction
from wagtail.models import WorkflowState

from ..clock import step_now
from .services import chain_withdrawn, may_withdraw, withdrawal_guard


def _has_own_chain(state: WorkflowState) -> bool:
    content = state.content_object
    return hasattr(getattr(content, "specific", content), "approval_finished")


def _guarded_cancel(stock):
    @wraps(stock)
    @transaction.atomic
    def cancel(self, user=None):
        if not _has_own_chain(self):
            return stock(self, user=user)
        withdrawal_guard(actor=user, workflow_state=self)
        result = stock(self, user=user)
        chain_withdrawn(actor=user, workflow_state=self, now=step_now())
        return result

    return cancel


def _guarded_offer(stock):
    @wraps(stock)
    def user_can_cancel(self, user):
        if not _has_own_chain(self):
            return stock(self, user)
        return may_withdraw(self, user)

    return user_can_cancel


def install() -> None:
    """Wrap the methods; called once, by `connections`."""
    WorkflowState.cancel = _guarded_cancel(WorkflowState.cancel)
    WorkflowState.resume = transaction.atomic(WorkflowState.resume)
    WorkflowState.user_can_cancel = _guarded_offer(WorkflowState.user_can_cancel)
