"""What a person fills in when deciding a step."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .return_parts import WHOLE, parts_of

REASON_MISSING = _("Write in “Reason” what the writer has to correct.")


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
        error_messages={"required": REASON_MISSING},
    )


class ReturnByPartForm(forms.Form):
    """A reason for each part of the item that has to be corrected, and one for the whole; at least one (R38, R39)."""

    PREFIX = "part-"

    comment = forms.CharField(
        label=_("Reason for the item as a whole, or anything else"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, content, **kwargs):
        super().__init__(*args, **kwargs)
        for part in parts_of(content):
            self.fields[f"{self.PREFIX}{part.key}"] = forms.CharField(
                label=gettext("What is to be corrected in: %(part)s") % {"part": part.label},
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.parts = parts_of(content)

    def clean(self):
        """Without any reason the writer would not know what to do; unknown parts are the service's to refuse."""
        super().clean()
        if not self.errors and not any(self.reasons().values()):
            self.add_error("comment", REASON_MISSING)

    def part_fields(self):
        """Each part's name and its field, for the template."""
        return [(part.label, self[f"{self.PREFIX}{part.key}"]) for part in self.parts]

    def reasons(self) -> dict[str, str]:
        """The reasons by part, the whole last. Names a part that the form does not have when one was posted."""
        posted = {name.removeprefix(self.PREFIX) for name in self.data if name.startswith(self.PREFIX)}
        unknown = posted - {part.key for part in self.parts} - {WHOLE}
        found = {part.key: self.cleaned_data.get(f"{self.PREFIX}{part.key}", "") for part in self.parts}
        return {**found, **dict.fromkeys(unknown, "?"), WHOLE: self.cleaned_data.get("comment", "")}
