"""The one way a ledger row changes: a conditional update, its audit row and its event, all or nothing."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from ..audit.services import audit_record
from ..signals import delivery_failed, delivery_sent
from .models import Delivery

_EVENTS: dict[str, Signal] = {Delivery.State.SENT: delivery_sent, Delivery.State.FAILED: delivery_failed}


def delivery_move(
    *, actor, delivery_id: int, to: str, now: datetime, verb: str, only: dict[str, Any], **changes: Any
) -> Delivery | None:
    """Move a row that still fulfils ``only`` to the state ``to``; None when it does not, because someone was faster.

    Runs in the caller's transaction. The database decides between two workers, never a value read before. ``changes``
    are field values; the lease and the next attempt end unless they are given.
    """
    values = {"lease_until": None, "next_attempt_at": None, **changes}
    rows = Delivery.objects.filter(pk=delivery_id, **only)
    if not rows.update(state=to, last_state_change=now, **values):
        return None
    delivery = Delivery.objects.select_related("agency", "channel", "page").get(pk=delivery_id)
    audit_record(actor=actor, verb=verb, target=delivery, now=now, data=audit_facts(delivery))
    if event := _EVENTS.get(delivery.state):
        transaction.on_commit(partial(event.send_robust, sender=Delivery, delivery=delivery, actor=actor, now=now))
    return delivery


def delivery_cancel_in(states, *, actor, delivery_id: int, reason: str, now: datetime) -> Delivery | None:
    """Cancel a row that is in one of the states; None when it is not."""
    return delivery_move(
        actor=actor,
        delivery_id=delivery_id,
        to=Delivery.State.CANCELLED,
        now=now,
        verb="delivery_cancelled",
        only={"state__in": states},
        error=reason,
    )


def audit_facts(delivery: Delivery) -> dict[str, Any]:
    """What the audit log keeps of a row besides its name; never a credential."""
    return {
        "state": delivery.state,
        "channel": str(delivery.channel.uuid),
        "revision": delivery.revision_id,
        "attempts": delivery.attempts,
        "external_id": delivery.external_id,
        "clock_seconds": delivery.clock_seconds,
        "reason": delivery.error,
    }
