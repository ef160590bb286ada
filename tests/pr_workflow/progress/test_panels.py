"""The plan on the start page: how far it is, whom it misses, what became of coming festivals (R20–R24)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.festival_calendar.services import important_days_roll
from pr_workflow.people.roles import Role
from pr_workflow.plan.cancelling import activity_cancel
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.progress.standing import Standing
from pr_workflow.stages import TargetGroup
from tests.factories.office import MORNING, live, make_draft, make_office
from tests.factories.plans import in_force, plan_row

pytestmark = pytest.mark.django_db
TODAY = MORNING.date()


@pytest.fixture(autouse=True)
def in_the_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


def panels_of(client, user) -> dict:
    client.force_login(user)
    answer = client.get(reverse("wagtailadmin_home"))
    assert answer.status_code == 200
    return {type(panel).__name__: panel for panel in answer.context["panels"]} | {"html": answer.content.decode()}


@pytest.fixture
def plan(office) -> AnnualPlan:
    plan = plan_row(office.agency, live=False)
    plan.activities = [
        PlanActivity(code="A-1", title="ทั้งปี", start=TODAY, end=TODAY, target_groups=list(TargetGroup.values)),
        PlanActivity(code="A-2", title="ธันวาคม", start=TODAY + timedelta(30), end=TODAY + timedelta(31)),
    ]
    plan.save()
    return in_force(plan)


def test_groups_the_agency_does_not_serve_are_not_asked_for(client, office, plan):
    office.agency.unserved_groups = [TargetGroup.PRESS.value, TargetGroup.PARENTS.value]
    office.agency.save()
    (gap,) = panels_of(client, office.writer)["PlanProgressPanel"].get_context_data({})["gaps"]
    assert str(TargetGroup.PRESS.label) not in gap
    assert str(TargetGroup.STUDENTS.label) in gap


def test_those_who_steer_read_the_gaps_and_the_others_only_how_far_it_is(client, office, plan):
    for role in (Role.WRITER, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.DIRECTOR):
        said = panels_of(client, office.person(role))["PlanProgressPanel"].get_context_data({})
        (gap,) = said["gaps"]
        assert "ธันวาคม 2569" in gap, "November reaches everybody, December nobody"
        assert all(str(label) in gap for label in TargetGroup.labels)
    for role in (Role.IT_OFFICER, Role.EVALUATOR):
        panels = panels_of(client, office.person(role))
        said = panels["PlanProgressPanel"].get_context_data({})
        assert said["gaps"] == []
        assert said["counts"][Standing.PLANNED] == 2
        assert reverse("pr_admin:plan_progress", args=[plan.pk]) in panels["html"]
    assert "PlanProgressPanel" not in panels_of(client, office.person(Role.NETWORK_MEMBER))


def test_a_cancelled_activity_leaves_a_gap(client, office, plan):
    line = plan.activities.select_related("plan__agency").get(code="A-1")
    activity_cancel(actor=office.writer, activity=line, reason="วิทยากรติดราชการ", now=MORNING)
    said = panels_of(client, office.writer)["PlanProgressPanel"].get_context_data({})
    assert len(said["gaps"]) == 2
    assert said["counts"][Standing.CANCELLED] == 1


def test_a_year_without_a_plan_is_told_to_those_who_make_one(client, office):
    assert panels_of(client, office.writer)["PlanProgressPanel"].get_context_data({})["plan"] is None
    assert "PlanProgressPanel" not in panels_of(client, office.it_officer)


def test_coming_days_say_what_became_of_their_activity(client, office):
    coming = TODAY + timedelta(days=3)
    days = [
        ImportantDay.objects.create(
            agency=office.agency, name_th=f"วันทดสอบ {number}", rule=f"fixed:{coming:%m-%d}", key=f"test-{number}"
        )
        for number in range(3)
    ]
    important_days_roll(actor=None, year=coming.year, now=MORNING)
    plan = plan_row(office.agency, live=False)
    plan.activities = [
        PlanActivity(code=f"D-{number}", title=day.name_th, start=TODAY, end=coming, important_day=day)
        for number, day in enumerate(days[:2])
    ]
    plan.save()
    in_force(plan)
    page = live(office, title="ข่าวเผยแพร่แล้ว", plan_activity=plan.activities.get(code="D-0"))
    draft = make_draft(office, title="ร่างของวันทดสอบ", plan_activity=plan.activities.get(code="D-1"))
    panels = panels_of(client, office.writer)
    request = type("Request", (), {"user": office.writer})()
    shown = panels["ComingDaysPanel"].get_context_data({"request": request})["days"]
    found = {day["name"]: day["news"] for day in shown}
    assert found["วันทดสอบ 0"].standing == Standing.PUBLISHED
    assert found["วันทดสอบ 1"].standing == Standing.PRODUCED
    assert found["วันทดสอบ 2"] is None
    assert "ร่างของวันทดสอบ" in panels["html"]
    link = reverse("pr_admin:news_timeline", args=[page.pk])
    draft_link = reverse("pr_admin:news_timeline", args=[draft.pk])
    assert link in panels["html"]
    page.title = "ชื่อที่กำลังแก้"
    page.save_revision()
    html = panels_of(client, office.person(Role.NETWORK_MEMBER))["html"]
    assert "วันทดสอบ 1" in html
    assert str(Standing.PRODUCED.label) in html
    assert page.full_url in html
    assert "ข่าวเผยแพร่แล้ว" in html
    for hidden in ("ร่างของวันทดสอบ", "ชื่อที่กำลังแก้", link, draft_link):
        assert hidden not in html
    other = make_office("spp")
    assert "ร่างของวันทดสอบ" not in panels_of(client, other.writer)["html"]
