"""Entries as the script of the calendar reads them: days as ISO, everything people read as finished Thai text."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse

from .entry import Entry


def as_json(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """FullCalendar's event objects; its `end` is the day after the last one."""
    return [_event(entry, place) for place, entry in enumerate(entries)]


def _event(entry: Entry, place: int) -> dict[str, Any]:
    look, screen = entry.look, entry.look.date_screen
    return {
        "id": entry.key,
        "title": entry.title,
        "start": entry.start.isoformat() if entry.start else None,
        "end": (entry.end + timedelta(days=1)).isoformat() if entry.end else None,
        "allDay": True,
        "editable": entry.movable,
        "classNames": ["pr-entry", f"pr-entry--{look.form}", f"pr-entry--{entry.kind}"],
        "order": place,
        "kind": entry.kind,
        "word": str(entry.kind.label),
        "icon": look.icon,
        "time": entry.time,
        "note": entry.note,
        "period": entry.period,
        "seenDate": entry.seen_date,
        "officer": entry.officer.name if entry.officer else "",
        "path": entry.path,
        "dateScreen": reverse(f"pr_admin:{screen}", args=[entry.pk]) if entry.movable else "",
    }
