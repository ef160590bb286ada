"""Where is this item? Computed from the records of each step; no status is stored twice (design §1, R38, R71)."""

from .timeline_events import events_of
from .timeline_parts import Standing, Timeline, TimelineEvent
from .timeline_records import Records
from .timeline_standing import standing_of

__all__ = ["Standing", "Timeline", "TimelineEvent", "news_timeline"]


def news_timeline(page) -> Timeline:
    """Who did what to this item and when, where it stands, who has it, what is next. A constant number of queries."""
    records = Records.of(page)
    return Timeline(standing=standing_of(records), events=events_of(records))
