"""The door Celery looks behind: the jobs of all steps under one name each."""

from .publishing.jobs import publish_posting, publish_tick

__all__ = ["publish_posting", "publish_tick"]
