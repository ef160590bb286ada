"""Two whole agencies, loaded once for the folder: every file carries the mark that keeps it in one process."""

import pytest
from django.test import TestCase

from tests.factories.demo import load
from tests.shared_office import the_shared_office


@pytest.fixture(scope="package")
def demo(django_db_setup, django_db_blocker):
    """One load, looked at from many sides; each test plays inside a transaction of its own."""
    # Django's own outer transaction of a test class: under any other one, verbs that must commit at once refuse to run.
    with django_db_blocker.unblock():
        the_shared_office.close()
        outer = TestCase._enter_atomics()
        try:
            assert load() is True
            yield
        finally:
            TestCase._rollback_atomics(outer)


@pytest.fixture(autouse=True)
def loaded(demo, db):
    """The load comes before the transaction of the test."""
