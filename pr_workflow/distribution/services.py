"""Verbs of the distribution step: planning, calling back, and what people may do with a row that is stuck."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record
from ..publishing.models import PublishedItem
from ..reasons import reason_required
from .ledger import audit_facts, delivery_cancel_in, delivery_move
from .models import Channel, Delivery
from .reading_back import delivery_lease_expire, delivery_reconcile
from .selectors import channels_wanted, deliveries_visible_to, item_went_live_at
from .sending import delivery_send

__all__ = [
    "deliveries_call_back",
    "delivery_cancel",
    "delivery_confirm",
    "delivery_lease_expire",
    "delivery_plan",
    "delivery_reconcile",
    "delivery_retry",
    "delivery_ripen",
    "delivery_send",
]

State = Delivery.State


@transaction.atomic
def delivery_plan(
    *, actor, item: PublishedItem, now: datetime, channels: Sequence[Channel] | None = None
) -> list[Delivery]:
    """Write one ledger row for each channel of a published item and return the new ones.

    Idempotent: the pair (revision, channel) is unique. ``channels`` are by default those the item asks for. The
    ten-minute clock starts when the revision went live (S2 step 5). Serves R57.
    """
    if item.pk is None or item.revision_id is None:  # a page in a private section has no public row
        return []
    wanted = channels_wanted(item) if channels is None else channels
    if not wanted:
        return []
    went_live_at = item_went_live_at(item)
    is_due = went_live_at <= now
    created = []
    for channel in wanted:
        delivery, is_new = Delivery.objects.get_or_create(
            revision_id=item.revision_id,
            channel=channel,
            defaults={
                "agency": item.agency,
                "page_id": item.page_id,
                "title": item.title,
                "state": State.DUE if is_due else State.PLANNED,
                "went_live_at": went_live_at,
                "planned_at": now,
                "due_at": went_live_at,
                "next_attempt_at": went_live_at if is_due else None,
                "last_state_change": now,
            },
        )
        if is_new:
            created.append(delivery)
    # Every verb locks rows first and the audit chain last; the order keeps two of them from waiting for each other.
    for delivery in created:
        audit_record(actor=actor, verb="delivery_planned", target=delivery, now=now, data=audit_facts(delivery))
    return created


@transaction.atomic
def delivery_ripen(*, actor, delivery_id: int, now: datetime) -> Delivery | None:
    """Planned → due, once its moment has come; None when there is nothing to do."""
    return delivery_move(
        actor=actor,
        delivery_id=delivery_id,
        to=State.DUE,
        now=now,
        verb="delivery_due",
        only={"state": State.PLANNED, "due_at__lte": now},
        next_attempt_at=now,
    )


def deliveries_call_back(*, actor, page, now: datetime) -> int:
    """Cancel what has not left yet of a page that is no longer public; returns how many rows."""
    reason = _("The news is no longer public.")
    cancelled = 0
    for delivery_id in Delivery.objects.waiting().filter(page_id=page.pk).values_list("pk", flat=True):
        with transaction.atomic():
            states = (State.PLANNED, State.DUE)
            cancelled += bool(delivery_cancel_in(states, actor=actor, delivery_id=delivery_id, reason=reason, now=now))
    return cancelled


@transaction.atomic
def delivery_cancel(*, actor, delivery_id: int, reason: str, now: datetime) -> Delivery:
    """Close a row that is not to be sent any more: planned, due, failed or unknown → cancelled.

    Raises PermissionDenied, and ValidationError naming ``reason`` or the state.
    """
    _require_person_may(actor, delivery_id)
    missing = _("Write in “Reason for cancelling” why the delivery is not to be sent.")
    reason = reason_required(reason, missing=missing)
    cancelled = delivery_cancel_in(Delivery.CANCELLABLE, actor=actor, delivery_id=delivery_id, reason=reason, now=now)
    return cancelled or _refuse(_("This delivery is being sent, is out, or is cancelled already. Nothing was changed."))


@transaction.atomic
def delivery_retry(*, actor, delivery_id: int, now: datetime, surely_absent: bool = False) -> Delivery:
    """Give a failed row one more attempt: failed → due.

    An unknown row is only sent again when the person has looked and says that the post is ``surely_absent`` (I2).
    Raises PermissionDenied and ValidationError.
    """
    _require_person_may(actor, delivery_id)
    retried = delivery_move(
        actor=actor,
        delivery_id=delivery_id,
        to=State.DUE,
        now=now,
        verb="delivery_retried",
        only={"state__in": [State.FAILED, State.UNKNOWN] if surely_absent else [State.FAILED]},
        next_attempt_at=now,
    )
    return retried or _refuse(
        _("Only a failed delivery can be tried again. If its outcome is unknown, look in the channel first.")
    )


@transaction.atomic
def delivery_confirm(*, actor, delivery_id: int, external_url: str, now: datetime) -> Delivery:
    """Unknown → sent by the word of a person who found the post; the clock stops now, which is the latest it can be.

    ``external_url`` is the address of the post, empty for channels without one. Raises PermissionDenied and
    ValidationError.
    """
    _require_person_may(actor, delivery_id)
    if external_url:
        _require_url(external_url)
    confirmed = delivery_move(
        actor=actor,
        delivery_id=delivery_id,
        to=State.SENT,
        now=now,
        verb="delivery_confirmed",
        only={"state": State.UNKNOWN},
        sent_at=now,
        external_url=external_url,
        error="",
    )
    return confirmed or _refuse(_("The outcome of this delivery is not unknown any more. Nothing was changed."))


def _require_url(address: str) -> None:
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError as error:
        message = _("“%(address)s” is not an address. Copy it from the channel.") % {"address": address}
        raise ValidationError({"external_url": message}) from error


def _require_person_may(actor, delivery_id: int) -> None:
    """Guard for verbs of people; ``actor=None`` is the system itself."""
    if actor is None:
        return
    is_visible = deliveries_visible_to(actor).filter(pk=delivery_id).exists()
    if not (actor.has_perm("pr_workflow.change_delivery") and is_visible):
        raise PermissionDenied(_("You may not change this delivery. Ask the IT officer of the agency."))


def _refuse(message: str):
    raise ValidationError({"state": message})
