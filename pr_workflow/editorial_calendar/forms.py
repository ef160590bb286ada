"""What people choose in the calendar: what to see, and another date."""

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..people.models import StaffProfile, Unit
from ..stages import ChannelKind, TargetGroup
from ..thai_time import ThaiDateError, ThaiDateField, arabic_digits, parse_thai_date
from .entry import EntryKind
from .reader import Reader
from .selectors import Wanted

_TIME = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)(?:\s*น\.)?", re.ASCII)
EVERYTHING = _("All")


class WantedForm(forms.Form):
    """Filters of the calendar; they stand in the address, so that a view can be shared (R26)."""

    kind = forms.MultipleChoiceField(
        label=_("Kinds of entries"), choices=EntryKind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False, empty_label=EVERYTHING)
    officer = forms.ModelChoiceField(
        label=_("Responsible officer"), queryset=StaffProfile.objects.none(), required=False, empty_label=EVERYTHING
    )
    audience = forms.ChoiceField(
        label=_("Target group"), choices=[("", EVERYTHING), *TargetGroup.choices], required=False
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=[("", EVERYTHING), *ChannelKind.choices], required=False)

    def __init__(self, data, *, reader: Reader):
        super().__init__(data)
        unit: Any = self.fields["unit"]
        officer: Any = self.fields["officer"]
        unit.queryset = Unit.objects.filter(agency=reader.agency)
        officer.queryset = StaffProfile.objects.filter(agency=reader.agency, active=True)

    def wanted(self) -> Wanted:
        """What was chosen; a field with a wrong value chooses nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        unit, officer = chosen.get("unit"), chosen.get("officer")
        return Wanted(
            kinds=frozenset(chosen.get("kind") or ()),
            unit=unit.pk if unit else None,
            officer=officer.pk if officer else None,
            audience=chosen.get("audience") or "",
            channel=chosen.get("channel") or "",
        )


class TimeOfDayField(forms.Field):
    """“09.30” or “09:30”, in Thai or Arabic digits, cleaned to a `time`."""

    def to_python(self, value) -> time | None:
        text = arabic_digits(value or "").strip()
        if not text:
            return None
        match = _TIME.fullmatch(text)
        if match is None:
            raise ValidationError(_("Write the time like 09.30, in 24 hours."), code="invalid")
        return time(int(match[1]), int(match[2]))


class RedateForm(forms.Form):
    """Another date for an entry; `confirmed` answers the question that was asked before."""

    date = ThaiDateField(label=_("New date"), help_text=_("In B.E., for example 13/4/2570."))
    time = TimeOfDayField(label=_("Time"), required=False, help_text=_("Empty: the time stays as it is."))
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, has_time: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_time:
            del self.fields["time"]


def day_in(text: str, otherwise: date) -> date:
    """The day an address names, in B.E. or as ISO; `otherwise` for one that names none."""
    try:
        return parse_thai_date(text) if text else otherwise
    except ThaiDateError:
        return otherwise
