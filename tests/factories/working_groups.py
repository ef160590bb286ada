"""Working groups as their screens leave them."""

from datetime import date, datetime, timedelta

from pr_workflow.people.roles import Role
from pr_workflow.working_group.models import MemberRole, WorkingGroup, WorkingGroupMember
from pr_workflow.working_group.services import draft_begin, working_group_appoint
from tests.factories.office import MORNING, Office

FIRST, LAST = MORNING.date(), MORNING.date() + timedelta(days=300)
SEATS = ((Role.DIRECTOR, MemberRole.CHAIR), (Role.HEAD_OF_WORK, MemberRole.MEMBER), (Role.WRITER, MemberRole.SECRETARY))


def draft(office: Office, *, seats=SEATS, now: datetime = MORNING, **fields) -> WorkingGroup:
    """A draft by the writer, ready to be appointed; give a field to change or empty it."""
    defaults = {
        "title": "คณะทำงานประชาสัมพันธ์",
        "order_number": "12/2570",
        "order_date": FIRST,
        "starts_on": FIRST,
        "ends_on": LAST,
    }
    group = WorkingGroup(agency=office.agency, **{**defaults, **fields})
    draft_begin(group, actor=office.writer, now=now)
    group.save()
    for order, (role, seat) in enumerate(seats):
        WorkingGroupMember.objects.create(group=group, staff=office.profile(role), role=seat, order=order)
    return group


def appointed(office: Office, *, now: datetime = MORNING, **fields) -> WorkingGroup:
    """A group the director has appointed."""
    group = draft(office, now=now, **fields)
    return working_group_appoint(actor=office.person(Role.DIRECTOR), group=group, now=now + timedelta(hours=1))


def a_day(days: int) -> date:
    """So many days after the first day of a term."""
    return FIRST + timedelta(days=days)
