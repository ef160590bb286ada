"""What is said when a public page was looked at again (R51)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..thai_time import ThaiDateField


class PageReviewForm(forms.Form):
    """The next day, and a note for the office."""

    next_review_on = ThaiDateField(
        label=_("Look at again on"),
        help_text=_("In B.E., for example 13/4/2570."),
        error_messages={"required": _("Write in “Look at again on” when the page is looked at next.")},
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
