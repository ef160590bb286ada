"""Going live: claim, verify what was sealed, publish, project and log, all in one transaction (I1, I3, I4, R42–R43).

One posting, or a chunk of them: the rules are the same, what the database is asked is asked for all together.

Search and references follow after the commit (`search_debt`): they would take longer than the go-live itself.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ..audit.models import AuditHead
from ..audit.services import Act, audit_append, audit_record, chain_lock
from ..news.rows_at_hand import rows_shared
from ..people.models import Agency
from ..signals import news_went_live
from .check_opening import check_act, checks_open
from .coverage import coverage, signed_of
from .models import Posting, PublishedItem
from .projection import GoneLive, published_items_write
from .sealed_page import UnknownContent, history_write, page_put_online, schedules_clear, sealed_pages

logger = logging.getLogger(__name__)

#: Back-off after a failed go-live: 1, 2, 4 … minutes, at most an hour. It never gives up by itself (I1).
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)


class ChainIncomplete(Exception):
    """The sealed content is no longer what the chain approved; the item stays off the site (I3)."""


class SealBroken(ChainIncomplete):
    """The content or a file is another one than was approved: no attempt can succeed until a person acts."""


@dataclass(frozen=True)
class Outcome:
    """What one attempt to go live came to."""

    posting_id: int
    title: str
    went_live: bool
    reason: str = ""


def make_live(posting: Posting, now: datetime) -> PublishedItem:
    """Everything that must stand or fall together when a page goes live, for one posting; see `make_all_live`."""
    (item,) = make_all_live([posting], agency=posting.agency, now=now)
    return item


def make_all_live(
    postings: Sequence[Posting], *, agency: Agency, now: datetime, head: AuditHead | None = None
) -> list[PublishedItem]:
    """Everything that must stand or fall together when pages of one agency go live; for the go-live and the emergency.

    At most one posting of a page. `head` is the end of the log, when the caller holds it. Raises `ChainIncomplete` for
    a version that neither its chain nor an emergency covers (I3), and whatever else keeps one of them off the site.
    """
    with rows_shared():
        pages = sealed_pages([posting.revision for posting in postings])
        going = list(zip(postings, pages, strict=True))
        hashes = _verified(going, now)
    schedules_clear(posting.revision for posting in postings)
    for posting, page in sorted(
        going, key=lambda pair: pair[1].pk
    ):  # whoever locks many pages takes them in this order
        if not page_put_online(page, revision=posting.revision, now=now):
            raise ChainIncomplete(_("The page did not become live."))
        page.live_revision, posting.page = posting.revision, page
    history_write((page, posting.revision, posting.posted_by) for posting, page in going)
    # After the pages are saved, and so locked: a section that becomes private meanwhile is seen, or waits for us (I5).
    gone_live = [GoneLive(page, posting.revision, hashes[posting.revision_id]) for posting, page in going]
    items = published_items_write(gone_live, now=now)
    checks = checks_open(gone_live=[(each.page, each.revision) for each in gone_live], agency=agency, now=now)
    acts: list[Act] = []
    for (posting, page), item, check in zip(going, items, checks, strict=True):
        item.agency = agency
        acts += [_go_live_act(posting, page, item), check_act(check, page)]
        transaction.on_commit(partial(_announce, page=page, posting=posting, item=item, now=now))
    audit_append(acts, now=now, agency=agency, head=head)
    return items


def _verified(going: Iterable[tuple[Posting, Any]], now: datetime) -> dict[int, str]:
    """The content hash of every version; raises for one that may not go live."""
    signed, hashes = signed_of(posting.revision for posting, _page in going), {}
    for posting, page in going:
        verdict = coverage(posting.revision, content=page, signed=signed[posting.revision_id])
        if not verdict.complete:
            raise (SealBroken if verdict.is_seal_broken else ChainIncomplete)(verdict.reason)
        if page.expire_at and page.expire_at <= now:
            raise ValidationError(_("The expiry time of the item has passed before it could go live."))
        hashes[posting.revision_id] = verdict.content_hash
    return hashes


def _go_live_act(posting: Posting, page: Any, item: PublishedItem) -> Act:
    data = {"revision": posting.revision_id, "slot": posting.go_live_at, "content_hash": item.content_hash}
    return Act(actor=posting.posted_by, verb="news_go_live", target=page, data=data)


def _announce(*, page: Any, posting: Posting, item: PublishedItem, now: datetime) -> None:
    news_went_live.send_robust(
        sender=type(page),
        page=page,
        revision=posting.revision,
        published_item=item,
        posting=posting,
        actor=posting.posted_by,
        now=now,
    )


def postings_publish(*, posting_ids: Sequence[int], agency: Agency | None, now: datetime) -> list[Outcome]:
    """Make due postings of one agency live in one transaction: all of them or, raising whatever it was, none.

    Those that are not due any more, or were claimed by somebody else, are left out. At most one posting of a page.
    """
    with transaction.atomic():
        head = chain_lock(agency)
        postings = _claimed(posting_ids, now)
        if agency is not None and postings:
            make_all_live(postings, agency=agency, now=now, head=head)
    return [Outcome(posting.pk, str(posting), True) for posting in postings]


def _claimed(posting_ids: Sequence[int], now: datetime) -> list[Posting]:
    """Take due postings for this transaction, behind the lock of their agency's chain."""
    due = Posting.objects.due(now).filter(pk__in=posting_ids).select_for_update(of=("self",)).order_by("pk")
    found = {row.pk: row for row in due.select_related("agency__site", "revision", "posted_by")}
    tried = {"went_live_at": now, "indexed_at": None, "failure": "", "failed_at": None, "retry_at": None}
    Posting.objects.filter(pk__in=found).update(**tried, attempts=F("attempts") + 1)
    for row in found.values():
        row.attempts += 1
        for name, value in tried.items():
            setattr(row, name, value)
    return [found[pk] for pk in posting_ids if pk in found]


