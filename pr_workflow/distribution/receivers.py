"""What the distribution step does when an earlier step announces something."""

from ..publishing.findings import Finding
from . import removals, services
from .jobs import delivery_send, enqueue
from .models import Delivery


def on_news_went_live(sender, *, page, revision, published_item, now, **kwargs):
    """Plan the deliveries and have them sent within seconds (S2 step 5). What fails here, the tick finds."""
    for delivery in services.delivery_plan(actor=None, item=published_item, now=now):
        if delivery.state == Delivery.State.DUE:
            enqueue(delivery_send, delivery.pk)


def on_news_taken_down(sender, *, page, now, **kwargs):
    """Call back what has not left yet, and ask for the removal of what has."""
    services.deliveries_call_back(actor=kwargs.get("actor"), page=page, now=now)
    removals.removals_ask(actor=None, page=page, now=now)


def on_check_findings_asked(sender, *, check, **kwargs) -> list[Finding]:
    """Whether every planned channel is posted or on its way; says nothing when none was planned (R45)."""
    rows = list(Delivery.objects.filter(revision_id=check.revision_id).select_related("channel").order_by("pk"))
    stuck = [str(row.channel) for row in rows if row.state in (Delivery.State.FAILED, Delivery.State.UNKNOWN)]
    return [Finding("complete", "channels", not stuck, ", ".join(stuck))] if rows else []


def on_delivery_sent(sender, *, delivery, now, **kwargs):
    """A post that got out while its news was being taken down has to be removed too."""
    if delivery.page is not None and not delivery.page.live:
        removals.removals_ask(actor=None, page=delivery.page, now=now)
