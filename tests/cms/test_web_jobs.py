"""A person who saves something never waits for a job queue that does not answer."""

import importlib
import socket
import threading
import time

import pytest
from django.db import connection

import cms.wsgi
from cms.celery import app
from pr_workflow.notifications.models import Notice
from pr_workflow.notifications.services import notice_write
from tests.factories.office import MORNING, make_office

pytestmark = pytest.mark.django_db(transaction=True)

#: Two seconds are promised; a busy machine gets some more.
PATIENCE = 5


@pytest.fixture
def mute_broker():
    """A port that takes every connection and says nothing."""
    taken = []
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:

        def take():
            while True:
                try:
                    taken.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield server.getsockname()[1], taken
        server.shutdown(socket.SHUT_RDWR)
    for each in taken:
        each.close()


@pytest.fixture
def queue(mute_broker, monkeypatch):
    """The job queue of a web process, behind that port."""
    port, taken = mute_broker
    conf = {
        "broker_url": f"redis://127.0.0.1:{port}/0",
        "broker_write_url": f"redis://127.0.0.1:{port}/0",
        "broker_transport_options": {},
        "task_publish_retry_policy": app.conf.task_publish_retry_policy,
        "task_always_eager": False,
    }
    for name, value in conf.items():
        monkeypatch.setitem(app.conf, name, value)
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    importlib.reload(cms.wsgi)
    return taken


def test_a_hint_is_given_up_after_two_seconds(queue):
    """Through the real hook of a commit, in a thread, because the fault it guards against never returns."""
    office = make_office()
    person, took = office.writer, []

    def save():
        begun = time.monotonic()
        try:
            notice_write(recipients=[person], key="k", subject="ข่าว", agency=office.agency, now=MORNING)
        finally:
            connection.close()
        took.append(time.monotonic() - begun)

    for _attempt in range(2):
        thread = threading.Thread(target=save, daemon=True)
        thread.start()
        thread.join(3 * PATIENCE)
        assert not thread.is_alive(), "the request still waits for the queue"
        assert took.pop() < PATIENCE
    assert queue, "nobody asked the queue, so nothing was tried"
    assert Notice.objects.get().recipient == person
