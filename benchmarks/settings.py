"""The installation as it runs in production, on a scratch database; with a query counter and Wagtail's stock API."""

from cms.settings.base import *  # noqa: F403
from cms.settings.base import MIDDLEWARE as SITE_MIDDLEWARE

SECRET_KEY = "benchmarks only: signs nothing that leaves this run"  # noqa: S105
ALLOWED_HOSTS = ["bench.localhost", "127.0.0.1"]
ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.counting.QueryCount", *SITE_MIDDLEWARE]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_TASK_ALWAYS_EAGER = True
LOGGING = {"version": 1, "disable_existing_loggers": True}
