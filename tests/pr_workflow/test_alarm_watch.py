"""The watch tells what stands still with worker, scheduler, queue or mail server dead: once each, and its end (I6)."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from celery import current_app
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from pr_workflow import alarm_watch
from pr_workflow.alarm_watch import SIGN, Watch
from pr_workflow.alarms import alarm_tick, tell_stuck
from pr_workflow.health import HealthReport, _look_at_queue
from pr_workflow.machinery import PROBLEM_WORDS
from pr_workflow.notifications.models import Alarm, Notice
from pr_workflow.people.roles import Role
from pr_workflow.publishing.heartbeat import heartbeat_beat
from pr_workflow.publishing.models import Heartbeat
from tests.database_template import copy_sqlite
from tests.factories.office import MORNING, approved, make_administrator, make_office, posted
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db
#: Three minutes after the last sign of life.
FROZEN = MORNING + timedelta(minutes=3)


@pytest.fixture
def office():
    office = make_office()
    get_user_model().objects.update(email="")
    for role in (Role.IT_OFFICER, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION):
        get_user_model().objects.filter(pk=office.person(role).pk).update(email=f"{role}@example.go.th")
    heartbeat_beat(name="tick", now=MORNING)
    heartbeat_beat(name="beat", now=MORNING)
    return office


@pytest.fixture
def queue_is_dead(monkeypatch):
    """No broker answers; a job ordered all the same is an error."""
    broken = current_app.connection_for_write("redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app, "connection_for_write", lambda: broken)
    monkeypatch.setitem(current_app.conf, "task_always_eager", False)

    def refuse(*args, **kwargs):
        raise AssertionError("the watch ordered a job")

    monkeypatch.setattr(current_app, "send_task", refuse)


def look(at=FROZEN) -> dict:
    """One look of the real command at a moment."""
    out = StringIO()
    with time_machine.travel(at, tick=False):
        call_command("alarm_watch", "--once", "--json", stdout=out)
    return json.loads(out.getvalue())


def subjects_to(address: str) -> list[str]:
    return [message.subject for message in mail.outbox if message.to == [address]]


def test_a_frozen_machine_is_mailed_without_queue_and_worker(office, queue_is_dead, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        found = look()
    assert found["problems"] == ["queue_unreachable", "no_recent_tick", "no_recent_beat"]
    assert found["mails"]["mailed"] == 3
    assert found["failed"] == []
    assert len(subjects_to("it_officer@example.go.th")) == 3
    assert {tuple(message.to) for message in mail.outbox} == {("it_officer@example.go.th",)}


def test_a_machine_that_runs_is_left_alone(office):
    found = look(MORNING + timedelta(minutes=1))
    assert (found["problems"], found["mails"], mail.outbox) == ([], {}, [])
    assert not Alarm.objects.exists()


def test_due_news_is_mailed_within_two_minutes_of_its_time(office, queue_is_dead):
    posted(office, approved(office), go_live_at=MORNING + timedelta(hours=6), now=MORNING + timedelta(hours=5))
    late = MORNING + timedelta(hours=6)
    for name in ("tick", "beat"):
        heartbeat_beat(name=name, now=late)
    told = Notice.objects.filter(key__startswith="failed:", mailed_at__isnull=False)
    assert look(late + timedelta(seconds=59))["not_live"] == 0
    assert not told.exists()
    assert look(late + timedelta(seconds=75))["not_live"] == 1
    look(late + timedelta(seconds=90))
    roles = (Role.IT_OFFICER, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION)
    assert {notice.recipient for notice in told} == {office.person(role) for role in roles}
    assert len([mailed for mailed in mail.outbox if mailed.to == ["head_of_work@example.go.th"]]) == 1


def test_looking_again_mails_nothing_again_and_the_end_once(office):
    look()
    count = len(mail.outbox)
    for minutes in (4, 5, 70, 24 * 60):
        look(MORNING + timedelta(minutes=minutes))
    assert len(mail.outbox) == count == 2
    healed = MORNING + timedelta(hours=25)
    for name in ("tick", "beat"):
        heartbeat_beat(name=name, now=healed)
    for minutes in (0, 1, 2):
        look(healed + timedelta(minutes=minutes))
    assert len(mail.outbox) == count + 2
    assert Alarm.objects.filter(over_at=None).count() == 0
    assert subjects_to("it_officer@example.go.th")[-2:] != subjects_to("it_officer@example.go.th")[:2]


def test_machinery_that_stumbles_is_one_outage_and_a_later_one_is_another(office):
    look()
    heartbeat_beat(name="tick", now=FROZEN)
    heartbeat_beat(name="beat", now=FROZEN)
    look(FROZEN + timedelta(minutes=1))
    look(FROZEN + timedelta(minutes=3))  # silent again, within the calm
    assert len(mail.outbox) == 2
    assert Alarm.objects.count() == 2
    healed = FROZEN + timedelta(hours=1)
    for name in ("tick", "beat"):
        heartbeat_beat(name=name, now=healed)
    look(healed)
    look(healed + timedelta(minutes=3))
    assert len(mail.outbox) == 2 + 2 + 2
    assert Alarm.objects.filter(problem="no_recent_tick").count() == 2


def test_worker_and_watch_never_tell_twice(office):
    with time_machine.travel(FROZEN, tick=False):
        alarm_tick()
        told = Notice.objects.filter(key__startswith="health:").count()
        look()
        alarm_tick()
    assert told
    assert Notice.objects.filter(key__startswith="health:").count() == told
    assert len(mail.outbox) == 2


@pytest.mark.django_db(transaction=True)
def test_worker_and_watch_that_look_at_one_instant_open_one_alarm(office):
    barrier = threading.Barrier(2)

    def tell():
        try:
            barrier.wait()
            return tell_stuck(now=FROZEN)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(tell) for _ in range(2)]:
            assert "no_recent_tick" in future.result()
    assert Alarm.objects.filter(problem="no_recent_tick").count() == 1
    assert Notice.objects.filter(key__startswith="health:no_recent_tick", recipient=office.it_officer).count() == 1


def test_who_becomes_an_administrator_during_an_outage_is_told_too(office):
    look()
    root = make_administrator()
    look(FROZEN + timedelta(minutes=1))
    assert Notice.objects.filter(recipient=root, key__startswith="health:").count() == 2


def test_a_dead_mail_server_keeps_the_notices_and_the_next_looks_try_again(office, settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 0.2
    assert look()["mails"]["failed"] == 2
    settings.EMAIL_BACKEND = backend
    assert look(FROZEN + timedelta(seconds=59))["mails"] == {}
    assert look(FROZEN + timedelta(seconds=61))["mails"]["mailed"] == 2


def test_only_what_is_urgent_is_taken_from_the_worker(office):
    Notice.objects.create(
        agency=office.agency, recipient=office.it_officer, key="x", subject="ข่าวทั่วไป", created_at=MORNING
    )
    look()
    assert "ข่าวทั่วไป" not in " ".join(subjects_to("it_officer@example.go.th"))
    assert Notice.objects.get(key="x").mailed_at is None


def test_a_database_that_cannot_be_used_ends_the_look_with_an_error(office):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pr_workflow_heartbeat RENAME TO pr_workflow_gone")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("alarm_watch", "--once", "--json", stdout=out)
    assert json.loads(out.getvalue())["problems"] == ["database_unusable"]
    assert mail.outbox == []


def test_one_part_that_fails_does_not_stop_the_mail(office, monkeypatch):
    look()
    Notice.objects.update(mailed_at=None, mail_attempts=0)

    def broken(**kwargs):
        raise DatabaseError("one row is broken")

    monkeypatch.setattr(alarm_watch, "tell_not_live", broken)
    out = StringIO()
    with time_machine.travel(FROZEN, tick=False), pytest.raises(CommandError):
        call_command("alarm_watch", "--once", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["failed"], found["mails"]["mailed"]) == (["not live"], 2)


@pytest.mark.parametrize("options", [["--interval", "0"], ["--grace", "-1"]])
def test_a_watch_without_sense_is_refused(options):
    with pytest.raises(CommandError):
        call_command("alarm_watch", *options)


# -- the loop


class Clock:
    """Stands in for the waiting between two looks: moves the time on, ends after the last step."""

    def __init__(self, traveller, steps):
        self.traveller, self.steps = traveller, list(steps)

    def __call__(self, seconds: float) -> bool:
        if not self.steps:
            return True
        self.traveller.shift(timedelta(seconds=self.steps.pop(0)))
        return False


@pytest.fixture(autouse=True)
def connection_of_the_test(monkeypatch):
    """The test's connection is its transaction, so it stays open."""
    monkeypatch.setattr(alarm_watch, "close_old_connections", lambda: None)


