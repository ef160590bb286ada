"""Signs of life of the machinery, read by the health page (I6)."""

from datetime import datetime

from .models import Heartbeat


def heartbeat_beat(*, name: str, now: datetime) -> None:
    """Note that a part was alive at `now` (aware)."""
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": now})


def heartbeat_end(*, name: str) -> None:
    """A part was stopped on purpose: nobody misses its sign of life."""
    Heartbeat.objects.filter(name=name).delete()
