"""The login: many wrong passwords pause one account from one address, and nobody else; all of it in Thai."""

import pytest
from django.contrib.auth import get_user_model

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PASSWORD = "the right one, and long"


@pytest.fixture
def throttled(settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    for name in ("somchai", "malee"):
        get_user_model().objects.create_superuser(name, f"{name}@example.go.th", PASSWORD)


def log_in(client, name, password, address="198.51.100.1"):
    return client.post("/admin/login/", {"username": name, "password": password}, REMOTE_ADDR=address)


def test_the_right_password_lets_in(client, throttled):
    assert log_in(client, "somchai", PASSWORD).status_code == 302


def test_after_too_many_wrong_ones_even_the_right_one_waits(client, throttled):
    for _attempt in range(3):
        answer = log_in(client, "somchai", "wrong")
    assert answer.status_code == 429
    answer = log_in(client, "somchai", PASSWORD)
    assert answer.status_code == 429
    assert "15" in answer.content.decode()
    assert not client.session.get("_auth_user_id")


def test_a_colleague_behind_the_same_address_is_not_locked_out(client, throttled):
    for _attempt in range(4):
        log_in(client, "somchai", "wrong")
    assert log_in(client, "malee", PASSWORD).status_code == 302


def test_the_owner_can_still_come_from_elsewhere(client, throttled):
    """Nobody can lock a director out by typing wrong passwords from outside."""
    for _attempt in range(4):
        log_in(client, "somchai", "wrong")
    assert log_in(client, "somchai", PASSWORD, address="198.51.100.2").status_code == 302


def test_every_field_is_named_in_thai(client):
    page = client.get("/admin/login/").content.decode()
    assert "รหัสผ่าน" in page
    assert "Password" not in page
