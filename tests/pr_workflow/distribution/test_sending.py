"""Promise I2 against the fake channels: whatever goes wrong, never two posts for one (revision, channel)."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.distribution import reading_back, sending, services
from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.distribution.policy import LEASE, LOOKUP_WAITS, MAX_ATTEMPTS, MAX_LOOKUPS, RETRY_WAITS
from pr_workflow.signals import delivery_failed, delivery_sent

State = Delivery.State
LATER = timedelta(hours=1)


def send(delivery, now):
    return services.delivery_send(actor=None, delivery_id=delivery.pk, now=now)


def reconcile(delivery, now):
    return services.delivery_reconcile(actor=None, delivery_id=delivery.pk, now=now)


@pytest.fixture(params=["facebook", "webhook"])
def due_on_each(request, agency, publish, add_channel, now):
    add_channel(agency, request.param)
    return services.delivery_plan(actor=None, item=publish(agency), now=now)[0]


@pytest.fixture
def heard():
    """The events of the step that were sent, as (signal name, state at that time)."""
    events = []

    def on_sent(sender, delivery, **kwargs):
        events.append(("sent", delivery.state))

    def on_failed(sender, delivery, **kwargs):
        events.append(("failed", delivery.state))

    delivery_sent.connect(on_sent)
    delivery_failed.connect(on_failed)
    yield events
    delivery_sent.disconnect(on_sent)
    delivery_failed.disconnect(on_failed)


def test_a_due_row_is_sent_once_and_the_clock_stops(due, fake, now, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sent = send(due, now)
    (post,) = fake.ledger.entries()
    assert sent.state == State.SENT
    assert sent.external_id == f"health-page_{post['number']}"
    assert 0 <= sent.clock_seconds < 60
    assert sent.within_limit is True
    assert sent.lease_until is None
    assert heard == [("sent", State.SENT)]
    assert send(due, now + LATER).state == State.SENT
    assert len(fake.ledger.entries()) == 1


def test_the_clock_says_when_ten_minutes_were_not_kept(due, now):
    sent = send(due, now + timedelta(minutes=10, seconds=5))
    assert sent.within_limit is False
    assert sent.clock_seconds >= 605


def test_a_row_is_not_sent_before_its_time(due, fake, now):
    assert send(due, now - timedelta(seconds=1)).state == State.DUE
    assert fake.ledger.entries() == []


@pytest.mark.parametrize(
    "fault",
    ["timeout_after_accept", "error_after_accept", "reset_after_accept"],
)
def test_a_post_that_was_taken_without_a_word_is_found_and_never_repeated(due_on_each, fake, now, fault):
    fake.misbehave("/", fault, seconds=2)
    assert send(due_on_each, now).state == State.UNKNOWN
    for minutes in range(1, 20):
        moment = now + timedelta(minutes=minutes)
        send(due_on_each, moment)
        reconcile(due_on_each, moment)
    row = Delivery.objects.get(pk=due_on_each.pk)
    assert row.state == State.SENT
    assert row.external_id
    assert len(fake.ledger.entries()) == 1


@pytest.mark.parametrize(
    "fault",
    ["timeout_before_accept", "error_before_accept", "reset_before_accept"],
)
def test_a_post_that_was_not_taken_is_sent_again_once_its_absence_is_proved(due_on_each, fake, now, fault):
    fake.misbehave("/", fault, seconds=2)
    assert send(due_on_each, now).state == State.UNKNOWN
    assert fake.ledger.entries() == []
    assert reconcile(due_on_each, now + timedelta(minutes=1)).state == State.DUE
    assert send(due_on_each, now + timedelta(minutes=1)).state == State.SENT
    assert len(fake.ledger.entries()) == 1


def test_absence_is_not_believed_while_the_post_may_still_show_up(due, fake, now):
    fake.misbehave("/", "reset_before_accept")
    unclear = send(due, now)
    early = reconcile(due, now + timedelta(seconds=5))
    assert early.state == State.UNKNOWN
    assert early.next_attempt_at > unclear.next_attempt_at
    assert send(due, now + timedelta(seconds=6)).state == State.UNKNOWN
    assert fake.ledger.entries() == []


def test_a_refusal_for_good_fails_visibly_and_is_not_tried_again(
    due_on_each, fake, now, heard, django_capture_on_commit_callbacks
):
    fake.misbehave("/", "refused")
    with django_capture_on_commit_callbacks(execute=True):
        failed = send(due_on_each, now)
    assert failed.state == State.FAILED
    assert "403" in failed.error
    assert heard == [("failed", State.FAILED)]
    assert send(due_on_each, now + LATER).state == State.FAILED
    assert fake.ledger.entries() == []


def test_a_channel_that_asks_to_wait_is_left_alone_as_long(due_on_each, fake, now):
    fake.misbehave("/", "too_many_requests", seconds=600)
    waiting = send(due_on_each, now)
    assert waiting.state == State.DUE
    assert waiting.next_attempt_at >= now + timedelta(minutes=10)
    assert send(due_on_each, now + timedelta(minutes=9)).attempts == 1
    assert send(due_on_each, now + timedelta(minutes=11)).state == State.SENT
    assert len(fake.ledger.entries()) == 1


def test_refusals_back_off_and_are_given_up_at_the_limit(agency, publish, add_channel, now):
    add_channel(agency, config={"base_url": "http://127.0.0.1:9"})
    (row,) = services.delivery_plan(actor=None, item=publish(agency), now=now)
    moment, waits = now, []
    for _attempt in range(MAX_ATTEMPTS):
        row = send(row, moment)
        if row.state == State.DUE:
            waits.append(round((row.next_attempt_at - moment).total_seconds()))
            moment = row.next_attempt_at
    assert row.state == State.FAILED
    assert row.attempts == MAX_ATTEMPTS
    assert waits == [round(wait.total_seconds()) for wait in RETRY_WAITS]
    assert moment - now < timedelta(minutes=10)
    assert not Delivery.objects.due(now + LATER).exists()


def test_a_worker_that_dies_after_posting_is_noticed_and_its_post_found(due, fake, now, monkeypatch):
    monkeypatch.setattr(sending, "_record_receipt", lambda *args, **kwargs: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        send(due, now)
    monkeypatch.undo()
    assert Delivery.objects.get(pk=due.pk).state == State.SENDING
    assert send(due, now + LEASE / 2).state == State.SENDING
    assert services.delivery_lease_expire(actor=None, delivery_id=due.pk, now=now + LEASE / 2) is None

    late = now + LEASE + timedelta(seconds=1)
    assert services.delivery_lease_expire(actor=None, delivery_id=due.pk, now=late).state == State.UNKNOWN
    assert reconcile(due, late + timedelta(minutes=1)).state == State.SENT
    assert len(fake.ledger.entries()) == 1


def test_a_worker_that_froze_before_posting_does_not_post_any_more(due, fake, now, monkeypatch):
    moments = iter([0.0, LEASE.total_seconds(), LEASE.total_seconds()])
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    row = send(due, now)
    assert row.state == State.DUE
    assert fake.ledger.entries() == []


def test_an_answer_that_comes_after_the_lease_still_counts_and_is_announced_once(
    due, fake, now, heard, monkeypatch, django_capture_on_commit_callbacks
):
    """The request is slow, the lease runs out meanwhile, the post is found, and then the answer arrives."""
    real_post = sending._post

    def slow_post(delivery, message, **kwargs):
        outcome = real_post(delivery, message, **kwargs)
        late = now + LEASE + timedelta(seconds=1)
        services.delivery_lease_expire(actor=None, delivery_id=delivery.pk, now=late)
        reconcile(delivery, late + timedelta(minutes=1))
        return outcome

    monkeypatch.setattr(sending, "_post", slow_post)
    with django_capture_on_commit_callbacks(execute=True):
        row = send(due, now)
    assert row.state == State.SENT
    assert heard == [("sent", State.SENT)]
    assert len(fake.ledger.entries()) == 1
    assert not AuditEntry.objects.filter(verb="delivery_late_receipt").exists()


def test_a_receipt_that_arrives_before_the_second_attempt_stops_it(due, fake, now, monkeypatch):
    """Read back as absent and due again, but then the first answer arrives: nothing is sent a second time."""
    real_post = sending._post

    def very_slow_post(delivery, message, **kwargs):
        late = now + LEASE + timedelta(seconds=1)
        services.delivery_lease_expire(actor=None, delivery_id=delivery.pk, now=late)
        assert reconcile(delivery, late + timedelta(minutes=1)).state == State.DUE
        return real_post(delivery, message, **kwargs)

    monkeypatch.setattr(sending, "_post", very_slow_post)
    assert send(due, now).state == State.SENT
    monkeypatch.undo()
    assert send(due, now + LATER).state == State.SENT
    assert len(fake.ledger.entries()) == 1


def test_an_adapter_that_breaks_leaves_a_doubt_and_no_secret(due, now, monkeypatch):
    class Broken:
        def send(self, *args, **kwargs):
            raise RuntimeError(f"with the token {due.channel.secret}")

    monkeypatch.setattr(sending, "adapter_for", lambda channel: Broken())
    row = send(due, now)
    assert row.state == State.UNKNOWN
    assert due.channel.secret not in row.error


def test_a_post_nobody_can_read_back_waits_for_a_person(agency, publish, add_channel, now, fake):
    add_channel(agency, "webhook", config={"lookup_url": ""})
    (row,) = services.delivery_plan(actor=None, item=publish(agency), now=now)
    fake.misbehave("/hooks", "reset_after_accept")
    send(row, now)
    row = reconcile(row, now + timedelta(minutes=1))
    assert row.state == State.UNKNOWN
    assert row.next_attempt_at is None
    assert not Delivery.objects.readable_back(now + timedelta(days=9)).exists()


def test_read_backs_are_counted_and_end_with_a_person(due, fake, now):
    fake.misbehave("/", "reset_after_accept")
    fake.misbehave("/graph", "error_before_accept", method="GET", times=MAX_LOOKUPS)
    row, moment = send(due, now), now
    for _lookup in range(MAX_LOOKUPS):
        moment = row.next_attempt_at
        row = reconcile(row, moment)
    assert row.state == State.UNKNOWN
    assert row.next_attempt_at is None
    assert row.lookups == MAX_LOOKUPS
    assert moment - now <= MAX_LOOKUPS * LOOKUP_WAITS[-1]
    assert reconcile(row, moment).state == State.SENT  # a person asks once more, the channel answers again


def test_reading_back_that_breaks_changes_nothing(due, fake, now, monkeypatch):
    fake.misbehave("/", "reset_after_accept")
    send(due, now)
    monkeypatch.setattr(reading_back, "adapter_for", lambda channel: None)
    assert reconcile(due, now + timedelta(minutes=1)).state == State.UNKNOWN


def test_a_used_up_row_fails_instead_of_trying_for_ever(due, fake, now):
    Delivery.objects.filter(pk=due.pk).update(attempts=MAX_ATTEMPTS - 1)
    fake.misbehave("/", "reset_before_accept")
    send(due, now)
    assert reconcile(due, now + timedelta(minutes=1)).state == State.FAILED


def test_withdrawn_news_is_not_sent(due, fake, now):
    type(due.page).objects.filter(pk=due.page_id).update(live=False)
    row = send(due, now)
    assert row.state == State.CANCELLED
    assert row.error
    assert fake.ledger.entries() == []


def test_only_the_public_revision_is_sent(agency, due, publish, fake, now):
    newer = publish(agency, "ฉบับแก้ไข", page=due.page)
    (second,) = services.delivery_plan(actor=None, item=newer, now=now)
    assert send(due, now).state == State.CANCELLED
    assert send(second, now).state == State.SENT
    (post,) = fake.ledger.entries()
    assert post["message"].startswith("ฉบับแก้ไข")


def test_a_later_revision_says_that_it_is_an_update(agency, due, publish, fake, now):
    send(due, now)
    (second,) = services.delivery_plan(actor=None, item=publish(agency, "ฉบับแก้ไข", page=due.page), now=now)
    send(second, now)
    first, update = fake.ledger.entries()
    assert not first["message"].startswith("[")
    assert update["message"].startswith("[")


def test_a_channel_switched_off_meanwhile_gets_nothing(due, fake, now):
    Channel.objects.filter(pk=due.channel_id).update(active=False)
    assert send(due, now).state == State.CANCELLED
    assert fake.ledger.entries() == []


def test_every_transition_is_in_the_audit_log_and_its_chain_is_whole(due, agency, fake, now):
    fake.misbehave("/", "reset_after_accept")
    send(due, now)
    reconcile(due, now + timedelta(minutes=1))
    entries = AuditEntry.objects.filter(target_type="pr_workflow.Delivery", target_id=str(due.pk)).order_by("sequence")
    assert [entry.verb for entry in entries] == [
        "delivery_planned",
        "delivery_sending",
        "delivery_unknown",
        "delivery_sent",
    ]
    assert audit_verify(chain=agency.code) is None
    assert due.channel.secret not in str([entry.data for entry in entries])


def test_no_transition_without_its_audit_row(due, now, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError("the audit log is not there")

    monkeypatch.setattr("pr_workflow.distribution.ledger.audit_record", broken)
    with pytest.raises(RuntimeError):
        send(due, now)
    assert Delivery.objects.get(pk=due.pk).state == State.DUE


def test_sending_inside_a_transaction_is_refused(due, fake, now, transactional_db):
    """Else ``sending`` would not be committed when the request leaves."""
    with transaction.atomic(), pytest.raises(RuntimeError):
        send(due, now)
    assert fake.ledger.entries() == []


@pytest.mark.parametrize(
    "impossible",
    [
        {"state": State.SENT, "sent_at": None, "lease_until": None},
        {"state": State.SENDING, "lease_until": None},
        {"state": State.DUE, "next_attempt_at": None},
    ],
)
def test_the_database_refuses_impossible_rows(due, impossible):
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=due.pk).update(**impossible)


def in_threads(count, work):
    """Run ``work`` in threads that start together; returns what they raised."""
    barrier, errors = threading.Barrier(count), []

    def run():
        try:
            barrier.wait()
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_post_once(due, fake, now):
    assert in_threads(4, lambda: send(due, now)) == []
    assert Delivery.objects.get(pk=due.pk).state == State.SENT
    assert Delivery.objects.get(pk=due.pk).attempts == 1
    assert len(fake.ledger.entries()) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_read_back_and_repeat_once(due, fake, now):
    fake.misbehave("/", "reset_before_accept")
    send(due, now)
    moment = now + timedelta(minutes=1)

    def reconcile_and_send():
        reconcile(due, moment)
        send(due, moment)

    assert in_threads(4, reconcile_and_send) == []
    assert Delivery.objects.get(pk=due.pk).state == State.SENT
    assert len(fake.ledger.entries()) == 1


@pytest.mark.django_db(transaction=True)
def test_planning_at_the_same_time_makes_one_row(agency, publish, add_channel, now):
    add_channel(agency)
    item = publish(agency)
    assert in_threads(3, lambda: services.delivery_plan(actor=None, item=item, now=now)) == []
    assert Delivery.objects.count() == 1
    assert AuditEntry.objects.filter(verb="delivery_planned").count() == 1