def run_watch(start, steps) -> None:
    with time_machine.travel(start, tick=False) as traveller:
        Watch(stop=Clock(traveller, steps), interval=timedelta(seconds=15), grace=timedelta(seconds=60)).run()


def test_the_others_get_a_minute_to_start(office):
    run_watch(FROZEN, [15, 15, 15])
    assert mail.outbox == []
    run_watch(FROZEN, [15, 15, 15, 15])
    assert len(mail.outbox) == 2


def test_after_a_sleep_of_the_machine_the_others_get_a_minute_too(office):
    start = MORNING
    run_watch(start, [15, 15, 15, 15, 8 * 3600, 15, 15])
    assert mail.outbox == []
    run_watch(start, [15, 15, 15, 15, 8 * 3600, 15, 15, 15, 15])
    assert len(mail.outbox) == 2


def test_a_watch_that_hangs_is_named_and_one_that_was_stopped_is_not(office, client):
    now = timezone.now()
    for name in ("tick", "beat"):
        heartbeat_beat(name=name, now=now)
    heartbeat_beat(name=SIGN, now=now - timedelta(minutes=3))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["no_recent_watch"])
    alarm_tick()
    assert Notice.objects.filter(key__startswith="health:no_recent_watch", recipient=office.it_officer).exists()
    client.force_login(office.it_officer)
    assert str(PROBLEM_WORDS["no_recent_watch"]) in client.get("/admin/").content.decode()
    run_watch(now, [])
    assert not Heartbeat.objects.filter(name=SIGN).exists()
    assert client.get("/healthz").status_code == 200


