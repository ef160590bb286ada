"""Entries of news: from the first draft with a wished date to what expires (S1 §4.2–4.5, I5).

The state of an item is asked of the records that own it: the version, the workflow, the posting, the page.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import swapper
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from ..news.selectors import news_page_models
from ..publishing.models import Posting
from ..seen_dates import seen_text
from ..thai_time import BANGKOK, bangkok_date
from .entry import Entry, EntryKind, Officer
from .reader import Reader

#: What an entry needs of a page; the text of the item stays where it is.
COLUMNS = (
    "pk", "path", "title", "draft_title", "live", "locked", "locked_by_id", "first_published_at", "last_published_at",
    "expire_at", "target_groups", "channels", "responsible_officer_id", "responsible_officer__display_name",
    "responsible_officer__unit_id", "responsible_officer__unit__name",
)  # fmt: skip


def moments(first: date, last: date) -> tuple[datetime, datetime]:
    """The beginning of the first day and the end of the last one, in Bangkok."""
    begin = datetime.combine(first, time(0), tzinfo=BANGKOK)
    return begin, datetime.combine(last, time(0), tzinfo=BANGKOK) + timedelta(days=1)


def drafts(reader: Reader, now: datetime) -> Iterator[Entry]:
    """What is being written or considered, dated and undated; nothing for who reads news when it is public.

    One query for each page class.
    """
    if not reader.works_on_news:
        return
    for model in news_page_models():
        for row in _unfinished(model, reader).values(*COLUMNS, "wish", "considered"):
            entry = _draft(row, reader, now)
            if entry is not None:
                yield entry


def _unfinished(model, reader: Reader) -> QuerySet:
    """Pages whose newest version is neither public nor handed to the IT officer."""
    kind = ContentType.objects.get_for_model(swapper.load_model("wagtailcore", "Page"))
    running = WorkflowState.objects.filter(
        base_content_type=kind,
        object_id=Cast(OuterRef("pk"), CharField()),
        status=WorkflowState.STATUS_IN_PROGRESS,
    )
    handed_on = Posting.objects.filter(revision=OuterRef("latest_revision_id"))
    handed_on = handed_on.filter(Q(closed_at__isnull=True) | Q(went_live_at__isnull=False))
    pages = model.objects.descendant_of(reader.agency.site.root_page)
    pages = pages.filter(Q(live=False) | Q(has_unpublished_changes=True), ~Exists(handed_on))
    return pages.annotate(considered=Exists(running), wish=KeyTextTransform("go_live_at", "latest_revision__content"))


def _draft(row: dict[str, Any], reader: Reader, now: datetime) -> Entry | None:
    wish = parse_datetime(row["wish"]) if row["wish"] else None
    if row["live"] and (wish is None or (row["last_published_at"] and wish <= row["last_published_at"])):
        return None  # a correction without a wish of its own; the page itself is in the calendar
    kind = EntryKind.CONSIDERED if row["considered"] else EntryKind.DRAFT
    is_locked = row["locked"] and row["locked_by_id"] != reader.user.pk
    return _of_item(
        kind,
        row["pk"],
        row["draft_title"],
        wish,
        row,
        note=_("locked") if row["locked"] else _("the wished date has passed") if wish and wish <= now else "",
        path=reverse("pr_admin:news_timeline", args=[row["pk"]]),
        movable=kind == EntryKind.DRAFT and not is_locked and row["path"].startswith(reader.may_edit_below),
    )


def postings(reader: Reader, first: date, last: date, now: datetime) -> Iterator[Entry]:
    """What is approved and waits for its time or has one. Two queries, and one for each page class more."""
    if not reader.works_on_news:
        return
    begin, end = moments(first, last)
    waiting = Q(go_live_at__isnull=True)
    dated = Q(go_live_at__gte=begin, go_live_at__lt=end) | (waiting & Q(wished_at__gte=begin, wished_at__lt=end))
    undated = waiting & Q(wished_at__isnull=True)
    rows = Posting.objects.open().filter(dated | undated, agency=reader.agency).select_related("revision")
    found = list(rows.defer("revision__content"))
    pages = _rows_of_pages({row.page_id for row in found})
    for row in found:
        yield _of_item(
            EntryKind.SCHEDULED if row.go_live_at else EntryKind.APPROVED,
            row.pk,
            row.revision.object_str,
            row.go_live_at or row.wished_at,
            pages.get(row.page_id, {}),
            note=_posting_note(row, now),
            path=reverse("pr_admin:news_timeline", args=[row.page_id]),
            movable=reader.posts and not row.has_lapsed(now),
        )


def _posting_note(row: Posting, now: datetime) -> str:
    if row.failure:
        return _("could not go live")
    if row.has_lapsed(now):
        return _("expired before it went live")
    return _("the wished date has passed") if row.asks_at(now) else ""


def _rows_of_pages(keys: set[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for model in news_page_models():
        found |= {row["pk"]: row for row in model.objects.filter(pk__in=keys).values(*COLUMNS)}
    return found


def public_items(reader: Reader, first: date, last: date) -> Iterator[Entry]:
    """What went live in the period, and what leaves the site in it. One query for each page class, two for a reader who
    does not work on news.

    When an item leaves the site is the business of who works on it; so is news that only some people may read (I5).
    """
    begin, end = moments(first, last)
    published = Q(first_published_at__gte=begin, first_published_at__lt=end)
    leaves = Q(expire_at__gte=begin, expire_at__lt=end)
    for model in news_page_models():
        pages = model.objects.descendant_of(reader.agency.site.root_page).filter(live=True)
        if not reader.works_on_news:
            pages = pages.public()
        for row in pages.filter(published | leaves if reader.works_on_news else published).values(*COLUMNS):
            path = reverse("pr_admin:news_timeline", args=[row["pk"]]) if reader.works_on_news else ""
            for kind, moment in ((EntryKind.LIVE, row["first_published_at"]), (EntryKind.EXPIRING, row["expire_at"])):
                if moment and begin <= moment < end and (kind == EntryKind.LIVE or reader.works_on_news):
                    yield _of_item(kind, row["pk"], row["title"], moment, row, path=path)


def _of_item(kind: EntryKind, pk: int, title: str, moment: datetime | None, row: dict[str, Any], **more) -> Entry:
    day = bangkok_date(moment) if moment else None
    officer = row.get("responsible_officer_id")
    return Entry(
        kind,
        pk,
        title,
        day,
        day,
        moment,
        officer=Officer(
            officer,
            row["responsible_officer__display_name"],
            row["responsible_officer__unit_id"],
            row["responsible_officer__unit__name"] or "",
        )
        if officer
        else None,
        target_groups=tuple(row.get("target_groups") or ()),
        channels=tuple(row.get("channels") or ()),
        seen_date=seen_text(moment),
        **more,
    )
