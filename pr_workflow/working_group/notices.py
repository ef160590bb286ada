"""Who is told of a working group: its members when it is appointed, and who must follow when its term ends (R01)."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from ..clocks.holders import Holders
from ..notifications.services import in_house_language, notice_write
from ..people.roles import Role
from ..people.selectors import role_members
from ..thai_time import bangkok_date, thai_date
from .models import WorkingGroup, seats_of
from .rules import term_in_words
from .selectors import groups_ending


def group_path(group: WorkingGroup) -> str:
    """The screen of a group."""
    return reverse("pr_admin:working_group", args=[group.pk])


def on_working_group_appointed(sender, *, group, now, **kwargs) -> None:
    """The members; in the transaction of the appointment."""
    with in_house_language():
        words = {"title": group.title, "number": group.order_number, "term": term_in_words(group)}
        notice_write(
            recipients=[seat.staff.user for seat in seats_of(group)],
            key=f"working_group:{group.pk}:appointed",
            subject=_("You are a member of a working group: %(title)s") % words,
            text=_("By order %(number)s, %(term)s.") % words,
            path=group_path(group),
            agency=group.agency,
            now=now,
        )


def on_clock_holders_asked(sender, *, clocked, **kwargs) -> Holders | None:
    """Whose clock a draft is: who drafted it and the director, who appoints (R02)."""
    if not isinstance(clocked, WorkingGroup):
        return None
    directors = list(role_members(clocked.agency, Role.DIRECTOR))
    drafter = [clocked.drafted_by] if clocked.drafted_by else []
    return Holders(clocked.title, group_path(clocked), [*drafter, *directors])


def terms_warn(*, now: datetime) -> int:
    """Tell of terms that end soon: director, heads of work and the members, once a term. Returns how many terms.

    Safe to repeat: the notice of a term is written once to each.
    """
    ending = groups_ending(bangkok_date(now))
    for group in ending:
        with in_house_language():
            words = {"title": group.title, "day": thai_date(group.ends_on) if group.ends_on else ""}
            people = [*role_members(group.agency, Role.DIRECTOR), *role_members(group.agency, Role.HEAD_OF_WORK)]
            notice_write(
                recipients=[*people, *(seat.staff.user for seat in seats_of(group))],
                key=f"working_group:{group.pk}:ends:{group.ends_on:%Y%m%d}",
                subject=_("The term of a working group ends: %(title)s") % words,
                text=_("Its last day is %(day)s, and nobody follows yet. Draft the next order in time.") % words,
                path=group_path(group),
                agency=group.agency,
                now=now,
            )
    return len(ending)
