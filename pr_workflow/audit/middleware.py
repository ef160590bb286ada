"""Remembers where a request came from, so that each audit row can say it."""

from .services import request_address


class RequestAddress:
    """Sets the client address for the audit log while the request is served (check `audit_actor_time_ip`)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = request_address.set(request.META.get("REMOTE_ADDR", "") or "")
        try:
            return self.get_response(request)
        finally:
            request_address.reset(token)
