"""Questions about the archive: what is still to be kept, and is a record whole."""

import hashlib
import json
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from ..approval.selectors import seals_of
from ..distribution.models import Delivery
from ..publishing.models import PublicationCheck
from .files import file_is_whole
from .models import ArchiveRecord

#: Delivery states in which the outcome is not known yet.
UNSETTLED = (Delivery.State.PLANNED, Delivery.State.DUE, Delivery.State.SENDING, Delivery.State.UNKNOWN)

#: Fields under the record hash, in this order.
HASHED_FIELDS = (
    "uuid",
    "agency_id",
    "page_number",
    "revision_number",
    "title",
    "url",
    "news_type",
    "fiscal_year_be",
    "went_live_at",
    "archived_at",
    "archived_by_name",
    "retain_until",
    "content",
    "files",
    "approvals",
    "checks",
    "deliveries",
    "content_hash",
)


def checks_to_archive() -> QuerySet[PublicationCheck]:
    """Checks answered "correct" whose revision has no record yet, oldest answer first."""
    archived = ArchiveRecord.objects.filter(revision_number=OuterRef("revision_id"))
    return (
        PublicationCheck.objects.filter(result=PublicationCheck.Result.CORRECT)
        .exclude(Exists(archived))
        .order_by("answered_at")
    )


def deliveries_settled(revision_id: int) -> bool:
    """Is the outcome of every delivery of this revision known?"""
    return not Delivery.objects.filter(revision_id=revision_id, state__in=UNSETTLED).exists()


def approvals_of(revision) -> list[dict]:
    """The signatures on a revision, as the record keeps them."""
    return [
        {
            "uuid": str(seal.uuid),
            "step": seal.task.name,
            "name": seal.approver_name,
            "position": seal.approver_position,
            "at": seal.sealed_at.isoformat(),
            "comment": seal.comment,
            "content_hash": seal.content_hash,
        }
        for seal in seals_of(revision)
    ]


def _name(person) -> str:
    """The name, because the record outlives the account; the user name only of somebody without one."""
    return (person.get_full_name() or person.get_username()) if person else ""


def checks_of(page_id: int) -> list[dict]:
    """All rounds of checking of a page, as the record keeps them."""
    return [
        {
            "uuid": str(check.uuid),
            "round": check.round,
            "revision": check.revision_id,
            "result": check.result,
            "answers": check.answers,
            "note": check.note,
            "opened_at": check.opened_at.isoformat(),
            "answered_at": check.answered_at.isoformat() if check.answered_at else None,
            "answered_by": _name(check.answered_by),
        }
        for check in PublicationCheck.objects.filter(page_id=page_id)
        .order_by("opened_at")
        .select_related("answered_by")
    ]


def deliveries_of(revision_id: int) -> list[dict]:
    """The ledger rows of a revision, as the record keeps them."""
    return [
        {
            "uuid": str(row.uuid),
            "channel": str(row.channel),
            "state": row.state,
            "attempts": row.attempts,
            "went_live_at": row.went_live_at.isoformat(),
            "sent_at": row.sent_at.isoformat() if row.sent_at else None,
            "external_id": row.external_id,
            "external_url": row.external_url,
            "error": row.error,
        }
        for row in Delivery.objects.filter(revision_id=revision_id).select_related("channel").order_by("pk")
    ]


def record_digest(record: ArchiveRecord) -> str:
    """SHA-256 over every kept field of a record."""
    values = []
    for name in HASHED_FIELDS:
        value = getattr(record, name)
        if isinstance(value, datetime):
            value = round(value.timestamp(), 6)
        values.append(value if isinstance(value, (int, float, str, list, dict)) else str(value))
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def record_problems(record: ArchiveRecord) -> list[str]:
    """What is wrong with a record: changed fields, or kept files that are gone or different. Empty when whole."""
    problems = [] if record_digest(record) == record.record_hash else ["record"]
    return problems + [entry["name"] for entry in record.files if not file_is_whole(entry)]
