"""The public search page. Wrong input gets a sentence and status 400 or 404, never a 500."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Site

from . import conf
from .query_form import SearchForm
from .selectors import search_pages

TEMPLATE = "pr_search/search.html"


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Results for `?q=…&page=…` on the site of the request's host (R61). 404 when no site has that host."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404("No site answers at this address.")
    form = SearchForm(request.GET)
    if form.is_valid():
        context, status = _found(form.cleaned_data["q"], form.cleaned_data["page"], site)
    else:
        errors = [message for messages in form.errors.values() for message in messages]
        context = {"errors": errors, "query": "" if "q" in form.errors else request.GET.get("q", "")}
        status = HTTPStatus.BAD_REQUEST
    context |= {"base_template": conf.base_template(), "longest_query": conf.max_query_length()}
    response = TemplateResponse(request, TEMPLATE, context, status=status)
    # Result pages are endless: crawlers shall read the pages themselves.
    response["X-Robots-Tag"] = "noindex"
    return response


def _found(query: str, number: int, site: Site) -> tuple[dict[str, Any], HTTPStatus]:
    context: dict[str, Any] = {"query": query, "errors": []}
    if not query:
        return context, HTTPStatus.OK
    size = conf.page_size()
    results = search_pages(query, site=site, limit=size, offset=(number - 1) * size)
    last = max(1, -(-results.total // size))
    if number > last:
        context["errors"] = [
            _("There is no page %(number)d of these results. Start again at page 1.") % {"number": number}
        ]
        return context, HTTPStatus.NOT_FOUND
    context |= {
        "results": results,
        "number": number,
        "last": last,
        "first_on_page": (number - 1) * size + 1,
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < last else None,
    }
    return context, HTTPStatus.OK
