"""Wagtail's withdrawing, held to our promises.

It writes several rows without a transaction, and Wagtail lets whoever may approve an item withdraw it too. There is
no setting and no signal early enough, so the methods are wrapped once, when Django is ready.
"""

from functools import wraps

from django.db import transaction
from wagtail.models import WorkflowState

from ..clock import step_now
from .entering import has_own_chain
from .services import chain_withdrawn, may_withdraw, withdrawal_guard


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
