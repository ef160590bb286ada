"""Readers who come to the address of news that left the site are told so, instead of an empty 404 (R50)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import select_template
from django.utils.cache import patch_cache_control
from wagtail.models import Site

from .people.models import Agency
from .publishing.gone import Gone, gone_at

#: A site may bring its own page; it gets `gone`.
TEMPLATES = ("gone.html", "pr_workflow/gone.html")


def _agency(request: HttpRequest) -> Agency | None:
    site = Site.find_for_request(request)
    return Agency.objects.filter(site=site).first() if site else None


def gone_response(request: HttpRequest, gone: Gone) -> HttpResponse:
    """301 to the item that took its place, else a page with the reason. No search engine keeps it, no cache either:
    the item may come back."""
    response: HttpResponse
    if gone.replacement is not None:
        response = HttpResponsePermanentRedirect(gone.replacement.url)
    else:
        page = select_template(TEMPLATES).render({"gone": gone}, request)
        response = HttpResponse(page, status=gone.status, headers={"X-Robots-Tag": "noindex"})
    patch_cache_control(response, no_cache=True)
    return response


class GoneAnswers:
    """Middleware, after Wagtail's redirects: looks only where the page tree found nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        match: Any = getattr(request, "resolver_match", None)
        if response.status_code != 404 or match is None or match.url_name != "wagtail_serve":
            return response
        if request.method not in ("GET", "HEAD"):
            return response
        gone = gone_at(_agency(request), request.path)
        return gone_response(request, gone) if gone else response
