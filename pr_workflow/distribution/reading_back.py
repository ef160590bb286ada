"""Reading back what became of a post whose outcome is unclear."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from .adapters import ChannelError, ChannelUnclear, Receipt, adapter_for
from .ledger import delivery_move
from .models import Delivery
from .policy import MAX_ATTEMPTS, MAX_LOOKUPS, SETTLE, lookup_wait

logger = logging.getLogger(__name__)
State = Delivery.State


@transaction.atomic
def delivery_lease_expire(*, actor, delivery_id: int, now: datetime) -> Delivery | None:
    """Sending → unknown when the sender did not report back in time; None when there is nothing to do."""
    return delivery_move(
        actor=actor,
        delivery_id=delivery_id,
        to=State.UNKNOWN,
        now=now,
        verb="delivery_unknown",
        only={"state": State.SENDING, "lease_until__lt": now},
        next_attempt_at=now + lookup_wait(0),
        lookups=0,
        error=_("The worker that was sending did not report back."),
    )


def delivery_reconcile(*, actor, delivery_id: int, now: datetime) -> Delivery:
    """Ask the channel what became of an unclear row; returns the row as it then is.

    Found → sent. Surely absent, and the channel had time to show it → due again, or failed when the attempts are used
    up. Undecidable → stays unknown and is asked again, at last by a person. Other states are left alone.
    Serves I2 and R57.
    """
    delivery = Delivery.objects.select_related("channel", "page").get(pk=delivery_id)
    if delivery.state != State.UNKNOWN:
        return delivery
    try:
        receipt = adapter_for(delivery.channel).find(delivery)
    except ChannelError as error:
        _still_unclear(delivery, error, actor=actor, now=now)
    except Exception as error:  # reading changes nothing in the channel, so the row simply stays unclear
        logger.error("Delivery %s: reading back broke with %s", delivery.uuid, type(error).__name__)
        _still_unclear(delivery, ChannelUnclear(_("The post could not be read back.")), actor=actor, now=now)
    else:
        if receipt:
            _found(delivery, receipt, actor=actor, now=now)
        elif now - delivery.last_state_change < SETTLE:
            _still_unclear(delivery, ChannelUnclear(_("The post does not show up yet.")), actor=actor, now=now)
        else:
            _absent(delivery, actor=actor, now=now)
    return Delivery.objects.get(pk=delivery_id)


def _as_read(delivery: Delivery) -> dict:
    """The row as it was when the channel was asked; a slower answer than another's changes nothing."""
    return {"state": State.UNKNOWN, "attempts": delivery.attempts, "lookups": delivery.lookups}


@transaction.atomic
def _found(delivery: Delivery, receipt: Receipt, *, actor, now: datetime) -> None:
    told = receipt.posted_at
    delivery_move(
        actor=actor,
        delivery_id=delivery.pk,
        to=State.SENT,
        now=now,
        verb="delivery_sent",
        only=_as_read(delivery),
        sent_at=told if told and delivery.went_live_at <= told <= now else now,
        error="",
        **receipt.fields(),
    )


@transaction.atomic
def _absent(delivery: Delivery, *, actor, now: datetime) -> None:
    gives_up = delivery.attempts >= MAX_ATTEMPTS
    delivery_move(
        actor=actor,
        delivery_id=delivery.pk,
        to=State.FAILED if gives_up else State.DUE,
        now=now,
        verb="delivery_failed" if gives_up else "delivery_due",
        only=_as_read(delivery),
        next_attempt_at=None if gives_up else now,
        error=_("The channel was read back: the post is not there."),
    )


def _still_unclear(delivery: Delivery, error: ChannelError, *, actor, now: datetime) -> None:
    """Count the read-back and set the next; none any more means that a person must look."""
    lookups = delivery.lookups + 1
    waits_for_person = lookups >= MAX_LOOKUPS or getattr(error, "for_person", False)
    Delivery.objects.filter(pk=delivery.pk, **_as_read(delivery)).update(
        lookups=lookups,
        next_attempt_at=None if waits_for_person else now + lookup_wait(lookups),
        error=delivery.channel.without_secret(str(error)),
    )
