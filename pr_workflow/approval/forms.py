"""What a person fills in when deciding a step."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ApprovalCommentForm(forms.Form):
    """An optional opinion beside an approval (ความเห็น)."""

    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReturnReasonForm(forms.Form):
    """The reason of a return, which is required (เหตุผลที่ส่งแก้ไข, R39)."""

    comment = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Name the part of the item and what has to be corrected."),
        error_messages={"required": _("Write in “Reason” what the writer has to correct.")},
    )
