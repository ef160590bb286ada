"""The projection made again from pages, and compared with them (design §3)."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from .models import PublishedItem
from .projection import is_public, projection_of, row_differences
from .refresh import live_news, pages_refresh

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Difference:
    """A row that is not what its page says; `fields` names what differs."""

    page_pk: int
    title: str
    fields: tuple[str, ...]

    def __str__(self):
        return f"{self.page_pk} “{self.title}”: {', '.join(self.fields)}"


def projection_rebuild(*, now: datetime) -> int:
    """Make every row again and remove those whose page is not public; returns how many pages were looked at.

    Rows keep their keys, so that cursors of running readers stay good. Safe at any time and as often as you like.
    """
    pages = set(live_news().values_list("pk", flat=True)) | set(PublishedItem.objects.values_list("page_id", flat=True))
    return pages_refresh(pages, now=now)


def projection_differences(*, now: datetime) -> Iterator[Difference]:
    """Every row that is missing, wrong, or there without a public page. Changes no row."""
    rows = dict(PublishedItem.objects.values_list("page_id", "pk"))
    for page in live_news().order_by("pk").specific().iterator(chunk_size=100):
        item = PublishedItem.objects.filter(pk=rows.pop(page.pk, None)).select_related("agency").first()
        try:
            fields = tuple(_differences_of(page, item, now))
        except Exception as error:  # one page that cannot be built must not hide what is wrong with the others
            logger.exception("the public row of page %s could not be compared", page.pk)
            fields = (f"cannot be built: {type(error).__name__}",)
        if fields:
            yield Difference(page.pk, page.title, fields)
    for item in PublishedItem.objects.filter(pk__in=rows.values()):
        yield Difference(item.page_id, item.title, ("page not live",))


def _differences_of(page, item: PublishedItem | None, now: datetime) -> list[str]:
    projection = projection_of(page, revision=page.live_revision, now=now) if is_public(page) else None
    if projection is None:
        return ["page not public"] if item else []
    if item is None:
        return ["row missing"]
    labels = {(label.kind, label.value) for label in item.labels.all()}
    return row_differences(item, projection) + (["labels"] if labels != projection.labels else [])
