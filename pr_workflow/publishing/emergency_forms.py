"""What a person fills in for an emergency publication, and what the second person answers (R37)."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..reasons import ReasonField


def typed_word() -> str:
    """What has to be typed, so that nobody publishes past the chain by a slip of the mouse."""
    return _("publish now")


class EmergencyForm(forms.Form):
    """The reason, a word typed by hand, and the version that was looked at."""

    version = forms.IntegerField(
        label=gettext_lazy("Version"),
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Open this form again and look at the item first.")
        ),
    )

    reason = ReasonField(
        missing=gettext_lazy("Write in “Reason” why this cannot wait for the chain."),
        rows=4,
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("Why this cannot wait for the chain. The second person and the log read it."),
    )
    typed = forms.CharField(
        label=gettext_lazy("Confirmation"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type the words that are asked for.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["typed"].help_text = _("Type “%(words)s”.") % {"words": typed_word()}

    def clean_typed(self) -> str:
        typed = self.cleaned_data["typed"].strip()
        if typed.casefold() != typed_word().casefold():
            raise ValidationError(_("Type “%(words)s” exactly.") % {"words": typed_word()})
        return typed


class EmergencyDecisionForm(forms.Form):
    """Right or wrong; a refusal needs its reason."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("confirm", gettext_lazy("Confirm: it was right to publish")),
            ("refuse", gettext_lazy("Refuse: take it off the site now")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether you confirm or refuse.")},
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed for a refusal: why the item must leave the site."),
    )
