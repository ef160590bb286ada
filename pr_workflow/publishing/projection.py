"""Builds what the public sees of a page, as finished JSON (design §3). A projection: pages are the truth.

Everything in a row follows from the page, its live revision and its postings, so `rebuild_published` makes the same
row again at any time.
"""

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import swapper
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from wagtail.models import PageViewRestriction, Revision

from ..approval.content_hash import content_hash
from ..news.disclosure import Disclosure
from ..news.models import NewsPageMixin
from ..news.public_content import (
    PublicMedia,
    attachments_json,
    body_json,
    lead_image_json,
    media_of,
    photos_json,
)
from ..people.models import Agency
from ..people.selectors import agencies_for_pages, paths_above
from ..thai_time import BANGKOK, fiscal_year_be
from .models import Posting, PublishedItem, PublishedLabel

Page = swapper.load_model("wagtailcore", "Page")


#: Kind and value.
Labels = Set[tuple[str, str]]


@dataclass(frozen=True)
class Projection:
    """The row a page has, or should have: field values and labels (kind, value)."""

    page_pk: int
    fields: dict[str, Any]
    labels: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class GoneLive:
    """A page that has just gone live, with its version and the content hash, when the caller has just computed it."""

    page: Any
    revision: Revision
    sealed_hash: str = ""


def published_item_write(*, page, revision: Revision, now: datetime, sealed_hash: str = "") -> PublishedItem:
    """Write or refresh the row of a page that has just gone live; see `published_items_write`."""
    (item,) = published_items_write([GoneLive(page, revision, sealed_hash)], now=now)
    return item


def published_items_write(gone_live: Sequence[GoneLive], *, now: datetime) -> list[PublishedItem]:
    """Write or refresh the rows of pages that have just gone live, in the caller's transaction and in their order.

    `published_at` stays the first go-live over later revisions. `now` (aware) is the time of this go-live. A page in
    a private section gets no row: the result is then unsaved (`pk` None) and only tells what went live (I5).
    """
    pages = [each.page for each in gone_live]
    stored = _stored_rows(pages).select_for_update().prefetch_related("labels").order_by("pk")
    rows = {item.page_id: item for item in stored}
    known, private = known_of(pages, rows=rows), private_paths(pages)
    items, fresh, labels = [], [], []
    for each in gone_live:
        page, pk = each.page, each.page.pk
        projection = projection_of(page, revision=each.revision, now=now, known=known, sealed_hash=each.sealed_hash)
        if projection is None or not is_public(page, private):
            published_item_remove(pk)
            items.append(PublishedItem(page_id=pk, **(projection.fields if projection else {})))
            continue
        is_new = pk not in rows
        if is_new:
            rows[pk] = PublishedItem(page_id=pk)
            fresh.append(rows[pk])
        item = _filled(rows[pk], projection)
        labels.append((item, set() if is_new else _label_set(item), projection.labels))
        item.page, item.revision = page, each.revision  # whoever hears of it need not fetch them again
        items.append(item)
    PublishedItem.objects.bulk_create(fresh)
    _store_labels(labels)
    return items


def _stored_rows(pages: Iterable[Any]) -> QuerySet[PublishedItem]:
    """The rows of these pages, and those that hold their public numbers."""
    pages = list(pages)
    keys, numbers = [page.pk for page in pages], [page.uuid for page in pages]
    return PublishedItem.objects.filter(Q(page_id__in=keys) | Q(uuid__in=numbers))


@transaction.atomic
def published_item_refresh(page_pk: int, now: datetime) -> PublishedItem | None:
    """Make the row of a page true again: from the live page when it is public, otherwise no row (I5).

    Locks the page, so that taking it down at the same moment cannot leave a row behind. Idempotent; an unchanged row is
    not written.
    """
    locked = Page.objects.select_for_update().filter(pk=page_pk).first()
    page = locked.specific if locked else None
    projection = None
    if isinstance(page, NewsPageMixin) and is_public(page):
        projection = projection_of(page, revision=getattr(page, "live_revision", None), now=now)
    if projection is None:
        published_item_remove(page_pk)
        return None
    return _store(projection, PublishedItem.objects.select_for_update().filter(page_id=page_pk).first())


def published_item_remove(page_pk: int) -> None:
    """Take the row of a page away; nothing happens when it has none."""
    PublishedItem.objects.filter(page_id=page_pk).delete()


def private_paths(pages: Iterable[Any]) -> set[str]:
    """The places, of pages or of anything above them, that only some people may see (one query for any number)."""
    paths = {path for page in pages for path in paths_above(page)}
    return set(PageViewRestriction.objects.filter(page__path__in=paths).values_list("page__path", flat=True))


