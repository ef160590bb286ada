"""Two agencies on one installation, and somebody who reads their sites."""

import pytest
from django.test import Client

from pr_workflow.people.models import Agency, Ministry
from tests.factories.office import Office
from tests.factories.site import make_site, visitor


@pytest.fixture
def health(db) -> Office:
    office = make_site("kpr", hostname="health.localhost", default_site=True)
    Agency.objects.update(ministry=Ministry.HEALTH)
    return office


@pytest.fixture
def education(db) -> Office:
    return make_site("spp", hostname="education.localhost")


@pytest.fixture
def reader(health: Office) -> Client:
    return visitor(health)
