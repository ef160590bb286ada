"""Webhook: a signed JSON event for another system, after the Standard Webhooks specification."""

import json
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from standardwebhooks import Webhook

from .base import ChannelRefused, ChannelUnclear, DeliveryFacts, Message, Receipt
from .http import accept_or_raise, exchange


class WebhookAdapter:
    """Posts the event with ``webhook-id`` = idempotency key, so that a receiver can drop a repetition by itself.

    The specification knows no way to look an event up. A receiver that offers one (``<lookup_url>/<webhook-id>``
    answers 200 with the id, or 404) has its unclear events read back, any other leaves them to a person.
    """

    def __init__(self, *, url: str, secret: str, lookup_url: str = ""):
        self._url = url
        self._secret = secret
        self._lookup_url = lookup_url

    def send(self, delivery: DeliveryFacts, message: Message) -> Receipt:
        """See ChannelAdapter.send."""
        body = json.dumps(event_of(delivery, message), ensure_ascii=False, sort_keys=True)
        headers = self._signed_headers(delivery, body)
        answer = exchange("POST", self._url, headers=headers, data=body.encode())
        accept_or_raise(answer)
        return Receipt(external_id=str(delivery.idempotency_key))

    def find(self, delivery: DeliveryFacts) -> Receipt | None:
        """See ChannelAdapter.find."""
        if not self._lookup_url:
            raise ChannelUnclear(
                _("This receiver offers no way to look a post up. Ask its owner whether it arrived."), for_person=True
            )
        address = f"{self._lookup_url.rstrip('/')}/{delivery.idempotency_key}"
        answer = exchange("GET", address, headers=self._signed_headers(delivery, ""))
        if answer.status == 200 and str(delivery.idempotency_key).encode() in answer.body:
            return Receipt(external_id=str(delivery.idempotency_key))
        if answer.status == 404:
            return None
        raise ChannelUnclear(
            _("The receiver could not say whether the post arrived (HTTP %(status)s).") % {"status": answer.status}
        )

    def _signed_headers(self, delivery: DeliveryFacts, body: str) -> dict[str, str]:
        message_id = str(delivery.idempotency_key)
        moment = datetime.now(UTC)  # receivers compare it with their own clock
        try:
            signature = Webhook(self._secret).sign(message_id, moment, body)
        except Exception as error:  # the library raises whatever its decoding of the secret raises
            raise ChannelRefused(
                _("The signing secret of the channel is not valid. Enter it again at the channel."), permanent=True
            ) from error
        return {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signature,
        }


def event_of(delivery: DeliveryFacts, message: Message) -> dict[str, Any]:
    """The event: the same bytes at every attempt, so that the receiver may compare them."""
    return {
        "type": "news.updated" if message.is_update else "news.published",
        "timestamp": delivery.went_live_at.astimezone(UTC).isoformat(),
        "data": {
            "title": message.title,
            "lead": message.lead,
            "url": message.url,
            "agency": message.agency_name,
            "published_at": message.published_at.astimezone(UTC).isoformat(),
            "content_hash": message.content_hash,
            "detail": message.detail,
        },
    }
