"""``manage.py serve`` for real: four processes, one dies and comes back, one signal stops all (R70)."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.database_template import copy_sqlite
from tests.waiting import wait_for

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Installation:
    """A running installation with a database of its own and no Redis."""

    def __init__(self, folder: Path) -> None:
        copy_sqlite(folder / "db.sqlite3")
        self.port = free_port()
        foreign = ("PRAKAT_", "DATABASE_URL", "REDIS_URL", "DJANGO_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        self.log = (folder / "log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port), "--web-workers", "1"],
            cwd=ROOT,
            env={**clean, "PRAKAT_DATA_DIR": str(folder)},
            stdout=self.log,
            stderr=self.log,
        )

    def health(self) -> dict | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as answer:
            return json.load(answer)
        except OSError:
            return None

    def child(self, word: str) -> int | None:
        """The process number of the child whose command line holds ``word``."""
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            for pid in (task / "children").read_text().split():
                if word in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                    return int(pid)
        return None

    def said(self) -> str:
        return Path(self.log.name).read_text()


@pytest.fixture
def installation(tmp_path) -> Iterator[Installation]:
    running = Installation(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()
    running.log.close()


@pytest.mark.skipif(sys.platform != "linux", reason="Children are looked up in /proc.")
def test_it_starts_survives_a_dead_worker_and_stops(installation):
    """One start for all four: each takes seconds."""
    assert wait_for(lambda: bool((installation.health() or {}).get("last_tick_at")), 90), installation.said()
    assert installation.health()["problems"] == [], "its first act was not a tick"

    first = installation.child("worker")
    os.kill(first, signal.SIGKILL)
    assert wait_for(lambda: installation.child("worker") not in (None, first), 30), installation.said()
    assert "worker ended (code -9); starting it again" in installation.said()

    children = [installation.child(word) for word in ("gunicorn", "worker", "beat", "alarm_watch")]
    assert all(children), installation.said()
    installation.process.send_signal(signal.SIGINT)
    assert installation.process.wait(60) == 0, installation.said()
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    assert installation.health() is None


def test_a_taken_port_is_named_before_anything_starts():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} .* PORT=8010"):
            call_command("serve", "--port", str(port))