def is_public(page, private: set[str] | None = None) -> bool:
    """Live, its own page and not a mere alias, not withheld, and no view restriction on it or above it (I5, R12).

    `private` is what `private_paths` says, when the caller has asked it already.
    """
    if not page.live or page.alias_of_id or getattr(page, "disclosure", "") == Disclosure.WITHHELD:
        return False
    return (private_paths([page]) if private is None else private).isdisjoint(paths_above(page))


@dataclass(frozen=True)
class Known:
    """What the rows of some pages are made from, asked for all of them together by `known_of`."""

    #: The rows of these pages and of their public numbers, by page.
    rows: dict[int, PublishedItem]
    #: By the path of the page.
    agencies: dict[str, Agency | None]
    media: PublicMedia
    #: By page, then by version.
    went_live: dict[int, dict[int, datetime]]


def known_of(pages: Sequence[Any], *, rows: dict[int, PublishedItem] | None = None) -> Known:
    """Ask the database what the rows need. `rows` are those there are, when the caller holds them.

    The postings know the first go-live and that of the present version; Wagtail's own times only stand in.
    """
    if rows is None:
        rows = {item.page_id: item for item in _stored_rows(pages).only("page_id", "uuid")}
    again = [page.pk for page in pages if not getattr(page, "goes_live_first", False)]
    went_live: dict[int, dict[int, datetime]] = defaultdict(dict)
    if again:
        postings = Posting.objects.filter(page_id__in=again, went_live_at__isnull=False)
        for page_pk, revision_pk, moment in postings.values_list("page_id", "revision_id", "went_live_at"):
            if moment:
                went_live[page_pk][revision_pk] = moment
    return Known(rows, agencies_for_pages(pages), media_of(pages, base_url=""), went_live)


@dataclass(frozen=True)
class Facts:
    """What a row says beyond the page's own fields; gathered for one page by `facts_of`. Times are aware."""

    agency: Agency
    media: PublicMedia
    uuid: uuid.UUID
    published_at: datetime
    updated_at: datetime
    revision_pk: int | None = None
    content_hash: str = ""


def projection_of(
    page, *, revision: Revision | None, now: datetime, known: Known | None = None, sealed_hash: str = ""
) -> Projection | None:
    """What the row of this page says; None for a page outside every agency's site. Writes nothing but picture sizes.

    `known` is what `known_of` says and `sealed_hash` the content hash, when the caller has them.
    """
    known = known or known_of([page])
    agency = known.agencies[page.path]
    if agency is None or not page.full_url:
        return None
    sealed_hash = sealed_hash or (content_hash(revision) if revision else "")
    return projection_from(page, facts_of(page, agency, revision, now, known, sealed_hash))


def facts_of(page, agency: Agency, revision: Revision | None, now: datetime, known: Known, sealed_hash: str) -> Facts:
    """What is known of many pages, for one of them."""
    first = getattr(page, "goes_live_first", False) and revision is not None
    went_live: dict[Any, datetime] = {revision.pk: now} if first and revision else known.went_live.get(page.pk, {})
    return Facts(
        agency=agency,
        media=replace(known.media, base_url=agency.site.root_url),
        uuid=_public_uuid(page, known.rows),
        published_at=min(went_live.values(), default=page.first_published_at or now),
        updated_at=went_live.get(revision and revision.pk) or page.last_published_at or now,
        revision_pk=revision.pk if revision else None,
        content_hash=sealed_hash,
    )


def projection_from(page, facts: Facts) -> Projection:
    """The row, ready to be stored. Its texts are in the site's own language, whoever triggers the refresh."""
    with translation.override(settings.LANGUAGE_CODE):
        entry = _entry(page, facts)
        detail = {**entry, **_detail(page, facts)}
    detail_json = _dumps(detail)
    fields = {
        "uuid": facts.uuid,
        "agency_id": facts.agency.pk,
        "revision_id": facts.revision_pk,
        **{name: entry[name] for name in ("title", "lead", "url", "fiscal_year_be")},
        "news_type": entry["type"],
        "event_date": page.event_date,
        "published_at": facts.published_at,
        "updated_at": facts.updated_at,
        "list_json": _dumps(entry),
        "detail_json": detail_json,
        "content_hash": facts.content_hash,
        "etag": hashlib.sha256(detail_json.encode()).hexdigest(),
    }
    kinds = PublishedLabel.Kind
    labels = {(kinds.TAG.value, name) for name in entry["tags"]}
    labels |= {(kinds.AUDIENCE.value, key) for key in entry["target_groups"]}
    return Projection(page.pk, fields, frozenset(labels))


