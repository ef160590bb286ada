"""The times a version carries itself: under the seal with its words (R40, R42)."""

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from wagtail.models import Revision


def wish_of(revision: Revision) -> datetime | None:
    """The go-live time inside the sealed content: what its writer asked for (aware)."""
    return _moment_in(revision, "go_live_at")


def expiry_of(revision: Revision) -> datetime | None:
    """The expiry inside the sealed content (aware)."""
    return _moment_in(revision, "expire_at")


def _moment_in(revision: Revision, name: str) -> datetime | None:
    stored: Any = revision.content.get(name)
    return (parse_datetime(stored) if isinstance(stored, str) else stored) or None
