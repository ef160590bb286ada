"""Addresses no row can have: with a null character, or a number beyond every key.

The databases cannot look for them and would answer with an error 500.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _

from .api.problems import ProblemFound, problem_response
from .row_keys import LARGEST_KEY


class NoNullCharacters:
    """Middleware, first after the static files: answers 400 to an address with a null character in it, 404 to one that
    names a number no row can have."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            return null_answer(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        if request.path.startswith("/api/pr/"):
            return  # names the parameter itself
        named = [*kwargs.values(), *request.GET.getlist("id")]
        if any(_is_beyond_every_key(str(value)) for value in named):
            raise Http404


def _is_beyond_every_key(text: str) -> bool:
    digits = text.lstrip("0")
    return digits.isdecimal() and (len(digits) > len(str(LARGEST_KEY)) or int(digits) > LARGEST_KEY)


def null_answer(request: HttpRequest) -> HttpResponse:
    """A sentence for people, a problem document for programs."""
    text = _("The address contains a null character, which cannot be searched for. Remove it and try again.")
    if request.path.startswith("/api/"):
        return problem_response(request, ProblemFound(400, "invalid-request", text))
    return HttpResponseBadRequest(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
