"""An amendment of the plan in force: the lines stay themselves, and the director sees what is another."""

from datetime import timedelta

import pytest
from django.urls import reverse

from home.models import NewsPage
from pr_workflow.approval.services import news_return, news_submit
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import AnnualPlan
from tests.factories.office import MORNING, make_draft, make_office, read_and_approve
from tests.pr_workflow.plan.test_plan_import import confirm, make_plan, row, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_office()


def approve(office, plan, *, day: int = 0) -> AnnualPlan:
    now = MORNING + timedelta(days=day)
    state = news_submit(actor=office.writer, page=fresh(plan).get_latest_revision_as_object(), now=now)
    read_and_approve(actor=office.person(Role.DIRECTOR), task_state=state.current_task_state, now=now)
    return fresh(plan)


def fresh(plan) -> AnnualPlan:
    return AnnualPlan.objects.get(pk=plan.pk)


def bring_in(client, office, plan, *rows) -> None:
    client.force_login(office.writer)
    assert confirm(client, plan, upload(client, plan, list(rows))).status_code == 302


def review(client, office, state):
    client.force_login(office.person(Role.DIRECTOR))
    return client.get(reverse("pr_admin:review", args=[state.pk]))


def test_a_line_stays_itself_through_every_approval(client, office):
    """News, and whoever reads the API, point at the line; a new row each time would cut them off."""
    plan = make_plan(office)
    bring_in(client, office, plan, row("A2", "ใหม่"))
    plan = approve(office, plan)
    line = plan.activities.get(code="A2")
    page = make_draft(office, plan_activity=line)
    bring_in(client, office, plan, row("A2", "ชื่อใหม่", budget="5"))
    plan = approve(office, plan, day=1)
    again = plan.activities.get(code="A2")
    assert (again.pk, again.uuid, again.title) == (line.pk, line.uuid, "ชื่อใหม่")
    assert NewsPage.objects.get(pk=page.pk).plan_activity_id == line.pk
    assert plan.activities.count() == 2


def test_the_review_screen_shows_a_renamed_line_as_changed(client, office):
    plan = make_plan(office)
    bring_in(client, office, plan, row("A2", "ใหม่"))
    plan = approve(office, plan)
    bring_in(client, office, plan, row("A2", "ชื่อใหม่"), row("A3", "เพิ่ม"))
    state = news_submit(actor=office.writer, page=fresh(plan).get_latest_revision_as_object()).current_task_state
    (field,) = review(client, office, state).context["sheet"].changes
    assert [(change.kind, change.label.split()[0]) for change in field.changes] == [("changed", "A2"), ("added", "A3")]


def test_the_director_always_sees_what_differs_from_the_plan_in_force(client, office):
    plan = approve(office, make_plan(office, "A1", "A2"))
    bring_in(client, office, plan, row("A1", "กิจกรรม A1", budget="7,777"))
    state = news_submit(actor=office.writer, page=fresh(plan).get_latest_revision_as_object()).current_task_state
    first = review(client, office, state)
    assert not first.context["sheet"].in_force_changes  # the comparison is with the plan in force already
    news_return(actor=office.person(Role.DIRECTOR), task_state=state, reason="แก้ชื่อ")
    bring_in(client, office, plan, row("A1", "กิจกรรม A1", budget="7,777"), row("A2", "ชื่อที่แก้"))
    state = news_submit(actor=office.writer, page=fresh(plan).get_latest_revision_as_object()).current_task_state
    second = review(client, office, state)
    sheet = second.context["sheet"]
    assert [change.label.split()[0] for change in sheet.changes[0].changes] == ["A2"]  # since the last look
    assert [change.label.split()[0] for change in sheet.in_force_changes[0].changes] == ["A1", "A2"]
    assert second.content.decode().count("7,777.00") == 1
