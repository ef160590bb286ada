"""Database and cache: SQLite and files by default, PostgreSQL by DATABASE_URL, Redis by REDIS_URL."""

from typing import Any

import dj_database_url

from .environment import env_text
from .paths import DATA_DIR

#: Measured with web, worker and beat writing at once: WAL lets readers pass a writer, IMMEDIATE takes the write lock at
#: BEGIN so that a transaction never fails half-way with "database is locked", busy_timeout waits for it.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA busy_timeout=10000;PRAGMA synchronous=NORMAL;",
}

#: Connections are kept. On SQLite too: closing the last one writes the whole log back into the file, on each request.
KEPT_SECONDS = 600


def database_from_environment() -> dict[str, Any]:
    """The ``default`` database. Connections are kept for 600 s; those to PostgreSQL are checked before reuse."""
    url = env_text("DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "db.sqlite3",
            "CONN_MAX_AGE": KEPT_SECONDS,
            "OPTIONS": dict(SQLITE_OPTIONS),
        }
    database: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=KEPT_SECONDS, conn_health_checks=True)}
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = dict(SQLITE_OPTIONS)
    return database


def cache_from_environment() -> dict[str, Any]:
    """The ``default`` cache, shared by all processes of one installation."""
    url = env_text("REDIS_URL")
    if url:
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url, "KEY_PREFIX": "prakat"}
    return {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": DATA_DIR / "cache"}


DATABASES = {"default": database_from_environment()}
CACHES = {"default": cache_from_environment()}
