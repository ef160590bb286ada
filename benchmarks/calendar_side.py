"""``python -m benchmarks.calendar_side NUMBER ROUNDS``: one process of the calendar's benchmark; prints JSON."""

import json
import sys
import time
from datetime import timedelta
from typing import Any

import django

from benchmarks.counting import ANSWER, ASK


def main(entries: int, rounds: int) -> dict[str, Any]:
    """Two agencies, one with a tenth of the entries; each kind of answer is asked of both in turn."""
    from django.test import Client
    from django.utils import timezone

    from benchmarks.calendar_year import make_year
    from pr_workflow.thai_time import bangkok_date, fiscal_year_be

    now = timezone.now()
    year = fiscal_year_be(bangkok_date(now))
    clients, found = {}, {}
    for number in (entries // 10, entries):
        clients[number] = Client(SERVER_NAME="bench.localhost")
        clients[number].force_login(_user(make_year(f"bench-{number}", year, number, now=now)))
    for name, path in paths(year).items():
        found[name] = {number: {"times": [], **look(client, path)} for number, client in clients.items()}
    for _round in range(rounds):
        for name, path in paths(year).items():
            for number, client in clients.items():
                found[name][number]["times"].append(timed(client, path))
    return {"year": year, "rounds": rounds, "answers": found}


def _user(username: str):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username=username)


def paths(year: int) -> dict[str, str]:
    """What is asked for; month and week lie in the middle of the year."""
    from django.urls import reverse

    from pr_workflow.thai_time import fiscal_year_bounds

    first, last = fiscal_year_bounds(year)
    middle = first.replace(year=last.year, month=4)
    address = reverse("pr_admin:calendar_entries")
    spans = {
        "year": (first, last + timedelta(days=1)),
        "month": (middle, middle.replace(month=5)),
        "week": (middle, middle + timedelta(days=7)),
    }
    found = {f"{name}, JSON": f"{address}?start={start}&end={end}" for name, (start, end) in spans.items()}
    return found | {"list of a month, page": f"{reverse('pr_admin:calendar')}?view=agenda&date={middle}"}


def look(client, path: str) -> dict[str, Any]:
    """Queries, bytes and entries of an answer; asked twice, so that nothing is counted that is asked once a process."""
    client.get(path)
    answer = client.get(path, headers={ASK: "1"})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    is_json = answer["Content-Type"].startswith("application/json")
    shown = len(answer.json()["entries"]) if is_json else answer.content.count(b"data-entry=")
    return {"queries": int(answer[ANSWER]), "bytes": len(answer.content), "entries": shown}


def timed(client, path: str) -> float:
    """Milliseconds of one answer."""
    started = time.perf_counter()
    client.get(path)
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201
