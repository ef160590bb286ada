"""The time a verb of the chain happens at. Wagtail's own methods take no time, so it travels beside the call."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_now: ContextVar[datetime | None] = ContextVar("approval_now", default=None)


def step_now() -> datetime:
    """The time of the running verb, aware; the present unless a service was given another."""
    return _now.get() or timezone.now()


@contextmanager
def step_clock(now: datetime | None) -> Iterator[None]:
    """Let the verbs inside the block happen at `now` (imports of earlier records, tests); None means the present."""
    token = _now.set(now)
    try:
        yield
    finally:
        _now.reset(token)
