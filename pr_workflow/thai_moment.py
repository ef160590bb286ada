"""Times of a schedule in the forms of Wagtail's editor: typed and shown in B.E., kept in C.E. (R26, R43).

Wagtail's own field takes the year as it stands: an expiry on 21/11/2569 would come in more than five hundred years.
"""

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import from_current_timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import register_form_field_override

from .clock import step_now
from .thai_time import ThaiDateError, arabic_digits, bangkok_date, parse_thai_date, thai_date, to_be

#: No item of a public site has a time before this year, C.E.
FIRST_YEAR = 2000
#: How many years ahead a time may lie; more is a slip of the finger.
YEARS_AHEAD = 30

#: A day as `parse_thai_date` reads it, and a time of day after it: 09:30, 09.30, 09:30:00, also “เวลา 09.30 น.”.
_MOMENT = re.compile(
    r"(?P<day>.+?)(?:(?:T|\s(?:เวลา\s?)?)(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\s?น\.?)?)?",
    re.ASCII,
)


class ThaiMomentInput(forms.TextInput):
    """A line of text: the date picker of Wagtail knows no B.E. and writes over what it cannot read."""

    supports_microseconds = False


class ThaiMomentField(forms.DateTimeField):
    """Shows and reads “13/04/2570 09:30” in the time zone of the account, with Thai or Arabic digits.

    Cleans to an aware datetime in C.E. A year above 2400 is B.E.; without a time it is midnight as the day begins.
    Raises `ValidationError` that names the field for what is no moment and for a year that nobody means.
    """

    widget = ThaiMomentInput

    def __init__(self, *, widget: Any = None, **kwargs):
        # The panel of the schedule brings Wagtail's picker with what its dialog needs.
        shown = ThaiMomentInput(attrs=getattr(widget, "attrs", None))
        super().__init__(widget=shown, **kwargs)
        self.help_text = self.help_text or _("In B.E., for example 13/4/2570 09:30.")

    def to_python(self, value):
        if not isinstance(value, str) or value.strip() in self.empty_values:
            return super().to_python(value.strip() if isinstance(value, str) else value)
        text = " ".join(arabic_digits(value).split())
        try:
            moment = _moment(text)
        except ThaiDateError as error:
            raise ValidationError(
                _("“%(field)s”: %(problem)s") % {"field": self.label, "problem": error.message}, code="invalid"
            ) from error
        self._require_plausible(moment)
        return from_current_timezone(moment)

    def _require_plausible(self, moment: datetime) -> None:
        last = bangkok_date(step_now()).year + YEARS_AHEAD
        if not FIRST_YEAR <= moment.year <= last:
            text = _("“%(field)s”: the year %(year)s is not plausible. Write a year from %(first)s to %(last)s.")
            words = {"year": to_be(moment.year), "first": to_be(FIRST_YEAR), "last": to_be(last)}
            raise ValidationError(text % {"field": self.label, **words}, code="implausible")

    def prepare_value(self, value):
        value = super().prepare_value(value)
        return f"{thai_date(value, 'numeric')} {value:%H:%M}" if isinstance(value, datetime) else value


def _moment(text: str) -> datetime:
    """Day and time of a text, without a time zone. Raises `ThaiDateError`."""
    match = _MOMENT.fullmatch(text)
    parts = match.groupdict() if match else {"day": text}
    day = parse_thai_date(parts["day"] or text)
    try:
        hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
        clock = time(hour, minute, second)
    except ValueError as error:
        raise ThaiDateError(
            _("The time in “%(text)s” does not exist. Write it from 00:00 to 23:59.") % {"text": text}
        ) from error
    return datetime.combine(day, clock)


def install() -> None:
    """Every form of Wagtail's editor reads times so: of news, of sections and of whatever else has a schedule."""
    register_form_field_override(models.DateTimeField, override={"form_class": ThaiMomentField})
