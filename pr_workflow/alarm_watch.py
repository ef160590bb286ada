"""The watch beside the worker: it looks and mails for itself, with queue, worker and scheduler dead (I6).

It writes the same alarms and notices as the worker's own round, so that nobody is told twice.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from .alarms import tell_not_live, tell_stuck
from .notifications.jobs import notices_mail_due
from .notifications.services import no_job_ordered
from .publishing.heartbeat import heartbeat_beat, heartbeat_end

logger = logging.getLogger(__name__)

#: The sign of life of the watch, written with each look.
SIGN = "watch"


@dataclass
class Look:
    """What one look found, what it mailed, and which of its own parts failed."""

    at: datetime
    problems: list[str] = field(default_factory=list)
    not_live: int = 0
    mails: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def watch_look() -> Look:
    """One look: note and tell what stands still or is not live, mail everything urgent that waits. Never raises.

    A part that fails (the database is gone, one item cannot be told) is logged and does not stop the others.
    """
    look = Look(at=timezone.now())
    with no_job_ordered():
        look.problems = _part(look, "stuck", lambda: tell_stuck(now=look.at)) or []
        if "database_unusable" in look.problems:
            return look  # nobody's address can be looked up; the log and the health address say so
        look.not_live = _part(look, "not live", lambda: tell_not_live(now=look.at)) or 0
        look.mails = _part(look, "mail", lambda: notices_mail_due(urgent_only=True)) or {}
    return look


def _part(look: Look, name: str, act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Exception:  # the other parts are still of use, and the next look tries again
        logger.exception("the watch could not do its part “%s”", name)
        look.failed.append(name)
        return None


@dataclass
class Watch:
    """Looks again and again until `stop(seconds)`, which waits, returns True.

    After its start, and after a sleep of the whole machine, it lets the others come to life first.
    """

    stop: Callable[[float], bool]
    interval: timedelta
    grace: timedelta
    problems: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Watch. An orderly end takes the sign of life away, so that nobody misses it."""
        begun = seen = timezone.now()
        while True:
            now = timezone.now()
            begun = now if now - seen > self.interval + self.grace else begun
            seen = now
            self._turn(now, is_early=now - begun < self.grace)
            if self.stop(self.interval.total_seconds()):
                break
        self._try(lambda: heartbeat_end(name=SIGN))

    def _turn(self, now: datetime, *, is_early: bool) -> None:
        close_old_connections()
        self._try(lambda: heartbeat_beat(name=SIGN, now=now))
        if not is_early:
            self._say(watch_look().problems)

    def _say(self, problems: list[str]) -> None:
        if problems != self.problems:
            logger.warning("the watch sees: %s", ", ".join(problems) or "nothing is stuck any more")
            self.problems = problems

    @staticmethod
    def _try(act: Callable[[], Any]) -> None:
        try:
            act()
        except DatabaseError as error:  # the watch goes on without a sign of life, and finds the same by looking
            logger.warning("the watch could not write its sign of life: %s", error)
