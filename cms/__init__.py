"""The assembly: settings, addresses, job queue and supervisor. It knows every app and holds no rules of its own.

Whoever imports it without a choice of settings (a web server, a worker) gets those of production, which refuse to start
without a secret key; `manage.py` chooses those of development first.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")

from .celery import app as celery_app

__all__ = ("celery_app",)
