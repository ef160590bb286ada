"""Whose API is it? The host name decides, and nothing else: each site serves its own agency only (I5)."""

from collections.abc import Iterable
from typing import NamedTuple

from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.translation import gettext as _
from wagtail.models import Site

from ..people.models import Agency
from ..publishing.models import PublishedItem, PublishedItemQuerySet
from .problems import not_found


class SiteRow(NamedTuple):
    """What decides which site answers, and the agency it belongs to."""

    hostname: str
    port: int
    is_default: bool
    agency_pk: int | None


def site_for(rows: Iterable[SiteRow], hostname: str, port: int) -> SiteRow | None:
    """The site Wagtail would choose for a host: that host and port, else the only one of that host, else the default.

    Wagtail's own look-up takes longer than all the rest of an answer; a test holds the two together.
    """
    own = [row for row in rows if row.hostname == hostname]
    default = next((row for row in rows if row.is_default), None)
    exact = next((row for row in own if row.port == port), None)
    if exact or (default in own):
        return exact or default
    if len(own) == 1:
        return own[0]
    return default


def agency_pk_of_request(request: HttpRequest) -> int:
    """The key of the agency of the host that was asked; one query. Raises ProblemFound (404) for a host without one."""
    columns = ("hostname", "port", "is_default_site", "agency__pk")
    rows = [SiteRow(*row) for row in Site._base_manager.values_list(*columns)]
    hostname, _port = split_domain_port(request.get_host())
    site = site_for(rows, hostname, int(request.get_port()))
    if site is None or site.agency_pk is None:
        raise not_found(_("This host name belongs to no agency."))
    return site.agency_pk


def agency_of_request(request: HttpRequest) -> Agency:
    """The agency of the host that was asked, with its site. Raises ProblemFound (404) for a host without one."""
    return Agency.objects.select_related("site").get(pk=agency_pk_of_request(request))


def published_here(request: HttpRequest) -> PublishedItemQuerySet:
    """The public items of the host that was asked, in no order yet. Raises ProblemFound (404)."""
    return PublishedItem.objects.filter(agency_id=agency_pk_of_request(request))
