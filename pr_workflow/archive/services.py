"""Verbs of the archive (S1 §4.6, R49)."""

import json
import logging
from datetime import date, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from ..approval.content_hash import content_hash, files_used_by
from ..audit.services import audit_record, chain_lock
from ..conf import retention_years, step_limit_working_days
from ..festival_calendar.selectors import add_working_days
from ..people.models import Agency
from ..publishing.models import Posting, PublicationCheck, PublishedItem
from ..signals import news_archived
from ..thai_time import bangkok_date, fiscal_year_be
from .files import ArchiveFileMissing, file_keep
from .models import ArchiveRecord
from .selectors import approvals_of, checks_of, checks_to_archive, deliveries_of, deliveries_settled, record_digest

logger = logging.getLogger(__name__)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _content_of(check: PublicationCheck) -> dict:
    """What the public saw, and the full content it was made from."""
    item = PublishedItem.objects.filter(page_id=check.page_id, revision_id=check.revision_id).first()
    published = json.loads(item.detail_json) if item else None
    return {"published": published, "revision": json.loads(json.dumps(check.revision.content, cls=DjangoJSONEncoder))}


@transaction.atomic
def news_archive(*, actor, check_id: int, now: datetime) -> ArchiveRecord | None:
    """Keep a verified revision with its content, files, approvals, checks and deliveries, once and for good.

    Waits (returns None) while a delivery is still on its way, but not longer than one working day after the check.
    Returns the existing record when there is one. Raises `ArchiveFileMissing` when a file cannot be read.
    """
    chain_lock(Agency.objects.get(checks=check_id))
    rows = PublicationCheck.objects.select_for_update(of=("self",)).select_related("agency", "revision")
    check = rows.get(pk=check_id)
    existing = ArchiveRecord.objects.filter(revision_number=check.revision_id).first()
    if existing:
        return existing
    if check.result != PublicationCheck.Result.CORRECT or check.answered_at is None:
        return None
    latest = add_working_days(check.answered_at, step_limit_working_days(), agency=check.agency)
    if not deliveries_settled(check.revision_id) and now < latest:
        return None
    content = check.revision.as_object()
    missing = [used.key for used in files_used_by(content) if used.row is None]
    if missing:
        raise ArchiveFileMissing(f"deleted: {', '.join(missing)}")
    went_live_at = Posting.objects.get(revision_id=check.revision_id).went_live_at or check.opened_at
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
        files=[file_keep(used.row) for used in files_used_by(content)],
        approvals=approvals_of(check.revision),
        checks=checks_of(check.page_id),
        deliveries=deliveries_of(check.revision_id),
        content_hash=content_hash(check.revision),
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
    """Archive everything that is verified and not yet kept; one that fails is logged and does not stop the others."""
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
