"""The door Celery looks behind: the jobs of all steps under one name each."""

from .archive.jobs import archive_tick
from .publishing.jobs import publish_posting, publish_tick
from .publishing.projection_jobs import published_refresh

__all__ = ["archive_tick", "publish_posting", "publish_tick", "published_refresh"]
