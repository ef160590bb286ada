"""One office for many tests: making it takes longer than most tests that need one.

A test that asks for `office` and commits nothing runs inside an open transaction in which the office was made once;
what the test does is rolled back to that point. Any other test of the database first ends that transaction and meets
what the migrations wrote.

Loaded by `-p`, before pytest-django: the shared transaction has to open outside the test's own.
"""

import copy

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
        from tests.factories.office import make_office

        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self._made = make_office()
        connection.run_on_commit.clear()

    def close(self) -> None:
        """End the transaction, if it is open. Whoever opens one for a whole file calls this first."""
        if not self.is_open:
            return
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


@pytest.fixture(autouse=True)
def _shared_transaction(request: pytest.FixtureRequest) -> None:
    """Open the transaction for a test that shares, end it for every other test of the database."""
    item = request.node
    shares = "shared_office" in request.fixturenames and not commits(item)
    if shares and not the_shared_office.is_open:
        request.getfixturevalue("django_db_setup")
        with request.getfixturevalue("django_db_blocker").unblock():
            the_shared_office.open()
    elif not shares and the_shared_office.is_open and touches_the_database(item):
        with request.getfixturevalue("django_db_blocker").unblock():
            the_shared_office.close()


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