def test_a_queue_that_takes_the_call_and_says_nothing_keeps_nobody_waiting(office, monkeypatch):
    """A hung broker: the connection is made, and no answer ever comes."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        port = silent.getsockname()[1]
        hung = current_app.connection_for_write(f"redis://127.0.0.1:{port}/0")
        monkeypatch.setattr(current_app, "connection_for_write", lambda: hung)
        started = timezone.now()
        with ThreadPoolExecutor(1) as pool:
            found = pool.submit(_queue_looked_at).result(timeout=30)
    assert found == ["queue_unreachable"]
    assert timezone.now() - started < timedelta(seconds=25)


def _queue_looked_at() -> list[str]:
    report = HealthReport(now=timezone.now())
    _look_at_queue(report)
    return report.problems


@pytest.mark.once
def test_the_real_process_mails_a_frozen_machine_and_stops_on_request(tmp_path):
    """A database of its own with an old sign of life, no queue, mail into a folder."""
    copy_sqlite(tmp_path / "db.sqlite3")
    foreign = ("PRAKAT_", "DATABASE_URL", "REDIS_URL", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    environment = {**clean, "PRAKAT_DATA_DIR": str(tmp_path), "REDIS_URL": "redis://127.0.0.1:1/0"}
    prepare = (
        "from datetime import timedelta; from django.utils import timezone;"
        "from django.contrib.auth import get_user_model; from wagtail.models import Site;"
        "from pr_workflow.models import Agency, Heartbeat;"
        "get_user_model().objects.create_superuser('root', 'root@example.go.th', 'only-in-tests');"
        "Agency.objects.create(code='kpr', name='สำนักงาน', site=Site.objects.get());"
        "Heartbeat.objects.create(name='tick', seen_at=timezone.now() - timedelta(minutes=5))"
    )
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "shell", "-c", prepare], env=environment, check=True, capture_output=True, timeout=60)
    process = subprocess.Popen(
        [*manage, "alarm_watch", "--grace", "0", "--interval", "0.5"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert wait_for(lambda: len(list((tmp_path / "mail").glob("*"))) >= 1, 60)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
        assert process.returncode == 0, said
        assert "no_recent_tick" in said
    finally:
        process.kill()
        process.wait()
    mails = "".join(path.read_text() for path in (tmp_path / "mail").iterdir())
    assert "root@example.go.th" in mails


def test_an_administrator_of_no_agency_sees_on_the_first_screen_what_stands_still(office, client):
    for user, is_told in ((make_administrator(), True), (office.it_officer, True), (office.writer, False)):
        client.force_login(user)
        with time_machine.travel(FROZEN, tick=False):
            page = client.get("/admin/").content.decode()
        assert (str(PROBLEM_WORDS["no_recent_beat"]) in page) is is_told, user
        assert str(PROBLEM_WORDS["no_recent_tick"]) in page, user
