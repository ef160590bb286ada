"""Writes the story down: each act with its actor, how long it took and what record it left; for people and machines."""

import json
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .cast import known_as
from .promises import Promise


@dataclass
class Act:
    """One line of the timeline. Times are seconds; `at` counts from the beginning of the story."""

    step: str
    actor: str
    at: float
    took: float = 0.0
    record: str = ""


@dataclass
class Chronicle:
    """The story so far; `say` gets one line for each act as soon as it is over."""

    say: Callable[[str], Any]
    acts: list[Act] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @contextmanager
    def act(self, step: str, actor: str) -> Iterator[Act]:
        """Measure what happens inside; the block says in `record` what it left behind."""
        act = Act(step, actor, at=round(self.seconds, 2))
        begun = time.monotonic()
        try:
            yield act
        except Exception as error:
            act.record = act.record or f"BROKEN: {error}"
            raise
        finally:
            act.took = round(time.monotonic() - begun, 2)
            self.acts.append(act)
            self.say(line_of(act))


def columns_of(text: str, width: int) -> str:
    """The text padded to `width` columns of a terminal; Thai vowels and tones above and below take no column."""
    taken = sum(unicodedata.category(letter) != "Mn" for letter in text)
    return text + " " * max(0, width - taken)


def line_of(act: Act) -> str:
    """One act as a line of the timeline."""
    who = columns_of(known_as(act.actor), 31)
    return f"{act.at:6.1f} s  {columns_of(act.step, 37)}{who}{act.took:6.2f} s  {act.record}"


def heading(text: str) -> str:
    return f"\n── {text} {'─' * max(0, 100 - len(text))}"


def promise_line(promise: Promise) -> str:
    """A promise with its verdict and the evidence for it."""
    return f"  {promise.name}  {'holds ' if promise.holds else 'BROKEN'}  {promise.text}\n      {promise.evidence}"


def write_json(path: Path, chronicle: Chronicle, promises: list[Promise], facts: dict[str, Any]) -> None:
    """The same story for machines: `ok`, `seconds`, `acts`, `promises`, and the facts by name."""
    told = {
        "ok": bool(promises) and all(promise.holds for promise in promises),
        "seconds": round(chronicle.seconds, 1),
        "acts": [asdict(act) for act in chronicle.acts],
        "promises": [asdict(promise) for promise in promises],
        **facts,
    }
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
