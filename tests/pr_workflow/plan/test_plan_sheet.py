"""The sheet of a plan says to heads and the director what the public page says (R18, R24)."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.stages import ChannelKind, MediaFormat, TargetGroup
from tests.factories.office import make_office

pytestmark = pytest.mark.django_db
INSPECT = "wagtailsnippets_pr_workflow_annualplan:inspect"


def make_plan(office, lines: int) -> AnnualPlan:
    """A draft whose lines say everything."""
    day = ImportantDay.objects.create(agency=office.agency, name_th="วันล้างมือ", rule="fixed:12-01")
    plan = AnnualPlan(agency=office.agency, fiscal_year_be=2570, title="แผน 2570", live=False)
    plan.activities = [
        PlanActivity(
            code=f"A{number}",
            title=f"ล้างมือ {number}",
            start=date(2026, 12, 1),
            end=date(2026, 12, 5),
            mission="ส่งเสริมสุขภาพ",
            important_day=day,
            target_groups=[TargetGroup.values[0]],
            channels=[ChannelKind.values[0]],
            media_formats=[MediaFormat.values[0]],
            responsible_officer=office.profile(Role.WRITER),
        )
        for number in range(lines)
    ]
    plan.save()
    plan.save_revision(user=office.writer)
    return plan


@pytest.mark.parametrize("role", [Role.HEAD_OF_WORK, Role.DIRECTOR])
def test_the_sheet_holds_what_the_public_page_shows(client, role):
    office = make_office()
    plan = make_plan(office, 1)
    client.force_login(office.person(role))
    answer = client.get(reverse(INSPECT, args=[plan.pk]))
    line = BeautifulSoup(answer.content, "html.parser").select_one(".pr-table tbody tr").get_text(" ")
    groups, channels, formats = TargetGroup.choices[0], ChannelKind.choices[0], MediaFormat.choices[0]
    for part in ("ส่งเสริมสุขภาพ", "วันล้างมือ", groups[1], channels[1], formats[1]):
        assert str(part) in line


def test_the_cost_does_not_grow_with_the_lines(client):
    office = make_office()
    client.force_login(office.person(Role.DIRECTOR))
    plan = make_plan(office, 2)
    address = reverse(INSPECT, args=[plan.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(5, 15):
        PlanActivity.objects.create(
            plan=plan, code=f"B{number}", title=f"งาน {number}", start=date(2026, 12, 1), end=date(2026, 12, 2)
        )
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
