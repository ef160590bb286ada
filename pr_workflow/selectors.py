"""The door to questions that need the records of all steps."""

from .timeline import Timeline, TimelineEvent, news_timeline

__all__ = ["Timeline", "TimelineEvent", "news_timeline"]
