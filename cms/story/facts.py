"""What the play finds out on its way; the promises are judged by it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Attempt:
    """Something that must not work: who tried what, and how it was answered."""

    what: str
    actor: str
    status: int
    changed: str

    @property
    def refused(self) -> bool:
        """Answered with 403, and nothing about the item is different afterwards."""
        return self.status == 403 and not self.changed


@dataclass
class Facts:
    """Everything worth knowing about the item and the play. Durations are seconds, times aware."""

    title: str = ""
    path: str = ""
    uuid: str = ""
    page: int = 0
    go_live_at: datetime | None = None
    #: Where the public saw the item before its time: moment → places. Every list should be empty.
    seen_early: dict[str, list[str]] = field(default_factory=dict)
    seen_after: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    lateness: float = 0.0
    first_delivery: float | None = None
    attempts: list[Attempt] = field(default_factory=list)
    poisoned_page: int = 0
    poisoned_path: str = ""
    poisoned_title: str = ""
    queue_shows_failure: bool = False
    #: Arrivals of this item at the outside channels, before and after the ticks were run again.
    arrivals: dict[str, int] = field(default_factory=dict)
    arrivals_again: dict[str, int] = field(default_factory=dict)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    api_answer: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
