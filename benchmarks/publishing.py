"""A batch of due news: Wagtail's own `publish_scheduled` beside our tick, on copies of one database, in one run.

Then the same batch again with two workers and two schedulers at once: nothing may go live twice.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from benchmarks.scratch import ROOT, run, scratch_environment

STOCK, OURS, CROWD = "publish_scheduled", "ours", "ours, 4 at once"
#: Two ticks as two schedulers order them, two workers with the exact jobs.
AT_ONCE = ("tick", "tick", "exact", "exact")


def benchmark(*, articles: int, due: int) -> dict[str, Any]:
    """Fill once, copy, publish; returns every number."""
    with scratch_environment() as environment:
        run(environment, "manage.py", "migrate", "-v0")
        facts = json.loads(run(environment, "-m", "benchmarks.publish_side", "fill", str(articles), str(due)))
        found = {}
        for name, side in ((STOCK, "stock"), (OURS, "tick")):
            with copied(environment) as copy:
                found[name] = json.loads(run(copy, "-m", "benchmarks.publish_side", side))
        with copied(environment) as copy:
            found[CROWD] = crowd(copy)
        database = "PostgreSQL" if environment["DATABASE_URL"].startswith("postgres") else "SQLite"
    return {"database": database, **facts, "load": os.getloadavg(), "sides": found}


@contextmanager
def copied(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The same environment with a copy of the database, gone afterwards."""
    url = environment["DATABASE_URL"]
    if url.startswith("sqlite"):
        source = Path(url.removeprefix("sqlite:///"))
        copy = source.with_name("copy.sqlite3")
        shutil.copy(source, copy)
        yield {**environment, "DATABASE_URL": f"sqlite:///{copy}"}
        for file in copy.parent.glob("copy.sqlite3*"):
            file.unlink()
        return
    server, name = os.environ["DATABASE_URL"], urlsplit(url).path.lstrip("/")
    with psycopg.connect(server, autocommit=True) as connection:
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(command.format(sql.Identifier(f"{name}_copy"), sql.Identifier(name)))
    try:
        yield {**environment, "DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}_copy"))}
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(f"{name}_copy")))


def crowd(environment: dict[str, str]) -> dict[str, Any]:
    """Four processes over one batch; what they did together, and what was done more than once."""
    command = [sys.executable, "-m", "benchmarks.publish_side"]
    processes = [
        subprocess.Popen([*command, side], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for side in AT_ONCE
    ]
    sides = [json.loads(process.communicate()[0]) for process in processes]
    counted = json.loads(run(environment, "-m", "benchmarks.publish_side", "count"))
    times = sorted(moment for side in sides for moment in side["times"])
    queries = sum(side["queries"] for side in sides)
    return {"times": times, "queries": queries, "seconds": max(side["seconds"] for side in sides), **counted}


def table(result: dict[str, Any]) -> str:
    """The numbers for people; the ratio is ours against Wagtail's own command in this run."""
    stock = result["sides"][STOCK]["seconds"]
    lines = [
        f"{result['due']} due items beside {result['articles']:,} live articles on {result['database']}, "
        f"load {result['load'][0]:.1f}",
        "",
        f"{'':20}{'items':>7}{'seconds':>9}{'items/min':>11}{'ratio':>7}{'queries':>9}"
        f"{'late p50':>10}{'p95':>7}{'last':>7}",
    ]
    for name, found in result["sides"].items():
        times = found["times"] or [0.0]
        late = (statistics.median(times), times[max(0, int(len(times) * 0.95) - 1)], times[-1])
        rate, ratio = 60 * len(times) / found["seconds"], stock / found["seconds"]
        line = f"{name:20}{len(times):>7}{found['seconds']:>9.1f}{rate:>11.0f}{f'×{ratio:.1f}':>7}"
        lines.append(f"{line}{found['queries'] / len(times):>9.0f}{late[0]:>9.1f}s{late[1]:>6.1f}s{late[2]:>6.1f}s")
    ours, counted = result["sides"][OURS], result["sides"][CROWD]
    lines += [
        "",
        f"search and references followed {ours['indexed_seconds']:.1f} s after the batch ({ours['indexed']} items)",
        f"four at once: {counted['live']} live, {counted['twice']} twice, {counted['failed']} failed",
    ]
    return "\n".join(lines)
