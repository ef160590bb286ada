"""Verbs of the disposal: what is kept long enough is deleted by two people, never by one (R49)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record, chain_lock
from ..reasons import is_same_reason, reason_required
from ..thai_time import bangkok_date, thai_date
from .files import file_forget
from .models import ArchiveRecord, DisposalRequest
from .selectors import is_held, is_record_head, is_record_keeper, kept_hashes, open_disposal, still_needed


class DisposalRefused(PermissionDenied):
    """A disposal was asked for or decided by somebody who may not, too early, or under a hold. Answered as 403."""


def disposal_hindrance(record: ArchiveRecord, now: datetime) -> str:
    """Why this record may not be disposed of now, as a whole sentence; empty when it may (R49)."""
    if bangkok_date(now) <= record.retain_until:
        return _("The record is to be kept until %(day)s.") % {"day": thai_date(record.retain_until)}
    if is_held(record):
        return _("A legal hold stands on this record. It must be lifted first.")
    return ""


def asking_refusal(user, record: ArchiveRecord) -> str:
    """Why this account may not ask for the disposal of a record, as a whole sentence; empty when it may (R49)."""
    if user is None or not is_record_keeper(user, record.agency):
        return _("Only PR officers, IT officers and the director ask for a disposal.")
    return ""


@transaction.atomic
def disposal_ask(*, actor, record: ArchiveRecord, reason: str, now: datetime) -> DisposalRequest:
    """Ask for the deletion of a record; another person decides. Raises `DisposalRefused`, `ValidationError`.

    Who sends the same again while the request is open changes nothing.
    """
    if refusal := asking_refusal(actor, record):
        raise DisposalRefused(refusal)
    chain_lock(record.agency)
    if hindrance := disposal_hindrance(record, now):
        raise DisposalRefused(hindrance)
    if not ArchiveRecord.objects.filter(pk=record.pk).exists():
        raise DisposalRefused(_("This record has been disposed of meanwhile."))
    if standing := open_disposal(record):
        if standing.asked_by_id == actor.pk and is_same_reason(standing.reason, reason):
            return standing
        raise DisposalRefused(_("Somebody has already asked for the disposal of this record."))
    reason = reason_required(reason, missing=_("Write in “Reason” why the record is no longer needed."))
    request = DisposalRequest.objects.create(
        agency=record.agency,
        record_uuid=record.uuid,
        record_hash=record.record_hash,
        page_number=record.page_number,
        revision_number=record.revision_number,
        title=record.title,
        reason=reason,
        asked_at=now,
        asked_by=actor,
    )
    _log(actor, "disposal_ask", record, request, now, reason=request.reason)
    return request


def decision_refusal(request: DisposalRequest, user) -> str:
    """Why this account may not decide on a disposal, as a whole sentence; empty when it may (R49)."""
    if not is_record_head(user, request.agency):
        return _("Only the director of the agency or the system administrator decides on a disposal.")
    if request.asked_by_id == user.pk:
        return _("You asked for this disposal, so somebody else must decide.")
    return ""


def already_decided() -> str:
    """What a second decision is told, whether it comes at the same instant or from an open tab."""
    return _("This request has already been decided.")


def _open_request(actor, request: DisposalRequest) -> tuple[DisposalRequest, ArchiveRecord]:
    if refusal := decision_refusal(request, actor):
        raise DisposalRefused(refusal)
    chain_lock(request.agency)
    current = DisposalRequest.objects.open().select_for_update(of=("self",)).filter(pk=request.pk).first()
    if current is None:
        raise DisposalRefused(already_decided())
    return current, ArchiveRecord.objects.get(uuid=current.record_uuid)


def _decide(request: DisposalRequest, actor, *, confirmed: bool, comment: str, now: datetime) -> None:
    request.confirmed, request.comment = confirmed, comment.strip()
    request.decided_at, request.decided_by = now, actor
    request.save(update_fields=["confirmed", "comment", "decided_at", "decided_by"])


@transaction.atomic
def disposal_confirm(*, actor, request: DisposalRequest, comment: str = "", now: datetime) -> DisposalRequest:
    """Delete the record, and those of its kept bytes that nothing else needs; the request stays as the proof.

    `actor` is another person than the one who asked. Raises `DisposalRefused`.
    """
    request, record = _open_request(actor, request)
    if hindrance := disposal_hindrance(record, now):
        raise DisposalRefused(hindrance)
    _decide(request, actor, confirmed=True, comment=comment, now=now)
    digests = set(kept_hashes(record))
    gone = digests - still_needed(digests, without=record)
    _log(actor, "disposal_confirm", record, request, now, files=len(gone), comment=request.comment)
    record.remove_disposed()
    transaction.on_commit(lambda: _forget(gone, record))
    return request


def _forget(digests: set[str], record: ArchiveRecord) -> None:
    """Delete bytes, unless something else has been archived with them meanwhile."""
    for digest in digests - still_needed(digests, without=record):
        file_forget(digest)


@transaction.atomic
def disposal_refuse(*, actor, request: DisposalRequest, comment: str, now: datetime) -> DisposalRequest:
    """Keep the record; `comment` tells the one who asked why. Raises `DisposalRefused`, `ValidationError`."""
    request, record = _open_request(actor, request)
    comment = reason_required(comment, missing=_("Write in “Comment” why the record is kept."), field="comment")
    _decide(request, actor, confirmed=False, comment=comment, now=now)
    _log(actor, "disposal_refuse", record, request, now, comment=request.comment)
    return request


def _log(actor, verb: str, record: ArchiveRecord, request: DisposalRequest, now: datetime, **data) -> None:
    data |= {"record": str(record.uuid), "record_hash": record.record_hash, "request": str(request.uuid)}
    audit_record(actor=actor, verb=verb, target=record, now=now, agency=record.agency, data=data)
