"""How a person wants to be told."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import NoticePreference
from .quiet_time import in_quiet_hours


class PreferenceForm(forms.ModelForm):
    """Mail at once, once a day, or none; and the hours in which none goes out."""

    class Meta:
        model = NoticePreference
        fields = ("mail", "digest_at", "quiet_from", "quiet_until")
        widgets = {
            "mail": forms.RadioSelect,
            **{
                name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
                for name in ("digest_at", "quiet_from", "quiet_until")
            },
        }
        help_texts = {
            "digest_at": _("On working days; only for one mail each working day."),
            "quiet_until": _("No mail goes out between these times and on days off, except what is urgent."),
        }

    def clean(self):
        """The digest has an hour at which it may go out."""
        cleaned = super().clean() or self.cleaned_data
        digest, start, end = (cleaned.get(name) for name in ("digest_at", "quiet_from", "quiet_until"))
        wants_digest = cleaned.get("mail") == NoticePreference.Mail.DIGEST
        if wants_digest and digest and start and end and in_quiet_hours(digest, start, end):
            raise ValidationError({"digest_at": _("This time lies in your quiet hours. Choose a later one.")})
        return cleaned
