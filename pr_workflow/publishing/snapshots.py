"""What the page looked like right after it went live: kept as it was served, with what the machine found (R44)."""

import logging
import time
from datetime import datetime

from django.db import transaction
from django.db.models import F

from ..audit.services import audit_record, chain_lock
from ..kept_files import bytes_keep
from .machine_check import machine_check
from .models import PublicationCheck
from .site_reader import SiteReader, contents_of

logger = logging.getLogger(__name__)

#: Seconds one tick spends on snapshots at most, so that a large batch never keeps the worker from urgent news.
TICK_SECONDS = 5.0
#: Characters of the text version that are kept beside the page.
LONGEST_TEXT = 200_000


def checks_without_snapshot():
    """Checks of what is on the site now and was not photographed yet, oldest first."""
    rows = PublicationCheck.objects.filter(snapshot_sha256="", page__live=True, page__live_revision=F("revision"))
    return rows.order_by("opened_at", "pk")


def snapshot_take(*, check_id: int, now: datetime) -> bool:
    """Keep the page of a check as a reader gets it, and write down what the machine found; once.

    Returns whether it is done. A page that fails to render is written down as a fault and tried again by the next tick.
    """
    check = PublicationCheck.objects.select_related("agency__site", "page", "revision").get(pk=check_id)
    page = check.page.specific
    if check.snapshot_sha256:
        return True
    parts = page.get_url_parts()
    if not page.live or page.live_revision_id != check.revision_id or not parts:
        return False
    reader = SiteReader(check.agency.site)
    served = reader.fetch(parts[2])
    findings = machine_check(revision=check.revision, served=served, reader=reader)
    text = contents_of(served.text).text[:LONGEST_TEXT]
    prefilled = {"findings": [finding.as_json() for finding in findings], "text": text, "status": served.status}
    digest = bytes_keep(served.body) if served.status < 500 else ""
    return _write(check, page, prefilled, digest, now)


@transaction.atomic
def _write(check: PublicationCheck, page, prefilled: dict, digest: str, now: datetime) -> bool:
    chain_lock(check.agency)
    rows = PublicationCheck.objects.filter(pk=check.pk, snapshot_sha256="")
    if not rows.update(prefilled=prefilled, snapshot_sha256=digest, snapshot_at=now if digest else None):
        return True
    if digest:
        data = {"revision": check.revision_id, "round": check.round, "sha256": digest}
        audit_record(actor=None, verb="snapshot_take", target=page, now=now, agency=check.agency, data=data)
    return bool(digest)


def snapshots_due(*, now: datetime) -> list[int]:
    """Take what is missing, for a few seconds; one page that fails does not keep the others. Returns checks done."""
    begun, done = time.monotonic(), []
    for pk in list(checks_without_snapshot().values_list("pk", flat=True)):
        if time.monotonic() - begun > TICK_SECONDS:
            break
        try:
            if snapshot_take(check_id=pk, now=now):
                done.append(pk)
        except Exception:  # the next tick tries again
            logger.exception("no snapshot of check %s", pk)
    return done
