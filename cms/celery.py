"""The job queue: which broker carries the jobs, and the catch-up run after a worker starts.

The database alone says what is due; the broker only carries hints. So after a stop of any length the first thing a
worker does is one round of ticks over the database, which finds whatever was missed.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")

app = Celery("prakat")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def on_worker_ready(**kwargs: Any) -> None:
    """Enqueue every tick of the timetable once, in its order: what fell due during a stop happens now (I1).

    What is only for the night is left to it. Each is idempotent, so a tick that was not needed does nothing.
    """
    for entry in app.conf.beat_schedule.values():
        if entry["options"].get("headers", {}).get("only_by_night"):
            continue
        app.send_task(entry["task"], **entry["options"])
