"""The door Celery looks behind: the jobs of all steps under one name each."""

from .archive.jobs import archive_tick
from .distribution.jobs import delivery_reconcile, delivery_send, distribution_tick
from .festival_calendar.jobs import daily_tick
from .publishing.jobs import publish_posting, publish_tick
from .publishing.projection_jobs import posting_pictures_prepare, published_refresh

__all__ = [
    "archive_tick",
    "daily_tick",
    "delivery_reconcile",
    "delivery_send",
    "distribution_tick",
    "posting_pictures_prepare",
    "publish_posting",
    "publish_tick",
    "published_refresh",
]
