"""Whose clock it is: who is reminded, and who is told when nothing happens (R48). Each step answers for its records."""

from dataclasses import dataclass, field
from typing import Any

from ..signals import clock_holders_asked


@dataclass(frozen=True)
class Holders:
    """The people of one clock, and how the reminder names what is to do.

    `levels`: who is told one after another when the step stays overdue, the next level first, the director last.
    """

    title: str
    path: str
    people: list[Any]
    levels: list[list[Any]] = field(default_factory=list)


def holders_of(row: Any) -> Holders | None:
    """The answer of the step whose record it is; None when no step answers."""
    answers: list[Any] = [answer for _receiver, answer in clock_holders_asked.send(sender=type(row), clocked=row)]
    return next((answer for answer in answers if answer is not None), None)
