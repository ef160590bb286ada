"""The fake channels must be a strict judge: they take what real channels take and note everything that arrived."""

import json
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests

from pr_workflow.distribution.fake_channels import FakeChannels, Ledger

from .conftest import PAGE_TOKEN

BEARER = {"Authorization": f"Bearer {PAGE_TOKEN}"}


def post(fake, path="/graph/health-page/feed", **options):
    return requests.post(fake.base_url + path, timeout=5, **options)


def test_it_listens_on_this_machine_only(fake):
    assert fake.server_address[0] == "127.0.0.1"


def test_the_feed_does_not_drop_repetitions(fake):
    """Else a test that compares ledgers could never see a double post."""
    for _time in range(2):
        assert post(fake, data={"message": "m"}, headers=BEARER).status_code == 200
    assert len(requests.get(f"{fake.base_url}/ledger", timeout=5).json()) == 2


def test_a_repeated_event_is_noted_as_repeated():
    with FakeChannels() as fake:
        for _time in range(2):
            assert post(fake, "/hooks/open", data="{}", headers={"webhook-id": "1"}).status_code == 202
        assert [entry["repeated"] for entry in fake.ledger.entries()] == [False, True]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_a_post_without_the_right_token_is_not_taken(fake, headers):
    answer = post(fake, data={"message": "m"}, headers=headers)
    assert answer.json()["error"]["code"] == 190
    assert fake.ledger.entries() == []


def test_an_unsigned_event_is_not_taken(fake):
    assert post(fake, "/hooks/partner", data="{}", headers={"webhook-id": "1"}).status_code == 401
    assert fake.ledger.entries() == []


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/nothing"), ("GET", "/graph/feed")])
def test_what_is_not_there_is_404(fake, method, path):
    assert requests.request(method, fake.base_url + path, timeout=5).status_code == 404


def test_faults_are_ordered_over_http_used_up_and_cleared(fake):
    orders = f"{fake.base_url}/_faults"
    order = {"path": "/graph", "fault": "error_after_accept", "times": 1}
    assert requests.post(orders, json=order, timeout=5).status_code == 201
    assert post(fake, data={"message": "m"}, headers=BEARER).status_code == 500
    assert post(fake, data={"message": "m"}, headers=BEARER).status_code == 200
    assert len(fake.ledger.entries()) == 2

    requests.post(orders, json={**order, "times": 9}, timeout=5)
    requests.delete(orders, timeout=5)
    assert post(fake, data={"message": "m"}, headers=BEARER).status_code == 200


@pytest.mark.parametrize("order", [{}, {"path": "/"}, {"path": "/", "fault": "unheard_of"}, {"x": 1}, [], "x"])
def test_an_order_that_is_not_understood_is_refused(fake, order):
    assert requests.post(f"{fake.base_url}/_faults", json=order, timeout=5).status_code == 400


def test_a_slow_channel_answers_in_the_end(fake):
    fake.misbehave("/graph", "slow", seconds=0.2)
    started = time.monotonic()
    assert post(fake, data={"message": "m"}, headers=BEARER).status_code == 200
    assert time.monotonic() - started >= 0.2


def test_the_ledger_survives_a_restart(tmp_path):
    path = tmp_path / "var" / "ledger.jsonl"
    Ledger(path).add(kind="facebook", page="ก", message="ข่าว")
    again = Ledger(path)
    again.add(kind="facebook", page="ก", message="ข่าวสอง")
    assert [entry["number"] for entry in again.entries(page="ก")] == [1, 2]
    assert [json.loads(line)["message"] for line in path.read_text().splitlines()] == ["ข่าว", "ข่าวสอง"]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.mark.once
def test_the_command_serves_until_it_is_told_to_stop(tmp_path):
    port, ledger = free_port(), tmp_path / "ledger.jsonl"
    command = [sys.executable, "manage.py", "fake_channels", f"--port={port}", f"--ledger={ledger}", "--token=p=t"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout.readline().strip() == f"http://127.0.0.1:{port}/ledger"
        feed = f"http://127.0.0.1:{port}/graph/p/feed"
        requests.post(feed, data={"message": "m"}, headers={"Authorization": "Bearer t"}, timeout=5).raise_for_status()
        second = subprocess.run(command, capture_output=True, text=True, check=False)
        assert second.returncode != 0
        assert str(port) in second.stderr
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=10) == 0
    assert len(ledger.read_text().splitlines()) == 1
