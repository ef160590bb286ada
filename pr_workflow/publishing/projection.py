"""Builds what the public sees of a page, as finished JSON (design §3). A projection: pages are the truth.

Everything in a row follows from the page, its live revision and its postings, so `rebuild_published` makes the same
row again at any time.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import swapper
from django.conf import settings
from django.db import transaction
from django.utils import translation
from wagtail.models import PageViewRestriction, Revision

from ..approval.content_hash import content_hash
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
from ..people.selectors import agency_for_page
from ..thai_time import BANGKOK, fiscal_year_be
from .models import Posting, PublishedItem, PublishedLabel

Page = swapper.load_model("wagtailcore", "Page")


@dataclass(frozen=True)
class Projection:
    """The row a page has, or should have: field values and labels (kind, value)."""

    page_pk: int
    fields: dict[str, Any]
    labels: frozenset[tuple[str, str]]


def published_item_write(*, page, revision: Revision, now: datetime) -> PublishedItem:
    """Write or refresh the row of a page that has just gone live, in the caller's transaction.

    `published_at` stays the first go-live over later revisions. `now` (aware) is the time of this go-live. A page in
    a private section gets no row: the result is then unsaved (`pk` None) and only tells what went live (I5).
    """
    written = PublishedItem.objects.filter(page_id=page.pk, revision_id=revision.pk, updated_at=now)
    if item := written.first():
        return item  # the door of `page_published` wrote it a moment ago, in this very transaction
    projection = projection_of(page, revision=revision, now=now)
    if projection is None or not is_public(page):
        published_item_remove(page.pk)
        return PublishedItem(page_id=page.pk, **(projection.fields if projection else {}))
    return _store(projection)


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
    return _store(projection)


def published_item_remove(page_pk: int) -> None:
    """Take the row of a page away; nothing happens when it has none."""
    PublishedItem.objects.filter(page_id=page_pk).delete()


def is_public(page) -> bool:
    """Live, its own page and not a mere alias, and neither it nor anything above it has a view restriction."""
    paths = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
    if not page.live or page.alias_of_id:
        return False
    return not PageViewRestriction.objects.filter(page__path__in=paths).exists()


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


def projection_of(page, *, revision: Revision | None, now: datetime) -> Projection | None:
    """What the row of this page says; None for a page outside every agency's site. Writes nothing but picture sizes."""
    agency = agency_for_page(page)
    if agency is None or not page.full_url:
        return None
    return projection_from(page, facts_of(page, agency, revision, now))


def facts_of(page, agency: Agency, revision: Revision | None, now: datetime) -> Facts:
    """Ask the database what the row needs.

    The postings know the first go-live and that of the present version; Wagtail's own times only stand in.
    """
    rows = Posting.objects.filter(page_id=page.pk, went_live_at__isnull=False)
    went_live: dict[Any, Any] = dict(rows.values_list("revision_id", "went_live_at"))
    return Facts(
        agency=agency,
        media=media_of([page], base_url=agency.site.root_url),
        uuid=_public_uuid(page),
        published_at=min(went_live.values(), default=page.first_published_at or now),
        updated_at=went_live.get(revision and revision.pk) or page.last_published_at or now,
        revision_pk=revision.pk if revision else None,
        content_hash=content_hash(revision) if revision else "",
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


def _public_uuid(page) -> uuid.UUID:
    """The page's own; a former alias shares it with its source and gets one derived from both numbers."""
    own = PublishedItem.objects.filter(page_id=page.pk).values_list("uuid", flat=True).first()
    if own:
        return own
    if PublishedItem.objects.filter(uuid=page.uuid).exists():
        return uuid.uuid5(page.uuid, str(page.pk))
    return page.uuid


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


def _store(projection: Projection) -> PublishedItem:
    """Write the row and its labels, touching only what differs."""
    with transaction.atomic():
        item = PublishedItem.objects.select_for_update().filter(page_id=projection.page_pk).first()
        if item is None:
            item = PublishedItem.objects.create(page_id=projection.page_pk, **projection.fields)
        elif row_differences(item, projection):
            for name, value in projection.fields.items():
                setattr(item, name, value)
            item.save()
        _store_labels(item, projection.labels)
    return item


def row_differences(item: PublishedItem, projection: Projection) -> list[str]:
    """Names of the fields in which a row is not what it should be."""
    return [name for name, value in projection.fields.items() if getattr(item, name) != value]


def _store_labels(item: PublishedItem, wanted: frozenset[tuple[str, str]]) -> None:
    found = {(label.kind, label.value): label.pk for label in item.labels.all()}
    outdated = [pk for label, pk in found.items() if label not in wanted]
    if outdated:
        PublishedLabel.objects.filter(pk__in=outdated).delete()
    PublishedLabel.objects.bulk_create(
        [PublishedLabel(item=item, kind=kind, value=value) for kind, value in sorted(wanted - found.keys())]
    )
