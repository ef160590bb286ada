"""The place in a list where the next page starts: the sort key of the last item seen, not a number of items to skip.

Items published in the meantime neither repeat nor hide others, and page 500 costs what page 1 costs.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ..row_keys import LARGEST_KEY
from .parameters import refusal

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Up to the year 2200, so that every cursor we read is a moment a database knows.
LATEST = (datetime(2200, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
_FORM = re.compile(r"([0-9a-f]{1,14})\.([0-9a-f]{1,16})", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """The last item of a page: its publication (aware) and its row number."""

    published_at: datetime
    key: int

    def __str__(self) -> str:
        """The text readers hand back to us; they need not understand it."""
        moment = (self.published_at - EPOCH) // timedelta(microseconds=1)
        return base64.urlsafe_b64encode(f"{moment:x}.{self.key:x}".encode()).decode().rstrip("=")

    def after(self, items: QuerySet) -> QuerySet:
        """The items that come later in the order newest first."""
        same_moment = Q(published_at=self.published_at, id__lt=self.key)
        return items.filter(published_at__lte=self.published_at).filter(
            Q(published_at__lt=self.published_at) | same_moment
        )


def read_cursor(value: object) -> str:
    """Validator of the parameter: gives the text back when it is a cursor of ours, else refuses it."""
    cursor_from(str(value))
    return str(value)


def cursor_from(text: str) -> Cursor:
    """The cursor a text stands for. Raises the refusal of the parameter “cursor”."""
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        decoded = ""
    match = _FORM.fullmatch(decoded)
    moment, key = (int(part, 16) for part in match.groups()) if match else (-1, -1)
    if not 0 <= moment <= LATEST or not 0 < key <= LARGEST_KEY:
        raise refusal(_("“cursor” is not one we gave out. Take it from “next_cursor”, or leave it out to start anew."))
    return Cursor(EPOCH + timedelta(microseconds=moment), key)
