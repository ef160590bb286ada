"""Verbs of the legal hold: a record that is needed in a case is not deleted (R49)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record, chain_lock
from ..reasons import is_same_reason, reason_required
from .models import ArchiveRecord, LegalHold
from .selectors import is_record_head


class HoldRefused(PermissionDenied):
    """A hold was placed or lifted by somebody who may not, or does not stand any more. Answered as 403."""


def hold_refusal(user, agency) -> str:
    """Why this account may not place or lift a hold, as a whole sentence; empty when it may (R49)."""
    if user is None or not is_record_head(user, agency):
        return _("Only the director of the agency or the system administrator places and lifts a hold.")
    return ""


def _guard(actor, agency) -> None:
    if refusal := hold_refusal(actor, agency):
        raise HoldRefused(refusal)


def _needed(reason: str) -> str:
    return reason_required(reason, missing=_("Write in “Reason” for which case the record is held, or why no longer."))


@transaction.atomic
def hold_place(*, actor, record: ArchiveRecord, reason: str, now: datetime) -> LegalHold:
    """Hold a record: from now on nobody can dispose of it. Raises `HoldRefused`, or `ValidationError` at `reason`.

    For one ground there is one hold: the same reason again (a double click, a reload) changes nothing and returns the
    hold that stands.
    """
    _guard(actor, record.agency)
    reason = _needed(reason)
    chain_lock(record.agency)
    if not ArchiveRecord.objects.filter(pk=record.pk).exists():
        raise HoldRefused(_("This record has been disposed of meanwhile."))
    for standing in LegalHold.objects.standing().filter(record_uuid=record.uuid):
        if is_same_reason(standing.reason, reason):
            return standing
    hold = LegalHold.objects.create(
        agency=record.agency, record_uuid=record.uuid, reason=reason, placed_at=now, placed_by=actor
    )
    audit_record(
        actor=actor,
        verb="hold_place",
        target=record,
        now=now,
        agency=record.agency,
        data={"record": str(record.uuid), "hold": str(hold.uuid), "reason": reason},
    )
    return hold


@transaction.atomic
def hold_lift(*, actor, hold: LegalHold, reason: str, now: datetime) -> LegalHold:
    """Lift one hold of a record, with a reason. Raises `HoldRefused`, or `ValidationError` at `reason`.

    Who sends the same again changes nothing.
    """
    _guard(actor, hold.agency)
    reason = _needed(reason)
    chain_lock(hold.agency)
    standing = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if standing.lifted_at is not None:
        if standing.lifted_by_id == actor.pk and is_same_reason(standing.lifting_reason, reason):
            return standing
        raise HoldRefused(_("This hold has already been lifted."))
    standing.lifted_at, standing.lifted_by, standing.lifting_reason = now, actor, reason
    standing.save(update_fields=["lifted_at", "lifted_by", "lifting_reason"])
    audit_record(
        actor=actor,
        verb="hold_lift",
        target=ArchiveRecord.objects.get(uuid=standing.record_uuid),
        now=now,
        agency=standing.agency,
        data={"record": str(standing.record_uuid), "hold": str(standing.uuid), "reason": reason},
    )
    return standing
