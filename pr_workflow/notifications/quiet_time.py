"""When a mail may go out: not in a person's quiet hours, not on days off, digests once a working day (R72)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from ..thai_time import BANGKOK
from .models import NoticePreference

#: Whether the office works on a date; asked of the step that knows the calendar.
Works = Callable[[date], bool]
#: Longer holidays than this do not exist; then the mail goes out anyway.
LONGEST_WAIT = timedelta(days=30)


def in_quiet_hours(clock: time, start: time, end: time) -> bool:
    """Whether a time of day lies between two others, over midnight too; equal ends mean never."""
    return start <= clock < end if start <= end else clock >= start or clock < end


def is_quiet(preference: NoticePreference, moment: datetime) -> bool:
    """Whether a moment lies in the person's quiet hours, Bangkok time."""
    return in_quiet_hours(moment.astimezone(BANGKOK).time(), preference.quiet_from, preference.quiet_until)


def at_once_moment(preference: NoticePreference, moment: datetime, works: Works) -> datetime:
    """The first moment from `moment` on that is neither quiet nor on a day off."""
    day, last = moment.astimezone(BANGKOK).date(), (moment + LONGEST_WAIT).astimezone(BANGKOK).date()
    while day <= last:
        morning = datetime.combine(day, time(0), tzinfo=BANGKOK)
        wakes = datetime.combine(day, preference.quiet_until, tzinfo=BANGKOK)
        for candidate in (max(morning, moment), max(wakes, moment)) if works(day) else ():
            if not is_quiet(preference, candidate):
                return candidate
        day += timedelta(days=1)
    return moment


def digest_moment(preference: NoticePreference, moment: datetime, works: Works) -> datetime:
    """When the digest goes out that takes up a notice of `moment`: at the person's hour of a working day."""
    day, last = moment.astimezone(BANGKOK).date(), (moment + LONGEST_WAIT).astimezone(BANGKOK).date()
    while day <= last:
        candidate = datetime.combine(day, preference.digest_at, tzinfo=BANGKOK)
        if candidate > moment and works(day):
            return candidate
        day += timedelta(days=1)
    return moment
