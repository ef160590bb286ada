"""One HTTP exchange with a channel, and the careful reading of how it failed.

The line between "surely not posted" and "unclear" is drawn here once: a request that could not leave is a refusal,
anything that goes wrong after it may have left is unclear.
"""

import json
import ssl
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
from django.utils.translation import gettext as _
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError, SSLError

from .base import ChannelRefused, ChannelUnclear

CONNECT_TIMEOUT = 5  # seconds
READ_TIMEOUT = 10  # seconds between two packets
TOTAL_TIMEOUT = 30  # seconds for reading the whole answer
LONGEST_ANSWER = 2_000_000  # bytes

#: The request could not even be written.
NEVER_TRIED = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
)


@dataclass(frozen=True)
class Answer:
    """A complete HTTP answer."""

    status: int
    body: bytes
    headers: Any

    def json(self) -> Any:
        """The decoded body, or None when it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def retry_after(self) -> timedelta | None:
        """The wait the channel asks for; only the form in seconds, which is the one such interfaces use."""
        value = self.headers.get("Retry-After", "")
        return timedelta(seconds=int(value)) if value.isascii() and value.isdigit() and len(value) < 7 else None


def exchange(method: str, url: str, **options: Any) -> Answer:
    """Send one request on a fresh connection, never retried and never redirected.

    Raises ChannelRefused when it surely did not leave and ChannelUnclear when it may have.
    """
    timeout = (CONNECT_TIMEOUT, READ_TIMEOUT)
    try:
        with requests.request(method, url, stream=True, allow_redirects=False, timeout=timeout, **options) as response:
            return Answer(response.status_code, _read(response), response.headers)
    except requests.ConnectionError as error:
        if _never_connected(error):
            raise ChannelRefused(_("The channel cannot be reached.")) from error
        raise ChannelUnclear(_("The connection broke while the channel was answering.")) from error
    except requests.Timeout as error:
        raise ChannelUnclear(_("The channel did not answer in time.")) from error
    except NEVER_TRIED as error:
        raise ChannelRefused(_("The address or the secret of the channel is not valid."), permanent=True) from error
    except requests.RequestException as error:
        raise ChannelUnclear(_("The answer of the channel could not be read.")) from error


def _read(response: requests.Response) -> bytes:
    """The body within the limits of time and size; what lies beyond them is not needed by any adapter."""
    deadline = time.monotonic() + TOTAL_TIMEOUT
    body = bytearray()
    for chunk in response.iter_content(16_384):
        body += chunk
        if len(body) > LONGEST_ANSWER or time.monotonic() > deadline:
            raise requests.exceptions.ContentDecodingError
    return bytes(body)


def _never_connected(error: requests.ConnectionError) -> bool:
    """Whether no connection was made, or not with a server we trust, so that nothing can have left."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, ProxyError):
        reason = reason.original_error
    if isinstance(reason, SSLError):
        return isinstance(reason.args[0] if reason.args else None, ssl.SSLCertVerificationError)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def accept_or_raise(answer: Answer) -> None:
    """Let a 2xx answer to a post pass and turn any other into the error it means.

    A 5xx is unclear, because a server may fail after it took the post; so are 408 and 409.
    """
    if 200 <= answer.status < 300:
        return
    if answer.status == 429:
        raise ChannelRefused(_("The channel asks to slow down (HTTP 429)."), retry_after=answer.retry_after)
    if answer.status >= 500 or answer.status in (408, 409):
        raise ChannelUnclear(
            _("The channel failed while handling the post (HTTP %(status)s).") % {"status": answer.status}
        )
    raise ChannelRefused(
        _("The channel refused the post (HTTP %(status)s).") % {"status": answer.status}, permanent=True
    )
