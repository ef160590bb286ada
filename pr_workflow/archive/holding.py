"""Verbs of the legal hold: a record that is needed in a case is not deleted (R49)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record, chain_lock
from .models import ArchiveRecord, LegalHold
from .selectors import is_record_head


class HoldRefused(PermissionDenied):
    """A hold was placed or lifted by somebody who may not, or does not stand any more. Answered as 403."""


def _guard(actor, agency) -> None:
    if actor is None or not is_record_head(actor, agency):
        raise HoldRefused(_("Only the director of the agency or the system administrator places and lifts a hold."))


def _needed(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("Write in “Reason” for which case the record is held, or why no longer.")})
    return reason.strip()


@transaction.atomic
def hold_place(*, actor, record: ArchiveRecord, reason: str, now: datetime) -> LegalHold:
    """Hold a record: from now on nobody can dispose of it. Raises `HoldRefused`, or `ValidationError` at `reason`."""
    _guard(actor, record.agency)
    reason = _needed(reason)
    chain_lock(record.agency)
    if not ArchiveRecord.objects.filter(pk=record.pk).exists():
        raise HoldRefused(_("This record has been disposed of meanwhile."))
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
    """Lift one hold of a record, with a reason. Raises `HoldRefused`, or `ValidationError` at `reason`."""
    _guard(actor, hold.agency)
    reason = _needed(reason)
    chain_lock(hold.agency)
    standing = LegalHold.objects.standing().select_for_update(of=("self",)).filter(pk=hold.pk).first()
    if standing is None:
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
