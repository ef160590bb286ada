"""What people fill in when posting and taking a time back."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from ..reasons import ReasonField
from ..thai_moment import ThaiMomentField
from ..thai_time import BANGKOK


class GoLiveForm(forms.Form):
    """When an approved item goes live: at once, or at a minute of the officer's choice (R42, R43)."""

    when = forms.ChoiceField(
        label=_("Go live"),
        choices=[("now", _("Now")), ("at", _("At a set time"))],
        widget=forms.RadioSelect,
        initial="now",
        error_messages={"required": _("Choose “now” or a time.")},
    )
    go_live_at = ThaiMomentField(label=_("Go-live time"), required=False, zone=BANGKOK, needs_time=True)

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == "at" and not cleaned.get("go_live_at") and "go_live_at" not in self.errors:
            self.add_error("go_live_at", _("Choose the day and the time of going live."))
        if cleaned.get("when") == "now":
            self.errors.pop("go_live_at", None)
        return cleaned

    def moment(self, now: datetime) -> datetime:
        """The chosen moment; only of a valid form."""
        return now if self.cleaned_data["when"] == "now" else self.cleaned_data["go_live_at"]


class RecallForm(forms.Form):
    """Why a set time is taken back."""

    reason = ReasonField(
        missing=_("Write in “Reason” why the go-live time is taken back."),
        rows=2,
        label=_("Reason"),
        max_length=500,
    )


class WithdrawalForm(forms.Form):
    """Why an approval is given up."""

    reason = ReasonField(
        missing=_("Write in “Reason” why the approval is withdrawn."),
        rows=4,
        label=_("Reason"),
        max_length=500,
        help_text=_("The writer, those who signed and the log read it: what is wrong, and what should happen now."),
    )
