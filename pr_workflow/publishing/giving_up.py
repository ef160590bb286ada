"""Giving up an approval before its version is public: by a person, or because the item expired meanwhile (R39, R43).

The posting is closed and the chain counts no more, in one transaction behind the lock that going live takes too: an
item either went live or was given up, never both. What was signed stays on record; the item goes back to its writer,
and a new submission begins at the first step.
"""

import logging
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from ..approval.models import ApprovalWithdrawal
from ..approval.selectors import seals_of
from ..approval.withdrawing import approval_end
from ..audit.services import audit_record, chain_lock
from ..notifications.services import in_house_language
from ..people.models import Delegation
from ..people.roles import Role
from ..people.selectors import delegation_used_by, profile_of, role_members, user_holds
from ..reasons import reason_required
from ..signals import approval_withdrawn
from ..thai_time import thai_datetime
from .models import Posting
from .services import PostingRefused, postings_close

logger = logging.getLogger(__name__)


def withdrawal_refusal(posting: Posting, user) -> str:
    """Why this account may not give up the approval, as a whole sentence; empty when it may.

    It may when it wrote or submitted the item or is responsible for it, when it is the director or acts for the
    director, or when it is the IT officer who has the item. Being a superuser is no reason.
    """
    if posting.went_live_at:
        return _("This version is already live. The IT officer takes it off the site.")
    if posting.closed_at:
        return _("The approval of this version has already been withdrawn or replaced.")
    profile = profile_of(user) if user is not None and user.is_active else None
    allowed = profile is not None and profile.agency_id == posting.agency_id
    if allowed and (_has_it(posting, user) or user_holds(user, Role.DIRECTOR, posting.agency)):
        return ""
    if allowed and user.pk in _answerable(posting):
        return ""
    return _(
        "Only who wrote the item or answers for it, the director, or an IT officer withdraws its approval; once an IT "
        "officer has received the item, no other IT officer does."
    )


def withdrawers_of(posting: Posting) -> list[int]:
    """Accounts that may give up the approval of an open posting: who answers for the item first, then the others."""
    officers = role_members(posting.agency, Role.IT_OFFICER)
    rest = [user for user in officers if posting.is_with(user)] + [*role_members(posting.agency, Role.DIRECTOR)]
    return list(dict.fromkeys([*sorted(_answerable(posting)), *(user.pk for user in rest)]))


def _has_it(posting: Posting, user) -> bool:
    return posting.is_with(user) and user_holds(user, Role.IT_OFFICER, posting.agency)


def writers_to_tell(posting: Posting) -> list[Any]:
    """The accounts that can correct the item: who submitted it, who owns it, its responsible officer."""
    return list(get_user_model()._default_manager.filter(pk__in=_answerable(posting)).order_by("pk"))


def _answerable(posting: Posting) -> set[int]:
    """Who submitted the item, who owns it, and the responsible officer it names."""
    content, chain = posting.revision.as_object(), _chain_of(posting)
    officer = content.responsible_officer
    keys = (content.owner_id, chain.requested_by_id if chain else None, officer.user_id if officer else None)
    return {key for key in keys if key is not None}


def _chain_of(posting: Posting) -> WorkflowState | None:
    seal = seals_of(posting.revision).select_related("workflow_state").last()
    return seal.workflow_state if seal else None


def posting_to_withdraw(page, user) -> Posting | None:
    """The approved version of a page that waits to go live and that this account may give up."""
    waiting = Posting.objects.open().filter(page_id=page.pk).select_related("agency__site", "revision")
    posting = waiting.order_by("-pk").first()
    return posting if posting and not withdrawal_refusal(posting, user) else None


def newer_in_chain(posting: Posting) -> bool:
    """Does another version of the item wait for a decision, so that a withdrawal does not bring it to its writer?"""
    rows = WorkflowState.objects.for_instance(posting.page.specific)
    return rows.filter(status=WorkflowState.STATUS_IN_PROGRESS).exists()


