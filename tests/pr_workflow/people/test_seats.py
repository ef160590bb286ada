"""Who gets a seat of the chain, and who fills a step, stands in the log (I4, R05)."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from pr_workflow.approval.selectors import chain_tasks
from pr_workflow.audit.models import AuditEntry
from pr_workflow.notifications.models import Notice
from pr_workflow.notifications.selectors import notices_of, unread_count
from pr_workflow.people.models import AgencyGroup
from pr_workflow.people.roles import Role
from tests.factories.office import MORNING, make_office

pytestmark = pytest.mark.django_db


def rows(verb: str, **wanted):
    return AuditEntry.objects.filter(verb=verb, **wanted)


@pytest.mark.parametrize("from_the_group", [False, True])
def test_a_seat_that_is_given_or_taken_is_logged(office, from_the_group):
    account = get_user_model().objects.create_user("somebody")
    group = AgencyGroup.objects.get(agency=office.agency, role=Role.DIRECTOR).group
    if from_the_group:
        group.user_set.add(account)
        group.user_set.remove(account)
    else:
        account.groups.add(group)
        account.groups.clear()
    for verb in ("seat_give", "seat_take"):
        row = rows(verb, target_id=str(account.pk)).get()
        assert (row.chain, row.data["role"]) == (office.agency.code, Role.DIRECTOR)


def test_other_groups_are_nobodys_business(office):
    account = get_user_model().objects.create_user("somebody")
    before = AuditEntry.objects.count()
    account.groups.add(Group.objects.create(name="หนังสือเวียน"))
    assert AuditEntry.objects.count() == before


def test_a_new_power_of_an_account_is_logged(office):
    account = office.writer
    account.is_superuser = True
    account.save()
    row = rows("account_power_change").get()
    assert row.data["to"]["is_superuser"]
    account.last_name = "ใหม่"
    account.save()
    assert rows("account_power_change").count() == 1


def test_other_groups_of_a_step_are_logged(office):
    step = chain_tasks(office.index.get_workflow())[0].specific
    directors = AgencyGroup.objects.get(agency=office.agency, role=Role.DIRECTOR).group
    before = rows("step_groups_change").count()
    step.groups.set([directors])
    assert rows("step_groups_change").count() == before + 2
    assert rows("step_groups_change").filter(chain=office.agency.code, data__groups=[directors.name]).count() == 1


def test_notices_do_not_follow_a_person_into_another_agency(office):
    Notice.objects.create(
        agency=office.agency, recipient=office.writer, key="k", subject="ร่างของหน่วยงานเดิม", created_at=MORNING
    )
    assert unread_count(office.writer) == notices_of(office.writer).count() == 1
    profile = office.writer.staff_profile
    profile.agency = make_office("other").agency
    profile.save()
    assert unread_count(office.writer) == notices_of(office.writer).count() == 0
