"""What the course of an item is made of."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .stages import Stage

DONE, WAITING, TROUBLE, PAUSED, ALARM = "done", "waiting", "trouble", "paused", "alarm"


@dataclass(frozen=True)
class TimelineEvent:
    """One thing that happened: when, at which stage, what, who. `state` is done, waiting, paused, trouble or alarm.

    `capacity` says in whose place somebody signed.
    """

    at: datetime
    stage: Stage
    what: str
    who: str = ""
    position: str = ""
    note: str = ""
    state: str = DONE
    capacity: str = ""


@dataclass(frozen=True)
class Standing:
    """Where an item stands: the stage, a sentence, since when, who has it, until when, and what comes after.

    `clock` is the record whose clock runs; `due_at` is its due time, or another time that is waited for.
    """

    stage: Stage
    sentence: str
    due_at: datetime | None = None
    state: str = WAITING
    since: datetime | None = None
    who: tuple[str, ...] = ()
    following: str = ""
    clock: Any = None


@dataclass
class Timeline:
    """The course of one item, oldest first, and where it stands now."""

    standing: Standing
    events: list[TimelineEvent] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        """The stage the item stands at."""
        return self.standing.stage

    def is_overdue(self, now: datetime) -> bool:
        """Whether what it waits for should have been done by `now` (aware)."""
        return self.standing.due_at is not None and self.standing.due_at < now
