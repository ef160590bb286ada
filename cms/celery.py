"""The job queue: which broker carries the jobs, and the catch-up run after a worker starts.

The database alone says what is due; the broker only carries hints. So after a stop of any length the first thing a
worker does is one round of ticks over the database, which finds whatever was missed.
"""

from typing import Any

from celery import Celery
from celery.signals import worker_ready
from django.conf import settings

app = Celery("prakat")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def order_without_waiting() -> None:
    """From now on this process gives up an order of a job that the broker does not take within two seconds.

    For web processes. Every caller takes the refusal for a minute of delay, never for a lost row.
    """
    if str(app.conf.broker_url).startswith("redis"):
        app.conf.broker_transport_options = {
            **app.conf.broker_transport_options,
            **settings.WEB_BROKER_TRANSPORT_OPTIONS,
        }
        app.conf.task_publish_retry_policy = settings.WEB_TASK_PUBLISH_RETRY_POLICY


@worker_ready.connect
def on_worker_ready(**kwargs: Any) -> None:
    """Enqueue every tick of the timetable once, in its order: what fell due during a stop happens now (I1).

    What is only for the night is left to it. Each is idempotent, so a tick that was not needed does nothing.
    """
    for entry in app.conf.beat_schedule.values():
        if entry["options"].get("headers", {}).get("only_by_night"):
            continue
        app.send_task(entry["task"], **entry["options"])
