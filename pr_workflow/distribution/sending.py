"""Sending one ledger row, with the two transactions that promise I2 rests on."""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ..audit.services import audit_record
from .adapters import ChannelRefused, ChannelUnclear, Message, Receipt, adapter_for
from .ledger import audit_facts, delivery_cancel_in, delivery_move
from .models import Delivery
from .policy import LEASE, MAX_ATTEMPTS, lookup_wait, retry_wait
from .selectors import message_of

logger = logging.getLogger(__name__)
State = Delivery.State

#: States in which the answer of a late sender still tells the truth about its own attempt.
LATE_RECEIPT_STATES = (State.SENDING, State.UNKNOWN, State.DUE, State.FAILED, State.CANCELLED)


def delivery_send(*, actor, delivery_id: int, now: datetime) -> Delivery:
    """Send a due row once and write down what came of it; returns the row as it then is.

    Deliberately two transactions: ``sending`` is committed before the request leaves, so that a crash in between is
    seen and never repeated (I2). Calling it for a row that is not due, or that another worker holds, changes nothing.
    Raises RuntimeError inside a transaction, Delivery.DoesNotExist for an unknown id. Serves R57.
    """
    started = time.monotonic()
    claim = _claim(actor=actor, delivery_id=delivery_id, now=now)
    if claim is None:
        return Delivery.objects.get(pk=delivery_id)
    delivery, message = claim
    outcome = _post(delivery, message, started=started)
    moment = now + timedelta(seconds=time.monotonic() - started)
    with transaction.atomic():
        if isinstance(outcome, Receipt):
            _record_receipt(delivery, outcome, actor=actor, now=moment)
        elif isinstance(outcome, ChannelRefused):
            _record_refusal(delivery, outcome, actor=actor, now=moment)
        else:
            _record_doubt(delivery, outcome, actor=actor, now=moment)
    return Delivery.objects.get(pk=delivery_id)


def _claim(*, actor, delivery_id: int, now: datetime) -> tuple[Delivery, Message] | None:
    with transaction.atomic(durable=True):
        delivery = Delivery.objects.select_related("channel").get(pk=delivery_id)
        message = message_of(delivery)
        if message is None or not delivery.channel.active:
            reason = _("The channel is switched off.") if message else _("This revision is no longer public.")
            delivery_cancel_in((State.PLANNED, State.DUE), actor=actor, delivery_id=delivery_id, reason=reason, now=now)
            return None
        claimed = delivery_move(
            actor=actor,
            delivery_id=delivery_id,
            to=State.SENDING,
            now=now,
            verb="delivery_sending",
            only={"state": State.DUE, "next_attempt_at__lte": now},
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
            error="",
        )
    return (claimed, message) if claimed else None


def _post(delivery: Delivery, message: Message, *, started: float) -> Receipt | ChannelRefused | ChannelUnclear:
    """One attempt; every way it can end is a value."""
    try:
        adapter = adapter_for(delivery.channel)
        if time.monotonic() - started > LEASE.total_seconds() / 2:
            # Frozen between the claim and here: by the time the request is out, another worker may hold the row.
            return ChannelRefused(_("The worker was too slow to send."))
        return adapter.send(delivery, message)
    except (ChannelRefused, ChannelUnclear) as error:
        return error
    except Exception as error:  # an adapter that breaks may have broken after the request left
        logger.error("Delivery %s: the adapter broke with %s", delivery.uuid, type(error).__name__)
        return ChannelUnclear(_("The channel adapter broke (%(error)s).") % {"error": type(error).__name__})


def _record_receipt(delivery: Delivery, receipt: Receipt, *, actor, now: datetime) -> None:
    """Sent. A receipt that comes after the row was claimed anew is a second post: the log must say so."""
    moved = delivery_move(
        actor=actor,
        delivery_id=delivery.pk,
        to=State.SENT,
        now=now,
        verb="delivery_sent",
        only={"attempts": delivery.attempts, "state__in": LATE_RECEIPT_STATES},
        sent_at=now,
        error="",
        **receipt.fields(),
    )
    if moved is None and not Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts).exists():
        facts = {**audit_facts(delivery), "late_external_id": receipt.external_id}
        audit_record(actor=actor, verb="delivery_late_receipt", target=delivery, now=now, data=facts)


def _record_refusal(delivery: Delivery, refusal: ChannelRefused, *, actor, now: datetime) -> None:
    """Surely not posted: try again later, or give up (see policy.MAX_ATTEMPTS)."""
    gives_up = refusal.permanent or delivery.attempts >= MAX_ATTEMPTS
    delivery_move(
        actor=actor,
        delivery_id=delivery.pk,
        to=State.FAILED if gives_up else State.DUE,
        now=now,
        verb="delivery_failed" if gives_up else "delivery_postponed",
        only={"attempts": delivery.attempts, "state__in": (State.SENDING, State.UNKNOWN)},
        next_attempt_at=None if gives_up else now + retry_wait(delivery.attempts, refusal.retry_after),
        error=delivery.channel.without_secret(str(refusal)),
    )


def _record_doubt(delivery: Delivery, doubt: ChannelUnclear, *, actor, now: datetime) -> None:
    """Nobody knows: to be read back, first after the channel had time to show the post."""
    delivery_move(
        actor=actor,
        delivery_id=delivery.pk,
        to=State.UNKNOWN,
        now=now,
        verb="delivery_unknown",
        only={"attempts": delivery.attempts, "state": State.SENDING},
        next_attempt_at=now + lookup_wait(0),
        lookups=0,
        error=delivery.channel.without_secret(str(doubt)),
    )
