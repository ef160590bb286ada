"""How the approval step says no."""

from django.core.exceptions import PermissionDenied


class ApprovalRefused(PermissionDenied):
    """A signature, a return or a submission was refused; the text is for the person. Answered as 403."""


class NoDecision(ApprovalRefused):
    """The form names neither of the two decisions. Answered as 422."""


class VersionChanged(ApprovalRefused):
    """The item is not what the person saw when deciding. Answered as 409, with the present version."""
