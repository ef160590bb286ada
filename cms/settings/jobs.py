"""Celery: Redis by REDIS_URL, else a folder of files; and the timetable of the ticks.

Every tick is idempotent and works from the database, so each entry expires before the next one: a worker that was away
does not wake to a pile of them.
"""

from typing import Any

from celery.schedules import crontab

from .environment import env_text
from .paths import DATA_DIR

BROKER_DIR = DATA_DIR / "broker"

CELERY_TIMEZONE = "Asia/Bangkok"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Remote-control messages would pile up as files when no worker reads them.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

LOCAL_BROKER = "filesystem://localhost//"
CELERY_BROKER_URL = env_text("REDIS_URL", LOCAL_BROKER)
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if CELERY_BROKER_URL == LOCAL_BROKER:
    for folder in ("queue", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": "prakat:", "visibility_timeout": 3600}

# A web process orders jobs after a commit, while a person waits. A Redis that takes the connection and never answers
# costs two seconds at most, then the hint is given up: the tick finds the row. Workers and the scheduler wait on.
WEB_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "socket_timeout": 0.7,
    "socket_connect_timeout": 0.7,
    "connect_retries_timeout": 0.5,
}
WEB_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}

CELERY_BEAT_SCHEDULE = {
    "publish due items": {
        "task": "pr_workflow.tasks.publish_tick",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "send due deliveries": {
        "task": "pr_workflow.tasks.distribution_tick",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "keep what went live": {
        "task": "pr_workflow.tasks.snapshot_tick",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "archive verified items": {
        "task": "pr_workflow.tasks.archive_tick",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "mail waiting notices": {
        "task": "pr_workflow.tasks.notices_send",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "remind of clocks": {
        "task": "pr_workflow.tasks.clock_reminders",
        "schedule": 300.0,
        "options": {"expires": 280},
    },
    "tell what went live and what did not": {
        "task": "pr_workflow.tasks.alarm_tick",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "calendar of this year and the next": {
        "task": "pr_workflow.tasks.daily_tick",
        "schedule": crontab(hour="0", minute="5"),
        "options": {"expires": 6 * 3600},
    },
    "public rows compared with their pages": {
        "task": "pr_workflow.tasks.projection_heal",
        "schedule": crontab(hour="2", minute="40"),
        "options": {"expires": 6 * 3600, "headers": {"only_by_night": True}},
    },
    "drafts at lead time": {
        "task": "pr_workflow.tasks.lead_time_tick",
        "schedule": crontab(hour="6", minute="10"),
        "options": {"expires": 6 * 3600},
    },
    "terms of working groups": {
        "task": "pr_workflow.tasks.working_group_tick",
        "schedule": crontab(hour="8", minute="30"),
        "options": {"expires": 6 * 3600},
    },
    "pages to look at again": {
        "task": "pr_workflow.tasks.currency_tick",
        "schedule": crontab(hour="8", minute="40"),
        "options": {"expires": 6 * 3600},
    },
    "weekly report": {
        "task": "evaluation.tasks.weekly_report_tick",
        "schedule": crontab(day_of_week="1", hour="8", minute="30"),
        "options": {"expires": 24 * 3600},
    },
}
