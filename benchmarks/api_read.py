"""Our list and detail beside Wagtail's API v2: the same database, the same server, the same run (design §3)."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from benchmarks.load import Measurement, look, measure
from benchmarks.scratch import ROOT, run, scratch_environment

ROUNDS = 3
OURS, MOUNTED, STOCK = "ours", "v2 as mounted", "v2 stock"


@dataclass(frozen=True)
class Case:
    """One kind of reading, asked of each interface in the same way."""

    name: str
    paths: dict[str, list[str]]
    headers: dict[str, str] = field(default_factory=dict)


def cases_of(facts: dict[str, Any], port: int) -> list[Case]:
    """What is measured. The lists of all three carry the same facts of an item."""
    fields = "fields=lead,event_date,place,news_type,target_groups,media_formats,tags,photos&order=-first_published_at"
    v2 = {MOUNTED: "/api/v2/pages/", STOCK: "/stock/api/v2/pages/"}

    def both(ours: list[str], query: str) -> dict[str, list[str]]:
        lists = {name: [f"{base}?type=home.NewsPage&limit=20&{fields}{query}"] for name, base in v2.items()}
        return {OURS: ours, **lists}

    tag = quote(facts["tag"])
    details = {OURS: [f"/api/pr/v1/news/{uuid}" for uuid in facts["uuids"]]}
    details |= {name: [f"{base}{key}/" for key in facts["keys"]] for name, base in v2.items()}
    unchanged = {"If-None-Match": look(port, "/api/pr/v1/news?limit=20").headers["ETag"]}
    return [
        Case("list of 20", both(["/api/pr/v1/news?limit=20"], "")),
        Case("list of one tag", both([f"/api/pr/v1/news?limit=20&tag={tag}"], f"&tags={tag}")),
        Case(
            "deep page",
            both([f"/api/pr/v1/news?limit=20&cursor={facts['deep_cursor']}"], f"&offset={facts['deep_offset']}"),
        ),
        Case("detail", details),
        Case("unchanged list (304)", {OURS: ["/api/pr/v1/news?limit=20"]}, unchanged),
    ]


@contextmanager
def serving(environment: dict[str, str], workers: int) -> Iterator[int]:
    """The site under gunicorn, as `make run` serves it; gives the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "cms.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--worker-class", "gthread", "--threads", "4", "--log-level", "error"]
    process = subprocess.Popen([*command, "--keep-alive", "30"], cwd=ROOT, env=environment)  # noqa: S603 - our own command
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(port: int, process: subprocess.Popen) -> None:
    """Return when the server answers. Raises RuntimeError when it does not within a minute."""
    for _ in range(240):
        if process.poll() is not None:
            raise RuntimeError("The server stopped before it answered.")
        try:
            look(port, "/api/pr/v1/news?limit=1")
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise RuntimeError("The server does not answer.")


def benchmark(*, articles: int, requests: int, threads: int, seconds: float, workers: int) -> dict[str, Any]:
    """Fill, serve, measure; returns every number."""
    with scratch_environment() as environment:
        run(environment, "manage.py", "migrate", "-v0")
        facts = json.loads(run(environment, "-m", "benchmarks.fill", str(articles)))
        with serving(environment, workers) as port:
            load = {"requests": requests // ROUNDS, "threads": threads, "seconds": seconds / ROUNDS}
            found = {case.name: measured(case, port, load) for case in cases_of(facts, port)}
        database = "PostgreSQL" if environment["DATABASE_URL"].startswith("postgres") else "SQLite"
    return {"database": database, **facts, "threads": threads, "workers": workers, "cases": found}


def measured(case: Case, port: int, load: dict[str, Any]) -> dict[str, Measurement]:
    """Every interface in turn, round after round, so that what else the machine does falls on all alike."""
    found = {name: Measurement() for name in case.paths}
    for _ in range(ROUNDS):
        for name, paths in case.paths.items():
            found[name].add(measure(port, paths, headers=case.headers, **load))
    return found


def table(result: dict[str, Any]) -> str:
    """The numbers as a table for people; ratios are ours against the other in the same row group."""
    lines = [
        f"{result['articles']:,} articles on {result['database']}; {result['workers']} web processes, "
        f"{result['threads']} readers at a time; pages written in {result['pages_seconds']} s, "
        f"public rows in {result['rows_seconds']} s",
        "",
        f"{'':22}{'interface':16}{'answers/s':>10}{'ours is':>9}{'p50 ms':>9}{'p99 ms':>9}{'queries':>9}{'bytes':>9}",
    ]
    for case, rows in result["cases"].items():
        for name, found in rows.items():
            lines.append(table_row(case if name == OURS else "", name, found, rows[OURS]))
    return "\n".join(lines)


def table_row(case: str, name: str, found: Measurement, ours: Measurement) -> str:
    """One line of the table."""
    ratio = "" if name == OURS else f"×{ours.rate / found.rate:.1f}"
    times = f"{found.p50:>9.1f}{found.p99:>9.1f}{found.queries:>9}{found.size:>9,}"
    return f"{case:22}{name:16}{found.rate:>10.1f}{ratio:>9}{times}"
