"""Celery jobs of the distribution step: ids in, one service call, safe to run twice or late.

The ledger alone says what is due; a job in the queue is only a hint that makes it sooner.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from . import selectors, services
from .models import Delivery

logger = logging.getLogger(__name__)

#: Rows one tick hands out at most; the rest waits for the next tick.
BATCH = 200


@shared_task(name="pr_workflow.tasks.delivery_send")
def delivery_send(delivery_id: int) -> str:
    """Send one row if it is still due; returns its state."""
    return services.delivery_send(actor=None, delivery_id=delivery_id, now=timezone.now()).state


@shared_task(name="pr_workflow.tasks.delivery_reconcile")
def delivery_reconcile(delivery_id: int) -> str:
    """Read one unclear row back and, when the post is surely absent, send it again; returns its state."""
    delivery = services.delivery_reconcile(actor=None, delivery_id=delivery_id, now=timezone.now())
    if delivery.state == Delivery.State.DUE:
        return delivery_send(delivery_id)
    return delivery.state


@shared_task(name="pr_workflow.tasks.distribution_tick")
def distribution_tick() -> dict[str, int]:
    """Every minute: find in the database whatever a lost event, job or worker left behind; returns counts.

    Plans what the go-live event missed, makes planned rows due, gives up leases that ran out, then orders the sending
    of due rows and the reading back of unclear ones. A row that breaks is logged and does not stop the others (I1).
    """
    now = timezone.now()
    rows = Delivery.objects
    return {
        "planned": _each(
            selectors.items_to_plan(now),
            lambda missing: services.delivery_plan(actor=None, item=missing[0], channels=missing[1], now=now),
        ),
        "ripened": _each(_ids(rows.ripe(now)), lambda pk: services.delivery_ripen(actor=None, delivery_id=pk, now=now)),
        "leases_expired": _each(
            _ids(rows.expired_lease(now)),
            lambda pk: services.delivery_lease_expire(actor=None, delivery_id=pk, now=now),
        ),
        "sending": _each(_ids(rows.due(now)), lambda pk: enqueue(delivery_send, pk)),
        "reading_back": _each(_ids(rows.readable_back(now)), lambda pk: enqueue(delivery_reconcile, pk)),
    }


def enqueue(job, delivery_id: int) -> None:
    """Put a job into the queue at once. A queue that cannot be reached costs a minute of delay, never the row."""
    try:
        job.apply_async((delivery_id,), retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("Delivery %s waits for the next tick, the queue cannot be reached: %s", delivery_id, error)


def _ids(rows) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _each(things: Iterable[Any], act: Callable[[Any], Any]) -> int:
    """Act on each thing, whatever happens to the others; returns for how many it worked."""
    worked = 0
    for thing in things:
        try:
            act(thing)
        except Exception:  # the next tick meets this row again
            logger.exception("The distribution tick could not handle %r", thing)
        else:
            worked += 1
    return worked
