"""``make test``: everything that touches the database on PostgreSQL with Redis, then every test on SQLite.

Arguments go to pytest, for example ``-k plan`` or a path. With ``PRAKAT_TEST_DATABASES=sqlite`` or ``postgres`` only
that pass runs. Without the servers the first pass is left out with the reason, or, with ``PRAKAT_REQUIRE_SERVICES=1``,
fails.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.services import ServiceMissing, postgres_url, redis_url, services_required

ROOT = Path(__file__).resolve().parent.parent
#: pytest's exit code for "no test was selected": fine for one pass over a narrow choice.
NOTHING_SELECTED = 5
SERVERS = ("DATABASE_URL", "REDIS_URL")


def passes_wanted() -> set[str]:
    """Which databases to test. Raises SystemExit for a name that is none."""
    names = set(os.environ.get("PRAKAT_TEST_DATABASES", "sqlite,postgres").split(","))
    unknown = names - {"sqlite", "postgres"}
    if unknown:
        sys.exit(f"PRAKAT_TEST_DATABASES names {', '.join(sorted(unknown))}; it may name sqlite and postgres.")
    return names


def pytest_pass(title: str, arguments: list[str], **servers: str) -> int:
    """Run pytest in parallel on all processors; returns its exit code."""
    print(f"\n=== {title} ===", flush=True)  # noqa: T201
    clean = {name: value for name, value in os.environ.items() if name not in SERVERS}
    command = [sys.executable, "-m", "pytest", "-n", str(os.cpu_count() or 1), "--dist", "loadgroup", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**clean, **servers}, check=False).returncode


def servers_pass(arguments: list[str]) -> int:
    """PostgreSQL and Redis together, as in production."""
    try:
        servers = {"DATABASE_URL": postgres_url(), "REDIS_URL": redis_url()}
    except ServiceMissing as missing:
        required = services_required()
        print(f"\n{'FAILED' if required else 'Left out'}: the pass on PostgreSQL and Redis. {missing}", flush=True)  # noqa: T201
        return 1 if required else 0
    code = pytest_pass("PostgreSQL and Redis", ["-m", "not once", *arguments], **servers)
    return 0 if code == NOTHING_SELECTED else code


def main(arguments: list[str]) -> int:
    wanted = passes_wanted()
    codes = []
    if "postgres" in wanted:
        codes.append(servers_pass(arguments))
    if "sqlite" in wanted:
        codes.append(pytest_pass("SQLite", arguments))
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
