"""Two agencies on one installation, and somebody who reads their sites."""

import pytest
from django.test import Client

from tests.factories.office import Office, make_office
from tests.factories.site import visitor


@pytest.fixture
def health(db) -> Office:
    office = make_office("kpr", hostname="health.localhost", default_site=True)
    type(office.agency).objects.filter(pk=office.agency.pk).update(
        ministry="health", phone="0 2000 0000", email="kpr@example.go.th"
    )
    return office


@pytest.fixture
def education(db) -> Office:
    return make_office("spp", hostname="education.localhost")


@pytest.fixture
def reader(health: Office) -> Client:
    return visitor(health)
