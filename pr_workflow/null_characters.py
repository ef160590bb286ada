"""No address holds a null character: PostgreSQL and SQLite cannot look for one, and would answer with an error 500."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _

from .api.problems import ProblemFound, problem_response


class NoNullCharacters:
    """Middleware, first after the static files: answers 400 to an address with a null character in it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            return null_answer(request)
        return self.get_response(request)


def null_answer(request: HttpRequest) -> HttpResponse:
    """A sentence for people, a problem document for programs."""
    text = _("The address contains a null character, which cannot be searched for. Remove it and try again.")
    if request.path.startswith("/api/"):
        return problem_response(request, ProblemFound(400, "invalid-request", text))
    return HttpResponseBadRequest(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
