"""Verbs of the working group: draft, appoint, withdraw, end the term (S2 §3.1, R01, R02)."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record, chain_lock
from ..clocks.models import ClockStep
from ..clocks.services import clock_fields
from ..signals import working_group_appointed
from ..thai_time import bangkok_date
from .models import WorkingGroup, seats_of
from .rules import appointing_refusals
from .selectors import may_appoint


class AppointmentRefused(PermissionDenied):
    """Somebody may not do this with a working group, or it has been done. Answered as 403."""


def draft_begin(group: WorkingGroup, *, actor, now: datetime) -> None:
    """Start the clock of a draft that is about to be saved: one working day to appoint it (S2 §4, R02)."""
    group.drafted_at, group.drafted_by = now, actor
    for name, value in clock_fields(group.agency, ClockStep.APPOINTING, now).items():
        setattr(group, name, value)


@transaction.atomic
def working_group_appoint(*, actor, group: WorkingGroup, now: datetime) -> WorkingGroup:
    """Appoint a drafted group by its order; from its first day it is in office (R01).

    Raises `AppointmentRefused` for who may not or a group that is no draft, and `ValidationError` with every reason:
    no order number or date, no first day, no chair or two, a member twice, of another agency or not in office, a term
    the wrong way round or that overlaps another of the same kind.
    """
    group = _locked(group)
    _guard(actor, group)
    if not group.is_draft:
        raise AppointmentRefused(_("This working group is no draft any more."))
    seats = [(seat.staff, seat.role) for seat in seats_of(group)]
    refusals: dict[str, list[str]] = {}
    for field, sentence in appointing_refusals(group, seats, today=bangkok_date(now)):
        refusals.setdefault(field or "members", []).append(sentence)
    if refusals:
        raise ValidationError(refusals)
    group.appointed_at, group.appointed_by = now, actor
    group.save(update_fields=["appointed_at", "appointed_by"])
    data = {"order_number": group.order_number, "members": [str(person.uuid) for person, _role in seats]}
    _record("working_group_appoint", actor, group, now, **data, starts_on=group.starts_on, ends_on=group.ends_on)
    working_group_appointed.send(sender=WorkingGroup, group=group, actor=actor, now=now)
    return group


@transaction.atomic
def working_group_withdraw(*, actor, group: WorkingGroup, now: datetime) -> WorkingGroup:
    """Give a draft up; its clock ends. By who drafted it or may appoint. Raises `AppointmentRefused`."""
    group = _locked(group)
    if actor is None or actor.pk != group.drafted_by_id:
        _guard(actor, group)
    if not group.is_draft:
        raise AppointmentRefused(_("This working group is no draft any more."))
    group.withdrawn_at = now
    group.save(update_fields=["withdrawn_at"])
    _record("working_group_withdraw", actor, group, now)
    return group


@transaction.atomic
def working_group_end(*, actor, group: WorkingGroup, ends_on: date, reason: str, now: datetime) -> WorkingGroup:
    """End the term of an appointed group earlier; `ends_on` (a day in Bangkok, today at the earliest) still counts.

    Raises `AppointmentRefused`, or `ValidationError` naming the field.
    """
    group = _locked(group)
    _guard(actor, group)
    if group.appointed_at is None:
        raise AppointmentRefused(_("Only an appointed working group has a term to end."))
    if group.ends_on and group.ends_on < bangkok_date(now):
        raise AppointmentRefused(_("The term of this working group is over."))
    problems = {}
    first = max(bangkok_date(now), group.starts_on or bangkok_date(now))
    if ends_on < first or (group.ends_on and ends_on >= group.ends_on):
        problems["ends_on"] = _("Give a day from today on, and before the last day of the order.")
    if not reason.strip():
        problems["reason"] = _("Write why the term ends earlier, with the number of the order that says so.")
    if problems:
        raise ValidationError(problems)
    group.ends_on, group.end_reason = ends_on, reason.strip()[:500]
    group.save(update_fields=["ends_on", "end_reason"])
    _record("working_group_end", actor, group, now, ends_on=ends_on, reason=group.end_reason)
    return group


def _locked(group: WorkingGroup) -> WorkingGroup:
    chain_lock(group.agency)
    return WorkingGroup.objects.select_for_update(of=("self",)).select_related("agency").get(pk=group.pk)


def _guard(actor, group: WorkingGroup) -> None:
    if not may_appoint(actor, group.agency):
        raise AppointmentRefused(_("Only the director, or who acts for them, appoints a working group."))


def _record(verb: str, actor, group: WorkingGroup, now: datetime, **data: Any) -> None:
    audit_record(actor=actor, verb=verb, target=group, now=now, agency=group.agency, data=data)
