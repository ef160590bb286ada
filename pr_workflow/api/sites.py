"""Whose API is it? The host name decides, and nothing else: each site serves its own agency only (I5)."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Site

from ..people.models import Agency
from ..publishing.models import PublishedItem, PublishedItemQuerySet
from .problems import not_found


def agency_of_request(request: HttpRequest) -> Agency:
    """The agency of the host that was asked. Raises ProblemFound (404) for a host without one."""
    site = Site.find_for_request(request)
    agency = Agency.objects.filter(site=site).first() if site else None
    if agency is None:
        raise not_found(_("This host name belongs to no agency."))
    return agency


def published_here(request: HttpRequest) -> PublishedItemQuerySet:
    """The public items of the host that was asked, in no order yet. Raises ProblemFound (404)."""
    return PublishedItem.objects.filter(agency_id=agency_of_request(request).pk)
