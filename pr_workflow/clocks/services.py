"""Verbs of the clocks: begin one, stop it, let it run again, follow the office calendar (R25, R35, R48)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypedDict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record, chain_lock
from ..conf import longest_pause_working_days
from ..festival_calendar.selectors import OFFICE_CLOSES, add_working_days
from ..people.models import Agency
from ..reasons import reason_required
from ..signals import clock_paused, clock_resumed
from ..thai_time import BANGKOK, bangkok_date, thai_date
from .limits import limit_for
from .models import ClockPause, ClockStep
from .office import OfficeCalendar
from .selectors import (
    PauseKey,
    due_time,
    ended_at,
    limit_of,
    may_pause,
    pause_key,
    pauses_by_clock,
    pauses_of,
    running_clocks,
    started_at,
    stretches_of,
)


class PauseRefused(PermissionDenied):
    """Somebody who does not hold the step wanted to stop its clock, or it cannot be stopped. Answered as 403."""


class ClockFields(TypedDict):
    """What a record with a clock is created with."""

    clock_step: str
    limit_value: int
    limit_unit: str
    is_urgent: bool
    due_at: datetime


def clock_fields(agency: Agency, step: ClockStep, start: datetime, urgent: bool = False) -> ClockFields:
    """The fields of a clock that begins at `start` (aware): the limit of today is kept for as long as it runs."""
    limit = limit_for(agency, step)
    due_at = due_time(start, limit, agency=agency)
    return {
        "clock_step": step.value,
        "limit_value": limit.value,
        "limit_unit": limit.unit.value,
        "is_urgent": urgent,
        "due_at": due_at,
    }


@transaction.atomic
def clock_pause(*, actor, row: Any, waiting_for: str, reason: str, expected_on: date, now: datetime) -> ClockPause:
    """Stop a running clock because somebody else has to answer first; shown to everybody and logged (R35).

    It stands still until it is let run again, at most to the end of `expected_on` (a day in Bangkok, not further away
    than `PR_WORKFLOW_LONGEST_PAUSE_WORKING_DAYS`). Raises `PauseRefused` for whoever does not hold the step or when it
    is overdue already, and `ValidationError` naming the field.
    """
    row = _locked(row)
    _pause_guard(actor, row)
    if now > row.due_at:
        raise PauseRefused(_("This step is overdue, so its clock cannot be stopped any more."))
    if pauses_of(row).filter(resumed_at__isnull=True).exists():
        raise PauseRefused(_("This clock stands still already."))
    if not waiting_for.strip():
        raise ValidationError({"waiting_for": _("Write in “Waiting for” whom you are waiting for.")})
    reason = reason_required(reason, missing=_("Write in “Reason” why the step has to wait."))
    _expected_guard(expected_on, row.agency, now)
    content_type, number = pause_key(row)
    pause = ClockPause.objects.create(
        agency=row.agency,
        content_type_id=content_type,
        object_id=number,
        waiting_for=waiting_for.strip()[:255],
        reason=reason,
        expected_on=expected_on,
        paused_at=now,
        paused_by=actor,
    )
    _record("clock_pause", actor, row, now, waiting_for=pause.waiting_for, reason=pause.reason)
    clock_paused.send(sender=type(row), clocked=row, pause=pause, actor=actor, now=now)
    return pause


def _expected_guard(expected_on: date, agency: Agency, now: datetime) -> None:
    today = bangkok_date(now)
    last = add_working_days(today, longest_pause_working_days(), agency=agency)
    if expected_on < today:
        raise ValidationError({"expected_on": _("This day is over. Give today or a later day.")})
    if expected_on > last:
        text = _("A clock stands still until %(day)s at most. Give an earlier day; it can be stopped again.")
        raise ValidationError({"expected_on": text % {"day": thai_date(last)}})


@transaction.atomic
def clock_resume(*, actor, row: Any, now: datetime) -> ClockPause:
    """Let a stopped clock run again; it is due later by the working time it stood still. Raises `PauseRefused`."""
    row = _locked(row)
    _pause_guard(actor, row)
    pause = pauses_of(row).filter(resumed_at__isnull=True).first()
    if pause is None:
        raise PauseRefused(_("This clock is running already."))
    _pause_end(pause, row, actor, now)
    _record("clock_resume", actor, row, now, paused_at=pause.paused_at, due_at=row.due_at)
    clock_resumed.send(sender=type(row), clocked=row, pause=pause, actor=actor, now=now)
    return pause


@transaction.atomic
def pauses_close(*, now: datetime) -> int:
    """End the pauses of steps that were finished meanwhile, and those whose expected day is over, at its end.

    Returns how many. Safe to repeat.
    """
    closed = 0
    for pause in ClockPause.objects.filter(resumed_at__isnull=True).order_by("agency__code", "pk"):
        if pause.clocked is None or _pause_over(pause, pause.clocked, now) is None:
            continue
        row = _locked(pause.clocked)
        end = _pause_over(pause, row, now)
        if end is None:
            continue
        if not ClockPause.objects.filter(pk=pause.pk, resumed_at__isnull=True).exists():
            continue
        _pause_end(pause, row, None, max(end, pause.paused_at))
        _record("clock_pause_close", None, row, now, paused_at=pause.paused_at, due_at=row.due_at)
        closed += 1
    return closed


def _pause_over(pause: ClockPause, row: Any, now: datetime) -> datetime | None:
    """When a pause ended without anybody letting the clock run again; None while it may stand still."""
    last = datetime.combine(pause.expected_on, OFFICE_CLOSES, tzinfo=BANGKOK) if pause.expected_on else None
    moments = [moment for moment in (ended_at(row), last) if moment is not None and moment <= now]
    return min(moments, default=None)


@transaction.atomic
def clocks_recompute(*, actor, agency: Agency | None, now: datetime, cause: str = "") -> int:
    """Let the running clocks of an agency (None: of all) follow the office calendar; returns how many moved (R25).

    Only clocks whose due time changes are written, with one row in the log of each agency that names them all.
    """
    moved = 0
    for each in sorted({row.agency for row in _moving(agency)}, key=lambda one: one.code):
        chain_lock(each)
        changes = _moving(each)
        for row, due_at in changes.items():
            type(row)._default_manager.filter(pk=row.pk).update(due_at=due_at)
        if changes:
            moves = [
                {"clock": row._meta.model_name, "number": row.pk, "from": row.due_at, "to": due_at}
                for row, due_at in changes.items()
            ]
            data = {"cause": cause, "clocks": moves}
            audit_record(actor=actor, verb="clocks_recompute", target=each, now=now, agency=each, data=data)
        moved += len(changes)
    return moved


def _moving(agency: Agency | None) -> dict[Any, datetime]:
    """Running clocks whose due time is no longer what the calendar says, with the right one."""
    pauses = pauses_by_clock(agency)
    calendars: dict[int, OfficeCalendar] = {}
    found = {}
    for row in running_clocks(agency):
        calendar = calendars.setdefault(row.agency_id, OfficeCalendar(row.agency))
        due_at = _due(row, pauses, calendar)
        if due_at != row.due_at:
            found[row] = due_at
    return found


def _due(row: Any, pauses: dict[PauseKey, list[ClockPause]], calendar: OfficeCalendar | None = None) -> datetime:
    stretches = stretches_of(pauses.get(pause_key(row), ()))
    return due_time(started_at(row), limit_of(row), agency=row.agency, pauses=stretches, calendar=calendar)


def _locked(row: Any) -> Any:
    """The row as it is now, behind the lock of its agency's chain."""
    chain_lock(row.agency)
    return type(row)._default_manager.select_for_update(of=("self",)).select_related("agency").get(pk=row.pk)


def _pause_guard(actor, row: Any) -> None:
    if ended_at(row) is not None:
        raise PauseRefused(_("This step is finished, so its clock no longer runs."))
    if not may_pause(actor, row):
        raise PauseRefused(_("Only who holds this step stops its clock or lets it run again."))


def _pause_end(pause: ClockPause, row: Any, actor, moment: datetime) -> None:
    pause.resumed_at, pause.resumed_by = moment, actor
    pause.save(update_fields=["resumed_at", "resumed_by"])
    pauses: Iterable[ClockPause] = pauses_of(row)
    row.due_at = _due(row, {pause_key(row): list(pauses)})
    type(row)._default_manager.filter(pk=row.pk).update(due_at=row.due_at)


def _record(verb: str, actor, row: Any, now: datetime, **data) -> None:
    data = {"clock": row.clock_step, "number": row.pk, **data}
    audit_record(actor=actor, verb=verb, target=row.clock_subject, now=now, agency=row.agency, data=data)
