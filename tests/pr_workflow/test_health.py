"""The health address: says within two minutes what is stuck, names no content, works with a broken queue (I6, R70)."""

from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from celery.signals import after_task_publish
from django.core.checks import run_checks
from django.db import connection
from django.utils import timezone
from wagtail.models import Page, Site, Task

from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.health import PATIENCE, health_report
from pr_workflow.notifications.models import Notice
from pr_workflow.people.models import Agency
from pr_workflow.people.roles import Role
from pr_workflow.publishing import beat_signs
from pr_workflow.publishing.heartbeat import heartbeat_beat
from pr_workflow.publishing.models import Heartbeat, Posting, PublicationCheck
from tests.factories.office import make_draft, make_office, submit

pytestmark = pytest.mark.django_db

TITLE = "ข่าวที่ยังไม่เผยแพร่"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def alive(now):
    """A tick came half a minute ago."""
    heartbeat_beat(name="tick", now=now - timedelta(seconds=30))


@pytest.fixture
def posting(now):
    """An approved item without a go-live time."""
    agency = Agency.objects.create(code="health", name="Health", site=Site.objects.get())
    page = Page.objects.get(depth=1).add_child(instance=Page(title=TITLE, slug="item", live=False))
    return Posting.objects.create(
        agency=agency, page=page, revision=page.save_revision(), opened_at=now, due_at=now + timedelta(days=1)
    )


def test_a_quiet_machine_is_healthy(alive, now):
    report = health_report(now)
    assert report.problems == []
    assert report.healthy
    assert (report.database, report.queue, report.queue_waiting) == (True, True, 0)


def test_jobs_that_wait_for_a_worker_are_counted(alive, now, monkeypatch):
    monkeypatch.setitem(current_app.conf, "task_always_eager", False)
    current_app.send_task("pr_workflow.tasks.notices_send", expires=50)
    try:
        assert health_report(now).queue_waiting == 1
    finally:
        with current_app.connection_for_write() as broker:
            queue = current_app.amqp.queues[current_app.conf.task_default_queue].bind(broker.default_channel)
            queue.declare()
            queue.delete()
    assert not health_report(now).queue_waiting


@pytest.mark.parametrize(("age", "stuck"), [(PATIENCE, False), (PATIENCE + timedelta(seconds=1), True)])
def test_a_missing_tick_is_named_after_two_minutes(now, age, stuck):
    heartbeat_beat(name="tick", now=now - age)
    assert ("no_recent_tick" in health_report(now).problems) is stuck


def test_a_machine_that_never_ticked_is_not_healthy(now):
    assert health_report(now).problems == ["no_recent_tick"]


@pytest.mark.parametrize(
    ("late", "stuck"),
    [(timedelta(seconds=-60), False), (timedelta(seconds=60), False), (timedelta(seconds=121), True)],
    ids=["not due yet", "due a minute ago", "due two minutes ago"],
)
def test_due_news_that_is_not_live_is_named(alive, now, posting, late, stuck):
    Posting.objects.update(go_live_at=now - late)
    report = health_report(now)
    assert ("due_news_not_live" in report.problems) is stuck
    assert report.oldest_due_at == (now - late if late > timedelta() else None)


def test_news_that_went_live_or_was_withdrawn_is_not_late(alive, now, posting):
    Posting.objects.update(go_live_at=now - timedelta(hours=1), went_live_at=now)
    assert health_report(now).healthy
    Posting.objects.update(went_live_at=None, closed_at=now)
    assert health_report(now).healthy


def test_a_failed_go_live_is_named_at_once(alive, now, posting):
    Posting.objects.update(go_live_at=now, failure="broken image", failed_at=now)
    report = health_report(now)
    assert report.problems == ["news_failed_to_go_live"]
    assert report.failed_postings == 1


@pytest.fixture
def delivery(now, posting):
    channel = Channel.objects.create(agency=posting.agency, kind=Channel.Kind.WEBSITE, name="site")
    return Delivery.objects.create(
        agency=posting.agency,
        page=posting.page,
        revision=posting.revision,
        channel=channel,
        title=TITLE,
        went_live_at=now - timedelta(hours=1),
        planned_at=now - timedelta(hours=1),
        due_at=now - timedelta(hours=1),
        last_state_change=now,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "planned"},
        {"state": "due", "next_attempt_at": -1},
        {"state": "sending", "lease_until": -1},
    ],
    ids=["never became due", "due and not sent", "its sender never came back"],
)
def test_a_stuck_delivery_is_named(alive, now, delivery, changes):
    moments = {key: now - timedelta(hours=1) if value == -1 else value for key, value in changes.items()}
    Delivery.objects.update(**moments)
    report = health_report(now)
    assert report.problems == ["deliveries_stuck"]
    assert report.stuck_deliveries == 1


@pytest.mark.parametrize(("state", "counter"), [("failed", "failed_deliveries"), ("unknown", "unknown_deliveries")])
def test_a_delivery_that_waits_for_a_person_is_counted_but_does_not_ring(alive, now, delivery, state, counter):
    Delivery.objects.update(state=state)
    report = health_report(now)
    assert getattr(report, counter) == 1
    assert report.healthy


