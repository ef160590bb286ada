"""Wagtail's own mails about workflows, switched off for content that has a chain of ours.

Wagtail tells the submitter of an approval or a return while the decision is being made: at night, a second time beside
our notice, and a mail server that refuses the login would break the decision. There is no setting for it, and the
receivers are connected after ours, so the question "is this for me?" is answered once, for all of them.
"""

from functools import wraps

from wagtail.admin.mail import BaseWorkflowStateEmailNotifier


def _ours_left_out(stock):
    @wraps(stock)
    def can_handle(self, instance, **kwargs):
        content = getattr(instance, "content_object", None)
        if hasattr(getattr(content, "specific", content), "approval_finished"):
            return False
        return stock(self, instance, **kwargs)

    return can_handle


def install() -> None:
    """Wrap the question; called once, by `connections`."""
    BaseWorkflowStateEmailNotifier.can_handle = _ours_left_out(BaseWorkflowStateEmailNotifier.can_handle)
