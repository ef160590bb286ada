"""The editorial calendar of a full year beside one with a tenth of its entries, in one run on one database."""

import json
import os
import statistics
from typing import Any

from benchmarks.scratch import run, scratch_environment


def benchmark(*, entries: int, rounds: int) -> dict[str, Any]:
    """Fill a scratch database, ask for each answer so many times; returns every number."""
    with scratch_environment() as environment:
        run(environment, "manage.py", "migrate", "-v0")
        found = json.loads(run(environment, "-m", "benchmarks.calendar_side", str(entries), str(rounds)))
        database = "PostgreSQL" if environment["DATABASE_URL"].startswith("postgres") else "SQLite"
    return {"database": database, "load": os.getloadavg(), **found}


def table(result: dict[str, Any]) -> str:
    """The numbers for people."""
    lines = [
        f"fiscal year {result['year']} on {result['database']}, {result['rounds']} answers of each kind, "
        f"load {result['load'][0]:.1f}",
        "",
        f"{'':24}{'a year of':>10}{'shown':>7}{'p50 ms':>8}{'p95 ms':>8}{'queries':>9}{'bytes':>11}",
    ]
    for name, sizes in result["answers"].items():
        for number, row in sizes.items():
            times = sorted(row["times"])
            late = times[max(0, int(len(times) * 0.95) - 1)]
            line = f"{name:24}{int(number):>10,}{row['entries']:>7,}{statistics.median(times):>8.0f}{late:>8.0f}"
            lines.append(f"{line}{row['queries']:>9}{row['bytes']:>11,}")
    return "\n".join(lines)
