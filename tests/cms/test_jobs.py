"""The timetable names jobs that exist, and no entry outlives its interval."""

import pytest
from celery.schedules import crontab

from cms.celery import app, on_worker_ready

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def timetable():
    app.loader.import_default_modules()
    return app.conf.beat_schedule


def test_every_scheduled_job_is_registered(timetable):
    names = {entry["task"] for entry in timetable.values()}
    assert names == {
        "pr_workflow.tasks.publish_tick",
        "pr_workflow.tasks.distribution_tick",
        "pr_workflow.tasks.snapshot_tick",
        "pr_workflow.tasks.archive_tick",
        "pr_workflow.tasks.notices_send",
        "pr_workflow.tasks.clock_reminders",
        "pr_workflow.tasks.alarm_tick",
        "pr_workflow.tasks.daily_tick",
        "pr_workflow.tasks.projection_heal",
        "pr_workflow.tasks.lead_time_tick",
        "pr_workflow.tasks.working_group_tick",
        "pr_workflow.tasks.currency_tick",
        "evaluation.tasks.weekly_report_tick",
    }
    assert names <= set(app.tasks)


def test_a_tick_expires_before_the_next_one(timetable):
    ticks = [entry for entry in timetable.values() if not isinstance(entry["schedule"], crontab)]
    assert len(ticks) == 7
    assert all(0 < entry["options"]["expires"] < entry["schedule"] for entry in ticks)


def test_times_of_day_are_bangkok_times(timetable):
    assert app.conf.timezone == "Asia/Bangkok"
    daily, weekly = timetable["calendar of this year and the next"], timetable["weekly report"]
    assert (daily["schedule"].hour, daily["schedule"].minute) == ({0}, {5})
    assert (weekly["schedule"].day_of_week, weekly["schedule"].hour, weekly["schedule"].minute) == ({1}, {8}, {30})


def test_a_worker_catches_up_when_it_starts(monkeypatch, timetable):
    sent = []
    monkeypatch.setattr(app, "send_task", lambda name, **options: sent.append(name))
    on_worker_ready()
    assert sent[0] == "pr_workflow.tasks.publish_tick"
    by_night = "pr_workflow.tasks.projection_heal"
    assert sorted([*sent, by_night]) == sorted(entry["task"] for entry in timetable.values())
