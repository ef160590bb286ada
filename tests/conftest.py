"""Ground rules of every test: a migrated copy of the database, a fresh cache, loopback only, services or a reason."""

import gc
import os
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import database_template
from tests.services import BY_MARKER, ServiceMissing, services_required
from tests.shared_office import commits, touches_the_database

# Examples are bounded by number: a slow machine must not turn a true statement into a failure.
hypothesis_settings.register_profile("prakat", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("prakat")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort out what each test does to the database.

    A test that never touches it says nothing new on a second one. A test that commits empties it afterwards, so each
    such test first gets back what the migrations wrote: all of them, or the next one meets half of it.
    """
    for item in items:
        if not touches_the_database(item):
            item.add_marker("once")
        if commits(item):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose service is absent, saying why; fail it when services are required."""
    for marker, find in BY_MARKER.items():
        if item.get_closest_marker(marker):
            try:
                find()
            except ServiceMissing as missing:
                if services_required():
                    pytest.fail(str(missing), pytrace=False)
                pytest.skip(str(missing))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Start from a copy of the migrated template; the name carries the process, so runs side by side never meet."""
    connection = connections["default"]
    settings_dict = connection.settings_dict
    if connection.vendor == "sqlite":
        database_template.copy_sqlite(Path(connection.creation._get_test_db_name()))
        yield
        return
    name = f"{connection.creation._get_test_db_name()}_{os.getpid()}"
    settings_dict["TEST"]["NAME"] = name
    database_template.copy_postgres(settings_dict, name)
    yield
    connections.close_all()
    database_template.drop_postgres(settings_dict, name)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Use the copy as it is (Django only checks that no migration is missing)."""
    return True


def pytest_collection_finish() -> None:
    """What is imported by now stays: looking through it again and again for garbage took a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """No cached answer survives from one test to the next, in memory or in a shared Redis."""
    prefix = f"test-{uuid.uuid4().hex}"
    caches.settings["default"]["KEY_PREFIX"] = prefix
    caches["default"].key_prefix = prefix


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """A test that reaches for the outside world fails at once instead of hanging or leaking."""
    real_connect = socket.socket.connect

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"A test tried to reach {address[0]}. Tests stay on the loopback network.")
        real_connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        yield
