"""Search and references follow a go-live after its commit; what has not followed yet is a debt the tick pays (R61).

A posting that is live and has no `indexed_at` is the debt: it is written by the go-live itself, so a worker that dies
between the commit and the index leaves it behind, and the next tick pays it.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from modelsearch import index
from modelsearch.backends import get_search_backends_with_name
from modelsearch.tasks import insert_or_update_object_task
from wagtail import hooks
from wagtail.models import ReferenceIndex

from .models import Posting

logger = logging.getLogger(__name__)

_batch: ContextVar[bool] = ContextVar("publishing_batch", default=False)

#: So many pages share one look at the whole search index; the database is held no longer than that takes.
TOGETHER = 10
#: A page that cannot be indexed is tried again after this time, behind those that can.
PATIENCE = timedelta(minutes=2)


def search_debts() -> QuerySet[Posting]:
    """Postings that went live and are not in search and references yet, the oldest first."""
    return Posting.objects.filter(went_live_at__isnull=False, indexed_at__isnull=True).order_by("went_live_at", "pk")


def search_debts_pay(*, now: datetime, limit: int | None = None, until=lambda: False) -> int:
    """Index the pages of at most `limit` debts, or until `until()` says stop; returns how many were paid.

    Safe to call twice at once, and as often as you like. A page that cannot be indexed stays a debt.
    """
    paid = 0
    keys = list(search_debts().values_list("pk", flat=True)[:limit])
    for start in range(0, len(keys), TOGETHER):
        if until():
            break
        part = list(Posting.objects.filter(pk__in=keys[start : start + TOGETHER]).select_related("page"))
        paid += _pay(part, now) or sum(_pay([posting], now) for posting in part)
    return paid


def _pay(postings: Sequence[Posting], now: datetime) -> int:
    """Index the pages of these postings, all or none."""
    try:
        pages = list(_pages(postings))
        with transaction.atomic():
            for page in pages:
                ReferenceIndex.create_or_update_for_object(page)
            pages_add_to_search(pages)
        for page in pages:
            for follow in hooks.get_hooks("page_index_due"):
                follow(page.pk)
        return Posting.objects.filter(pk__in=[posting.pk for posting in postings]).update(indexed_at=now)
    except Exception:  # one page that cannot be indexed must not keep the others from being found
        logger.exception("postings %s could not be indexed", [posting.pk for posting in postings])
        return 0


def _pages(postings: Sequence[Posting]) -> Iterator[Any]:
    """The pages as they are now, in their own classes; several postings of one page give it once."""
    keys: dict[Any, list[int]] = {}
    for posting in postings:
        keys.setdefault(posting.page.specific_class, []).append(posting.page_id)
    for model, found in keys.items():
        yield from model.get_indexed_objects().filter(pk__in=found)


def references_settle() -> None:
    """Bring the references of every debt up to date, now: for whoever is about to ask who uses a thing."""
    postings = list(search_debts().select_related("page"))
    if postings:
        with transaction.atomic():
            for page in _pages(postings):
                ReferenceIndex.create_or_update_for_object(page)


def pages_add_to_search(pages: Sequence[Any]) -> None:
    """Put pages into every search backend of Wagtail that follows changes; one call a class."""
    for model, group in groupby(sorted(pages, key=lambda page: type(page)._meta.label), key=type):
        rows = list(group)
        for _name, backend in get_search_backends_with_name(with_auto_update=True):
            backend.add_bulk(model, rows)


@contextmanager
def in_batch() -> Iterator[None]:
    """Whoever publishes many items inside the block has them indexed afterwards, all together."""
    token = _batch.set(True)
    try:
        yield
    finally:
        _batch.reset(token)


def is_batch() -> bool:
    """Whether a batch is running, so that no single item orders its own index job."""
    return _batch.get()


def on_news_saved(sender, *, instance, raw=False, **kwargs):
    """Takes the place of Wagtail's own handler (`search_auto_update` is off for news), which knows no later."""
    if not raw and not getattr(instance, "index_follows", False):
        insert_or_update_object_task.enqueue(sender._meta.app_label, sender._meta.model_name, str(instance.pk))


def on_news_deleted(sender, *, instance, **kwargs):
    """Out of the index with the page."""
    index.remove_object(instance)
