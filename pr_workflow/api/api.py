"""The public reading interface as one object; the installation mounts ``api.urls`` (R62)."""

from django.http import HttpRequest
from django.urls import URLPattern, re_path, reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError

from . import important_days, news, plans, staff
from .answers import public_view
from .documentation import PlainDocumentation
from .openapi import exact
from .problems import ProblemFound, not_found, on_problem, on_validation_error

DESCRIPTION = """
What a public agency has published: news, annual plans, important days, its staff directory.

Only content that is live and open to everybody. The host name decides which agency answers; no parameter changes
that. Dates are ISO in C.E., times carry the offset +07:00, fiscal years are B.E. (2570 runs from 1 October 2026 to
30 September 2027). Every answer has an `ETag`; send it back as `If-None-Match`, and an unchanged answer costs a 304.
A parameter that is unknown, malformed or given twice is refused with status 400 and an RFC 9457 problem document that
names it. Everything can be read without a key, nothing can be changed here.
"""


class PublicAPI(NinjaAPI):
    """Ninja's API with our rules for every answer, and a problem document for every address that does not exist."""

    def get_openapi_schema(self, **kwargs):
        """The machine-readable description."""
        return exact(super().get_openapi_schema(**kwargs))

    def _get_urls(self):
        patterns = super()._get_urls()
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = public_view(pattern.callback)
        return [*patterns, re_path("^.*$", public_view(no_such_address), name="no-such-address")]


def no_such_address(request: HttpRequest):
    """Everything below the API that is no endpoint."""
    raise not_found(_("There is no such address in this API."))


api = PublicAPI(
    title="Prakat public API",
    version="1.0.0",
    description=DESCRIPTION.strip(),
    docs=PlainDocumentation(),
    urls_namespace="pr-api",
)
api.add_exception_handler(ProblemFound, on_problem)
api.add_exception_handler(ValidationError, on_validation_error)


@api.get("", include_in_schema=False, url_name="start")
def start(request: HttpRequest):
    """Where everything is."""
    names = {
        "news": "news",
        "plans": "plans",
        "important_days": "important_days",
        "staff": "staff",
        "openapi": "openapi-json",
        "documentation": "openapi-view",
    }
    return {name: request.build_absolute_uri(reverse(f"pr-api:{view}")) for name, view in names.items()}


for resource in (news, plans, important_days, staff):
    api.add_router("", resource.router)
