"""Website: posting already happened when the page went live, so this channel only looks whether the public sees it."""

import html
import re
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from .base import ChannelRefused, ChannelUnclear, DeliveryFacts, Message, Receipt
from .http import exchange

#: A page may name its content hash; then a stale cache in front of the site is noticed too.
CONTENT_HASH = re.compile(r'<meta\s+name="pr-content-hash"\s+content="([0-9a-f]{64})"')


class WebsiteAdapter:
    """Fetches the public address and looks for this very news.

    ``check_base_url`` is where the site answers from inside the server, for installations whose public address
    cannot be reached from there; the public host name travels in the Host header. Names under ``.localhost`` are this
    machine. With ``verify="record"`` no request is made and only our own records are compared: the page is live with
    exactly this revision. The receipt's identifier says which of the two was done (``http:`` or ``record:``).

    Looking changes nothing, so no failure here is ever unclear.
    """

    def __init__(self, *, check_base_url: str = "", verify: str = "http"):
        self._check_base_url = check_base_url
        self._verify = verify

    def send(self, delivery, message: Message) -> Receipt:
        """See ChannelAdapter.send."""
        page = delivery.page
        if page is None or not page.live or page.live_revision_id != delivery.revision_id:
            raise ChannelRefused(_("The page is not live with this revision."))
        if self._verify == "record":
            return Receipt(external_id=f"record:{message.content_hash}", external_url=message.url)
        self._look_at_page(message)
        return Receipt(external_id=f"http:{message.content_hash}", external_url=message.url)

    def find(self, delivery: DeliveryFacts) -> Receipt | None:
        """Always absent: looking once more is harmless and tells more than a guess."""
        return None

    def _look_at_page(self, message: Message) -> None:
        public = urlsplit(message.url)
        headers = {"Host": public.netloc, "X-Forwarded-Proto": public.scheme, "Cache-Control": "no-cache"}
        try:
            answer = exchange("GET", self._reachable(public), headers=headers)
        except ChannelUnclear as error:
            raise ChannelRefused(str(error)) from error
        if answer.status != 200:
            raise ChannelRefused(_("The public page answers with HTTP %(status)s.") % {"status": answer.status})
        body = answer.body.decode("utf-8", "replace")
        named_hash = CONTENT_HASH.search(body)
        if named_hash and named_hash[1] != message.content_hash:
            raise ChannelRefused(_("The public page still shows other content. A cache may be holding it back."))
        if message.title not in html.unescape(body):
            raise ChannelRefused(_("The public page does not show the title of the news."))

    def _reachable(self, public: SplitResult) -> str:
        if self._check_base_url:
            base = urlsplit(self._check_base_url)
            return public._replace(scheme=base.scheme, netloc=base.netloc).geturl()
        host = public.hostname or ""
        if host == "localhost" or host.endswith(".localhost"):
            return public._replace(netloc=f"127.0.0.1:{public.port}" if public.port else "127.0.0.1").geturl()
        return public.geturl()
