"""When an approved item goes live: what the writer wished, what office hours allow, what has to be asked (R42–R43)."""

from datetime import datetime

from ..clocks.office import OfficeCalendar
from ..people.models import Agency
from .models import Posting


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
