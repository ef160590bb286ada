"""A database and a folder that exist only for one run."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def scratch_environment() -> Iterator[dict[str, str]]:
    """The environment of the processes of this run.

    SQLite in a temporary folder, or a new database on the PostgreSQL server that `DATABASE_URL` names; both are gone
    afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="prakat-bench-") as folder, scratch_database(folder) as url:
        yield {
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "PRAKAT_MEDIA_ROOT": f"{folder}/media",
            "REDIS_URL": "",
        }


@contextmanager
def scratch_database(folder: str) -> Iterator[str]:
    """The URL of an empty database."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder}/bench.sqlite3"
        return
    name = f"prakat_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def run(environment: dict[str, str], *arguments: str) -> str:
    """Run Python with `arguments` in the scratch environment; returns what it printed. Raises CalledProcessError."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return done.stdout
