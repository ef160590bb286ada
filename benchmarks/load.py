"""A small, bounded load over real HTTP: a few threads, each with one kept connection."""

import http.client
import itertools
import statistics
import threading
import time
from dataclasses import dataclass, field

from benchmarks.counting import ANSWER, ASK

HOST = "bench.localhost"


@dataclass
class Measurement:
    """What one kind of request cost. Times in milliseconds."""

    requests: int = 0
    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    size: int = 0
    queries: int = 0

    def add(self, other: "Measurement") -> None:
        """Take in another round."""
        self.requests += other.requests
        self.seconds += other.seconds
        self.times += other.times
        self.size, self.queries = other.size, other.queries

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds if self.seconds else 0.0

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        return sorted(self.times)[max(0, int(len(self.times) * 0.99) - 1)]


def fetch(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    """One answer, read to its end. Raises AssertionError for a status that is neither 200 nor 304."""
    connection.request("GET", path, headers={"Host": HOST, **headers})
    response = connection.getresponse()
    response.body = response.read()  # type: ignore[attr-defined]
    if response.status not in (200, 304):
        raise AssertionError(f"{path} answered {response.status}: {response.body[:200]!r}")  # type: ignore[attr-defined]
    return response


def look(port: int, path: str) -> http.client.HTTPResponse:
    """One answer with its number of queries."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    response = fetch(connection, path, {ASK: "1"})
    connection.close()
    return response


def measure(
    port: int, paths: list[str], *, requests: int, threads: int, seconds: float, headers: dict[str, str]
) -> Measurement:
    """Ask for `paths` in turn until `requests` answers came or `seconds` passed."""
    warm = look(port, paths[0])
    found = Measurement(size=len(warm.body), queries=int(warm.headers[ANSWER]))  # type: ignore[attr-defined]
    turn, lock, problems = itertools.count(), threading.Lock(), []
    started = time.perf_counter()

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            while (number := next(turn)) < requests and time.perf_counter() - started < seconds:
                begun = time.perf_counter()
                fetch(connection, paths[number % len(paths)], headers)
                with lock:
                    found.times.append((time.perf_counter() - begun) * 1000)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=ask) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if problems:
        raise problems[0]
    found.requests, found.seconds = len(found.times), time.perf_counter() - started
    return found
