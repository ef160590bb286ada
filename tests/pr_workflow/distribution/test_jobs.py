"""Jobs and receivers: seconds after go-live, nothing lost when the queue is away, one bad row never stops another."""

from datetime import timedelta

import pytest
from django.core import mail
from kombu.exceptions import OperationalError
from wagtail.models import Page

from pr_workflow import tasks
from pr_workflow.distribution import jobs, receivers, sending, services
from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.distribution.policy import CATCH_UP, LEASE
from pr_workflow.people.models import StaffProfile

State = Delivery.State


@pytest.fixture
def clock(monkeypatch, now):
    """The wall clock of the jobs; call it with an offset to move it."""
    moment = [now]
    monkeypatch.setattr(jobs.timezone, "now", lambda: moment[0])

    def move(**offset):
        moment[0] = now + timedelta(**offset)

    return move


@pytest.fixture
def queue_is_away(monkeypatch):
    """A broker that cannot be reached; set False to have it back."""
    away = {"now": True}
    real = jobs.delivery_send.__class__.apply_async

    def apply_async(self, *args, **options):
        if away["now"]:
            raise OperationalError("no broker")
        return real(self, *args, **options)

    monkeypatch.setattr(jobs.delivery_send.__class__, "apply_async", apply_async)
    return away


def go_live(item, now):
    receivers.on_news_went_live(
        sender=Page, page=item.page, revision=item.revision, published_item=item, now=now, actor=None, posting=None
    )


def states():
    return dict(Delivery.objects.values_list("channel__kind", "state"))


def test_celery_knows_the_jobs_by_the_names_of_the_timetable():
    for name in ("distribution_tick", "delivery_send", "delivery_reconcile"):
        assert getattr(tasks, name).name == f"pr_workflow.tasks.{name}"


def test_going_live_reaches_every_active_channel_at_once(agency, publish, add_channel, fake, now, clock):
    for kind in ("facebook", "webhook", "email", "website"):
        add_channel(agency, kind)
    add_channel(agency, "webhook", name="switched off", active=False)
    go_live(publish(agency), now)
    assert states() == dict.fromkeys(("facebook", "webhook", "email", "website"), State.SENT)
    assert all(row.within_limit for row in Delivery.objects.all())
    assert sorted(entry["kind"] for entry in fake.ledger.entries()) == ["facebook", "webhook"]
    assert len(mail.outbox) == 1


def test_announcing_twice_sends_once(agency, publish, add_channel, fake, now, clock):
    add_channel(agency)
    item = publish(agency)
    go_live(item, now)
    go_live(item, now)
    assert len(fake.ledger.entries()) == 1


def test_another_agencys_channels_get_nothing(agency, make_agency, publish, add_channel, fake, now, clock):
    add_channel(make_agency("education"))
    go_live(publish(agency), now)
    assert not Delivery.objects.exists()
    assert fake.ledger.entries() == []


def test_only_the_kinds_the_page_names_are_used(agency, publish, add_channel, now, clock, monkeypatch):
    for kind in ("facebook", "webhook", "website"):
        add_channel(agency, kind)
    item = publish(agency)
    monkeypatch.setattr(Page, "channels", ["website", "facebook", "radio"], raising=False)
    go_live(item, now)
    assert set(states()) == {"website", "facebook"}


def test_a_queue_that_is_away_costs_only_delay(agency, publish, add_channel, fake, now, clock, queue_is_away):
    add_channel(agency)
    go_live(publish(agency), now)
    assert states() == {"facebook": State.DUE}
    assert fake.ledger.entries() == []

    queue_is_away["now"] = False
    clock(minutes=1)
    jobs.distribution_tick()
    assert states() == {"facebook": State.SENT}
    assert len(fake.ledger.entries()) == 1


def test_the_tick_plans_what_the_event_missed(agency, publish, add_channel, fake, now, clock):
    add_channel(agency)
    Channel.objects.update(created=now - timedelta(days=30))
    item = publish(agency)
    assert jobs.distribution_tick()["planned"] == 1
    assert states() == {"facebook": State.SENT}
    assert jobs.distribution_tick() == dict.fromkeys(jobs.distribution_tick(), 0)
    assert len(fake.ledger.entries()) == 1
    assert Delivery.objects.get().revision_id == item.revision_id


def test_a_new_channel_is_not_flooded_with_old_news(agency, publish, add_channel, fake, now, clock):
    publish(agency, "ข่าวเก่า", went_live_at=now - CATCH_UP - timedelta(minutes=1))
    publish(agency, "ข่าวเมื่อวาน", went_live_at=now - timedelta(hours=3))
    add_channel(agency)
    jobs.distribution_tick()
    assert not Delivery.objects.exists()
    Channel.objects.update(created=now - timedelta(days=30))
    jobs.distribution_tick()
    assert [row.title for row in Delivery.objects.all()] == ["ข่าวเมื่อวาน"]


