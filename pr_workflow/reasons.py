"""When a reason is one: what people must write before something is held, freed, taken back or deleted."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

#: The shortest reason, in characters with vowel and tone marks.
SHORTEST = 8
#: So many different letters and digits at least: a key held down is no reason.
FEWEST_SIGNS = 4


def reason_problem(text: str, *, missing: str | Promise) -> str:
    """Why this is no reason, as whole sentences; empty when it is one.

    `missing` is the whole sentence that names the field and says what to write.
    """
    said = text.strip()
    if not said:
        return str(missing)
    if len(said) < SHORTEST or len({sign for sign in said.casefold() if sign.isalnum()}) < FEWEST_SIGNS:
        more = _("Write %(count)s characters or more, so that others understand it later.")
        return f"{missing} {more % {'count': SHORTEST}}"
    return ""


def reason_required(text: str, *, missing: str | Promise, field: str = "reason") -> str:
    """The reason without space around it. Raises `ValidationError` at `field` when it says nothing or too little."""
    if problem := reason_problem(text, missing=missing):
        raise ValidationError({field: problem})
    return text.strip()


def is_same_reason(one: str, other: str) -> bool:
    """Do two reasons say the same, apart from space and case?"""
    return one.casefold().split() == other.casefold().split()


class ReasonField(forms.CharField):
    """The reason in a form: told with the form's other mistakes that it says too little. The service asks again.

    `missing` as in `reason_problem`, `rows` the height of the box.
    """

    def __init__(self, *, missing: str | Promise, rows: int, **kwargs: Any):
        self.missing = missing
        widget = forms.Textarea(attrs={"rows": rows})
        messages: dict[str, Any] = {"required": missing}
        super().__init__(widget=widget, error_messages=messages, **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.max_length is not None and len(value) > self.max_length:
            return  # the field says so by itself, and nothing else counts
        if problem := reason_problem(value, missing=self.missing):
            raise ValidationError(problem)
