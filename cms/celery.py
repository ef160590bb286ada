"""The job queue: which broker carries the jobs, and the catch-up run after a worker starts.

The database alone says what is due; the broker only carries hints. So after a stop of any length the first thing a
worker does is one tick over the database, which finds whatever was missed.
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
    """Enqueue one catch-up tick, so that an item that fell due during a stop goes live at once (I1)."""
    app.send_task("pr_workflow.tasks.publish_tick", expires=50)
