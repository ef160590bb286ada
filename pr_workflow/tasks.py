"""The door Celery looks behind: the jobs of all steps under one name each."""

from .alarms import alarm_tick
from .archive.jobs import archive_tick
from .clocks.jobs import clock_reminders
from .currency.jobs import currency_tick
from .distribution.jobs import delivery_reconcile, delivery_send, distribution_tick
from .festival_calendar.jobs import daily_tick
from .lead_time.jobs import lead_time_tick
from .notifications.jobs import notices_send
from .publishing.jobs import publish_posting, publish_tick, published_index
from .publishing.projection_jobs import posting_pictures_prepare, projection_heal, published_refresh
from .publishing.snapshot_jobs import snapshot_tick
from .working_group.jobs import working_group_tick

__all__ = [
    "alarm_tick",
    "archive_tick",
    "clock_reminders",
    "currency_tick",
    "daily_tick",
    "delivery_reconcile",
    "delivery_send",
    "distribution_tick",
    "lead_time_tick",
    "notices_send",
    "posting_pictures_prepare",
    "projection_heal",
    "publish_posting",
    "publish_tick",
    "published_index",
    "published_refresh",
    "snapshot_tick",
    "working_group_tick",
]
