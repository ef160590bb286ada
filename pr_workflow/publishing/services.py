"""Verbs of posting: open it, set the time, take the time back (S1 §4.4, R41–R43). Going live is `going_live`."""

import logging
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Revision

from ..approval.models import Lane, Submission
from ..approval.moments import expiry_of, wish_of
from ..audit.services import audit_record, chain_lock
from ..clocks.models import ClockStep
from ..clocks.services import clock_fields
from ..conf import go_live_grace_seconds
from ..people.roles import Role
from ..people.selectors import agency_for_page, user_holds
from ..reasons import reason_required
from ..signals import news_posted
from ..thai_time import thai_datetime
from .coverage import coverage
from .going_live import (
    ChainIncomplete,
    Outcome,
    failure_reason,
    make_live,
    posting_fail,
    posting_publish,
    postings_publish,
)
from .models import Posting
from .slots import automatic_slot

__all__ = [
    "ChainIncomplete",
    "Outcome",
    "PostingRefused",
    "failure_reason",
    "make_live",
    "news_post",
    "posting_fail",
    "posting_open",
    "posting_package_note",
    "posting_publish",
    "posting_recall",
    "posting_receive",
    "postings_close",
    "postings_publish",
]


logger = logging.getLogger(__name__)


#: A later go-live time is taken for a slip in the year.
FURTHEST_SLOT = timedelta(days=366)


#: Two requests for “now” wait for each other; the later one may have come first.
SAME_NOW = timedelta(seconds=10)


class PostingRefused(PermissionDenied):
    """Somebody who may not post tried to, or the item is not in a state to be posted. Answered as 403."""


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
    is_fast = Submission.objects.filter(revision=revision, lane=Lane.FAST).exists()
    step = ClockStep.POSTING_FAST if is_fast else ClockStep.POSTING
    posting = Posting.objects.create(
        agency=agency,
        page_id=page.pk,
        revision=revision,
        opened_at=now,
        wished_at=wish_of(revision),
        expires_at=expiry_of(revision),
        **clock_fields(agency, step, now, urgent=is_fast),
    )
    data = {"revision": revision.pk, "wished_at": posting.wished_at}
    audit_record(actor=actor, verb="posting_open", target=page, now=now, agency=agency, data=data)
    if agency.auto_post:
        _post_by_itself(posting, now)
    return posting


def _post_by_itself(posting: Posting, now: datetime) -> None:
    """Give the item its time without an IT officer; where none can be given, it waits in the queue and asks."""
    slot = automatic_slot(posting, now=now)
    try:
        if slot:
            _slot_guard(posting, slot, now)
            _slot_set(posting, actor=None, go_live_at=slot, now=now)
    except ValidationError as error:
        logger.info("posting %s waits for a person: %s", posting.pk, error)


@transaction.atomic
def posting_receive(*, actor, posting: Posting, now: datetime) -> Posting:
    """Confirm the receipt of an approved item (รับแล้ว, S1 §4.4): from now on it is known who has it.

    Raises `PostingRefused`, also when somebody else has received it already.
    """
    chain_lock(posting.agency)
    posting = Posting.objects.select_for_update(of=("self",)).select_related("agency", "received_by").get(pk=posting.pk)
    _posting_guard(actor, posting)
    if posting.received_by:
        raise PostingRefused(
            _("%(name)s has received this item already.")
            % {"name": posting.received_by.get_full_name() or posting.received_by.get_username()}
        )
    posting.received_at, posting.received_by = now, actor
    posting.save(update_fields=["received_at", "received_by"])
    audit_record(
        actor=actor,
        verb="posting_receive",
        target=posting.revision.content_object,
        now=now,
        agency=posting.agency,
        data={"revision": posting.revision_id},
    )
    return posting


@transaction.atomic
def posting_package_note(*, actor, posting: Posting, now: datetime) -> None:
    """Log who took the file package away: it holds what is not public yet (I5)."""
    audit_record(
        actor=actor,
        verb="posting_package",
        target=posting.revision.content_object,
        now=now,
        agency=posting.agency,
        data={"revision": posting.revision_id},
    )


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


def posting_refusal(actor, posting: Posting) -> str:
    """Why this account may not set the time of an approved item, as a whole sentence; empty when it may."""
    if actor is None or not user_holds(actor, Role.IT_OFFICER, posting.agency):
        return _("Only an IT officer of the agency posts news.")
    if posting.went_live_at:
        return _("This version is already live.")
    return _("This version has been replaced or withdrawn and cannot be posted.") if posting.closed_at else ""


def _posting_guard(actor, posting: Posting) -> None:
    if refusal := posting_refusal(actor, posting):
        raise PostingRefused(refusal)


