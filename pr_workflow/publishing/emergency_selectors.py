"""Questions about emergency publications: which wait for a second person, and who may that be (R37)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from ..approval.content_hash import content_hash
from ..approval.models import ApprovalSeal, ApprovalWithdrawal
from ..approval.selectors import writers_of
from ..people.models import Agency
from ..people.roles import CHAIN
from ..people.selectors import delegations_running, holds_seat, profile_of, user_holds
from .models import EmergencyPublication


def emergencies_unconfirmed(agency: Agency | None = None) -> QuerySet[EmergencyPublication]:
    """Those nobody has decided about, of one agency or of all, the most urgent first."""
    rows = EmergencyPublication.objects.filter(decided_at=None)
    rows = rows.filter(agency=agency) if agency else rows
    return rows.select_related("revision", "published_by", "agency").order_by("due_at", "pk")


def emergency_of(page_pk: int) -> EmergencyPublication | None:
    """The emergency publication of this page that still waits for a second person."""
    return emergencies_unconfirmed().filter(page_id=page_pk).first()


def pages_in_emergency(page_pks: Iterable[int]) -> set[int]:
    """Which of these pages wait for a confirmation (one query)."""
    rows = EmergencyPublication.objects.filter(decided_at=None, page_id__in=list(page_pks))
    return set(rows.values_list("page_id", flat=True))


def emergencies_overdue(now: datetime) -> QuerySet[EmergencyPublication]:
    """Those a second person should have decided about by `now` (aware)."""
    return emergencies_unconfirmed().filter(due_at__lt=now)


def withdrawal_of_this_content(page) -> ApprovalWithdrawal | None:
    """The last approval of exactly what the newest version says, if it was given up; None without one (R37, R39)."""
    chains = WorkflowState.objects.for_instance(page)
    withdrawals = list(ApprovalWithdrawal.objects.filter(workflow_state__in=chains).order_by("-withdrawn_at", "-pk"))
    if not withdrawals or page.latest_revision is None:
        return None
    seals = ApprovalSeal.objects.filter(revision__in=[row.revision_id for row in withdrawals])
    same = set(seals.filter(content_hash=content_hash(page.latest_revision)).values_list("revision_id", flat=True))
    return next((row for row in withdrawals if row.revision_id in same), None)


def _had_a_part(page) -> set[int]:
    """Accounts that wrote, own or submitted the item at any time."""
    submitters = WorkflowState.objects.for_instance(page).exclude(requested_by=None)
    return writers_of(page) | set(submitters.values_list("requested_by", flat=True))


def _may_decide(user, agency: Agency, not_for: set[int]) -> bool:
    """A head or the director, or somebody who acts for one, but not for the people `not_for`."""
    if any(holds_seat(user, role, agency) for role in CHAIN):
        return True
    held = delegations_running().filter(agency=agency, role__in=CHAIN, delegate__user_id=user.pk)
    return held.exclude(delegator__user__in=not_for).exists()


def refusal_to_decide_emergency(emergency: EmergencyPublication, user) -> str:
    """Why this account may not confirm or refuse it, as a whole sentence; empty when it may (R37)."""
    if emergency.decided_at:
        return _("Somebody has already decided about this emergency publication.")
    if user is None or not user.is_active:
        return _("Nobody is logged in.")
    if user.is_superuser:
        return _("A system administrator publishes in an emergency; a head or the director confirms it.")
    profile = profile_of(user)
    if profile and profile.agency_id != emergency.agency_id:
        return _("This item belongs to another agency.")
    if not any(user_holds(user, role, emergency.agency) for role in CHAIN):
        return _("Only a head or the director of the agency decides about an emergency publication.")
    if emergency.published_by_id == user.pk:
        return _("You published this item, so a second person must confirm it.")
    had_a_part = _had_a_part(emergency.page.specific)
    if user.pk in had_a_part:
        return _("You wrote or submitted this item, so somebody else must confirm it.")
    if not _may_decide(user, emergency.agency, had_a_part | {emergency.published_by_id}):
        return _("You would act for the person who published or wrote this item, so somebody else must confirm it.")
    return ""
