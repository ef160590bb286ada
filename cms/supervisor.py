"""Keeps a fixed set of child processes running: starts them, starts a dead one again, stops all on request.

Every child leads a process group of its own, so that Ctrl-C reaches only the supervisor, which then stops them in
order. On Linux a child also gets SIGTERM when the supervisor itself is killed: no orphan scheduler goes on enqueuing.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

#: A child that ran this many seconds counts as healthy: its next restart comes without waiting.
HEALTHY_AFTER = 30.0
#: Longest wait before a child is started again, in seconds.
LONGEST_WAIT = 30.0
#: Time the children get to finish their work after SIGTERM, in seconds, before they are killed.
STOP_GRACE = 20.0
POLL = 0.2

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Runs in the child before exec: ask Linux for SIGTERM when the supervisor is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One supervised program and how often it has failed in a row."""

    name: str
    argv: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    start_after: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(  # noqa: S603  the command line is ours
            self.argv,
            env=dict(environment),
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  single-threaded here
        )
        self.started_at = time.monotonic()

    def note_exit(self) -> float:
        """Count the exit and return the seconds to wait before the next start: 0, 1, 2, 4 … up to LONGEST_WAIT."""
        healthy = time.monotonic() - self.started_at >= HEALTHY_AFTER
        self.failures = 0 if healthy else self.failures + 1
        wait = 0.0 if healthy else min(2.0 ** (self.failures - 1), LONGEST_WAIT)
        self.process = None
        self.start_after = time.monotonic() + wait
        return wait

    def signal_group(self, number: signal.Signals) -> None:
        if self.process:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return

    def terminate(self) -> None:
        """SIGTERM to the leader only: gunicorn and Celery then wind down their own workers in order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()


@dataclass
class Supervisor:
    """Runs ``children`` until SIGTERM or SIGINT; ``say`` receives one line for each event.

    ``each_turn`` is called about five times a second and must return at once.
    """

    children: list[Child]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    say: Callable[[str], None] = print
    each_turn: Callable[[], None] = lambda: None
    stop_grace: float = STOP_GRACE
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Start everything and watch it. Returns 0 after an orderly stop, 1 when a child had to be killed."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        try:
            while not self._stop.is_set():
                self._start_what_is_due()
                self._note_the_dead()
                self.each_turn()
                self._stop.wait(POLL)
        finally:
            all_stopped = self._stop_all()
        return 0 if all_stopped else 1

    def _start_what_is_due(self) -> None:
        for child in self.children:
            if child.process is None and time.monotonic() >= child.start_after:
                child.start(self.environment)

    def _note_the_dead(self) -> None:
        for child in self.children:
            code = child.process.poll() if child.process else None
            if code is not None:
                child.signal_group(signal.SIGKILL)  # what a killed leader left behind
                wait = child.note_exit()
                self.say(f"{child.name} ended (code {code}); starting it again in {wait:.0f} s")

    def _stop_all(self) -> bool:
        """Ask all at once, wait together, kill what does not listen. Returns whether nothing had to be killed."""
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + self.stop_grace
        stubborn = [child for child in self.children if not stopped_by(child, deadline)]
        for child in stubborn:
            self.say(f"{child.name} did not stop within {self.stop_grace:.0f} s and was killed")
        self._kill_groups(self.children)
        return not stubborn

    @staticmethod
    def _kill_groups(children: Iterable[Child]) -> None:
        for child in children:
            child.signal_group(signal.SIGKILL)
            if child.process:
                child.process.wait()


def stopped_by(child: Child, deadline: float) -> bool:
    """Wait for the child until ``deadline`` (monotonic seconds)."""
    if child.process is None:
        return True
    try:
        child.process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True
