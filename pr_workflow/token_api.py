"""Wagtail's token API (v3, a preview) under our rules, wherever a site mounts it (I3, I4, I5, R36).

It names its callers only inside its views, answers refusals itself and saves in pieces. So the caller is found before
the view runs, the doors of `side_doors` and the wall between agencies are asked, and each request is one transaction.
Only pages are open to it: its lists of pictures, files, sites and snippets know no agencies.
"""

import json

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import APIToken

from .agency_wall import is_inside, rows_named
from .approval.reading import reading_refusal
from .people.selectors import agency_of, profile_of
from .people.standing import office_refusal
from .refusals import refusal_reason, refusal_record
from .side_door_reach import pages_sent
from .side_doors import side_door_refusal
from .token_api_words import said_in_words

NAMESPACE = "wagtailapi_v3"
#: What says who asks and how to ask, without rows of anybody.
OPEN_VIEWS = frozenset({"openapi-json", "openapi-view", "whoami", "api-root", "list_schemas", "get_schema_for_type"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenApiDoors:
    """Middleware, after `SideDoors`: guards every request to Wagtail's API v3."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        match = request.resolver_match
        return said_in_words(response) if match and NAMESPACE in match.namespaces else response

    def process_view(self, request, view, args, kwargs):
        if NAMESPACE not in request.resolver_match.namespaces:
            return None
        request.user = caller_of(request)
        try:
            refusal = self._refusal(request, view, kwargs)
        except PermissionDenied as refused:
            refusal = problem(403, refusal_reason(refused, request.user))
        if refusal is not None:
            return self._answer(request, refusal)
        if request.method in READING:
            return None
        with transaction.atomic():
            response = view(request, *args, **kwargs)
            # The API turns what was raised into an answer, so the transaction has to be told.
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return self._answer(request, response)

    def _refusal(self, request, view, kwargs) -> HttpResponse | None:
        name = request.resolver_match.url_name or ""
        if name in OPEN_VIEWS:
            return None
        user = request.user
        if "page" not in name:
            return problem(403, _("Only pages are open to this interface."))
        if not user.is_authenticated:
            return None  # the public reads what is live; for the rest the API itself asks for a token
        if request.method not in READING and (fault := _fault_of_body(request)):
            return fault
        if user.is_superuser:
            return self._door(request, view, kwargs)
        person = profile_of(user)
        if reason := office_refusal(person):
            return problem(403, reason)
        agency = person.agency if person else agency_of(user)
        if reason := reading_refusal(user, agency):
            return problem(403, reason)
        rows = [*rows_named(request, view, kwargs), *pages_sent(request)]
        if agency is not None and not all(is_inside(row, agency) for row in rows):
            return problem(404, _("Not found"))
        return self._door(request, view, kwargs)

    @staticmethod
    def _door(request, view, kwargs) -> HttpResponse | None:
        if request.method in READING:
            return None
        reason = side_door_refusal(request, view, kwargs)
        return problem(403, reason) if reason else None

    @staticmethod
    def _answer(request, response: HttpResponse) -> HttpResponse:
        if response.status_code in (403, 404) and request.method not in READING and request.user.is_authenticated:
            refusal_record(request=request, reason=_reason_of(said_in_words(response)), now=timezone.now())
        return response


def _fault_of_body(request) -> HttpResponse | None:
    """What is sent must be one JSON object and say so: the interface reads anything as JSON, our doors do not."""
    try:
        if not request.body:
            return None
    except RequestDataTooBig:
        return problem(413, _("More was sent than can be taken in one go."))
    if request.content_type != "application/json":
        return problem(415, _("Send JSON, with the header “Content-Type: application/json”."))
    try:
        is_object = isinstance(json.loads(request.body), dict)
    except (ValueError, RecursionError):
        is_object = False
    return None if is_object else problem(400, _("What was sent is not a JSON object."))


def caller_of(request):
    """The active account whose token the request carries; nobody for a session, as in the API itself."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return AnonymousUser()
    found = APIToken.objects.filter(key_hash__in=APIToken.candidate_key_hashes(token), revoked_at__isnull=True)
    row = found.select_related("user").first()
    return row.user if row and row.user.is_active else AnonymousUser()


def problem(status: int, detail: str) -> JsonResponse:
    """The API's own form of a refusal (RFC 9457)."""
    body = {"type": "about:blank", "title": "", "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _reason_of(response: HttpResponse) -> str:
    """The sentence inside a problem answer; the status when there is none."""
    try:
        return str(json.loads(response.content)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {response.status_code}"
