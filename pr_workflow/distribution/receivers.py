"""What the distribution step does when an earlier step announces something."""

from . import services
from .jobs import delivery_send, enqueue
from .models import Delivery


def on_news_went_live(sender, *, page, revision, published_item, now, **kwargs):
    """Plan the deliveries and have them sent within seconds (S2 step 5). What fails here, the tick finds."""
    for delivery in services.delivery_plan(actor=None, item=published_item, now=now):
        if delivery.state == Delivery.State.DUE:
            enqueue(delivery_send, delivery.pk)


def on_news_taken_down(sender, *, page, now, **kwargs):
    """Call back what has not left yet."""
    services.deliveries_call_back(actor=kwargs.get("actor"), page=page, now=now)
