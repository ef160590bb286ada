"""Forms of the screen “Days of the fiscal year” and of an agency's own choice."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..thai_time import ThaiDateField, fiscal_year_bounds, thai_date
from .day_choices import AgencyDayChoice
from .forms import DATE_HINT
from .models import ImportantDay, ImportantDayOccurrence

Day = date  # a field called `date` hides the type from the lines below it
#: A year of working days; a longer preparation is a mistype.
LONGEST_LEAD_TIME = 250


class ReferenceForm(forms.Form):
    """The official notice that fixes dates."""

    reference_no = forms.CharField(
        label=_("Reference number"), max_length=100, help_text=_("The official notice that fixes the date.")
    )


class AnnouncedDateForm(ReferenceForm):
    """The announced date of one day in one fiscal year (B.E.)."""

    date = ThaiDateField(label=_("Date"), help_text=DATE_HINT)
    field_order = ("date", "reference_no")

    def __init__(self, data=None, *, important_day: ImportantDay, fiscal_year: int):
        super().__init__(data, prefix=f"day-{important_day.pk}")
        self.important_day, self.fiscal_year = important_day, fiscal_year

    def clean_date(self) -> Day:
        day = self.cleaned_data["date"]
        first, last = fiscal_year_bounds(self.fiscal_year)
        if not first <= day <= last:
            raise ValidationError(
                _("%(date)s lies outside fiscal year %(year)s (%(first)s to %(last)s). Check the date.")
                % {
                    "date": thai_date(day),
                    "year": self.fiscal_year,
                    "first": thai_date(first),
                    "last": thai_date(last),
                }
            )
        return day

    def occurrence(self) -> ImportantDayOccurrence:
        """The entry a person confirms by giving it; only after `is_valid()`."""
        return ImportantDayOccurrence(
            important_day=self.important_day,
            status=ImportantDayOccurrence.Status.CONFIRMED,
            **self.cleaned_data,
        )


class DayChoiceForm(forms.ModelForm):
    """What one agency makes of a national day."""

    lead_time_working_days = forms.IntegerField(
        label=_("Our lead time (working days)"),
        required=False,
        min_value=0,
        max_value=LONGEST_LEAD_TIME,
        help_text=_("Empty: as for all agencies."),
    )

    class Meta:
        model = AgencyDayChoice
        fields = ["observed", "priority", "audience", "lead_time_working_days"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        levels = [choice for choice in self.fields["priority"].choices if choice[0]]  # type: ignore[attr-defined]
        self.fields["priority"].choices = [("", _("As for all agencies")), *levels]  # type: ignore[attr-defined]
