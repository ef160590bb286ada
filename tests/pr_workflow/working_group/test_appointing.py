"""A working group is appointed by the director, whole or not at all, within one working day (R01, R02, S2 §4)."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from pr_workflow.audit.models import AuditEntry
from pr_workflow.clocks.reminders import clocks_remind
from pr_workflow.notifications.models import Notice
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.people.services import delegation_grant
from pr_workflow.thai_time import BANGKOK
from pr_workflow.working_group.models import Kind, MemberRole, WorkingGroup, WorkingGroupMember
from pr_workflow.working_group.selectors import report_signers, working_group_in_force
from pr_workflow.working_group.services import (
    AppointmentRefused,
    working_group_appoint,
    working_group_end,
    working_group_withdraw,
)
from tests.factories.office import MORNING
from tests.factories.working_groups import FIRST, LAST, a_day, appointed, draft


def appoint(office, group, *, role=Role.DIRECTOR, now=MORNING):
    return working_group_appoint(actor=office.person(role), group=group, now=now)


def refusals(office, group, **how) -> dict:
    with pytest.raises(ValidationError) as refused:
        appoint(office, group, **how)
    group.refresh_from_db()
    assert group.is_draft
    assert not AuditEntry.objects.filter(verb="working_group_appoint").exists()
    return refused.value.message_dict


def test_the_director_appoints_and_the_members_are_told(health):
    group = appoint(health, draft(health))
    assert (group.appointed_at, group.appointed_by) == (MORNING, health.person(Role.DIRECTOR))
    entry = AuditEntry.objects.get(verb="working_group_appoint")
    assert entry.data["order_number"] == "12/2570"
    assert len(entry.data["members"]) == 3
    told = set(Notice.objects.filter(key=f"working_group:{group.pk}:appointed").values_list("recipient", flat=True))
    assert told == {health.person(role).pk for role in (Role.DIRECTOR, Role.HEAD_OF_WORK, Role.WRITER)}


@pytest.mark.parametrize("role", [Role.WRITER, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.IT_OFFICER])
def test_nobody_else_appoints(health, role):
    group = draft(health)
    with pytest.raises(AppointmentRefused):
        appoint(health, group, role=role)
    group.refresh_from_db()
    assert group.is_draft


def test_the_director_of_another_agency_does_not(health, education):
    with pytest.raises(PermissionDenied):
        working_group_appoint(actor=education.person(Role.DIRECTOR), group=draft(health), now=MORNING)


def test_who_acts_for_the_director_appoints(health, time_machine):
    time_machine.move_to(MORNING, tick=False)
    delegation_grant(
        actor=health.person(Role.DIRECTOR),
        delegator=health.profile(Role.DIRECTOR),
        delegate=health.profile(Role.HEAD_OF_SECTION),
        role=Role.DIRECTOR,
        starts_on=FIRST,
        ends_on=LAST,
        order_number="1/2570",
        now=MORNING,
    )
    assert appoint(health, draft(health), role=Role.HEAD_OF_SECTION).appointed_at


def test_it_is_appointed_once(health):
    group = appointed(health)
    with pytest.raises(AppointmentRefused):
        appoint(health, group)


@pytest.mark.parametrize("field", ["order_number", "order_date", "starts_on"])
def test_an_order_needs_its_number_its_date_and_its_first_day(health, field):
    group = draft(health, **{field: "" if field == "order_number" else None})
    assert list(refusals(health, group)) == [field]


def test_an_end_before_the_start_is_refused(health):
    group = draft(health, ends_on=FIRST - timedelta(days=1))
    assert "ends_on" in refusals(health, group)


@pytest.mark.parametrize(
    "seats",
    [
        [],
        [(Role.HEAD_OF_WORK, MemberRole.MEMBER)],
        [(Role.DIRECTOR, MemberRole.CHAIR), (Role.HEAD_OF_WORK, MemberRole.CHAIR)],
    ],
)
def test_there_is_exactly_one_chair(health, seats):
    (sentence,) = refusals(health, draft(health, seats=seats))["members"]
    assert sentence


def test_a_member_who_left_or_belongs_elsewhere_is_named(health, education):
    group = draft(health)
    leaver = health.profile(Role.WRITER)
    StaffProfile.objects.filter(pk=leaver.pk).update(ends_on=FIRST)
    stranger = education.profile(Role.WRITER)
    WorkingGroupMember.objects.create(group=group, staff=stranger, role=MemberRole.MEMBER)
    sentences = refusals(health, group)["members"]
    assert len(sentences) == 2
    for person in (leaver, stranger):
        assert sum(person.display_name in sentence for sentence in sentences) == 1


@pytest.mark.parametrize(
    ("first", "last", "clashes"),
    [(0, 300, True), (300, 400, True), (301, 400, False), (-50, 0, True), (-50, -1, False), (10, None, True)],
)
def test_terms_of_one_kind_do_not_overlap(health, first, last, clashes):
    appointed(health, order_number="1/2570")
    signed = min(first, 0)  # an order whose term is over appoints nobody
    days = {"order_date": a_day(signed), "starts_on": a_day(first), "ends_on": last if last is None else a_day(last)}
    group = draft(health, **days)
    if clashes:
        (sentence,) = refusals_of_overlap(health, group)
        assert "1/2570" in sentence
    else:
        assert appoint(health, group, now=MORNING + timedelta(days=signed)).appointed_at


def refusals_of_overlap(health, group) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        appoint(health, group)
    return refused.value.message_dict["starts_on"]


def test_a_group_without_an_end_clashes_with_every_later_one(health):
    appointed(health, order_number="1/2570", ends_on=None)
    assert refusals_of_overlap(health, draft(health, starts_on=a_day(3000), ends_on=None))


def test_other_kinds_special_tasks_and_other_agencies_may_overlap(health, education):
    appointed(health, order_number="1/2570")
    appointed(education, order_number="1/2570")
    appointed(health, order_number="2/2570", kind=Kind.NETWORK)
    appointed(health, order_number="3/2570", kind=Kind.SPECIAL)
    assert appointed(health, order_number="4/2570", kind=Kind.SPECIAL).appointed_at


def test_a_draft_has_one_working_day(health):
    group = draft(health)
    assert group.due_at == datetime(2026, 11, 17, 16, 30, tzinfo=BANGKOK)
    late = group.due_at + timedelta(hours=1)
    clocks_remind(now=late + timedelta(days=1) - timedelta(hours=8))
    reminded = Notice.objects.filter(key__startswith=f"clock:workinggroup:{group.pk}:")
    assert {notice.recipient for notice in reminded} == {health.writer, health.person(Role.DIRECTOR)}


def test_the_clock_ends_with_the_appointment_and_with_the_withdrawal(health):
    appointed(health, order_number="1/2570")
    gone = draft(health, order_number="2/2570", starts_on=a_day(400), ends_on=None)
    working_group_withdraw(actor=health.writer, group=gone, now=MORNING)
    clocks_remind(now=MORNING + timedelta(days=4))
    assert not Notice.objects.filter(key__startswith="clock:workinggroup").exists()
    with pytest.raises(AppointmentRefused):
        appoint(health, gone)


def test_only_the_drafter_or_the_director_withdraws(health):
    group = draft(health)
    with pytest.raises(AppointmentRefused):
        working_group_withdraw(actor=health.person(Role.HEAD_OF_WORK), group=group, now=MORNING)
    assert working_group_withdraw(actor=health.person(Role.DIRECTOR), group=group, now=MORNING).withdrawn_at


def test_the_group_in_force_and_its_signers_follow_the_calendar(health, education):
    group = appointed(health)
    appointed(health, order_number="9/2570", kind=Kind.NETWORK)
    draft(health, order_number="10/2570")
    assert working_group_in_force(health.agency, FIRST) == group
    assert working_group_in_force(health.agency, LAST) == group
    assert working_group_in_force(health.agency, FIRST - timedelta(days=1)) is None
    assert working_group_in_force(health.agency, LAST + timedelta(days=1)) is None
    assert working_group_in_force(education.agency, FIRST) is None
    StaffProfile.objects.filter(pk=health.profile(Role.WRITER).pk).update(ends_on=a_day(5))
    assert [seat.role for seat in report_signers(health.agency, a_day(4))] == ["chair", "member", "secretary"]
    assert [seat.role for seat in report_signers(health.agency, a_day(5))] == ["chair", "member"]
    assert report_signers(education.agency, FIRST) == []


def test_a_term_is_ended_earlier_with_a_reason_and_makes_room(health):
    group = appointed(health)
    director = health.person(Role.DIRECTOR)
    for ends_on, reason, field in (
        (a_day(5), " ", "reason"),
        (a_day(-1), "x", "ends_on"),
        (a_day(300), "x", "ends_on"),
    ):
        with pytest.raises(ValidationError) as refused:
            working_group_end(actor=director, group=group, ends_on=ends_on, reason=reason, now=MORNING)
        assert list(refused.value.message_dict) == [field]
    with pytest.raises(AppointmentRefused):
        working_group_end(actor=health.writer, group=group, ends_on=a_day(5), reason="x", now=MORNING)
    working_group_end(actor=director, group=group, ends_on=a_day(5), reason="คำสั่งที่ 20/2570", now=MORNING)
    assert AuditEntry.objects.get(verb="working_group_end").data["reason"] == "คำสั่งที่ 20/2570"
    assert appointed(health, order_number="20/2570", starts_on=a_day(6)).appointed_at


def test_nothing_is_deleted(health):
    group = draft(health)
    for delete in (group.delete, WorkingGroup.objects.all().delete):
        with pytest.raises(PermissionDenied):
            delete()
    assert WorkingGroup.objects.filter(pk=group.pk).exists()
