"""What the address of news that left the site answers: gone, with a notice, moved, or soon back (R50).

Only what was open to everybody has an answer; a draft never had a take-down, so nothing is told about one (I5).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from ..people.models import Agency
from .models import PublishedItem, TakeDown

#: Kinds whose headline may still be read: what was in error, or is being corrected, is not repeated.
NAMED = frozenset({TakeDown.Kind.CONSOLIDATED, TakeDown.Kind.WITHDRAWN, TakeDown.Kind.EXPIRED})


@dataclass(frozen=True)
class Gone:
    """The answer of one address; `replacement` is the public item that readers are led to."""

    kind: str
    title: str
    notice: str
    taken_down_at: datetime
    replacement: PublishedItem | None = None

    @property
    def status(self) -> int:
        """410, or 404 for what comes back after its correction: 410 would tell machines to forget it."""
        return 404 if self.kind == TakeDown.Kind.CORRECTION else 410


def gone_at(agency: Agency | None, path: str) -> Gone | None:
    """The answer of a path of the agency's site, decoded, with or without the slash at the end."""
    return _answer(agency, path=f"{path.rstrip('/')}/")


def gone_item(agency_pk: int, uuid: UUID) -> Gone | None:
    """The answer for a public number."""
    return _answer(agency_pk, item_uuid=uuid)


def gone_page(agency: Agency | None, page_number: int) -> Gone | None:
    """The answer for a number of Wagtail."""
    return _answer(agency, page_number=page_number)


def _standing(agency: Agency | int | None) -> QuerySet[TakeDown]:
    """Take-downs that count: not ended by a new go-live, and public before."""
    return TakeDown.objects.filter(agency=agency, ended_at=None).exclude(path="")


def _answer(agency: Agency | int | None, **wanted) -> Gone | None:
    row = _standing(agency).filter(**wanted).first() if agency is not None else None
    if row is None:
        return None
    return Gone(
        kind=row.kind,
        title=row.title if row.kind in NAMED else "",
        notice=row.notice,
        taken_down_at=row.taken_down_at,
        replacement=_replacement(row) if row.kind == TakeDown.Kind.CONSOLIDATED else None,
    )


def _replacement(row: TakeDown) -> PublishedItem | None:
    """The public item at the end of a row of merged items; None when it has left the site too, or leads in a circle."""
    seen, target = {row.page_number}, row.replaced_by_id
    while target is not None and target not in seen:
        seen.add(target)
        item = PublishedItem.objects.filter(page_id=target, agency=row.agency_id).first()
        if item is not None:
            return item
        merged = _standing(row.agency_id).filter(page_number=target, kind=TakeDown.Kind.CONSOLIDATED).first()
        target = merged.replaced_by_id if merged else None
    return None
