"""The scheduler's own sign of life, written by its process with each tick it orders (I6).

The tick's sign is written by the worker. Together they tell a dead scheduler from a dead worker: with a dead worker the
scheduler's sign stays fresh while the tick's grows old.
"""

from typing import Any

from celery.signals import after_task_publish, beat_embedded_init, beat_init
from django.db import close_old_connections
from django.utils import timezone

from .heartbeat import heartbeat_beat

TICK = "pr_workflow.tasks.publish_tick"

_process = {"is_scheduler": False}


def on_scheduler_started(**kwargs: Any) -> None:
    """This process is the scheduler."""
    _process["is_scheduler"] = True
    _beat()


def on_job_ordered(**kwargs: Any) -> None:
    """Somebody put a tick into the queue; only the scheduler's own orders are a sign of the scheduler."""
    if _process["is_scheduler"]:
        _beat()


def _beat() -> None:
    close_old_connections()
    heartbeat_beat(name="beat", now=timezone.now())


def connect() -> None:
    """Listen to Celery; safe to call again."""
    beat_init.connect(on_scheduler_started, dispatch_uid="beat_sign", weak=False)
    beat_embedded_init.connect(on_scheduler_started, dispatch_uid="beat_sign", weak=False)
    after_task_publish.connect(on_job_ordered, sender=TICK, dispatch_uid="beat_sign", weak=False)
