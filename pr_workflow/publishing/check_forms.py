"""What the responsible officer answers in the check after posting (S1 §4.5, R44–R47)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import PublicationCheck
from .verification import CHECK_LINES

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class CheckForm(forms.Form):
    """The five lines of the manual, the result, what to correct, and whether the page stays online meanwhile."""

    coordination = forms.CharField(
        label=_("Coordinated with"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("With whom, when, and what they said."),
    )
    acknowledged = forms.BooleanField(
        label=_("I have looked at what the machine found wrong. It is correct all the same."), required=False
    )
    result = forms.ChoiceField(
        label=_("Result"),
        choices=PublicationCheck.Result.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose “correct” or “needs correction”.")},
    )
    note = forms.CharField(
        label=_("What to correct"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is wrong and where. Needed only when something has to be corrected."),
    )
    keeps_live = forms.ChoiceField(
        label=_("While it is corrected"),
        required=False,
        choices=[
            ("yes", _("The page stays online.")),
            ("no", _("The page is taken off the site until the corrected version is live.")),
        ],
        widget=forms.RadioSelect,
    )

    field_order = [*CHECK_LINES, "coordination", "acknowledged", "result", "note", "keeps_live"]

    def __init__(self, *args, check: PublicationCheck, has_faults: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keeps_live"].initial = "yes" if check.agency.correction_keeps_live else "no"
        if not has_faults:
            del self.fields["acknowledged"]
        for line, text in CHECK_LINES.items():
            self.fields[line] = forms.ChoiceField(
                label=text,
                choices=YES_NO,
                widget=forms.RadioSelect,
                error_messages={"required": _("Answer this line with yes or no.")},
            )
        self.order_fields(self.field_order)

    def answers(self) -> dict[str, bool]:
        """Yes or no for each line; only of a valid form."""
        return {line: self.cleaned_data[line] == "yes" for line in CHECK_LINES}

    def keeps_page_live(self) -> bool | None:
        """What was chosen; None leaves it to the agency's rule."""
        chosen = self.cleaned_data.get("keeps_live")
        return chosen == "yes" if chosen else None
