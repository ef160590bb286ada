"""What somebody is told who is not in office: since when, and who corrects it if it is wrong (I3, R10)."""

from django.utils.translation import gettext as _

from ..clock import step_now
from ..thai_time import bangkok_date, thai_date
from .models import StaffProfile


def office_refusal(person: StaffProfile | None) -> str:
    """Why this person's account does nothing here today, as whole sentences; empty while the person is in office.

    Empty also for an account without an entry in the directory (None): it stands for nobody who could leave. No query.
    """
    today = bangkok_date(step_now())
    if person is None or person.in_office_on(today):
        return ""
    if person.ends_on is not None and person.ends_on <= today:
        standing = _("You have been out of office since %(day)s, so your account opens nothing here any more.")
        standing %= {"day": thai_date(person.ends_on)}
    elif person.active and person.starts_on is not None:
        standing = _("You are in office from %(day)s on; until then your account opens nothing here.")
        standing %= {"day": thai_date(person.starts_on)}
    else:
        standing = _("The staff directory says that you are not in office, so your account opens nothing here.")
    way = _(
        "If this is wrong, ask a head or the director of your agency, or the system administrator, to correct your "
        "entry in the staff directory."
    )
    return f"{standing} {way}"
