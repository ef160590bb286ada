"""How far a clock has run, in words and with a sign, so that colour is never the only one (R38, R48)."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .models import ClockPause, LimitUnit
from .office import OfficeCalendar, office_time
from .selectors import ended_at, limit_of, pause_key, pauses_by_clock

#: From these parts of the limit on a clock counts as half run, and as due.
HALF, DUE = 0.5, 0.75


class Level(models.TextChoices):
    """How urgent a clock is."""

    FRESH = "fresh", gettext_lazy("Time enough")
    HALF = "half", gettext_lazy("Half of the time has passed")
    DUE = "due", gettext_lazy("Due soon")
    OVERDUE = "overdue", gettext_lazy("Overdue")
    PAUSED = "paused", gettext_lazy("Paused")
    ENDED = "ended", gettext_lazy("Done in time")
    ENDED_LATE = "ended_late", gettext_lazy("Done late")


SYMBOLS = {
    Level.FRESH: "○",
    Level.HALF: "◑",
    Level.DUE: "◕",
    Level.OVERDUE: "▲",
    Level.PAUSED: "Ⅱ",
    Level.ENDED: "✓",
    Level.ENDED_LATE: "✓",
}


@dataclass(frozen=True)
class ClockState:
    """One clock at one moment. `fraction` is the used part of the limit: 0 at the start, above 1 when overdue."""

    level: Level
    fraction: float
    remaining: str
    due_at: datetime
    is_urgent: bool = False
    pause: ClockPause | None = None

    @property
    def symbol(self) -> str:
        return SYMBOLS[self.level]

    @property
    def is_overdue(self) -> bool:
        return self.level == Level.OVERDUE


class ClockBoard:
    """The clocks of one screen at one moment: calendars and running pauses are read once, not for every row."""

    def __init__(self, now: datetime):
        self.now = now
        self._calendars: dict[int, OfficeCalendar] = {}
        self._pauses: dict[tuple[int, int], list[ClockPause]] | None = None

    def calendar(self, row: Any) -> OfficeCalendar:
        """The office calendar of the row's agency. Its days cost one query a year of dates, once."""
        if row.agency_id not in self._calendars:
            self._calendars[row.agency_id] = OfficeCalendar(row.agency)
        return self._calendars[row.agency_id]

    def open_pause(self, row: Any) -> ClockPause | None:
        """The pause in which the row's clock stands still now."""
        if self._pauses is None:
            self._pauses = pauses_by_clock(open_only=True)
        found = self._pauses.get(pause_key(row))
        return found[0] if found else None

    def state(self, row: Any) -> ClockState:
        """How far the clock of a record has run. Three queries for the whole board, however many rows."""
        return _state(row, self.now, self.calendar(row), self.open_pause(row))


def clock_state(row: Any, now: datetime) -> ClockState:
    """How far one clock has run at `now` (aware). For a list, use one `ClockBoard`."""
    return ClockBoard(now).state(row)


def _state(row: Any, now: datetime, calendar: OfficeCalendar, pause: ClockPause | None) -> ClockState:
    end = ended_at(row)
    at = end or (min(now, pause.paused_at) if pause else now)
    fraction = _fraction(row, at, calendar)
    if end:
        level = Level.ENDED if end <= row.due_at else Level.ENDED_LATE
        return ClockState(level, fraction, str(level.label), row.due_at, row.is_urgent)
    if pause:
        words = _("paused, waiting for: %(whom)s") % {"whom": pause.waiting_for}
        return ClockState(Level.PAUSED, fraction, words, row.due_at, row.is_urgent, pause)
    level = _level(fraction, now > row.due_at)
    return ClockState(level, fraction, _remaining(row, now, calendar), row.due_at, row.is_urgent)


def _level(fraction: float, overdue: bool) -> Level:
    if overdue:
        return Level.OVERDUE
    return Level.DUE if fraction >= DUE else Level.HALF if fraction >= HALF else Level.FRESH


def _between(row: Any, start: datetime, end: datetime, calendar: OfficeCalendar) -> timedelta:
    """Time as the row's limit counts it; negative when `end` is earlier."""
    if end < start:
        return -_between(row, end, start, calendar)
    return end - start if row.limit_unit == LimitUnit.MINUTES else office_time(start, end, calendar=calendar)


def _fraction(row: Any, now: datetime, calendar: OfficeCalendar) -> float:
    """The used part of the limit. The due time knows the ended pauses already, so it is measured back from there."""
    length = limit_of(row).length
    return max(0.0, 1 - _between(row, now, row.due_at, calendar) / length)


def _remaining(row: Any, now: datetime, calendar: OfficeCalendar) -> str:
    late = now > row.due_at
    first, last = (row.due_at, now) if late else (now, row.due_at)
    days = 0 if row.limit_unit == LimitUnit.MINUTES else calendar.days_between(first, last)
    if days:
        few = ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days}
    else:
        few = _hours(_between(row, first, last, calendar))
    if late:
        return _("overdue by %(time)s") % {"time": few} if few else _("overdue")
    return _("%(time)s left") % {"time": few} if few else _("due now")


def _hours(span: timedelta) -> str:
    """Whole hours from one hour on, else minutes, both rounded up; empty for nothing."""
    minutes = math.ceil(span.total_seconds() / 60)
    if minutes <= 0:
        return ""
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = math.ceil(minutes / 60)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
