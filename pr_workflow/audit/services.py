"""Writing and checking the audit log."""

import hashlib
import json
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from .models import AuditEntry, AuditHead

#: Network address of the request being served, set by `audit.middleware.RequestAddress`; empty in jobs.
request_address: ContextVar[str] = ContextVar("request_address", default="")


class AuditOutsideTransaction(RuntimeError):
    """The verb forgot its transaction; without one the act and its row could part (promise I4)."""


@dataclass(frozen=True)
class BrokenRow:
    """The first row of a chain that does not fit, and why."""

    chain: str
    sequence: int
    reason: str


def entry_digest(entry: AuditEntry) -> str:
    """SHA-256 over every stored field of the row, the previous hash included."""
    fields = [
        str(entry.uuid),
        entry.chain,
        entry.sequence,
        entry.agency_id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.verb,
        entry.actor_id_text,
        entry.actor_name,
        entry.ip,
        entry.target_type,
        entry.target_id,
        entry.target_label,
        entry.data,
        entry.previous_hash,
    ]
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def chain_lock(agency) -> AuditHead:
    """Hold the end of an agency's chain (None: `system`) until the transaction ends.

    A verb that locks other rows takes this first. All verbs then lock in one order, and two of them in one agency
    wait for each other instead of blocking each other.
    """
    chain = agency.code if agency else "system"
    AuditHead.objects.get_or_create(chain=chain)
    return AuditHead.objects.select_for_update().get(chain=chain)


def audit_record(
    *, actor, verb: str, target: models.Model, now: datetime, agency=None, data: Mapping | None = None
) -> AuditEntry:
    """Append one row to the chain of the agency (or `system`), inside the caller's transaction (I4, R71).

    `actor` is a user or None for the system; `agency` defaults to `target.agency`.
    Raises `AuditOutsideTransaction` when the caller is not in a transaction.
    """
    if not connection.in_atomic_block:
        raise AuditOutsideTransaction(verb)
    agency = agency or getattr(target, "agency", None)
    head = chain_lock(agency)
    entry = AuditEntry(
        chain=head.chain,
        sequence=head.sequence + 1,
        agency=agency,
        at=now,
        verb=verb,
        actor_id_text=str(actor.pk) if actor else "",
        actor_name=(actor.get_full_name() or actor.get_username()) if actor else "",
        ip=request_address.get(),
        target_type=target._meta.label,
        target_id=str(target.pk),
        target_label=str(target)[:255],
        data=json.loads(json.dumps(dict(data or {}), cls=DjangoJSONEncoder)),
        previous_hash=head.last_hash,
    )
    entry.entry_hash = entry_digest(entry)
    entry.save(force_insert=True)
    AuditHead.objects.filter(chain=head.chain).update(sequence=entry.sequence, last_hash=entry.entry_hash)
    return entry


@transaction.atomic
def audit_verify(*, chain: str) -> BrokenRow | None:
    """Walk one chain and name the first row that was changed, removed or put in; None when it is whole."""
    head = AuditHead.objects.filter(chain=chain).first()
    expected, previous = 1, ""
    for entry in AuditEntry.objects.filter(chain=chain).order_by("sequence").iterator(chunk_size=500):
        if entry.sequence != expected:
            return BrokenRow(chain, expected, "missing")
        if entry.previous_hash != previous:
            return BrokenRow(chain, entry.sequence, "does not follow the row before it")
        if entry_digest(entry) != entry.entry_hash:
            return BrokenRow(chain, entry.sequence, "changed after it was written")
        expected, previous = expected + 1, entry.entry_hash
    if head is None and expected > 1:
        return BrokenRow(chain, expected - 1, "the end of the chain is not recorded")
    if head and (head.sequence != expected - 1 or head.last_hash != previous):
        return BrokenRow(chain, expected, "missing")
    return None
