"""Times of a schedule in the forms of Wagtail's editor: typed and shown in B.E., kept in C.E. (R26, R43).

Wagtail's own field takes the year as it stands: an expiry on 21/11/2569 would come in more than five hundred years.
"""

import re
from datetime import date, datetime, time, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import from_current_timezone, to_current_timezone
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import register_form_field_override

from .clock import step_now
from .thai_time import LONGEST_DATE, ThaiDateError, arabic_digits, bangkok_date, echo, parse_thai_date, thai_date, to_be

#: No item of a public site has a time before this year, C.E.
FIRST_YEAR = 2000
#: How many years ahead a time may lie; more is a slip of the finger.
YEARS_AHEAD = 30

#: A day as `parse_thai_date` reads it, and a time of day after it: 09:30, 09.30, 09:30:00, also “เวลา 09.30 น.”.
_MOMENT = re.compile(
    r"(?P<day>.+?)(?:(?:T|\s(?:เวลา\s?)?)(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\s?น\.?)?)?",
    re.ASCII,
)


def year_refusal(day: date, *, field: Any, today: date) -> str:
    """Why nobody means this year in the field of this name, as a whole sentence; empty for a plausible one."""
    last = today.year + YEARS_AHEAD
    if FIRST_YEAR <= day.year <= last:
        return ""
    text = _("“%(field)s”: the year %(year)s is not plausible. Write a year from %(first)s to %(last)s.")
    words = {"year": to_be(day.year), "first": to_be(FIRST_YEAR), "last": to_be(last)}
    return str(text % {"field": field, **words})


class ThaiMomentInput(forms.TextInput):
    """A line of text: the date picker of Wagtail knows no B.E. and writes over what it cannot read."""

    supports_microseconds = False


class ThaiMomentField(forms.DateTimeField):
    """Shows and reads “13/04/2570 09:30”, with Thai or Arabic digits.

    Cleans to an aware datetime in C.E. A year above 2400 is B.E. Raises `ValidationError` that names the field for what
    is no moment and for a year that nobody means.

    Args: zone, of what is typed and shown, the account's when none is given; needs_time, a day alone is refused, where
    it otherwise means midnight as the day begins.
    """

    widget = ThaiMomentInput

    def __init__(self, *, widget: Any = None, zone: tzinfo | None = None, needs_time: bool = False, **kwargs):
        # The panel of the schedule brings Wagtail's picker with what its dialog needs.
        shown = ThaiMomentInput(attrs=getattr(widget, "attrs", None))
        super().__init__(widget=shown, **kwargs)
        self.zone, self.needs_time = zone, needs_time
        self.help_text = self.help_text or _("In B.E., for example 13/4/2570 09:30.")

    def to_python(self, value):
        if not isinstance(value, str) or value.strip() in self.empty_values:
            return super().to_python(value.strip() if isinstance(value, str) else value)
        text = " ".join(arabic_digits(value[: 2 * LONGEST_DATE]).split())
        try:
            moment = _moment(text, needs_time=self.needs_time)
        except ThaiDateError as error:
            raise ValidationError(
                _("“%(field)s”: %(problem)s") % {"field": self.label, "problem": error.message}, code="invalid"
            ) from error
        self._require_plausible(moment)
        return moment.replace(tzinfo=self.zone) if self.zone else from_current_timezone(moment)

    def _require_plausible(self, moment: datetime) -> None:
        if refusal := year_refusal(moment, field=self.label, today=bangkok_date(step_now())):
            raise ValidationError(refusal, code="implausible")

    def prepare_value(self, value):
        if not isinstance(value, datetime):
            return value[:LONGEST_DATE] if isinstance(value, str) else value
        shown = value.astimezone(self.zone) if self.zone and is_aware(value) else to_current_timezone(value)
        return f"{thai_date(shown, 'numeric')} {shown:%H:%M}"


def _moment(text: str, *, needs_time: bool) -> datetime:
    """Day and time of a text, without a time zone. Raises `ThaiDateError`."""
    match = _MOMENT.fullmatch(text)
    parts = match.groupdict() if match else {"day": text}
    day = parse_thai_date(parts["day"] or text)
    if needs_time and parts.get("hour") is None:
        raise ThaiDateError(_("Write the time after the day as well, like 13/4/2570 09:30."))
    try:
        hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
        clock = time(hour, minute, second)
    except ValueError as error:
        raise ThaiDateError(
            _("The time in “%(text)s” does not exist. Write it from 00:00 to 23:59.") % {"text": echo(text)}
        ) from error
    return datetime.combine(day, clock)


def install() -> None:
    """Every form of Wagtail's editor reads times so: of news, of sections and of whatever else has a schedule."""
    register_form_field_override(models.DateTimeField, override={"form_class": ThaiMomentField})