def _slot_guard(posting: Posting, go_live_at: datetime, now: datetime) -> None:
    """A go-live time lies ahead and before the expiry. Raises `ValidationError` on `go_live_at`."""
    if posting.expires_at and posting.has_lapsed(now):
        text = _("The item expired on %(time)s, so it cannot go live any more. Return it to its writer.")
        raise ValidationError({"go_live_at": text % {"time": thai_datetime(posting.expires_at)}})
    if go_live_at < now - timedelta(seconds=go_live_grace_seconds()):
        text = _("The go-live time %(time)s is in the past. Give a later one, or choose “now”.")
        raise ValidationError({"go_live_at": text % {"time": thai_datetime(go_live_at)}})
    if go_live_at > now + FURTHEST_SLOT:
        text = _("The go-live time %(time)s is more than a year ahead. Check the year.")
        raise ValidationError({"go_live_at": text % {"time": thai_datetime(go_live_at)}})
    if posting.expires_at and posting.expires_at <= go_live_at:
        text = _("The item expires on %(time)s. Give an earlier go-live time.")
        raise ValidationError({"go_live_at": text % {"time": thai_datetime(posting.expires_at)}})


@transaction.atomic
def news_post(*, actor, posting: Posting, go_live_at: datetime, now: datetime) -> Posting:
    """Post an approved revision: it goes live at `go_live_at` (aware; "now" may be typed up to a minute late).

    The slot is kept here and does not touch the sealed content, so the chain stays valid (R42, R43).
    Posting it again for the same time changes nothing and writes no row: a double click, two officers at once.
    Raises `PostingRefused`, or `ValidationError` on `go_live_at` for a time in the past.
    """
    chain_lock(posting.agency)
    posting = Posting.objects.select_for_update().select_related("agency", "revision").get(pk=posting.pk)
    _posting_guard(actor, posting)
    _slot_guard(posting, go_live_at, now)
    verdict = coverage(posting.revision)
    if not verdict.complete:
        raise PostingRefused(verdict.reason)
    if _has_this_slot(posting, go_live_at, now):
        return posting
    if posting.received_at is None:
        posting.received_at, posting.received_by = now, actor
    return _slot_set(posting, actor=actor, go_live_at=go_live_at, now=now)


def _has_this_slot(posting: Posting, go_live_at: datetime, now: datetime) -> bool:
    """Whether a locked posting goes live at this time anyway; one that failed does not, it is posted once more."""
    if posting.go_live_at is None or posting.failed_at is not None:
        return False
    soon = now + SAME_NOW
    return go_live_at == posting.go_live_at or (go_live_at <= soon and posting.go_live_at <= soon)


def _slot_set(posting: Posting, *, actor, go_live_at: datetime, now: datetime) -> Posting:
    """Write the time on a locked posting; without an actor the agency posts by itself, and the log says so."""
    posting.posted_by, posting.posted_at, posting.go_live_at = actor, now, go_live_at
    _failure_forget(posting)
    posting.save()
    Revision.objects.filter(pk=posting.revision_id).update(approved_go_live_at=go_live_at)
    page = posting.revision.content_object
    audit_record(
        actor=actor,
        verb="news_post" if actor else "news_post_by_itself",
        target=page,
        now=now,
        agency=posting.agency,
        data={"revision": posting.revision_id, "go_live_at": go_live_at},
    )
    transaction.on_commit(
        lambda: news_posted.send_robust(sender=type(page), page=page, posting=posting, actor=actor, now=now)
    )
    return posting


def _failure_forget(posting: Posting) -> None:
    """What went wrong at an earlier time says nothing about another one."""
    posting.failure, posting.failed_at, posting.retry_at, posting.seal_broken_at = "", None, None, None


@transaction.atomic
def posting_recall(*, actor, posting: Posting, reason: str, now: datetime) -> Posting:
    """Take a set go-live time back; the item waits in the queue again (R43).

    Raises `PostingRefused`, and `ValidationError` on `reason` for one that says too little.
    """
    chain_lock(posting.agency)
    posting = Posting.objects.select_for_update().select_related("agency", "revision").get(pk=posting.pk)
    _posting_guard(actor, posting)
    if posting.go_live_at is None:
        raise PostingRefused(_("No go-live time is set, so there is none to take back."))
    reason = reason_required(reason, missing=_("Write in “Reason” why the go-live time is taken back."))
    _slot_clear(posting, actor=actor, reason=reason, now=now)
    return posting


@transaction.atomic
def postings_hold(*, actor, page, now: datetime) -> None:
    """A newer version is under consideration: what waits to go live asks the IT officer again, instead of going out
    with what has just been corrected (R43). Called in the transaction of the submission."""
    scheduled = Posting.objects.scheduled().select_for_update(of=("self",)).filter(page_id=page.pk)
    for posting in scheduled.select_related("agency", "revision"):
        _slot_clear(posting, actor=actor, reason=_("A newer version was submitted."), now=now)


def _slot_clear(posting: Posting, *, actor, reason: str, now: datetime) -> None:
    posting.go_live_at, posting.posted_at, posting.posted_by = None, None, None
    _failure_forget(posting)
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
