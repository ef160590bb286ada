"""Two agencies side by side, each with one person per role."""

import pytest

from tests.factories.office import Office, make_office


@pytest.fixture
def health(db) -> Office:
    return make_office("kpr", hostname="health.localhost", default_site=True)


@pytest.fixture
def education(db) -> Office:
    return make_office("spp", hostname="education.localhost")
