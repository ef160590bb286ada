"""The supervisor, with real child processes: restart, orderly stop, and no orphan when it is killed itself (R70)."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cms.supervisor import LONGEST_WAIT, Child
from tests.waiting import wait_for

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent
WRITES_ITS_PID = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + WRITES_ITS_PID.partition("; ")[0]


def alive(pid: int) -> bool:
    """Whether a process runs under ``pid`` (a zombie does not count)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


class Run:
    """One supervisor process with one child, and the process numbers that child wrote down."""

    def __init__(self, folder: Path, child_code: str) -> None:
        self.pid_file = folder / "pids"
        program = textwrap.dedent(f"""
            import sys
            from cms.supervisor import Child, Supervisor
            child = Child("clock", [sys.executable, "-c", {child_code!r}, {str(self.pid_file)!r}])
            sys.exit(Supervisor([child], stop_grace=2).run())
        """)
        self.process = subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def pids(self) -> list[int]:
        return [int(line) for line in self.pid_file.read_text().split()] if self.pid_file.exists() else []

    def wait_for_starts(self, count: int) -> list[int]:
        assert wait_for(lambda: len(self.pids()) >= count), "the child was not started"
        return self.pids()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Run]]:
    runs: list[Run] = []

    def start_run(child_code: str) -> Run:
        runs.append(Run(tmp_path, child_code))
        return runs[-1]

    yield start_run
    for run in runs:
        run.process.kill()
        run.process.wait()
        for pid in run.pids():
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


def test_a_dead_child_is_started_again(start):
    run = start(WRITES_ITS_PID)
    [first] = run.wait_for_starts(1)
    os.kill(first, signal.SIGKILL)
    pids = run.wait_for_starts(2)
    assert not alive(first)
    assert alive(pids[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_ends_everything_with_code_0(start, number):
    run = start(WRITES_ITS_PID)
    [child] = run.wait_for_starts(1)
    run.process.send_signal(number)
    assert run.process.wait(10) == 0
    assert not alive(child)


def test_a_child_that_does_not_listen_is_killed_and_named(start):
    run = start(f"{DEAF}; {WRITES_ITS_PID}")
    [child] = run.wait_for_starts(1)
    run.process.send_signal(signal.SIGTERM)
    output, _ = run.process.communicate(timeout=15)
    assert run.process.returncode == 1
    assert "clock did not stop" in output
    assert not alive(child)


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells a child that its parent is gone.")
def test_no_child_outlives_a_killed_supervisor(start):
    run = start(WRITES_ITS_PID)
    [child] = run.wait_for_starts(1)
    run.process.kill()
    run.process.wait()
    assert wait_for(lambda: not alive(child))


def test_the_pause_before_a_restart_grows_and_is_bounded():
    child = Child("clock", ["true"])
    child.started_at = time.monotonic()
    waits = [child.note_exit() for _ in range(10)]
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == LONGEST_WAIT


def test_a_child_that_ran_well_is_started_again_at_once():
    child = Child("clock", ["true"], failures=5, started_at=time.monotonic() - 3600)
    assert child.note_exit() == 0
    assert child.failures == 0
