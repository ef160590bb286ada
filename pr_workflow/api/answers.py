"""What every answer has in common: read-only, revalidated on each use, problems as problem documents."""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _

from .problems import ProblemFound, not_found, problem_response

METHODS = "GET, HEAD"


def public_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the API as the outside sees it.

    HEAD is answered like GET. Any cache may keep an answer but must ask again before using it, so that a withdrawn item
    is gone at once; an unchanged answer costs only a 304.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                raise ProblemFound(405, "method-not-allowed", _("Use GET; nothing can be changed here."))
            request.method, asked = "GET", request.method
            try:
                response = view(request, *args, **kwargs)
            finally:
                request.method = asked
        except Http404:
            response = problem_response(request, not_found(_("There is no such address in this API.")))
        except ProblemFound as problem:
            response = problem_response(request, problem)
        except SuspiciousOperation:
            unreadable = ProblemFound(400, "invalid-request", _("The request cannot be read. Check its parameters."))
            response = problem_response(request, unreadable)
        return finished(request, response)

    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


def finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its tag and cache rules, or 304 when the reader has it already."""
    response["Access-Control-Allow-Origin"] = "*"
    if response.status_code == 405:
        response["Allow"] = METHODS
    if response.status_code != 200:
        return response
    if not response.has_header("ETag"):
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    patch_cache_control(response, public=True, no_cache=True)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
