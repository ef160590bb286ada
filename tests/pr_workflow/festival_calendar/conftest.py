"""Two agencies with an officer each, and a clock that stands still."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from wagtail.models import Page, Site

from pr_workflow.people.models import Agency, StaffProfile
from pr_workflow.thai_time import BANGKOK

CODENAMES = [
    f"{action}_{model}"
    for action in ("add", "change", "view")
    for model in ("importantday", "importantdayoccurrence", "holiday")
]


@pytest.fixture
def now() -> datetime:
    """Friday 6 November 2026 in Bangkok."""
    return datetime(2026, 11, 6, 3, tzinfo=UTC)


def make_agency(code: str) -> Agency:
    site = Site.objects.create(hostname=f"{code}.localhost", root_page=Page.objects.get(depth=1), site_name=code)
    return Agency.objects.create(code=code, name=f"หน่วยงาน {code}", abbr=code, site=site)


def make_officer(agency: Agency):
    """An account that may work on the calendar, and nothing more."""
    user = get_user_model().objects.create_user(f"officer-{agency.code}", password="officer of a test")
    user.user_permissions.set(
        [
            *Permission.objects.filter(codename__in=CODENAMES, content_type__app_label="pr_workflow"),
            Permission.objects.get(codename="access_admin"),
        ]
    )
    StaffProfile.objects.create(agency=agency, user=user, display_name=f"เจ้าหน้าที่ {agency.code}")
    return user


@pytest.fixture
def agency(db) -> Agency:
    return make_agency("health-office")


@pytest.fixture
def other_agency(db) -> Agency:
    return make_agency("school-office")


@pytest.fixture
def officer(agency):
    return make_officer(agency)


@pytest.fixture
def other_officer(other_agency):
    return make_officer(other_agency)


@pytest.fixture
def superuser(db):
    return get_user_model().objects.create_superuser("root-of-tests", password="superuser of a test")


@pytest.fixture
def time_machine_at():
    """Call with a date: it is noon of that day in Bangkok until the test ends."""
    travellers = []

    def travel(day):
        traveller = time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=BANGKOK), tick=False)
        traveller.start()
        travellers.append(traveller)

    yield travel
    for traveller in travellers:
        traveller.stop()
