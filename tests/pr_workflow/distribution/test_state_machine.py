"""The ledger under any order of events: Hypothesis plays workers, faults, clocks and people."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.distribution import sending, services
from pr_workflow.distribution.models import Delivery
from pr_workflow.distribution.policy import LEASE, MAX_ATTEMPTS

State = Delivery.State

#: What may follow what; the docstring of Delivery says the same in words.
ALLOWED = {
    State.DUE: {State.SENDING, State.CANCELLED},
    State.SENDING: {State.SENT, State.DUE, State.FAILED, State.UNKNOWN},
    State.UNKNOWN: {State.SENT, State.DUE, State.FAILED, State.CANCELLED},
    State.FAILED: {State.DUE, State.CANCELLED},
    State.SENT: set(),
    State.CANCELLED: set(),
}
FAULTS = [
    None,
    "error_after_accept",
    "error_before_accept",
    "reset_after_accept",
    "reset_before_accept",
    "garbage_after_accept",
    "too_many_requests",
    "refused",
]


class WorkerDied(BaseException):
    """The process is gone: nothing after this point runs."""


class LedgerMachine(RuleBasedStateMachine):
    """One delivery and everything that may happen to it."""

    make_delivery = None
    fake = None
    monkeypatch = None

    @initialize()
    def start(self):
        self.row, self.now = type(self).make_delivery()
        self.key = self.row.idempotency_key.hex

    def reload(self):
        return Delivery.objects.select_related("agency").get(pk=self.row.pk)

    def posts(self):
        return [entry for entry in self.fake.ledger.entries() if self.key in entry["link"]]

    @rule(fault=st.sampled_from(FAULTS))
    def a_worker_sends(self, fault):
        self.fake.faults.clear()
        if fault:
            self.fake.misbehave("/graph", fault, seconds=60)
        services.delivery_send(actor=None, delivery_id=self.row.pk, now=self.now)
        self.fake.faults.clear()

    @rule(posts_first=st.booleans())
    def a_worker_dies_while_sending(self, posts_first):
        real = sending._post

        def dying_post(*args, **kwargs):
            if posts_first:
                real(*args, **kwargs)
            raise WorkerDied

        self.monkeypatch.setattr(sending, "_post", dying_post)
        try:
            services.delivery_send(actor=None, delivery_id=self.row.pk, now=self.now)
        except WorkerDied:
            pass
        finally:
            self.monkeypatch.setattr(sending, "_post", real)

    @rule(fault=st.sampled_from([None, "error_before_accept", "reset_before_accept", "garbage_after_accept"]))
    def the_post_is_read_back(self, fault):
        if fault:
            self.fake.misbehave("/graph", fault, method="GET")
        services.delivery_reconcile(actor=None, delivery_id=self.row.pk, now=self.now)
        self.fake.faults.clear()

    @rule(minutes=st.sampled_from([1, 2, 5]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)
        services.delivery_lease_expire(actor=None, delivery_id=self.row.pk, now=self.now)

    @rule()
    def an_early_tick(self):
        services.delivery_lease_expire(actor=None, delivery_id=self.row.pk, now=self.now)
        services.delivery_ripen(actor=None, delivery_id=self.row.pk, now=self.now)

    @precondition(lambda self: self.reload().state == State.FAILED)
    @rule()
    def a_person_tries_again(self):
        services.delivery_retry(actor=None, delivery_id=self.row.pk, now=self.now)

    @precondition(lambda self: self.reload().state == State.UNKNOWN and not self.posts())
    @rule()
    def a_person_looks_and_does_not_find_it(self):
        services.delivery_retry(actor=None, delivery_id=self.row.pk, now=self.now, surely_absent=True)

    @precondition(lambda self: self.reload().state == State.UNKNOWN and self.posts())
    @rule()
    def a_person_looks_and_finds_it(self):
        services.delivery_confirm(
            actor=None, delivery_id=self.row.pk, external_url="https://www.facebook.com/1", now=self.now
        )

    @precondition(lambda self: self.reload().state in Delivery.CANCELLABLE and not self.posts())
    @rule(really=st.integers(0, 4))
    def a_person_cancels(self, really):
        if not really:
            services.delivery_cancel(actor=None, delivery_id=self.row.pk, reason="ไม่ใช้แล้ว", now=self.now)

    @invariant()
    def at_most_one_post(self):
        assert len(self.posts()) <= 1

    @invariant()
    def sent_means_that_it_is_there_and_failed_that_it_is_not(self):
        state = self.reload().state
        if state == State.SENT:
            assert len(self.posts()) == 1
        if state in (State.FAILED, State.CANCELLED, State.DUE):
            assert self.posts() == []

    @invariant()
    def nothing_waits_without_a_time_or_a_reason(self):
        row = self.reload()
        assert (row.lease_until is not None) == (row.state == State.SENDING)
        assert row.state != State.SENDING or row.lease_until <= self.now + LEASE
        assert row.state not in (State.FAILED, State.UNKNOWN, State.CANCELLED) or row.error
        assert row.state != State.FAILED or "token" not in row.error

    def teardown(self):
        if not hasattr(self, "row"):
            return
        entries = AuditEntry.objects.filter(target_type="pr_workflow.Delivery", target_id=str(self.row.pk))
        path = [entry.data["state"] for entry in entries.order_by("sequence")]
        assert path[0] == State.DUE
        assert all(after in ALLOWED[before] for before, after in pairwise(path)), path
        assert path[-1] == self.reload().state
        automatic = [entry for entry in entries if entry.verb in ("delivery_postponed", "delivery_due")]
        assert len(automatic) <= MAX_ATTEMPTS
        assert audit_verify(chain=self.row.agency.code) is None


@pytest.mark.django_db
def test_no_order_of_events_breaks_the_ledger(agency, publish, add_channel, fake, now, monkeypatch):
    add_channel(agency)
    numbers = iter(range(10_000))

    def make_delivery():
        item = publish(agency, f"ข่าวที่ {next(numbers)}")
        return services.delivery_plan(actor=None, item=item, now=now)[0], now

    LedgerMachine.make_delivery = staticmethod(make_delivery)
    LedgerMachine.fake, LedgerMachine.monkeypatch = fake, monkeypatch
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=25,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # The promises are the machine's invariants; here only that many orders of events were really played.
    assert next(numbers) > 10
