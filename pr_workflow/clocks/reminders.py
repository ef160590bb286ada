"""Reminders at half time, before the end and when overdue; then the next level, then the director (R48, R72).

The notice is the memory: its key names the clock, its due time and the stage, so nobody is told twice, however often
the job runs, and a deadline that moved begins anew. Nothing is written on days off unless the clock is urgent, nothing
while it stands still.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record, chain_lock
from ..conf import escalation_working_days
from ..notifications.models import Notice
from ..notifications.services import in_house_language, notice_write
from ..thai_time import bangkok_date, thai_datetime
from .holders import Holders, holders_of
from .models import LimitUnit
from .selectors import running_clocks
from .states import HALF, ClockBoard, ClockState, Level

#: What the holders of a clock hear of, in order; the levels above have stages of their own.
REMINDED = ("half", "due", "overdue")


def clocks_remind(*, now: datetime) -> int:
    """Remind everybody whose clock has reached a stage; returns how many stages were told. Safe to repeat."""
    board, told = ClockBoard(now), 0
    for row in running_clocks():
        state = board.state(row)
        if state.level == Level.PAUSED or not (row.is_urgent or _is_working_day(board, row, now)):
            continue
        for stage in _stages(row, state, board, now):
            told += _tell(row, state, stage, now)
    return told


def _is_working_day(board: ClockBoard, row: Any, now: datetime) -> bool:
    return board.calendar(row).is_working_day(bangkok_date(now))


def _stages(row: Any, state: ClockState, board: ClockBoard, now: datetime) -> Iterator[str]:
    """The newest stage a clock has reached, and the levels above that are to hear of it."""
    if state.level == Level.OVERDUE:
        yield "overdue"
        yield from (f"level{number}" for number in range(1, _levels_due(row, state, board, now) + 1))
    elif state.level == Level.DUE:
        yield "due"
    elif state.fraction >= HALF:
        yield "half"


def _levels_due(row: Any, state: ClockState, board: ClockBoard, now: datetime) -> int:
    """How many levels above are told: one after each so many working days; after each limit in the fast lane."""
    if row.limit_unit == LimitUnit.MINUTES:
        return min(int(state.fraction) - 1, 2)
    return min(board.calendar(row).days_between(row.due_at, now) // max(escalation_working_days(), 1), 2)


def reminder_key(row: Any, stage: str) -> str:
    """The event of a stage: one clock, one due time."""
    return f"clock:{row._meta.model_name}:{row.pk}:{row.due_at:%Y%m%d%H%M}:{stage}"


def _tell(row: Any, state: ClockState, stage: str, now: datetime) -> bool:
    key = reminder_key(row, stage)
    if Notice.objects.filter(key=key).exists():
        return False
    holders = holders_of(row)
    if holders is None:
        return False
    if not stage.startswith("level"):
        return bool(_write(row, holders, holders.people, key, _subject(stage), state, now))
    number = int(stage.removeprefix("level")) - 1
    return _escalate(row, holders, number, key, state, now) if number < len(holders.levels) else False


@transaction.atomic
def _escalate(row: Any, holders: Holders, number: int, key: str, state: ClockState, now: datetime) -> bool:
    """Tell a level above, once, and write into the log who did not act in time."""
    chain_lock(row.agency)
    if Notice.objects.filter(key=key).exists():
        return False
    if not _write(row, holders, holders.levels[number], key, _subject("level"), state, now):
        return False
    data = {"clock": row.clock_step, "number": row.pk, "level": number + 1, "due_at": row.due_at}
    audit_record(actor=None, verb="clock_escalate", target=row.clock_subject, now=now, agency=row.agency, data=data)
    return True


def _subject(stage: str) -> str:
    with in_house_language():
        return {
            "half": _("Half of the time has passed: %(title)s"),
            "due": _("Due soon: %(title)s"),
            "overdue": _("Overdue: %(title)s"),
            "level": _("Overdue, please see to it: %(title)s"),
        }[stage]


def _write(row: Any, holders: Holders, people, key: str, subject: str, state: ClockState, now: datetime) -> int:
    with in_house_language():
        names = ", ".join(person.get_full_name() or person.get_username() for person in holders.people) or "—"
        due = {"step": row.get_clock_step_display(), "due": thai_datetime(row.due_at), "time": state.remaining}
        text = _("%(step)s · due %(due)s · %(time)s") % due
        return notice_write(
            recipients=people,
            key=key,
            subject=subject % {"title": holders.title},
            text=text + "\n" + _("It is with: %(names)s") % {"names": names},
            path=holders.path,
            agency=row.agency,
            urgent=row.is_urgent,
            now=now,
        )
