"""The start page says which days have no draft, and why; only to those who see to it (R20, R24)."""

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse

from pr_workflow.festival_calendar.models import ImportantDayOccurrence
from pr_workflow.festival_calendar.services import calendar_prepare
from pr_workflow.lead_time_panel import LeadTimePanel
from pr_workflow.people.roles import Role
from pr_workflow.people.selectors import roles_of
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.tasks import lead_time_tick
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import make_office
from tests.factories.plans import out_of_force
from tests.pr_workflow.lead_time.test_drafts import activity_of

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 24, 9, 0, tzinfo=BANGKOK)


@pytest.fixture(autouse=True)
def at_lead_time():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def planned(office):
    calendar_prepare(actor=None, now=NOW, years=[2026, 2027])
    activity_of(office)
    return office


def rows(office, role: Role = Role.WRITER, rf=None):
    request = rf.get("/admin/")
    request.user = office.person(role)
    return LeadTimePanel(request, office.agency, roles_of(request.user, office.agency)).rows


def test_what_waits_and_what_the_plan_leaves_out(planned, rf):
    office = planned
    office.agency.ministry = "health"
    office.agency.save()
    found = rows(office, rf=rf)
    assert found[0].title == "A-01 วันอนามัยโลก"
    assert "world_tb_day" not in found[0].title
    assert any(row.title == "วันวัณโรคสากล" for row in found[1:])
    assert not any(row.is_task for row in found)
    lead_time_tick()
    assert not any(row.title.startswith("A-01") for row in rows(office, rf=rf))


def test_a_day_without_a_date_has_its_reason(planned, rf):
    activity = activity_of(planned, "ploughing_day", code="P-1", start=date(2027, 4, 1), end=date(2027, 4, 1))
    ImportantDayOccurrence.objects.filter(important_day=activity.important_day).delete()
    row = next(row for row in rows(planned, rf=rf) if row.title.startswith("P-1"))
    assert row.note


def test_without_a_plan_in_force_one_line_says_so(planned, rf):
    out_of_force(AnnualPlan.objects.get())
    (row,) = rows(planned, rf=rf)
    assert row.note


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.IT_OFFICER, Role.NETWORK_MEMBER, Role.EVALUATOR])
def test_others_are_not_bothered(planned, rf, role):
    assert rows(planned, role, rf=rf) == []


def test_nothing_of_another_agency(planned, rf):
    other = make_office("spr")
    assert not any("A-01" in row.title for row in rows(other, rf=rf))


def test_it_stands_on_the_start_page_and_leads_where_the_person_may_go(planned, client, rf):
    for role in (Role.WRITER, Role.HEAD_OF_WORK):
        client.force_login(planned.person(role))
        shown = client.get(reverse("wagtailadmin_home")).content.decode()
        assert "A-01 วันอนามัยโลก" in shown
        assert client.get(rows(planned, role, rf=rf)[0].url).status_code == 200


def test_it_costs_the_same_for_any_number_of_activities(planned, rf, django_assert_max_num_queries):
    for number in range(15):
        activity_of(planned, code=f"N-{number}", title=f"กิจกรรม {number}")
    with django_assert_max_num_queries(12):
        assert rows(planned, rf=rf)
