"""The clock of the demo: what happens inside has happened then, and its jobs run at once instead of being queued."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from celery import current_app
from django.utils import timezone

#: Between two acts that had to be pushed together.
SMALLEST_GAP = timedelta(seconds=20)


@contextmanager
def time_at(moment: datetime) -> Iterator[None]:
    """Let `django.utils.timezone.now` say `moment`, so that Wagtail's revisions and log rows carry it too.

    Only for the one-threaded loader: the whole process shares this clock.
    """
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


@contextmanager
def jobs_at_once() -> Iterator[None]:
    """Run jobs where they are ordered. A queue would run them days later, at the wrong time."""
    before = current_app.conf.task_always_eager
    current_app.conf.task_always_eager = True
    try:
        yield
    finally:
        current_app.conf.task_always_eager = before


@dataclass
class Entry:
    """One act and when it happens; the time may still move while the diary is written."""

    at: datetime
    act: Callable[[datetime], None]
    order: int


@dataclass
class Diary:
    """The acts of all agencies in one row, so that each audit chain reads in the order of time."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, at: datetime, act: Callable[[datetime], None]) -> Entry:
        entry = Entry(at, act, len(self.entries))
        self.entries.append(entry)
        return entry

    def play(self, *, latest: datetime) -> None:
        """Do everything in order, nothing later than `latest` (aware): what lies ahead is pushed together before it."""
        self.entries.sort(key=lambda entry: (entry.at, entry.order))
        limit = latest
        for entry in reversed(self.entries):
            moved = entry.at > limit
            entry.at = min(entry.at, limit)
            limit = entry.at - SMALLEST_GAP if moved else entry.at
        for entry in self.entries:
            with time_at(entry.at):
                entry.act(entry.at)