def posting_publish(*, posting_id: int, now: datetime, agency: Agency | None = None) -> Outcome | None:
    """Make one due posting live: claim, verify the seals, publish, project, in one transaction (I1, I3).

    Safe to call from any number of workers at once; returns None when there is nothing to do (not due, or claimed
    by somebody else). A failure is written on the posting with its reason and tried again with back-off.
    `agency` is that of the posting, when the caller knows it.
    """
    try:
        agency = agency or Agency.objects.filter(postings=posting_id).first()
        return next(iter(postings_publish(posting_ids=[posting_id], agency=agency, now=now)), None)
    except Exception as error:  # one poisoned item must never stop another, whatever it raises (I1)
        logger.exception("posting %s did not go live", posting_id)
        return posting_fail(posting_id=posting_id, error=error, now=now)


def failure_foreseen(error: Exception) -> str:
    """What our own rules say against the go-live, as a whole sentence; empty for every other failure."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(error) if isinstance(error, ChainIncomplete | UnknownContent) else ""


def failure_kind(error: Exception) -> str:
    """The technical name of a failure, for the reader of the log."""
    return f"{type(error).__name__}: {error}".replace("\x00", "")[:300]


def failure_reason(error: Exception) -> str:
    """A sentence a person can act on; the technical name stays beside it for the log reader."""
    text = _("The page could not be put online (%(kind)s). The system tries again by itself.")
    return failure_foreseen(error) or text % {"kind": failure_kind(error)}


@transaction.atomic
def posting_fail(*, posting_id: int, error: Exception, now: datetime) -> Outcome:
    """Write down why a due posting is not live and when it is tried again; its time is kept (I1, R43).

    One whose seal is broken is not tried again by itself: it stays failed until it is given up or gets another time.
    """
    posting = (
        Posting.objects.select_for_update(of=("self",)).select_related("agency", "revision", "page").get(pk=posting_id)
    )
    if posting.went_live_at:
        return Outcome(posting_id, str(posting), False, _("Another worker has put the page online."))
    posting.attempts += 1
    posting.failure, posting.failed_at = failure_reason(error), now
    if isinstance(error, SealBroken):
        posting.seal_broken_at, posting.retry_at = now, None
    else:
        posting.retry_at = now + min(FIRST_RETRY * 2 ** min(posting.attempts - 1, 10), LONGEST_RETRY)
    posting.save(update_fields=["attempts", "failure", "failed_at", "retry_at", "seal_broken_at"])
    audit_record(
        actor=None,
        verb="news_go_live_failed",
        target=posting.page,
        now=now,
        agency=posting.agency,
        data={"revision": posting.revision_id, "reason": posting.failure, "attempt": posting.attempts},
    )
    return Outcome(posting_id, str(posting), False, posting.failure)