@transaction.atomic
def approval_withdraw(*, actor, posting: Posting, reason: str, now: datetime) -> ApprovalWithdrawal:
    """Give up an approved version that is not live yet, and hand the item back to its writer (R39, R43).

    Neither its slot nor anything else makes it live afterwards; a correction round it belongs to goes on, and the page
    stays on the site as it is. Raises `PostingRefused`, and `ValidationError` on `reason` for one that says too little.
    """
    chain_lock(posting.agency)
    posting = _locked(posting.pk)
    if refusal := withdrawal_refusal(posting, actor):
        raise PostingRefused(refusal)
    reason = reason_required(reason, missing=_("Write in “Reason” why the approval is withdrawn."))
    delegation = _delegation_of(posting, actor)
    return _give_up(posting, actor=actor, reason=reason, delegation=delegation, verb="approval_withdraw", now=now)


def _delegation_of(posting: Posting, actor) -> Delegation | None:
    """The delegation without which this person could not give it up; None for who may in an own role."""
    if actor.pk in _answerable(posting):
        return None
    roles = [Role.DIRECTOR, *([Role.IT_OFFICER] if posting.is_with(actor) else [])]
    held = [role for role in roles if user_holds(actor, role, posting.agency)]
    delegations = [delegation_used_by(actor, role, posting.agency) for role in held]
    return None if None in delegations else delegations[0]


def approvals_lapse(*, now: datetime) -> list[int]:
    """Give up what expired before it went live; one that fails does not stop the others. Returns keys of postings."""
    done = []
    for pk in Posting.objects.lapsed(now).order_by("pk").values_list("pk", flat=True):
        try:
            if approval_lapse(posting_id=pk, now=now):
                done.append(pk)
        except Exception as error:  # it stays in the queue, which says what happened; the next tick tries again
            logger.exception("posting %s did not lapse: %s", pk, error)
    return done


@transaction.atomic
def approval_lapse(*, posting_id: int, now: datetime) -> ApprovalWithdrawal | None:
    """Close a posting whose item expired before it went live; the writer gives it another expiry (R43).

    None when there is nothing to do any more. Never makes anything live.
    """
    posting = Posting.objects.select_related("agency").get(pk=posting_id)
    chain_lock(posting.agency)
    posting = _locked(posting_id)
    if posting.went_live_at or posting.closed_at or not posting.has_lapsed(now):
        return None
    with in_house_language():
        reason = _("The item expired on %(time)s before it was on the site.")
        reason %= {"time": thai_datetime(posting.expires_at or now)}
    return _give_up(posting, actor=None, reason=reason, delegation=None, verb="approval_lapse", now=now)


def _locked(pk: int) -> Posting:
    rows = Posting.objects.select_for_update(of=("self",)).select_related("agency__site", "revision", "page")
    return rows.get(pk=pk)


def _give_up(
    posting: Posting, *, actor, reason: str, delegation: Delegation | None, verb: str, now: datetime
) -> ApprovalWithdrawal:
    """Everything that must stand or fall together, on a locked posting."""
    chain, page, slot = _chain_of(posting), posting.page.specific, posting.go_live_at
    if chain is None:
        raise PostingRefused(_("Nobody has approved this version."))
    withdrawal = approval_end(
        actor=actor,
        workflow_state=chain,
        revision=posting.revision,
        agency=posting.agency,
        reason=reason,
        delegation=delegation,
        now=now,
    )
    posting.go_live_at, posting.retry_at = None, None
    posting.save(update_fields=["go_live_at", "retry_at"])
    postings_close(actor=actor, page=page, agency=posting.agency, reason=reason, now=now)
    data = {"revision": posting.revision_id, "reason": reason, "capacity": withdrawal.capacity, "slot": slot}
    audit_record(actor=actor, verb=verb, target=page, now=now, agency=posting.agency, data=data)
    approval_withdrawn.send(sender=type(page), page=page, posting=posting, withdrawal=withdrawal, actor=actor, now=now)
    return withdrawal
