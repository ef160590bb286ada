"""Questions about the archive: what is still to be kept, is a record whole, who may hold and dispose of it."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..clocks.limits import limit_for
from ..clocks.models import ClockStep
from ..clocks.selectors import due_time
from ..distribution.models import Delivery
from ..people.models import Agency
from ..people.roles import Role
from ..people.selectors import roles_of
from ..publishing.models import EmergencyPublication, PublicationCheck
from .files import file_is_whole
from .models import FORMAT, ArchiveRecord, DisposalRequest, LegalHold

#: Delivery states in which the outcome is not known yet.
UNSETTLED = (Delivery.State.PLANNED, Delivery.State.DUE, Delivery.State.SENDING, Delivery.State.UNKNOWN)

#: Fields under the record hash in format 1, in this order.
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
#: What each later format adds at the end.
ADDED_FIELDS = {2: ("format", "history")}


def checks_to_archive() -> QuerySet[PublicationCheck]:
    """Checks whose revision is to be kept and has no record yet, oldest first (R49).

    A revision is to be kept when it was found correct, and also when it is no longer what the public sees: corrected,
    replaced or taken down. So nothing that was ever public is missing. What was disposed of is not kept again.
    """
    archived = ArchiveRecord.objects.filter(revision_number=OuterRef("revision_id"))
    disposed = DisposalRequest.objects.confirmed().filter(revision_number=OuterRef("revision_id"))
    return (
        PublicationCheck.objects.filter(Q(result=PublicationCheck.Result.CORRECT) | _no_longer_shown())
        .exclude(Exists(archived))
        .exclude(Exists(disposed))
        .order_by(F("answered_at").asc(nulls_last=True), "opened_at", "pk")
    )


def _no_longer_shown() -> Q:
    return Q(page__live=False) | ~Q(page__live_revision_id=F("revision_id"))


def is_shown(check: PublicationCheck) -> bool:
    """Is the checked revision what the public sees now?"""
    return check.page.live and check.page.live_revision_id == check.revision_id


def archive_due_at(check: PublicationCheck) -> datetime:
    """When the record has to be written: the limit of archiving counts from the check, or from the go-live (R48)."""
    begun = check.answered_at or check.opened_at
    return due_time(begun, limit_for(check.agency, ClockStep.ARCHIVE), agency=check.agency)


def archive_hindrance(check: PublicationCheck, now: datetime) -> str:
    """What a record still waits for, as a whole sentence; empty when it can be written (R48).

    Only what is still shown waits: for the second person of an emergency publication, and for its deliveries, these
    not longer than the limit of the step.
    """
    if not is_shown(check):
        return ""
    if check.result != PublicationCheck.Result.CORRECT:
        return _("The check after posting has not found it correct yet.")
    if EmergencyPublication.objects.filter(revision_id=check.revision_id, decided_at=None).exists():
        return _("A second person has not confirmed the emergency publication yet.")
    if not deliveries_settled(check.revision_id) and now < archive_due_at(check):
        return _("A delivery is still on its way.")
    return ""


def deliveries_settled(revision_id: int) -> bool:
    """Is the outcome of every delivery of this revision known?"""
    return not Delivery.objects.filter(revision_id=revision_id, state__in=UNSETTLED).exists()


def hashed_fields(record_format: int) -> tuple[str, ...]:
    """The fields under the record hash of a format, in their order. Raises KeyError for a format nobody wrote."""
    added = (ADDED_FIELDS[number] for number in range(2, record_format + 1))
    return sum(added, HASHED_FIELDS)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return round(value.timestamp(), 6)
    return value if isinstance(value, int | float | str | list | dict) else str(value)


def hashed_values(record: ArchiveRecord) -> dict[str, Any]:
    """What the record hash covers, as plain JSON values: moments as Unix time, dates and numbers as text."""
    return {name: _plain(getattr(record, name)) for name in hashed_fields(record.format)}


def values_digest(values: Iterable[Any]) -> str:
    """SHA-256 over values in their order, as compact JSON with sorted keys in UTF-8."""
    text = json.dumps(list(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def record_digest(record: ArchiveRecord) -> str:
    """SHA-256 over every kept field of a record, by the format it was written in."""
    return values_digest(hashed_values(record).values())


def kept_hashes(record: ArchiveRecord) -> dict[str, str]:
    """Names of the kept bytes a record leads to, by SHA-256: its files, and the snapshots of its checks."""
    snapshots = {row["snapshot_sha256"]: _snapshot_name(row) for row in record.checks if row.get("snapshot_sha256")}
    return snapshots | {entry["sha256"]: entry["name"] for entry in record.files if entry["sha256"]}


def _snapshot_name(row: dict) -> str:
    return _("snapshot of round %(number)s") % {"number": row["round"]}


#: How a record whose own fields were changed is named among its problems; files stand there by their names.
RECORD_ITSELF = gettext_lazy("the record itself")


def record_problems(record: ArchiveRecord) -> list[str]:
    """What is wrong with a record: changed fields, or kept files that are gone or different. Empty when whole."""
    known = 1 <= record.format <= FORMAT
    problems = [] if known and record_digest(record) == record.record_hash else [str(RECORD_ITSELF)]
    problems += [entry["name"] for entry in record.files if not entry["sha256"]]
    return problems + [name for digest, name in kept_hashes(record).items() if not file_is_whole({"sha256": digest})]


def is_record_keeper(user, agency: Agency) -> bool:
    """May ask for a disposal: PR officers, IT officers and the director of the agency, and superusers (R49)."""
    return user.is_superuser or bool(roles_of(user, agency) & {Role.WRITER, Role.IT_OFFICER, Role.DIRECTOR})


def is_record_head(user, agency: Agency) -> bool:
    """Holds and frees records, and decides on disposals: the director of the agency, and superusers (R49)."""
    return user.is_superuser or Role.DIRECTOR in roles_of(user, agency)


def is_held(record: ArchiveRecord) -> bool:
    """Does a legal hold stand on this record?"""
    return LegalHold.objects.standing().filter(record_uuid=record.uuid).exists()


def open_disposal(record: ArchiveRecord) -> DisposalRequest | None:
    """The undecided request to delete this record."""
    return DisposalRequest.objects.open().filter(record_uuid=record.uuid).select_related("asked_by").first()


def still_needed(digests: set[str], *, without: ArchiveRecord) -> set[str]:
    """Those kept bytes that another record, or a check that is not disposed of, still leads to."""
    needed: set[str] = set()
    others = ArchiveRecord.objects.exclude(pk=without.pk).only("files", "checks")
    for record in others.iterator(chunk_size=200):
        needed |= digests & kept_hashes(record).keys()
    disposed = DisposalRequest.objects.confirmed().values("revision_number")
    checks = PublicationCheck.objects.filter(snapshot_sha256__in=digests).exclude(revision_id__in=disposed)
    return needed | set(checks.values_list("snapshot_sha256", flat=True))
