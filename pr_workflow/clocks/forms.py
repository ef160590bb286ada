"""What a person writes when a clock is stopped."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..reasons import ReasonField
from ..thai_time import ThaiDateField


class PauseForm(forms.Form):
    """Whom the step waits for, and why; everybody who sees the clock reads it (R35)."""

    waiting_for = forms.CharField(
        label=_("Waiting for"),
        max_length=255,
        help_text=_("A person, a unit or another agency."),
        error_messages={"required": _("Write in “Waiting for” whom you are waiting for.")},
    )
    expected_on = ThaiDateField(
        label=_("Expected on"),
        help_text=_("In B.E., for example 13/4/2570. On the day after, the clock runs again by itself."),
        error_messages={"required": _("Write until when you expect the answer.")},
    )
    reason = ReasonField(
        missing=_("Write in “Reason” why the step has to wait."),
        rows=2,
        label=_("Reason"),
        max_length=2000,
    )
