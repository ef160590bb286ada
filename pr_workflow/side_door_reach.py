"""Which pages an act of Wagtail's admin reaches beyond those its address names: all of a list, and what lies below."""

import json
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

import swapper
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from wagtail.models import AbstractPage

from .people.selectors import agency_for_page
from .row_keys import key_read_from

Page = swapper.load_model("wagtailcore", "Page")

#: Parts of an address that name the page that is acted on.
ACTED_ON = ("page_id", "page_to_move_id")
#: What the forms and interfaces call the place a page is moved to.
DESTINATIONS = ("chooser", "destination_page_id", "destination_id")
#: Positions of a move that put the page under its target; the others put it beside.
UNDER_TARGET = frozenset({"first-child", "last-child", "sorted-child"})


def has_own_chain(model: type) -> bool:
    """Whether content of this class becomes public only at the end of its chain; `finish` looks for the same sign."""
    return callable(getattr(model, "approval_finished", None))


def form_of(request) -> Mapping[str, Any]:
    """What was sent, as a form or as JSON."""
    if request.content_type != "application/json":
        return request.POST
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return sent if isinstance(sent, dict) else {}


def pages_sent(request) -> QuerySet:
    """The pages that the body of a request names as a place: where something is created, copied or moved to."""
    sent = form_of(request)
    meta = sent.get("meta")
    parent = meta.get("parent_id") if isinstance(meta, dict) else None
    return Page.objects.filter(pk__in=_numbers([sent.get("destination_id"), sent.get("destination_page_id"), parent]))


def pages_acted_on(request, kwargs: dict[str, Any]) -> QuerySet:
    """The pages that an act is about; for a bulk action with `id=all` those of the list it was asked from."""
    match = request.resolver_match
    if match.url_name != "wagtail_bulk_action":
        key = next((kwargs[part] for part in ACTED_ON if part in kwargs), None)
        if key is None and match.namespaces == ["wagtailadmin_api", "pages"]:
            key = kwargs.get("pk")
        return Page.objects.filter(pk__in=_numbers([key]))
    if (kwargs["app_label"], kwargs["model_name"]) != (Page._meta.app_label, Page._meta.model_name):
        return Page.objects.none()
    keys = request.GET.getlist("id")
    return _pages_listed(request) if "all" in keys else Page.objects.filter(pk__in=_numbers(keys))


def _pages_listed(request) -> QuerySet:
    """Wagtail takes the children of `childOf`, with a search all below it, and without it every page there is."""
    if "childOf" not in request.GET:
        return Page.objects.all()
    section = Page.objects.filter(pk__in=_numbers([request.GET["childOf"]])).first()
    if section is None:
        return Page.objects.none()
    return section.get_descendants() if request.GET.get("q") else section.get_children()


def _numbers(keys: Iterable[Any]) -> list[int]:
    return [number for key in keys if (number := key_read_from(key)) is not None]


def news_among(pages: QuerySet, *, and_below: bool) -> QuerySet:
    """The pages with a chain of their own among these, or also below them."""
    classes = [model for model in apps.get_models() if issubclass(model, AbstractPage) and has_own_chain(model)]
    types = ContentType.objects.get_for_models(*classes, for_concrete_models=False).values()
    news = Page.objects.filter(content_type__in=list(types))
    if not and_below:
        return news.filter(pk__in=pages.values("pk"))
    places = [Q(path__startswith=path) for path in pages.values_list("path", flat=True)]
    return news.filter(reduce(or_, places)) if places else news.none()


def leaves_its_agency(request, kwargs: dict[str, Any]) -> bool:
    """Whether a move would take news out of the site of its agency."""
    sent = form_of(request)
    named = _numbers([kwargs.get("destination_id"), *(sent.get(name) for name in DESTINATIONS)])
    places = list(Page.objects.filter(pk__in=named))
    if sent.get("position") and str(sent["position"]) not in UNDER_TARGET:
        places = [place.get_parent() or place for place in places]
    targets = [agency_for_page(place) for place in places]
    moved = pages_acted_on(request, kwargs) if targets else []
    return any(
        any(agency_for_page(page) != target for target in targets)
        and news_among(Page.objects.filter(pk=page.pk), and_below=True).exists()
        for page in moved
    )