def test_rebuilding_the_read_model_sends_nothing_again(agency, publish, add_channel, fake, now, clock):
    add_channel(agency)
    item = publish(agency)
    go_live(item, now)
    values = {field.attname: getattr(item, field.attname) for field in item._meta.concrete_fields if field.name != "id"}
    item.delete()
    type(item).objects.create(**values)
    jobs.distribution_tick()
    assert len(fake.ledger.entries()) == 1


def test_one_bad_channel_never_stops_another(agency, publish, add_channel, fake, now, clock):
    add_channel(agency, "facebook", name="broken")
    Channel.objects.filter(name="broken").update(config=["not", "an", "object"])
    add_channel(agency, "webhook")
    go_live(publish(agency), now)
    assert states() == {"facebook": State.FAILED, "webhook": State.SENT}


def test_one_bad_row_never_stops_the_tick(agency, publish, add_channel, fake, now, clock, monkeypatch, queue_is_away):
    for kind in ("facebook", "webhook"):
        add_channel(agency, kind)
    go_live(publish(agency), now)
    queue_is_away["now"] = False
    real, poisoned = sending.message_of, Delivery.objects.get(channel__kind="facebook").pk

    def message_of(delivery):
        if delivery.pk == poisoned:
            raise RuntimeError("poison")
        return real(delivery)

    monkeypatch.setattr(sending, "message_of", message_of)
    assert jobs.distribution_tick()["sending"] == 1
    assert states() == {"facebook": State.DUE, "webhook": State.SENT}


def test_the_tick_makes_planned_rows_due_when_their_moment_comes(agency, publish, add_channel, fake, now, clock):
    add_channel(agency)
    item = publish(agency, went_live_at=now + timedelta(minutes=5))
    services.delivery_plan(actor=None, item=item, now=now)
    assert states() == {"facebook": State.PLANNED}
    assert jobs.distribution_tick()["ripened"] == 0
    clock(minutes=5)
    assert jobs.distribution_tick()["ripened"] == 1
    assert states() == {"facebook": State.SENT}


def test_the_tick_gives_up_dead_workers_and_reads_back(due, fake, now, clock):
    later = {"minutes": 3}
    Delivery.objects.filter(pk=due.pk).update(
        state=State.SENDING, lease_until=now + LEASE, next_attempt_at=None, attempts=1
    )
    clock(minutes=1)
    jobs.distribution_tick()
    assert states() == {"facebook": State.SENDING}
    clock(**later)
    assert jobs.distribution_tick()["leases_expired"] == 1
    assert states() == {"facebook": State.UNKNOWN}
    clock(minutes=4)
    assert jobs.distribution_tick()["reading_back"] == 1
    assert states() == {"facebook": State.SENT}
    assert len(fake.ledger.entries()) == 1


def test_a_job_that_comes_twice_or_for_nothing_does_nothing(due, fake, clock):
    assert jobs.delivery_send(due.pk) == State.SENT
    assert jobs.delivery_send(due.pk) == State.SENT
    assert jobs.delivery_reconcile(due.pk) == State.SENT
    assert len(fake.ledger.entries()) == 1


def test_taking_down_calls_back_what_has_not_left(due, fake, now, clock, agency, publish, add_channel):
    add_channel(agency, "webhook")
    sent = services.delivery_plan(actor=None, item=publish(agency, "อีกข่าว"), now=now)
    jobs.delivery_send(sent[0].pk)
    receivers.on_news_taken_down(sender=Page, page=due.page, reason="expired", now=now, actor=None)
    assert Delivery.objects.get(pk=due.pk).state == State.CANCELLED
    assert Delivery.objects.get(pk=sent[0].pk).state == State.SENT
    assert Delivery.objects.get(pk=sent[1].pk).state == State.DUE
    jobs.delivery_send(due.pk)
    assert len(fake.ledger.entries()) == 1


@pytest.mark.django_db
def test_the_tick_costs_the_same_at_any_size_of_history(due, now, clock, django_assert_max_num_queries):
    Delivery.objects.filter(pk=due.pk).update(
        state=State.SENT, sent_at=now, next_attempt_at=None, went_live_at=now - CATCH_UP * 2, due_at=now
    )
    StaffProfile.objects.count()
    clock(days=3)
    with django_assert_max_num_queries(6):
        jobs.distribution_tick()
