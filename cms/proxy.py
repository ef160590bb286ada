"""Behind a reverse proxy every request seems to come from the proxy; this restores the visitor's address."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ClientAddress:
    """Takes the address the proxy itself added: the last entry of ``X-Forwarded-For``.

    Earlier entries come from the visitor and may be invented; the audit log (R71) and the login throttle need a true
    one.
    Installed only with ``PRAKAT_BEHIND_PROXY=1``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if address:
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)
