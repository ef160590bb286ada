"""A term that ends is said 30 days before, once, to who has to act, as long as nobody follows (R01)."""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client

from pr_workflow.notifications.models import Notice
from pr_workflow.people.roles import Role
from pr_workflow.tasks import working_group_tick
from pr_workflow.thai_time import BANGKOK
from pr_workflow.working_group.models import Kind
from pr_workflow.working_group.notices import terms_warn
from tests.factories.working_groups import LAST, appointed


def morning_of(day):
    return datetime.combine(day, time(8, 30), tzinfo=BANGKOK)


def warnings(group):
    return Notice.objects.filter(key__startswith=f"working_group:{group.pk}:ends:")


@pytest.mark.parametrize(("days_before", "warned"), [(31, False), (30, True), (0, True), (-1, False)])
def test_the_warning_begins_thirty_days_before_the_last_day(health, days_before, warned):
    group = appointed(health)
    terms_warn(now=morning_of(LAST - timedelta(days=days_before)))
    assert warnings(group).exists() is warned


def test_it_is_said_once_to_director_heads_and_members_of_the_agency(health, education):
    group = appointed(health)
    for day in range(3):
        terms_warn(now=morning_of(LAST - timedelta(days=20 - day)))
    told = [notice.recipient for notice in warnings(group)]
    assert len(told) == len(set(told))
    assert set(told) == {health.person(role) for role in (Role.DIRECTOR, Role.HEAD_OF_WORK, Role.WRITER)}
    assert "2570" in warnings(group)[0].text


def test_an_earlier_end_is_said_anew_and_a_special_group_never(health):
    special = appointed(health, order_number="3/2570", kind=Kind.SPECIAL)
    endless = appointed(health, order_number="4/2570", kind=Kind.MEDIA, ends_on=None)
    terms_warn(now=morning_of(LAST - timedelta(days=9)))
    assert not warnings(special).exists()
    assert not warnings(endless).exists()


def test_nobody_is_warned_when_the_next_group_is_appointed(health):
    group = appointed(health)
    following = appointed(health, order_number="13/2571", starts_on=LAST + timedelta(days=1), ends_on=None)
    assert terms_warn(now=morning_of(LAST - timedelta(days=9))) == 0
    assert not warnings(group).exists()
    assert following.appointed_at


def test_the_job_does_it(health, time_machine):
    group = appointed(health)
    time_machine.move_to(morning_of(LAST - timedelta(days=30)), tick=False)
    assert working_group_tick() == 1
    assert warnings(group).exists()


@pytest.mark.parametrize(("role", "seen"), [(Role.DIRECTOR, True), (Role.HEAD_OF_WORK, True), (Role.IT_OFFICER, False)])
def test_the_start_page_says_it_to_the_heads(health, time_machine, role, seen):
    group = appointed(health)
    time_machine.move_to(morning_of(LAST - timedelta(days=10)), tick=False)
    client = Client(headers={"host": "health.localhost"})
    client.force_login(health.person(role))
    assert (f"/working-groups/{group.pk}/" in client.get("/admin/").content.decode()) is seen
