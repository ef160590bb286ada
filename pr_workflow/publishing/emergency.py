"""Emergency publication: a superuser publishes without the chain, a second person decides about it (I3, R37).

It is the only exception to the chain, and nothing but a record: it is never a signature. It stands in red wherever the
item is shown until a member of the chain who had no part in the item has confirmed it, or refused it.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Revision

from ..approval.content_hash import content_hash
from ..audit.services import audit_record, chain_lock
from ..clock import step_clock
from ..clocks.models import ClockStep
from ..clocks.services import clock_fields
from ..news.models import Disclosure
from ..news.readiness import submission_problems
from ..people.models import Agency
from ..people.selectors import agency_for_page, agency_of
from ..reasons import reason_required
from ..signals import emergency_decided, emergency_published
from .coverage import coverage
from .emergency_selectors import refusal_to_decide_emergency
from .going_live import failure_foreseen, failure_kind, make_live
from .models import EmergencyPublication, Posting, TakeDown
from .services import postings_close
from .take_down import page_take_down

Outcome = EmergencyPublication.Outcome
VERSION_CHANGED = gettext_lazy("The item has changed since you opened it. Look at it again first.")


class EmergencyRefused(PermissionDenied):
    """An emergency publication, or a decision about one, was refused. Answered as 403."""


def emergency_actor_guard(*, actor, page) -> Agency:
    """Who publishes in an emergency, and where; returns the agency. Raises `EmergencyRefused`."""
    if actor is None or not actor.is_active or not actor.is_superuser:
        raise EmergencyRefused(_("Only a system administrator publishes in an emergency."))
    agency = agency_for_page(page)
    if agency is None:
        raise EmergencyRefused(_("This item lies in no agency's site. Move it into one."))
    if agency_of(actor) not in (None, agency):
        raise EmergencyRefused(_("This item belongs to another agency."))
    return agency


def emergency_guard(*, actor, page) -> Agency:
    """Who and what an emergency publication is for; returns the agency. Raises `EmergencyRefused`."""
    agency = emergency_actor_guard(actor=actor, page=page)
    if page.latest_revision_id is None:
        raise EmergencyRefused(_("This item has no saved version."))
    if page.live and page.live_revision_id == page.latest_revision_id:
        raise EmergencyRefused(_("The newest version of this item is already on the site."))
    posting = Posting.objects.open().filter(revision=page.latest_revision_id).first()
    if posting and coverage(posting.revision).complete:
        raise EmergencyRefused(_("This version is approved. The IT officer posts it; no emergency is needed."))
    return agency


def _content_guard(page, now: datetime) -> None:
    """Also in an emergency an item is complete and not expired, and nothing withheld goes out.

    Raises `ValidationError`.
    """
    content = page.get_latest_revision_as_object()
    problems = [problem.message for problem in submission_problems(content, now=now)]
    if content.disclosure == Disclosure.WITHHELD:
        problems.append(_("This information is withheld (Official Information Act, sections 14 and 15)."))
    if problems:
        raise ValidationError({"__all__": problems})


def emergency_publish(*, actor, page, reason: str, version: int | None = None, now: datetime) -> EmergencyPublication:
    """Put the newest version of an item on the site at once, without its chain (I3, R37).

    `version` is the number of the version the person looked at (None: the newest, whatever it is). For superusers
    only. A running chain is withdrawn, postings that wait are given up. The item then needs a second
    person within one working day. Raises `EmergencyRefused`, and `ValidationError` naming the field; nothing is changed
    then.
    """
    try:
        return _publish(actor, page, reason, version, now)
    except (PermissionDenied, ValidationError):
        raise
    except Exception as error:  # whatever keeps the item off the site is told to the person; nobody tries again here
        text = _("The page could not be put online (%(kind)s). Nothing was changed. Send the form once more.")
        raise EmergencyRefused(failure_foreseen(error) or text % {"kind": failure_kind(error)}) from error


@transaction.atomic
def _publish(actor, page, reason: str, version: int | None, now: datetime) -> EmergencyPublication:
    chain_lock(agency_for_page(page))
    page = type(page).objects.select_for_update(of=("self",)).get(pk=page.pk)
    agency = emergency_guard(actor=actor, page=page)
    if version not in (None, page.latest_revision_id):
        raise ValidationError({"__all__": [str(VERSION_CHANGED)]})
    reason = reason_required(reason, missing=_("Write in “Reason” why this cannot wait for the chain."))
    _content_guard(page, now)
    _chain_withdraw(actor, page, now)
    postings_close(actor=actor, page=page, agency=agency, reason="emergency", now=now)
    revision = _version_of_its_own(actor, page)
    digest = content_hash(revision)
    refused = EmergencyPublication.objects.filter(page_id=page.pk, outcome=Outcome.REFUSED, content_hash=digest)
    if refused.exists():
        raise EmergencyRefused(_("A second person has refused exactly this content. It needs the chain now."))
    emergency = EmergencyPublication.objects.create(
        agency=agency,
        page_id=page.pk,
        revision=revision,
        reason=reason,
        content_hash=digest,
        published_at=now,
        published_by=actor,
        **clock_fields(agency, ClockStep.CONFIRMATION, now, urgent=True),
    )
    audit_record(
        actor=actor,
        verb="emergency_publish",
        target=page,
        now=now,
        agency=agency,
        data={"revision": revision.pk, "reason": emergency.reason, "content_hash": emergency.content_hash},
    )
    make_live(_posting(emergency), now)
    emergency_published.send(sender=type(page), page=page, emergency=emergency, actor=actor, now=now)
    return emergency


def _chain_withdraw(actor, page, now: datetime) -> None:
    """A version that is on the site is not considered any more; the withdrawal has its row in the log."""
    chain = page.current_workflow_state
    if chain is not None:
        with step_clock(now):
            chain.cancel(user=actor)
        page.refresh_from_db()


def _version_of_its_own(actor, page) -> Revision:
    """The newest version; one that was posted before and came down again is saved once more."""
    latest = page.latest_revision
    if not Posting.objects.filter(revision=latest).exists():
        return latest
    return page.get_latest_revision_as_object().save_revision(user=actor, changed=False)


def _posting(emergency: EmergencyPublication) -> Posting:
    now = emergency.published_at
    posting = Posting.objects.create(
        agency=emergency.agency,
        page_id=emergency.page_id,
        revision=emergency.revision,
        opened_at=now,
        due_at=now,
        posted_at=now,
        posted_by=emergency.published_by,
        go_live_at=now,
        went_live_at=now,
        attempts=1,
        clock_step=ClockStep.POSTING,
        is_urgent=True,
    )
    return Posting.objects.select_related("agency", "revision", "page", "posted_by").get(pk=posting.pk)


def emergency_confirm(
    *, actor, emergency: EmergencyPublication, comment: str = "", now: datetime
) -> EmergencyPublication:
    """A second person finds that it was right; the red sign goes. Raises `EmergencyRefused`."""
    return _decide(actor, emergency, Outcome.CONFIRMED, comment, now)


def emergency_refuse(*, actor, emergency: EmergencyPublication, comment: str, now: datetime) -> EmergencyPublication:
    """A second person finds that it was wrong: the version leaves the site, with the reason.

    Raises `EmergencyRefused`, and `ValidationError` on `comment` when it says too little.
    """
    missing = _("Write in “Comment” why the item must leave the site.")
    comment = reason_required(comment, missing=missing, field="comment")
    return _decide(actor, emergency, Outcome.REFUSED, comment, now)


@transaction.atomic
def _decide(actor, emergency: EmergencyPublication, outcome: str, comment: str, now: datetime) -> EmergencyPublication:
    chain_lock(emergency.agency)
    rows = EmergencyPublication.objects.select_for_update(of=("self",)).select_related("agency", "page")
    emergency = rows.get(pk=emergency.pk)
    if reason := refusal_to_decide_emergency(emergency, actor):
        raise EmergencyRefused(reason)
    emergency.outcome, emergency.comment = outcome, comment.strip()
    emergency.decided_at, emergency.decided_by = now, actor
    emergency.save(update_fields=["outcome", "comment", "decided_at", "decided_by"])
    page = emergency.page.specific
    if outcome == Outcome.REFUSED and page.live_revision_id == emergency.revision_id:
        page_take_down(actor=actor, page=page, kind=TakeDown.Kind.IN_ERROR, reason=emergency.comment, now=now)
    audit_record(
        actor=actor,
        verb="emergency_confirm" if outcome == Outcome.CONFIRMED else "emergency_refuse",
        target=page,
        now=now,
        agency=emergency.agency,
        data={"revision": emergency.revision_id, "comment": emergency.comment},
    )
    emergency_decided.send(sender=type(page), page=page, emergency=emergency, actor=actor, now=now)
    return emergency
