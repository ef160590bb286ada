"""Tests: nothing outside the test's own database, memory and temporary folder."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from .base import *
from .base import DATABASES, INSTALLED_APPS
from .environment import env_text

SECRET_KEY = "tests only: signs nothing that leaves the test run"  # noqa: S105
# The preview API is mounted so that the tests can attack it.
API_V3 = True
if "wagtail.api.v3" not in INSTALLED_APPS:
    INSTALLED_APPS = [*INSTALLED_APPS, "wagtail.api.v3"]

ALLOWED_HOSTS = ["testserver", ".localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# One folder a process: test runs side by side never meet.
TEST_DIR = Path(tempfile.mkdtemp(prefix="prakat-test-"))
atexit.register(shutil.rmtree, TEST_DIR, ignore_errors=True)
MEDIA_ROOT = str(TEST_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

if not env_text("REDIS_URL"):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CELERY_BROKER_URL = "memory://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {}

# A file, not memory: tests with threads and a live server need connections of their own.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}

# Jobs are called, never queued, unless a test starts a worker of its own.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
# One queue a process, so that what another test's worker is ordered to do is not counted here.
CELERY_TASK_DEFAULT_QUEUE = f"test-{os.getpid()}"

# Off because the test client logs in without a request; the throttle has its own test.
AXES_ENABLED = False
