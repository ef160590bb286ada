"""What the number of a row can be, as text sent from outside."""

import re
from typing import Any

#: The largest key of a row: both databases count them in 64 bits.
LARGEST_KEY = 2**63 - 1


def can_be_key(text: str) -> bool:
    """Whether a row could have this number. Only plain digits: what Python also reads as a number is no address."""
    return text.isascii() and text.isdecimal() and len(text) < 20 and 0 < int(text) <= LARGEST_KEY


#: What the forms and interfaces we guard leave out behind a number.
_NO_FRACTION = re.compile(r"\.0*\s*\Z")


def key_read_from(sent: Any) -> int | None:
    """The number that any reader of forms or JSON would take from this: “ 7 ”, “+7”, “๗”, “7.0” and 7.0 are 7.

    For guards that look at a request before its view does: they have to understand whatever the view will. None for
    what nobody reads as the number of a row.
    """
    if isinstance(sent, str):
        sent = _NO_FRACTION.sub("", sent)
    try:
        number = int(sent)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 < number <= LARGEST_KEY else None
