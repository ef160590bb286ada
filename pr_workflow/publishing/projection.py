"""Builds what the public sees of a page, as finished JSON (design §3). A projection: pages are the truth."""

from datetime import datetime

from .models import PublishedItem


def published_item_write(*, page, revision, now: datetime) -> PublishedItem:
    """Write or refresh the row of a live page, in the caller's transaction."""
    raise RuntimeError("written by the reading side")
