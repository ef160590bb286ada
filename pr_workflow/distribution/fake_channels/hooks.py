"""A receiver of signed webhooks that tells repetitions apart and lets events be looked up."""

import json
from collections.abc import Mapping
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from .ledger import Ledger

Reply = tuple[int, dict[str, Any]]


def signature_error(secret: str | None, headers: Mapping[str, str], body: bytes) -> Reply | None:
    """The refusal for a bad signature; None when it is fine or no secret is known for this receiver."""
    if secret is None:
        return None
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        return 401, {"error": "The signature does not fit."}
    return None


def receive(ledger: Ledger, name: str, event_id: str, body: bytes) -> Reply:
    """Take an event. A repetition is answered the same way but kept apart in the ledger."""
    try:
        event = json.loads(body)
    except ValueError:
        return 400, {"error": "The event is not JSON."}
    repeated = bool(ledger.entries(kind="webhook", name=name, event_id=event_id))
    ledger.add(kind="webhook", name=name, event_id=event_id, repeated=repeated, event=event)
    return 202, {}


def look_up(ledger: Ledger, name: str, event_id: str) -> Reply:
    """Whether an event arrived."""
    found = ledger.entries(kind="webhook", name=name, event_id=event_id)
    return (200, {"id": event_id}) if found else (404, {"error": "No such event."})
