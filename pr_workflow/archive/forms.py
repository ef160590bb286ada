"""What people write when they hold, free or dispose of an archive record."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..reasons import ReasonField


def _reason(help_text, missing) -> ReasonField:
    return ReasonField(missing=missing, rows=3, label=_("Reason"), max_length=2000, help_text=help_text)


class HoldForm(forms.Form):
    """For which case the record is kept."""

    reason = _reason(
        _("For which case or inspection, with its number."),
        _("Write in “Reason” for which case the record is held, or why no longer."),
    )


class LiftForm(forms.Form):
    """Why the hold ends."""

    reason = _reason(
        _("Why the record is no longer needed for the case."),
        _("Write in “Reason” for which case the record is held, or why no longer."),
    )


class DisposalForm(forms.Form):
    """Why the record is no longer needed."""

    reason = _reason(
        _("For example the number of the disposal list of the agency."),
        _("Write in “Reason” why the record is no longer needed."),
    )


class DecisionForm(forms.Form):
    """Yes or no of the second person."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("confirm", _("Delete the record for good")), ("refuse", _("Keep the record"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the record is deleted or kept.")},
    )
    comment = forms.CharField(
        label=_("Comment"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when the record is kept."),
    )
