"""Verbs of posting: set the time, go live, take down (S1 §4.4, R41–R43, promises I1 and I3)."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Revision

from ..approval.selectors import chain_verdict
from ..audit.services import audit_record, chain_lock
from ..conf import go_live_grace_seconds, step_limit_working_days
from ..festival_calendar.selectors import add_working_days
from ..gate import publication_permit, taking_down
from ..people.models import Agency
from ..people.roles import Role
from ..people.selectors import agency_for_page, user_holds
from ..signals import news_posted, news_taken_down, news_went_live
from ..thai_time import thai_datetime
from .models import Posting, PublishedItem
from .projection import published_item_write
from .verification import check_open

logger = logging.getLogger(__name__)

#: Back-off after a failed go-live: 1, 2, 4 … minutes, at most an hour. It never gives up by itself (I1).
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)


class PostingRefused(PermissionDenied):
    """Somebody who may not post tried to, or the item is not in a state to be posted. Answered as 403."""


class ChainIncomplete(Exception):
    """The sealed content is no longer what the chain approved; the item stays off the site (I3)."""


@dataclass(frozen=True)
class Outcome:
    """What one attempt to go live came to."""

    posting_id: int
    title: str
    went_live: bool
    reason: str = ""


@transaction.atomic
def posting_open(*, actor, page, revision: Revision, now: datetime) -> Posting:
    """Put an approved revision into the IT officer's queue; earlier open postings of the page are superseded.

    `actor` is the last approver. Called in the transaction of the final approval, once per revision.
    """
    agency = agency_for_page(page)
    if agency is None:
        raise PostingRefused(_("This item lies in no agency's site. Move it into one."))
    chain_lock(agency)
    postings_close(actor=actor, page=page, agency=agency, reason="superseded", now=now)
    posting = Posting.objects.create(
        agency=agency,
        page_id=page.pk,
        revision=revision,
        opened_at=now,
        due_at=add_working_days(now, step_limit_working_days(), agency=agency),
    )
    audit_record(actor=actor, verb="posting_open", target=page, now=now, agency=agency, data={"revision": revision.pk})
    return posting


@transaction.atomic
def postings_close(*, actor, page, agency, reason: str, now: datetime) -> None:
    """Give up the open postings of a page, each with a row in the log: replaced by a newer version, or taken down."""
    for posting in Posting.objects.select_for_update().open().filter(page_id=page.pk):
        posting.closed_at, posting.closed_reason = now, reason
        posting.save(update_fields=["closed_at", "closed_reason"])
        Revision.objects.filter(pk=posting.revision_id).update(approved_go_live_at=None)
        audit_record(
            actor=actor,
            verb="posting_close",
            target=page,
            now=now,
            agency=agency,
            data={"revision": posting.revision_id, "reason": reason},
        )


def _posting_guard(actor, posting: Posting) -> None:
    if actor is None or not user_holds(actor, Role.IT_OFFICER, posting.agency):
        raise PostingRefused(_("Only an IT officer of the agency posts news."))
    if posting.went_live_at:
        raise PostingRefused(_("This version is already live."))
    if posting.closed_at:
        raise PostingRefused(_("This version has been replaced or withdrawn and cannot be posted."))


def _slot_guard(posting: Posting, go_live_at: datetime, now: datetime) -> None:
    """A go-live time lies ahead and before the expiry. Raises `ValidationError` on `go_live_at`."""
    if go_live_at < now - timedelta(seconds=go_live_grace_seconds()):
        text = _("The go-live time %(time)s is in the past. Give a later one, or choose “now”.")
        raise ValidationError({"go_live_at": text % {"time": thai_datetime(go_live_at)}})
    expire_at = posting.revision.as_object().expire_at
    if expire_at and expire_at <= go_live_at:
        text = _("The item expires on %(time)s. Give an earlier go-live time.")
        raise ValidationError({"go_live_at": text % {"time": thai_datetime(expire_at)}})


@transaction.atomic
def news_post(*, actor, posting: Posting, go_live_at: datetime, now: datetime) -> Posting:
    """Post an approved revision: it goes live at `go_live_at` (aware; "now" may be typed up to a minute late).

    The slot is kept here and does not touch the sealed content, so the chain stays valid (R42, R43).
    Raises `PostingRefused`, or `ValidationError` on `go_live_at` for a time in the past.
    """
    chain_lock(posting.agency)
    posting = Posting.objects.select_for_update().select_related("agency", "revision").get(pk=posting.pk)
    _posting_guard(actor, posting)
    _slot_guard(posting, go_live_at, now)
    verdict = chain_verdict(posting.revision)
    if not verdict.complete:
        raise PostingRefused(verdict.reason)
    posting.posted_by, posting.posted_at, posting.go_live_at = actor, now, go_live_at
    posting.failure, posting.failed_at, posting.retry_at = "", None, None
    posting.save()
    Revision.objects.filter(pk=posting.revision_id).update(approved_go_live_at=go_live_at)
    page = posting.revision.content_object
    audit_record(
        actor=actor,
        verb="news_post",
        target=page,
        now=now,
        agency=posting.agency,
        data={"revision": posting.revision_id, "go_live_at": go_live_at},
    )
    transaction.on_commit(
        lambda: news_posted.send_robust(sender=type(page), page=page, posting=posting, actor=actor, now=now)
    )
    return posting


@transaction.atomic
def posting_recall(*, actor, posting: Posting, reason: str, now: datetime) -> Posting:
    """Take a set go-live time back; the item waits in the queue again (R43). Raises `PostingRefused`."""
    chain_lock(posting.agency)
    posting = Posting.objects.select_for_update().select_related("agency", "revision").get(pk=posting.pk)
    _posting_guard(actor, posting)
    if not reason.strip():
        raise ValidationError({"reason": _("Write in “Reason” why the go-live time is taken back.")})
    posting.go_live_at, posting.posted_at, posting.posted_by = None, None, None
    posting.failure, posting.failed_at, posting.retry_at = "", None, None
    posting.save()
    Revision.objects.filter(pk=posting.revision_id).update(approved_go_live_at=None)
    audit_record(
        actor=actor,
        verb="posting_recall",
        target=posting.revision.content_object,
        now=now,
        agency=posting.agency,
        data={"revision": posting.revision_id, "reason": reason},
    )
    return posting


class SealedRevisionAction(PublishPageRevisionAction):
    """Publish a sealed revision now. The go-live wish inside the content is not a schedule: the posting is."""

    def __init__(self, revision, *, now: datetime, **kwargs):
        super().__init__(revision, **kwargs)
        self.object.go_live_at = None
        if self.object.expire_at and self.object.expire_at <= now:
            raise ValidationError(_("The expiry time of the item has passed before it could go live."))


def _make_live(posting: Posting, now: datetime) -> PublishedItem:
    """Everything that must stand or fall together when a page goes live."""
    verdict = chain_verdict(posting.revision)
    if not verdict.complete:
        raise ChainIncomplete(verdict.reason)
    page_pk = posting.page_id
    with publication_permit(page_pk):
        SealedRevisionAction(posting.revision, now=now, user=posting.posted_by, log_action="wagtail.publish").execute(
            skip_permission_checks=True
        )
    page = posting.page.__class__.objects.get(pk=page_pk).specific
    if not page.live or page.live_revision_id != posting.revision_id:
        raise ChainIncomplete(_("The page did not become live."))
    item = published_item_write(page=page, revision=posting.revision, now=now)
    audit_record(
        actor=posting.posted_by,
        verb="news_go_live",
        target=page,
        now=now,
        agency=posting.agency,
        data={"revision": posting.revision_id, "slot": posting.go_live_at, "content_hash": item.content_hash},
    )
    check_open(page=page, revision=posting.revision, agency=posting.agency, now=now)
    transaction.on_commit(
        lambda: news_went_live.send_robust(
            sender=type(page),
            page=page,
            revision=posting.revision,
            published_item=item,
            posting=posting,
            actor=posting.posted_by,
            now=now,
        )
    )
    return item


def posting_publish(*, posting_id: int, now: datetime) -> Outcome | None:
    """Make one due posting live: claim, verify the seals, publish, project, in one transaction (I1, I3).

    Safe to call from any number of workers at once; returns None when there is nothing to do (not due, or claimed
    by somebody else). A failure is written on the posting with its reason and tried again with back-off.
    """
    try:
        with transaction.atomic():
            chain_lock(Agency.objects.filter(postings=posting_id).first())
            claimed = Posting.objects.due(now).filter(pk=posting_id).update(went_live_at=now)
            if not claimed:
                return None
            posting = Posting.objects.select_related("agency", "revision", "page", "posted_by").get(pk=posting_id)
            _make_live(posting, now)
            Posting.objects.filter(pk=posting_id).update(
                attempts=posting.attempts + 1, failure="", failed_at=None, retry_at=None
            )
        return Outcome(posting_id, str(posting), True)
    except Exception as error:  # one poisoned item must never stop another, whatever it raises (I1)
        logger.exception("posting %s did not go live", posting_id)
        return posting_fail(posting_id=posting_id, error=error, now=now)


def failure_reason(error: Exception) -> str:
    """A sentence a person can act on; the technical name stays beside it for the log reader."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, ChainIncomplete):
        return str(error)
    kind = f"{type(error).__name__}: {error}".replace("\x00", "")[:300]
    return _("The page could not be put online (%(kind)s). The system tries again by itself.") % {"kind": kind}


