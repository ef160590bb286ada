"""What a test may need from the machine: PostgreSQL, Redis, Chromium. Absent means skipped, or failed when required.

Each look-up returns where the service is, or raises ServiceMissing with a reason that says what to start or set.
"""

import os
import shutil
from functools import cache

import psycopg
import redis

#: Tried in turn. Both are loopback servers of a developer's machine; the second is a server with trust authentication.
POSTGRES_CANDIDATES = (
    "postgres://prakat:prakat@127.0.0.1:5432/postgres",
    "postgres://postgres@127.0.0.1:5432/postgres",
)
#: A database number of its own: tests never touch number 0, where a developer's own data may lie.
REDIS_CANDIDATE = "redis://127.0.0.1:6379/15"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
#: Flags that keep a headless browser on the loopback network and off the user's profile.
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class ServiceMissing(Exception):
    """A service does not answer; the text says which one and what to do."""


def services_required() -> bool:
    """Whether an absent service fails the run (``PRAKAT_REQUIRE_SERVICES=1``) instead of skipping its tests."""
    return os.environ.get("PRAKAT_REQUIRE_SERVICES") == "1"


@cache
def postgres_url() -> str:
    """The first PostgreSQL server that lets us in, as a URL. Raises ServiceMissing."""
    chosen = os.environ.get("PRAKAT_TEST_DATABASE_URL")
    tried = (chosen,) if chosen else POSTGRES_CANDIDATES
    problem = ""
    for url in tried:
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.Error as error:
            problem = str(error).strip().splitlines()[0]
        else:
            return url
    raise ServiceMissing(f"PostgreSQL does not answer ({problem}). Start it or set PRAKAT_TEST_DATABASE_URL.")


@cache
def redis_url() -> str:
    """The Redis server, as a URL. Raises ServiceMissing."""
    url = os.environ.get("PRAKAT_TEST_REDIS_URL", REDIS_CANDIDATE)
    try:
        redis.Redis.from_url(url, socket_connect_timeout=3).ping()
    except redis.RedisError as error:
        raise ServiceMissing(f"Redis does not answer ({error}). Start it or set PRAKAT_TEST_REDIS_URL.") from error
    return url


@cache
def chromium_path() -> str:
    """The browser's program file. Raises ServiceMissing."""
    chosen = os.environ.get("PRAKAT_CHROMIUM")
    for name in (chosen,) if chosen else CHROMIUM_NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise ServiceMissing("No Chromium was found. Install it (`apt-get install chromium`) or set PRAKAT_CHROMIUM.")


BY_MARKER = {
    "requires_postgres": postgres_url,
    "requires_redis": redis_url,
    "requires_chromium": chromium_path,
}
