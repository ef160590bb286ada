"""The yearly warning that the next fiscal year has no holidays of the cabinet yet (R25)."""

import json
from datetime import date, datetime

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from pr_workflow.festival_calendar.cabinet_days import cabinet_days_missing
from pr_workflow.festival_calendar.models import Holiday
from pr_workflow.notifications.models import Notice
from pr_workflow.people.roles import Role
from pr_workflow.tasks import daily_tick
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import make_administrator

pytestmark = pytest.mark.django_db
JULY = date(2027, 7, 1)


def at(day: date):
    return time_machine.travel(datetime(day.year, day.month, day.day, 9, 0, tzinfo=BANGKOK), tick=False)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2027, 6, 30), None),
        (JULY, 2571),
        (date(2027, 9, 30), 2571),
        (date(2027, 10, 1), None),
        (date(2027, 1, 1), None),
        (date(2027, 12, 31), None),
    ],
)
def test_from_july_until_the_year_begins(day, year):
    assert cabinet_days_missing(day) == year


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"kind": "special"}, True),
        ({"kind": "regular", "source": "rule", "reference_no": "มติ ครม. ไม่เพิ่มวันหยุด"}, True),
        ({"kind": "regular", "source": "rule"}, False),
        ({"kind": "substitution", "source": "import"}, False),
        ({"kind": "special", "provinces": ["TH-50"]}, False),
        ({"kind": "special", "date": date(2027, 9, 30)}, False),
        ({"kind": "special", "date": date(2028, 10, 1)}, False),
    ],
)
def test_what_ends_the_warning(fields, counts):
    Holiday.objects.create(**{"date": date(2028, 1, 3), "name_th": "วันหยุด", **fields})
    assert (cabinet_days_missing(JULY) is None) == counts


def test_an_agencys_own_day_does_not(office):
    Holiday.objects.create(agency=office.agency, date=date(2028, 1, 3), name_th="หยุดเอง")
    assert cabinet_days_missing(JULY) == 2571


def test_the_day_of_the_warning_is_a_setting(settings):
    settings.PR_WORKFLOW_CABINET_DAYS_WARNING_FROM = "08-15"
    assert cabinet_days_missing(date(2027, 8, 14)) is None
    assert cabinet_days_missing(date(2027, 8, 15)) == 2571


@pytest.mark.parametrize("text", ["", "13-01", "07/01", "10-01", "02-30", "july"])
def test_a_wrong_setting_says_so(settings, text):
    settings.PR_WORKFLOW_CABINET_DAYS_WARNING_FROM = text
    with pytest.raises(ImproperlyConfigured, match="PR_WORKFLOW_CABINET_DAYS_WARNING_FROM"):
        cabinet_days_missing(JULY)


def test_keepers_of_the_calendar_are_told_once_a_year(office):
    administrator = make_administrator()
    with at(date(2027, 6, 30)):
        daily_tick()
    assert not Notice.objects.exists()
    for day in (JULY, date(2027, 7, 2)):
        with at(day):
            daily_tick()
    told = set(Notice.objects.values_list("recipient__username", flat=True))
    assert told == {office.writer.username, office.it_officer.username, administrator.username}
    assert Notice.objects.count() == 3
    assert "2571" in Notice.objects.first().subject


def test_the_start_page_says_it_to_who_can_do_something(office, client):
    administrator = make_administrator()
    add = reverse("wagtailsnippets_pr_workflow_holiday:add")
    with at(JULY):
        for user, seen, to_form in (
            (administrator, True, True),
            (office.writer, True, False),
            (office.person(Role.DIRECTOR), False, False),
        ):
            client.force_login(user)
            shown = client.get(reverse("wagtailadmin_home")).content.decode()
            assert ("cabinetdayspanel" in shown) == seen, user
            assert (f'href="{add}"' in shown) == to_form, user
    with at(date(2027, 6, 30)):
        client.force_login(administrator)
        assert "cabinetdayspanel" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_health_names_the_year_and_stays_as_healthy_as_it_was(client):
    with at(JULY):
        body = json.loads(client.get("/healthz").content)
    assert body["calendar"] == {"fiscal_year_without_cabinet_days": 2571}
    assert not any("cabinet" in problem for problem in body["problems"])