@transaction.atomic
def posting_fail(*, posting_id: int, error: Exception, now: datetime) -> Outcome:
    """Write down why a due posting is not live and when it is tried again; its time is kept (I1, R43)."""
    posting = (
        Posting.objects.select_for_update(of=("self",)).select_related("agency", "revision", "page").get(pk=posting_id)
    )
    if posting.went_live_at:
        return Outcome(posting_id, str(posting), False, _("Another worker has put the page online."))
    posting.attempts += 1
    posting.failure, posting.failed_at = failure_reason(error), now
    posting.retry_at = now + min(FIRST_RETRY * 2 ** min(posting.attempts - 1, 10), LONGEST_RETRY)
    posting.save(update_fields=["attempts", "failure", "failed_at", "retry_at"])
    audit_record(
        actor=None,
        verb="news_go_live_failed",
        target=posting.page,
        now=now,
        agency=posting.agency,
        data={"revision": posting.revision_id, "reason": posting.failure, "attempt": posting.attempts},
    )
    return Outcome(posting_id, str(posting), False, posting.failure)


@transaction.atomic
@taking_down()
def news_take_down(*, actor, page, reason: str, now: datetime, expired: bool = False) -> None:
    """Take a live page off the site and out of everything that reads it; `reason` goes into the log (R50).

    Versions that wait to go live are given up too: what was taken down does not come back by itself. `actor` is an IT
    officer of the agency, a superuser, or None for the expiry. A page that is not live any more is left alone.
    Raises `PostingRefused`.
    """
    agency = agency_for_page(page)
    may = actor is None or actor.is_superuser or (agency is not None and user_holds(actor, Role.IT_OFFICER, agency))
    if not may:
        raise PostingRefused(_("Only an IT officer of the agency takes news off the site."))
    chain_lock(agency)
    if not type(page).objects.select_for_update(of=("self",)).filter(pk=page.pk, live=True).exists():
        return
    postings_close(actor=actor, page=page, agency=agency, reason="expired" if expired else "taken down", now=now)
    UnpublishPageAction(page, set_expired=expired, user=actor, commit=True).execute(skip_permission_checks=True)
    PublishedItem.objects.filter(page_id=page.pk).delete()
    audit_record(actor=actor, verb="news_take_down", target=page, now=now, agency=agency, data={"reason": reason})
    transaction.on_commit(
        lambda: news_taken_down.send_robust(sender=type(page), page=page, reason=reason, actor=actor, now=now)
    )
