"""News: list and detail, straight from the finished rows. Nothing is parsed or rendered while a reader waits."""

import json
from collections.abc import Callable
from datetime import date
from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from pydantic import BeforeValidator

from ..news.models import NewsType
from ..publishing.gone import Gone, gone_at, gone_item
from ..publishing.models import PublishedItem, PublishedItemQuerySet, PublishedLabel
from ..stages import TargetGroup
from .cursor import Cursor, cursor_from, read_cursor
from .parameters import (
    LIMIT_DEFAULT,
    FiscalYear,
    Limit,
    is_readable,
    iso_date,
    one_of,
    only_these_parameters,
    period_check,
    plain_text,
)
from .problems import Problem, ProblemFound, not_found, parameter_refused
from .schemas import NewsDetail, NewsPage
from .sites import agency_of_request, agency_pk_of_request, published_here

router = Router(tags=["news"])

LONGEST_PATH = 2000
REFUSED = {400: Problem, 404: Problem}
GONE = {410: Problem}


class NewsFilters(Schema):
    """Filters are joined by “and”. An unknown parameter is an error, never ignored."""

    fiscal_year: FiscalYear | None = Field(None, description="Fiscal year in B.E.", examples=[2570])
    type: Annotated[NewsType, BeforeValidator(one_of("type", NewsType))] | None = Field(
        None, description="Kind of item."
    )
    tag: Annotated[str, BeforeValidator(plain_text("tag"))] | None = Field(None, description="One tag, exactly.")
    audience: Annotated[TargetGroup, BeforeValidator(one_of("audience", TargetGroup))] | None = Field(
        None, description="Target group the item is for."
    )
    date_from: Annotated[date, BeforeValidator(iso_date("date_from"))] | None = Field(
        None, description="Day of the event, not earlier than this (ISO, C.E.)."
    )
    date_to: Annotated[date, BeforeValidator(iso_date("date_to"))] | None = Field(
        None, description="Day of the event, not later than this (ISO, C.E.)."
    )
    limit: Limit = Field(LIMIT_DEFAULT, description="Items on a page, 1 to 100.")
    cursor: Annotated[str, BeforeValidator(read_cursor)] | None = Field(
        None, description="`next_cursor` of the page before. The order is stable while news is published."
    )


def filtered(items: PublishedItemQuerySet, filters: NewsFilters) -> PublishedItemQuerySet:
    """The items that pass every filter."""
    columns = {
        "fiscal_year_be": filters.fiscal_year,
        "news_type": filters.type,
        "event_date__gte": filters.date_from,
        "event_date__lte": filters.date_to,
    }
    items = items.filter(**{name: value for name, value in columns.items() if value is not None})
    labels = {PublishedLabel.Kind.TAG: filters.tag, PublishedLabel.Kind.AUDIENCE: filters.audience}
    for kind, value in labels.items():
        if value is not None:
            items = items.filter(labels__kind=kind, labels__value=value)
    return items


@router.get("news", response={200: NewsPage, **REFUSED}, summary="List news", operation_id="listNews", url_name="news")
@router.get("news/", include_in_schema=False, url_name="news_slash")
@only_these_parameters(NewsFilters)
def news_list(request: HttpRequest, filters: Query[NewsFilters]):
    """Public news of this site's agency, newest publication first.

    Only what is live and open to everybody; drafts, scheduled and private items are in no answer. Follow `next` (or
    hand `next_cursor` back as `cursor`) for the next page. Answers carry an `ETag`: send it back as `If-None-Match`.
    """
    period_check(filters.date_from, filters.date_to)
    items = filtered(published_here(request), filters).newest_first()
    if filters.cursor:
        items = cursor_from(filters.cursor).after(items)
    rows = list(items.values_list("published_at", "id", "list_json")[: filters.limit + 1])
    page = rows[: filters.limit]
    cursor = str(Cursor(*page[-1][:2])) if len(rows) > len(page) else None
    entries = ",".join(entry for _moment, _key, entry in page)
    following = json.dumps({"next_cursor": cursor, "next": next_address(request, cursor)})
    response = HttpResponse(f'{{"items":[{entries}],{following[1:]}', content_type="application/json")
    if cursor:
        response["Link"] = f'<{next_address(request, cursor)}>; rel="next"'
    return response


def next_address(request: HttpRequest, cursor: str | None) -> str | None:
    """The address of the next page with the same filters."""
    if cursor is None:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def gone_problem(gone: Gone) -> ProblemFound:
    """What is said of an item that was public: 410 with the reason, 404 for one that comes back after a correction."""
    extra: dict[str, str] = {"kind": gone.kind}
    if gone.notice:
        extra["notice"] = gone.notice
    if gone.replacement is not None:
        extra["replaced_by"] = str(gone.replacement.uuid)
    if gone.status == 404:
        text = _("This item was taken off the site for a correction and will come back.")
        return ProblemFound(404, "not-found", text, extra=extra)
    return ProblemFound(410, "gone", _("This item was public and has been taken off the site."), extra=extra)


def detail_answer(items: QuerySet[PublishedItem], find_gone: Callable[[], Gone | None]) -> HttpResponse:
    """The one item of the queryset. Raises ProblemFound: 410 for one that left the site, 404 for all else (I5)."""
    row = items.values_list("detail_json", "etag").first()
    if row is None:
        if gone := find_gone():
            raise gone_problem(gone)
        raise not_found(_("There is no public item at this address. It may never have been public, or is no longer."))
    return HttpResponse(row[0], content_type="application/json", headers={"ETag": f'"{row[1]}"'})


class NewsAddress(Schema):
    """Where the page for people is."""

    path: str = Field(description="Path of the page on this site.", examples=["/news/handwashing/"])


@router.get(
    "news/by-path",
    response={200: NewsDetail, **REFUSED, **GONE},
    summary="News by the path of its page",
    operation_id="getNewsByPath",
    url_name="news_by_path",
)
@only_these_parameters(NewsAddress)
def news_by_path(request: HttpRequest, address: Query[NewsAddress]):
    """The item whose page for people has this path; for front ends that route by the same paths as this site."""
    path = unquote(address.path.strip())
    slug = path.strip("/").rpartition("/")[2]
    if not path.startswith("/") or len(path) > LONGEST_PATH or not is_readable(path) or not slug:
        raise parameter_refused("path", _("“path” must be the path of a page and begin with “/”."))
    agency = agency_of_request(request)
    url = agency.site.root_url + iri_to_uri(path if path.endswith("/") else f"{path}/")
    # The slug has an index, the whole address has none.
    items = PublishedItem.objects.filter(agency=agency, page__slug=slug, url=url)
    return detail_answer(items, lambda: gone_at(agency, path))


@router.get(
    "news/{uuid:item}",
    response={200: NewsDetail, 404: Problem, **GONE},
    summary="One news item",
    operation_id="getNews",
    url_name="news_detail",
)
@router.get("news/{uuid:item}/", include_in_schema=False, url_name="news_detail_slash")
@only_these_parameters()
def news_detail(request: HttpRequest, item: UUID):
    """One public item with its body, photos and files. 404 when it is not or not yet public; 410, with the reason, when
    it has left the site.
    """
    agency_pk = agency_pk_of_request(request)
    items = PublishedItem.objects.filter(agency_id=agency_pk, uuid=item)
    return detail_answer(items, lambda: gone_item(agency_pk, item))
