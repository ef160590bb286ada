"""What is filled in when an activity does not take place, or does after all (R24)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..plan.cancelling import PUBLIC_NOTE, WHY_CANCEL, WHY_RESUME
from ..reasons import ReasonField

INSIDE = _("For the office; never shown outside.")


class CancelForm(forms.Form):
    """The reason for the office, and what the public reads."""

    reason = ReasonField(
        missing=WHY_CANCEL,
        rows=3,
        label=_("Reason"),
        max_length=1000,
        help_text=_("For the office; never shown outside."),
    )
    is_public = forms.BooleanField(
        label=_("Mark the activity as cancelled on the public plan"), required=False, initial=True
    )
    public_note = forms.CharField(
        label=PUBLIC_NOTE,
        required=False,
        max_length=255,
        help_text=_("One sentence beside “cancelled”; nothing when empty."),
    )


class ResumeForm(forms.Form):
    """The reason for the office."""

    reason = ReasonField(
        missing=WHY_RESUME,
        rows=3,
        label=_("Reason"),
        max_length=1000,
        help_text=_("For the office; never shown outside."),
    )
