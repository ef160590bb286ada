"""Verbs of the archive (S1 §4.6, R49)."""

import json
import logging
from datetime import date, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from ..approval.content_hash import UsedFile, content_hash, files_used_by
from ..approval.models import ApprovalSeal
from ..audit.services import audit_record, chain_lock
from ..conf import retention_years
from ..people.models import Agency
from ..publishing.models import EmergencyPublication, Posting, PublicationCheck, PublishedItem
from ..signals import news_archived
from ..thai_time import bangkok_date, fiscal_year_be
from .evidence import checks_of, deliveries_of, history_of, seals_on
from .files import ArchiveFileMissing, file_keep
from .models import FORMAT, ArchiveRecord
from .selectors import archive_hindrance, checks_to_archive, is_shown, record_digest

logger = logging.getLogger(__name__)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _plain_json(value):
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _content_of(check: PublicationCheck) -> dict:
    """What the public saw, and the full content it was made from."""
    item = PublishedItem.objects.filter(page_id=check.page_id, revision_id=check.revision_id).first()
    published = json.loads(item.detail_json) if item else None
    return {"published": published, "revision": _plain_json(check.revision.content)}


def _sealed_hash(revision) -> str:
    """The hash under which the revision went live: what was signed, or what was published in an emergency."""
    for rows in (ApprovalSeal.objects.order_by("-sealed_at"), EmergencyPublication.objects):
        if sealed := rows.filter(revision=revision).values_list("content_hash", flat=True).first():
            return sealed
    return content_hash(revision)


def _went_live_at(check: PublicationCheck) -> datetime:
    posting = Posting.objects.filter(revision_id=check.revision_id).exclude(went_live_at=None).first()
    return posting.went_live_at if posting and posting.went_live_at else check.opened_at


def _kept_files(content, *, must_be_whole: bool) -> list[dict]:
    """Copy the files of an item. One that was deleted after the item left the site is named without its bytes.

    Raises `ArchiveFileMissing` when `must_be_whole` and a file cannot be read.
    """
    used = files_used_by(content)
    entries = [_missing(kind, str(number)) for kind, number in sorted(_deleted_files(content, used))]
    if entries and must_be_whole:
        raise ArchiveFileMissing(f"deleted: {', '.join(entry['name'] for entry in entries)}")
    for file in used:
        try:
            entries.append(file_keep(file.row))
        except ArchiveFileMissing:
            if must_be_whole:
                raise
            entries.append(_missing(file.label, file.row.title))
    return entries


def _missing(kind: str, name: str) -> dict:
    return {"kind": kind.rpartition(".")[2].lower(), "name": name, "title": name, "size": 0, "sha256": ""}


def _deleted_files(content, used: list[UsedFile]) -> set[tuple[str, str]]:
    """Numbers of pictures and files the blocks of an item name and the library no longer has."""
    labels = {"image": get_image_model()._meta.label, "document": get_document_model()._meta.label}
    found = {(file.label, file.key) for file in used if file.row is not None}
    named = set()
    for stream in (content.photos, content.body, content.attachments):
        for block in stream.raw_data:
            values = block["value"] if isinstance(block["value"], dict) else {}
            named |= {(labels[key], str(values[key])) for key in labels if values.get(key)}
    return (named | {(file.label, file.key) for file in used}) - found


@transaction.atomic
def news_archive(*, actor, check_id: int, now: datetime) -> ArchiveRecord | None:
    """Keep a revision that was public with its content, files and whole course, once and for good (R49).

    Returns None while it waits (`archive_hindrance`) and the existing record when there is one. Raises
    `ArchiveFileMissing` when a file of something that is still public cannot be read.
    """
    chain_lock(Agency.objects.get(checks=check_id))
    rows = PublicationCheck.objects.select_for_update(of=("self",)).select_related("agency", "revision", "page")
    check = rows.get(pk=check_id)
    existing = ArchiveRecord.objects.filter(revision_number=check.revision_id).first()
    if existing:
        return existing
    if archive_hindrance(check, now):
        return None
    content = check.revision.as_object()
    went_live_at = _went_live_at(check)
    event_day = content.event_date or bangkok_date(went_live_at)
    record = ArchiveRecord(
        agency=check.agency,
        page_number=check.page_id,
        revision_number=check.revision_id,
        title=content.title,
        url=content.full_url or content.url or "",
        news_type=content.news_type,
        fiscal_year_be=fiscal_year_be(event_day),
        went_live_at=went_live_at,
        archived_at=now,
        archived_by_name=(actor.get_full_name() or actor.get_username()) if actor else "",
        retain_until=_years_later(bangkok_date(now), retention_years()),
        content=_content_of(check),
        files=_kept_files(content, must_be_whole=is_shown(check)),
        approvals=seals_on(revision=check.revision),
        checks=checks_of(check.page_id),
        deliveries=deliveries_of(check.revision_id),
        content_hash=_sealed_hash(check.revision),
        format=FORMAT,
        history=_plain_json(history_of(content)),
    )
    record.record_hash = record_digest(record)
    record.save(force_insert=True)
    audit_record(
        actor=actor,
        verb="news_archive",
        target=content,
        now=now,
        agency=check.agency,
        data={"record": str(record.uuid), "record_hash": record.record_hash, "files": len(record.files)},
    )
    transaction.on_commit(lambda: news_archived.send_robust(sender=ArchiveRecord, record=record, actor=actor, now=now))
    return record


def archive_due(*, now: datetime) -> list[ArchiveRecord]:
    """Archive everything that is to be kept and is not yet; one that fails is logged and does not stop the others."""
    kept = []
    for check in checks_to_archive().select_related("answered_by"):
        try:
            record = news_archive(actor=check.answered_by, check_id=check.pk, now=now)
        except Exception as error:  # a missing file of one item must not keep the others out of the archive
            logger.exception("check %s was not archived: %s", check.pk, error)
            continue
        if record:
            kept.append(record)
    return kept