def test_a_broken_queue_is_named(alive, now, monkeypatch):
    broken = current_app.connection_for_write("redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app, "connection_for_write", lambda: broken)
    report = health_report(now)
    assert report.problems == ["queue_unreachable"]
    assert report.queue_waiting is None


def test_a_database_without_our_tables_is_named(now):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pr_workflow_heartbeat RENAME TO pr_workflow_gone")
    report = health_report(now)
    assert report.problems == ["database_unusable"]
    assert report.database is False


def test_the_address_answers_200_without_login_and_is_never_cached(client, alive):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["healthy"] is True
    assert "no-store" in response.headers["Cache-Control"]


def test_the_address_answers_503_and_shows_no_content(client, alive, now, posting):
    Posting.objects.update(go_live_at=now - timedelta(hours=1), failure="secret reason", failed_at=now)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["problems"] == ["due_news_not_live", "news_failed_to_go_live"]
    assert TITLE not in response.content.decode()
    assert "secret reason" not in response.content.decode()


def test_the_address_only_reads(client):
    assert client.post("/healthz").status_code == 405


# -- the parts of issue 3: signs of life apart, expiry, search, people who are missing


def test_a_stopped_worker_is_told_within_two_minutes(client, alive, now, posting):
    """The scheduler goes on ordering ticks; no worker takes them."""
    heartbeat_beat(name="tick", now=now)
    heartbeat_beat(name="beat", now=now)
    Posting.objects.update(go_live_at=now + timedelta(seconds=30))
    with time_machine.travel(now + timedelta(seconds=60), tick=False):
        assert client.get("/healthz").status_code == 200
    heartbeat_beat(name="beat", now=now + timedelta(seconds=120))
    with time_machine.travel(now + timedelta(seconds=121), tick=False):
        body = client.get("/healthz")
        assert body.status_code == 503
        assert body.json()["problems"] == ["no_recent_tick"]
    heartbeat_beat(name="beat", now=now + timedelta(seconds=150))
    with time_machine.travel(now + timedelta(seconds=151), tick=False):
        assert client.get("/healthz").json()["problems"] == ["no_recent_tick", "due_news_not_live"]


def test_a_stopped_scheduler_is_told_apart(alive, now):
    heartbeat_beat(name="beat", now=now - PATIENCE - timedelta(seconds=1))
    assert health_report(now).problems == ["no_recent_beat"]


def test_only_the_scheduler_process_beats(now, monkeypatch):
    after_task_publish.send(sender=beat_signs.TICK)
    assert not Heartbeat.objects.filter(name="beat").exists()
    monkeypatch.setitem(beat_signs._process, "is_scheduler", True)
    monkeypatch.setattr(beat_signs, "close_old_connections", lambda: None)
    after_task_publish.send(sender="pr_workflow.tasks.delivery_send")
    assert not Heartbeat.objects.filter(name="beat").exists()
    after_task_publish.send(sender=beat_signs.TICK)
    assert Heartbeat.objects.filter(name="beat").exists()


def test_a_page_past_its_expiry_is_named(alive, now):
    Page.objects.filter(depth=2).update(live=True, expire_at=now - PATIENCE - timedelta(seconds=1))
    report = health_report(now)
    assert report.problems == ["expiry_overdue"]


def test_what_search_does_not_know_after_two_minutes_is_named(alive, now, posting):
    Posting.objects.update(went_live_at=now - timedelta(seconds=60))
    assert health_report(now).healthy
    Posting.objects.update(went_live_at=now - PATIENCE - timedelta(seconds=1))
    assert health_report(now).problems == ["search_behind"]
    Posting.objects.update(indexed_at=now)
    assert health_report(now).healthy


def test_late_checks_are_counted_and_do_not_ring(alive, now, posting):
    PublicationCheck.objects.create(
        agency=posting.agency, page=posting.page, revision=posting.revision, opened_at=now, due_at=now - timedelta(1)
    )
    report = health_report(now)
    assert (report.healthy, report.checks_overdue) == (True, 1)


def test_mail_that_cannot_be_sent_is_named(alive, now, posting, django_user_model):
    Notice.objects.create(
        agency=posting.agency,
        recipient=django_user_model.objects.create_user("k-test"),
        key="x",
        subject="x",
        created_at=now - timedelta(hours=1),
        mail_attempts=1,
        mail_error="connection refused",
    )
    assert health_report(now).problems == ["notices_not_mailed"]


def test_a_step_without_people_is_named(now, settings):
    office = make_office("empty", now=now)
    submit(office, make_draft(office), now=now)
    heartbeat_beat(name="tick", now=now)
    assert health_report(now).healthy
    office.person(Role.HEAD_OF_WORK).groups.clear()
    assert health_report(now).problems == ["steps_unmanned"]


def test_a_chain_that_an_old_installation_emptied_is_named(now, settings):
    """Our screens refuse to empty it; rows taken out by hand, or before that, ring all the same."""
    office = make_office("empty", now=now)
    page = make_draft(office)
    submit(office, page, now=now)
    heartbeat_beat(name="tick", now=now)
    workflow = page.current_workflow_state.workflow
    Task.objects.filter(workflow_tasks__workflow=workflow).update(active=False)
    assert health_report(now).problems == ["steps_unmanned"]
    said = [issue.msg for issue in run_checks(databases=["default"]) if issue.id == "pr_workflow.W004"]
    assert any(workflow.name in sentence for sentence in said)
