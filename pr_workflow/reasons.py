"""When a reason is one: what people must write before something is held, freed or deleted."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: The shortest reason, in characters with vowel and tone marks.
SHORTEST = 10
#: So many different letters and digits at least: a key held down is no reason.
FEWEST_SIGNS = 4


def reason_required(text: str, *, missing: str, field: str = "reason") -> str:
    """The reason without space around it. Raises `ValidationError` at `field` when it says nothing or too little.

    `missing` is the whole sentence that names the field and says what to write.
    """
    said = text.strip()
    if not said:
        raise ValidationError({field: missing})
    if len(said) < SHORTEST or len({sign for sign in said.casefold() if sign.isalnum()}) < FEWEST_SIGNS:
        more = _("Write %(count)s characters or more, so that others understand it later.")
        raise ValidationError({field: f"{missing} {more % {'count': SHORTEST}}"})
    return said


def is_same_reason(one: str, other: str) -> bool:
    """Do two reasons say the same, apart from space and case?"""
    return one.casefold().split() == other.casefold().split()
