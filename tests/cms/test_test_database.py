"""The ground rules of the test run itself."""

import socket

import pytest
from django.core.cache import cache
from django.db import connection
from wagtail.models import Page


@pytest.mark.django_db
def test_the_database_is_a_private_migrated_copy():
    assert "test" in str(connection.settings_dict["NAME"])
    assert Page.objects.filter(depth=1).exists()


@pytest.mark.parametrize("turn", [1, 2])
def test_the_cache_is_empty_at_the_start_of_each_test(turn):
    assert cache.get("left-behind") is None
    cache.set("left-behind", turn)
    assert cache.get("left-behind") == turn


def test_the_outside_world_is_out_of_reach():
    with socket.socket() as probe, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        probe.connect(("192.0.2.1", 80))
