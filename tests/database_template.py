"""One migrated database for each state of the migrations; every test process starts from a copy of it.

Migrating from nothing takes about ten seconds, a copy a fraction of one. The template's name carries a fingerprint of
all migration files and of the installed Wagtail and Django, so a changed migration can never meet an old template.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import psycopg
import wagtail
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
OUR_APPS = ("home", "pr_workflow", "evaluation", "search")
#: Tells this checkout's templates from those of another checkout on the same server.
CHECKOUT = hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]
TEMPLATE_DIR = ROOT / "var" / "test-templates"


def migrations_fingerprint() -> str:
    """Twelve hex digits that change with any migration of ours, with the settings, and with Django or Wagtail."""
    digest = hashlib.sha256(f"{django.__version__} {wagtail.__version__}".encode())
    files = [path for app in OUR_APPS for path in sorted((ROOT / app).glob("**/migrations/*.py"))]
    for path in [*files, ROOT / "cms" / "settings" / "base.py"]:
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def only_one_process(name: str) -> Iterator[None]:
    """Hold a file lock, so that parallel test processes make the template once."""
    TEMPLATE_DIR.mkdir(parents=True, exist_ok=True)
    with (TEMPLATE_DIR / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(url: str) -> None:
    """Run all migrations in a process of its own. Raises CalledProcessError with the output shown."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.test", "DATABASE_URL": url}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)


def copy_sqlite(target: Path) -> None:
    """Put a migrated SQLite file at ``target``."""
    fingerprint = migrations_fingerprint()
    template = TEMPLATE_DIR / f"{fingerprint}.sqlite3"
    with only_one_process("sqlite"):
        if not template.exists():
            for outdated in (*TEMPLATE_DIR.glob("*.sqlite3"), *TEMPLATE_DIR.glob("*.unfinished")):
                outdated.unlink()
            unfinished = template.with_suffix(".unfinished")
            migrate(f"sqlite:///{unfinished}")
            unfinished.rename(template)
    shutil.copyfile(template, target)


def postgres_server(settings_dict: dict[str, Any]) -> psycopg.Connection:
    """An autocommit connection to the server's ``postgres`` database with the project's credentials."""
    return psycopg.connect(
        host=settings_dict["HOST"] or None,
        port=settings_dict["PORT"] or None,
        user=settings_dict["USER"] or None,
        password=settings_dict["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    )


def copy_postgres(settings_dict: dict[str, Any], target: str) -> None:
    """Create database ``target`` as a copy of the migrated template database."""
    # Only its owner may copy a template, so each role has its own.
    prefix = f"prakat_template_{settings_dict['USER'] or 'nobody'}_{CHECKOUT}"
    template = f"{prefix}_{migrations_fingerprint()}"
    with only_one_process("postgres"), postgres_server(settings_dict) as server:
        known = {name for (name,) in server.execute("SELECT datname FROM pg_database")}
        if template not in known:
            for outdated in (name for name in known if name.startswith(prefix)):
                drop(server, outdated)
            unfinished = f"{prefix}_unfinished"
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(unfinished)))
            migrate(postgres_address(settings_dict, unfinished))
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(template))
            )
        drop(server, target)
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(target), sql.Identifier(template))
        )
        # What a test commits need not survive a power cut.
        server.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit TO off").format(sql.Identifier(target)))


def drop(server: psycopg.Connection, name: str) -> None:
    """Remove a database, whoever is still connected to it."""
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_postgres(settings_dict: dict[str, Any], target: str) -> None:
    """Remove the copy when the test process ends."""
    with postgres_server(settings_dict) as server:
        drop(server, target)


def postgres_address(settings_dict: dict[str, Any], name: str) -> str:
    """``DATABASE_URL`` of another database on the same server."""
    password = f":{settings_dict['PASSWORD']}" if settings_dict["PASSWORD"] else ""
    return f"postgres://{settings_dict['USER']}{password}@{settings_dict['HOST']}:{settings_dict['PORT']}/{name}"