def _public_uuid(page, rows: dict[int, PublishedItem]) -> uuid.UUID:
    """The page's own; a former alias shares it with its source and gets one derived from both numbers."""
    if page.pk in rows:
        return rows[page.pk].uuid
    taken = any(item.uuid == page.uuid for item in rows.values())
    return uuid.uuid5(page.uuid, str(page.pk)) if taken else page.uuid


def _entry(page, facts: Facts) -> dict[str, Any]:
    tags = getattr(page, "tags", None)
    return {
        "uuid": str(facts.uuid),
        "type": page.news_type,
        "title": page.title,
        "lead": page.lead,
        "url": page.full_url,
        "event_date": page.event_date.isoformat() if page.event_date else None,
        "place": page.place,
        "published_at": _bangkok(facts.published_at),
        "updated_at": _bangkok(facts.updated_at),
        "fiscal_year_be": fiscal_year_be(page.event_date or facts.published_at),
        "tags": sorted({tag.name for tag in tags.all()}) if tags is not None else [],
        "target_groups": list(dict.fromkeys(page.target_groups)),
        "formats": list(dict.fromkeys(page.media_formats)),
        "important_day": _important_day(page, facts.agency),
        "plan_activity": _plan_activity(page, facts.agency),
        "responsible": _responsible(page, facts.agency),
        "image": lead_image_json(page, facts.media),
    }


def _detail(page, facts: Facts) -> dict[str, Any]:
    return {
        "agency": {"code": facts.agency.code, "name": facts.agency.name},
        "body": body_json(page, facts.media),
        "photos": photos_json(page, facts.media),
        "attachments": attachments_json(page, facts.media, with_digest=True),
        "content_hash": facts.content_hash,
    }


def _bangkok(moment: datetime) -> str:
    return moment.astimezone(BANGKOK).isoformat(timespec="seconds")


def _important_day(page, agency: Agency) -> dict[str, str] | None:
    day = page.important_day
    if day is None or day.agency_id not in (None, agency.pk):
        return None
    return {"key": day.key, "name": day.name_th}


def _plan_activity(page, agency: Agency) -> dict[str, str] | None:
    """The activity, once its plan is approved: the lines of a draft plan are nobody's business (I5)."""
    activity = page.plan_activity
    if activity is None or not activity.plan.live or activity.plan.agency_id != agency.pk:
        return None
    return {"uuid": str(activity.uuid), "code": activity.code, "title": activity.title}


def _responsible(page, agency: Agency) -> dict[str, str] | None:
    """Position and unit, never the name: the office answers, not the private person (PDPA)."""
    officer = page.responsible_officer
    if officer is None or officer.agency_id != agency.pk:
        return None
    return {"position": officer.position, "unit": officer.unit.name if officer.unit else ""}


def _dumps(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _store(projection: Projection, item: PublishedItem | None) -> PublishedItem:
    """Write the row and its labels, touching only what differs; `item` is the row it has, locked by the caller."""
    found: Labels = frozenset()
    if item is None:
        item = PublishedItem.objects.create(page_id=projection.page_pk, **projection.fields)
    else:
        item, found = _filled(item, projection), _label_set(item)
    _store_labels([(item, found, projection.labels)])
    return item


def _filled(item: PublishedItem, projection: Projection) -> PublishedItem:
    """The row as it should be; one that is stored already is written when it differs."""
    if row_differences(item, projection):
        for name, value in projection.fields.items():
            setattr(item, name, value)
        if item.pk:
            item.save()
    return item


def row_differences(item: PublishedItem, projection: Projection) -> list[str]:
    """Names of the fields in which a row is not what it should be."""
    return [name for name, value in projection.fields.items() if getattr(item, name) != value]


def _label_set(item: PublishedItem) -> Labels:
    return {(label.kind, label.value) for label in item.labels.all()}


def _store_labels(changes: Iterable[tuple[PublishedItem, Labels, Labels]]) -> None:
    """Bring the labels of stored rows up to date, all together: those each row has, and those it should have."""
    missing = []
    for item, found, wanted in changes:
        if outdated := found - wanted:
            keys = [label.pk for label in item.labels.all() if (label.kind, label.value) in outdated]
            PublishedLabel.objects.filter(pk__in=keys).delete()
        missing += [PublishedLabel(item=item, kind=kind, value=value) for kind, value in sorted(wanted - found)]
    PublishedLabel.objects.bulk_create(missing)
