"""A fresh installation for the story: a folder, a database, a queue and ports of its own; gone when it is over."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import requests
from django.core.management import call_command
from django.db import connections

from cms.settings.paths import BASE_DIR
from cms.supervisor import STOP_GRACE, die_with_parent

from .browser import StoryBroken, open_session

#: The agency that plays.
AGENCY = "kpr"
HOSTNAME = "health.localhost"
#: How long the first answer may take, in seconds.
START_LIMIT = 60
#: How long the last job of an emptied queue may take, in seconds.
LAST_JOB = 1.0
#: Settings of the surroundings that would lead the story to somebody's real services.
FOREIGN = (
    "DATABASE_URL",
    "REDIS_URL",
    "PRAKAT_ALLOWED_HOSTS",
    "PRAKAT_EMAIL_HOST",
    "PRAKAT_MEDIA_ROOT",
    "PRAKAT_MEDIA_URL",
    "PRAKAT_SECRET_KEY",
)


@dataclass(frozen=True)
class Ports:
    """Free ports of this machine."""

    site: int
    fake_channels: int


def free_ports() -> Ports:
    """Two ports nobody listens on; both are held until both are known."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return Ports(one.getsockname()[1], other.getsockname()[1])


def story_environment(folder: Path, ports: Ports, surroundings: Mapping[str, str]) -> dict[str, str]:
    """The environment of the story's processes: like `make run`, but everything it writes lies in `folder`."""
    kept = {name: value for name, value in surroundings.items() if name not in FOREIGN}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "PRAKAT_DATA_DIR": str(folder),
        "PRAKAT_DEBUG": "0",
        "PRAKAT_BASE_URL": f"http://{HOSTNAME}:{ports.site}",
        "PRAKAT_LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


class Installation:
    """Web, worker, scheduler and fake channels under the real supervisor."""

    def __init__(self, folder: Path, ports: Ports) -> None:
        self.folder, self.ports = folder, ports
        self.log = folder / "serve.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def site(self) -> str:
        """The address of the agency's site, without a trailing slash."""
        return f"http://{HOSTNAME}:{self.ports.site}"

    @property
    def fake_channels(self) -> str:
        return f"http://127.0.0.1:{self.ports.fake_channels}"

    def prepare(self) -> None:
        """An empty database becomes the demo's office: people, groups, chain and approved plan, no news yet."""
        call_command("migrate", verbosity=0)
        call_command(
            "load_demo",
            port=self.ports.site,
            fake_channels_port=self.ports.fake_channels,
            without_news=True,
            stdout=StringIO(),
        )
        connections.close_all()

    def start(self) -> None:
        """Start the supervisor; `wait_until_up` says when it answers."""
        command = [
            *(sys.executable, str(BASE_DIR / "manage.py"), "serve", "--port", str(self.ports.site)),
            *("--fake-channels-port", str(self.ports.fake_channels)),
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603  the command line is ours
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  nothing else runs in this process yet
            )

    def wait_until_up(self) -> float:
        """Seconds until the site answered for the first time. Raises StoryBroken when it does not."""
        started = time.monotonic()
        session = open_session()
        while time.monotonic() - started < START_LIMIT:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                if session.get(f"{self.site}/", timeout=5).status_code == 200:
                    return time.monotonic() - started
            except requests.RequestException:
                time.sleep(0.1)
        raise StoryBroken(f"the site did not answer within {START_LIMIT} s\n{self.last_words()}")

    def stop(self) -> str:
        """Stop everything in order; returns how it went. Safe to call when nothing was started."""
        if self.process is None:
            return "nothing was running"
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # whoever asks again must not interrupt the stopping
        self.process.terminate()
        try:
            code = self.process.wait(STOP_GRACE + 10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            return "did not stop and was killed"
        return "all processes ended" if code == 0 else f"ended with code {code}"

    def last_words(self, lines: int = 20) -> str:
        """The end of what the processes wrote, for somebody who has to find out why."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def queue_is_empty(self) -> bool:
        """Whether the worker has taken every job and had a moment to finish the last one."""
        queue = self.folder / "broker" / "queue"
        if any(queue.glob("*.celery.msg")):
            return False
        time.sleep(LAST_JOB)
        return not any(queue.glob("*.celery.msg"))

    def ledger(self) -> list[dict]:
        """What really arrived at the fake channels."""
        return open_session().get(f"{self.fake_channels}/ledger", timeout=10).json()

    def mails(self) -> str:
        """Every e-mail that left, in one text."""
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted((self.folder / "mail").glob("*.log")))
