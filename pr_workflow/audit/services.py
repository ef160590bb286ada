"""Writing and checking the audit log."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

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


@dataclass(frozen=True)
class Act:
    """What one row says: who (a user, or None for the system) did what to which object."""

    actor: Any
    verb: str
    target: models.Model
    data: Mapping[str, Any] = field(default_factory=dict)


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
    heads = AuditHead.objects.select_for_update()
    if head := heads.filter(chain=chain).first():
        return head
    AuditHead.objects.get_or_create(chain=chain)
    return heads.get(chain=chain)


def audit_record(
    *,
    actor,
    verb: str,
    target: models.Model,
    now: datetime,
    agency=None,
    data: Mapping | None = None,
    head: AuditHead | None = None,
) -> AuditEntry:
    """Append one row to the chain of the agency (or `system`), inside the caller's transaction (I4, R71).

    `actor` is a user or None for the system; `agency` defaults to `target.agency`. `head` is what `chain_lock` gave the
    caller in this very transaction; it is moved on.
    Raises `AuditOutsideTransaction` when the caller is not in a transaction.
    """
    agency = agency or getattr(target, "agency", None)
    (entry,) = audit_append([Act(actor, verb, target, data or {})], now=now, agency=agency, head=head)
    return entry


def audit_append(acts: Iterable[Act], *, now: datetime, agency=None, head: AuditHead | None = None) -> list[AuditEntry]:
    """Append rows to the chain of one agency (None: `system`) in their order, as `audit_record` does with one."""
    acts = list(acts)
    if not connection.in_atomic_block:
        raise AuditOutsideTransaction(", ".join(act.verb for act in acts))
    head = head or chain_lock(agency)
    sequence, last_hash, entries = head.sequence, head.last_hash, []
    for act in acts:
        sequence += 1
        entry = _entry(act, now, agency, chain=head.chain, sequence=sequence, previous_hash=last_hash)
        last_hash = entry.entry_hash
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries)
    AuditHead.objects.filter(chain=head.chain).update(sequence=sequence, last_hash=last_hash)
    head.sequence, head.last_hash = sequence, last_hash
    return entries


def _entry(act: Act, now: datetime, agency, **place) -> AuditEntry:
    actor, target = act.actor, act.target
    entry = AuditEntry(
        **place,
        agency=agency,
        at=now,
        verb=act.verb,
        actor_id_text=str(actor.pk) if actor else "",
        actor_name=(actor.get_full_name() or actor.get_username()) if actor else "",
        ip=request_address.get(),
        target_type=target._meta.label,
        target_id=str(target.pk),
        target_label=_storable(str(target)[:255]),
        data=_storable(json.loads(json.dumps(dict(act.data), cls=DjangoJSONEncoder))),
    )
    entry.entry_hash = entry_digest(entry)
    return entry


def _storable(value: Any) -> Any:
    """The value with a visible sign for each null character: PostgreSQL keeps none, and an attempt that sent one is
    logged all the same."""
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    return value


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
