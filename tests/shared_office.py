"""One office for many tests: making it takes longer than most tests that need one.

A test that asks for `office` and commits nothing runs inside an open transaction in which the office was made once;
what the test does is rolled back to that point. Any other test of the database first ends that transaction and meets
what the migrations wrote.

Loaded by `-p`, before pytest-django: the shared transaction has to open outside the test's own.
"""

import copy
from collections.abc import Iterator

import pytest
from django.db import connection, transaction


class SharedOffice:
    """The office of this process while its transaction is open."""

    def __init__(self):
        self._made = None
        self._transaction: transaction.Atomic | None = None

    @property
    def is_open(self) -> bool:
        return self._transaction is not None

    def open(self) -> None:
        """Make the office in a transaction of its own, unless there is one."""
        if self.is_open:
            return
        from tests.factories.office import make_office
        from tests.remembered import the_memories

        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        the_memories.watch()
        self._made = make_office()
        the_memories.begin_here()
        connection.run_on_commit.clear()

    def close(self) -> None:
        """End the transaction, if it is open. Whoever opens one for a whole file calls this first."""
        if not self.is_open:
            return
        from tests.remembered import the_memories

        the_memories.forget()
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)
        self._made = self._transaction = None

    def copied(self):
        """A copy, so that no test meets what another did to the objects."""
        return copy.deepcopy(self._made)


the_shared_office = SharedOffice()


COMMITTING_FIXTURES = {"transactional_db", "live_server"}


def commits(item: pytest.Item) -> bool:
    """Whether a test writes for good: then the database is emptied after it, and it makes what it needs itself."""
    marker = item.get_closest_marker("django_db")
    return bool(COMMITTING_FIXTURES & set(item.fixturenames)) or bool(marker and marker.kwargs.get("transaction"))


def touches_the_database(item: pytest.Item) -> bool:
    """Whether a test uses the database at all."""
    return bool({"db", *COMMITTING_FIXTURES} & set(item.fixturenames) or item.get_closest_marker("django_db"))


def patches(item: pytest.Item) -> bool:
    """Whether a test, or a fixture of ours that it uses, asks for `monkeypatch`; those of pytest-django always do."""
    info = item._fixtureinfo
    definitions = [each for found in info.name2fixturedefs.values() for each in found]
    ours = [each for each in definitions if not each.func.__module__.startswith("pytest_django")]
    return "monkeypatch" in info.argnames or any("monkeypatch" in each.argnames for each in ours)


@pytest.fixture(autouse=True)
def _shared_transaction(request: pytest.FixtureRequest) -> Iterator[None]:
    """Open the transaction for a test that shares, end it for every other test of the database.

    What factories remember (`tests.remembered`) counts from here on, unless the test commits or patches what they use.
    """
    from tests.remembered import the_memories

    item = request.node
    if not touches_the_database(item):
        yield
        return
    shares = "shared_office" in request.fixturenames and not commits(item)
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock():
        if shares:
            the_shared_office.open()
            the_memories.begin()
        else:
            the_shared_office.close()
            # A file may hold a transaction of its own, with rows nobody here knows of.
            if not commits(item) and not connection.in_atomic_block:
                the_memories.watch()
    if patches(item):
        the_memories.lose()
    yield
    if not shares:
        the_memories.forget()


@pytest.fixture
def shared_office(request: pytest.FixtureRequest, db: None):
    """The office `kpr` with its people and chain; a new one where the test commits."""
    if commits(request.node):
        from tests.factories.office import make_office

        return make_office()
    return the_shared_office.copied()


@pytest.fixture
def office(shared_office):
    """An agency with one person per role. A file that needs another one says so by a fixture of the same name."""
    return shared_office
