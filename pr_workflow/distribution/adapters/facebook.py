"""Facebook Page: one post with a link in the page's feed.

The interface takes no idempotency key, so the link carries one: it is unique for the ledger row and found again in the
feed after an unclear outcome.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from .base import ChannelRefused, ChannelUnclear, DeliveryFacts, Message, Receipt
from .http import Answer, accept_or_raise, exchange
from .text import message_text

MARKER = "pr_delivery"
FIELDS = "id,permalink_url,created_time,attachments{unshimmed_url}"
PAGE_SIZE = 50
MOST_PAGES = 10
#: Clocks differ: posts this much older than our go-live still count when the feed is read back.
CLOCK_MARGIN = timedelta(minutes=15)

#: Error codes of the interface by meaning; any other code of a 4xx answer is a permanent refusal.
CODES_UNCLEAR = {1, 2, 506}  # unknown error, service unavailable, duplicate post
CODES_SLOW_DOWN = {4, 17, 32, 341, 368, 613}
CODES_TOKEN = {102, 190}


class FacebookAdapter:
    """Posts to ``{base_url}/{page_id}/feed`` with the page token in the Authorization header, never in an address."""

    def __init__(self, *, base_url: str, page_id: str, token: str):
        self._feed = f"{base_url.rstrip('/')}/{page_id}/feed"
        self._headers = {"Authorization": f"Bearer {token}"}

    def send(self, delivery: DeliveryFacts, message: Message) -> Receipt:
        """See ChannelAdapter.send."""
        answer = exchange(
            "POST",
            self._feed,
            headers=self._headers,
            data={"message": message_text(message), "link": marked_link(message.url, delivery)},
        )
        _raise_by_code(answer)
        accept_or_raise(answer)
        content = answer.json()
        post_id = content.get("id") if isinstance(content, dict) else None
        if not post_id:
            raise ChannelUnclear(_("The channel answered without the number of the post."))
        return Receipt(external_id=str(post_id), external_url=_post_url(post_id))

    def find(self, delivery: DeliveryFacts) -> Receipt | None:
        """See ChannelAdapter.find. Absent is believed only when the feed was read back to before the go-live."""
        oldest_needed = delivery.went_live_at - CLOCK_MARGIN
        after = None
        for _page in range(MOST_PAGES):
            posts, after = self._feed_page(after)
            for post in posts:
                if _carries_marker(post, delivery):
                    return Receipt(str(post["id"]), post.get("permalink_url") or _post_url(post["id"]), _created(post))
            oldest = min((moment for moment in map(_created, posts) if moment), default=None)
            if not posts or not after or (oldest and oldest < oldest_needed):
                return None
        raise ChannelUnclear(_("The feed of the channel is too long to be read back."))

    def _feed_page(self, after: str | None) -> tuple[list[dict[str, Any]], str | None]:
        params = {"fields": FIELDS, "limit": PAGE_SIZE, **({"after": after} if after else {})}
        answer = exchange("GET", self._feed, headers=self._headers, params=params)
        content = answer.json()
        if answer.status != 200 or not isinstance(content, dict) or not isinstance(content.get("data"), list):
            raise ChannelUnclear(_("The feed could not be read back (HTTP %(status)s).") % {"status": answer.status})
        paging = content.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after") if paging.get("next") else None
        return [post for post in content["data"] if isinstance(post, dict) and post.get("id")], after


def marked_link(url: str, delivery: DeliveryFacts) -> str:
    """The public address with the ledger row's key as a query parameter."""
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode({MARKER: delivery.idempotency_key.hex})]))
    return urlunsplit(parts._replace(query=query))


def _carries_marker(post: dict[str, Any], delivery: DeliveryFacts) -> bool:
    attachments = (post.get("attachments") or {}).get("data") or []
    links = [attachment.get("unshimmed_url") or "" for attachment in attachments]
    return any(delivery.idempotency_key.hex in parse_qs(urlsplit(link).query).get(MARKER, []) for link in links)


def _created(post: dict[str, Any]) -> datetime | None:
    try:
        moment = parse_datetime(post.get("created_time") or "")
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _post_url(post_id: str) -> str:
    return f"https://www.facebook.com/{post_id}"


def _raise_by_code(answer: Answer) -> None:
    """Read the interface's own error code, which says more than the HTTP status."""
    content = answer.json()
    error = content.get("error") if isinstance(content, dict) else None
    if not isinstance(error, dict) or answer.status < 400:
        return
    code = error.get("code")
    if code in CODES_UNCLEAR:
        raise ChannelUnclear(_("The channel failed while handling the post (code %(code)s).") % {"code": code})
    if code in CODES_SLOW_DOWN:
        raise ChannelRefused(
            _("The channel asks to slow down (code %(code)s).") % {"code": code}, retry_after=answer.retry_after
        )
    if code in CODES_TOKEN:
        raise ChannelRefused(
            _("The channel does not accept the token. Enter a new token at the channel, then try again."),
            permanent=True,
        )
