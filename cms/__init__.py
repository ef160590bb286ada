"""The assembly: settings, addresses, job queue and supervisor. It knows every app and holds no rules of its own."""

from .celery import app as celery_app

__all__ = ("celery_app",)
