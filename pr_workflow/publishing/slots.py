"""When an approved item goes live: what the writer wished, what office hours allow, what has to be asked (R42–R43)."""

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from wagtail.models import Revision

from ..clocks.office import OfficeCalendar
from ..people.models import Agency
from .models import Posting


def wish_of(revision: Revision) -> datetime | None:
    """The go-live time inside the sealed content: what its writer asked for (aware)."""
    return _moment_in(revision, "go_live_at")


def expiry_of(revision: Revision) -> datetime | None:
    """The expiry inside the sealed content (aware)."""
    return _moment_in(revision, "expire_at")


def _moment_in(revision: Revision, name: str) -> datetime | None:
    stored: Any = revision.content.get(name)
    return (parse_datetime(stored) if isinstance(stored, str) else stored) or None


def office_moment(now: datetime, *, agency: Agency) -> datetime:
    """`now` when the office works, else the next working day at 08:30."""
    opens, _closes = next(OfficeCalendar(agency).hours_from(now))
    return opens


def automatic_slot(posting: Posting, *, now: datetime) -> datetime | None:
    """The time an agency that posts by itself gives an item; None when a person has to be asked.

    A wish that lies ahead counts. Without one the item goes live at once in office hours, else when the next working
    day begins. A wish that passed while the item waited is never made up for at night: somebody chooses another time.
    """
    if posting.wished_at is None:
        return office_moment(now, agency=posting.agency)
    return posting.wished_at if posting.wished_at > now else None
