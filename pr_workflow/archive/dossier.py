"""An archive record laid out for reading: four tables of words and dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from ..distribution.models import Delivery
from ..publishing.models import PublicationCheck
from ..thai_time import thai_datetime
from .models import ArchiveRecord


@dataclass(frozen=True)
class Rows:
    """A table: headings and lines of equal length."""

    headings: tuple[str, ...]
    lines: tuple[tuple, ...]


def _when(text: str | None) -> str:
    return thai_datetime(datetime.fromisoformat(text)) if text else "–"


def _rows(headings: Iterable[str], lines: Iterable[tuple]) -> Rows:
    return Rows(tuple(headings), tuple(lines))


def approval_rows(record: ArchiveRecord) -> Rows:
    """Who signed which step, in which position, when."""
    return _rows(
        (_("Step"), _("Name"), _("Position"), _("Time"), _("Comment")),
        ((r["step"], r["name"], r["position"], _when(r["at"]), r["comment"]) for r in record.approvals),
    )


def check_rows(record: ArchiveRecord) -> Rows:
    """Each round of checking and its answer."""
    words = dict(PublicationCheck.Result.choices)
    return _rows(
        (_("Round"), _("Result"), _("Answered by"), _("Time"), _("What to correct")),
        (
            (r["round"], words.get(r["result"], _("open")), r["answered_by"], _when(r["answered_at"]), r["note"])
            for r in record.checks
        ),
    )


def delivery_rows(record: ArchiveRecord) -> Rows:
    """Where the item went and what came back."""
    words = dict(Delivery.State.choices)
    return _rows(
        (_("Channel"), _("State"), _("Sent at"), _("Attempts"), _("Proof")),
        (
            (
                r["channel"],
                words.get(r["state"], r["state"]),
                _when(r["sent_at"]),
                r["attempts"],
                r["external_url"] or r["external_id"],
            )
            for r in record.deliveries
        ),
    )


def file_rows(record: ArchiveRecord) -> Rows:
    """The kept files with their fingerprints."""
    return _rows(
        (_("Name"), _("Size"), _("SHA-256")),
        ((r["name"], filesizeformat(r["size"]), r["sha256"]) for r in record.files),
    )
