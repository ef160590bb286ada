"""The working groups of the demo, drafted and appointed through the real services on the day of their order."""

from datetime import date, datetime, time, timedelta
from functools import partial

from pr_workflow.people.models import Agency, StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.people.selectors import role_members
from pr_workflow.thai_time import BANGKOK, fiscal_year_be, fiscal_year_bounds
from pr_workflow.working_group.models import MemberRole, WorkingGroup, WorkingGroupMember
from pr_workflow.working_group.services import draft_begin, working_group_appoint

from .clock import Diary
from .content import day, rows

#: The words of the file for our seats.
ROLES = {
    "ประธานคณะทำงาน": MemberRole.CHAIR,
    "รองประธาน": MemberRole.VICE_CHAIR,
    "ที่ปรึกษา": MemberRole.ADVISER,
    "คณะทำงาน": MemberRole.MEMBER,
    "คณะทำงานและเลขานุการ": MemberRole.SECRETARY,
}
#: A term that ends soon, so that its warning can be seen; the others run to the end of the fiscal year.
ENDS_SOON = {"99/2569": date(2026, 12, 15)}


def working_groups_into(diary: Diary, agency: Agency) -> None:
    """Each group is drafted in the morning of its order and appointed in the afternoon."""
    for data in rows("working_groups", agency.code):
        if WorkingGroup.objects.filter(agency=agency, order_number=data["order_number"]).exists():
            continue
        morning = datetime.combine(day(data["order_date"]), time(9, 30), tzinfo=BANGKOK)
        diary.add(morning, partial(_draft, agency, data))
        diary.add(morning + timedelta(hours=5), partial(_appoint, agency, data["order_number"]))


def _draft(agency: Agency, data: dict, now: datetime) -> None:
    starts_on = day(data["order_date"])
    ends_on = ENDS_SOON.get(data["order_number"], fiscal_year_bounds(fiscal_year_be(starts_on))[1])
    group = WorkingGroup(
        agency=agency,
        title=data["title"],
        order_number=data["order_number"],
        order_date=starts_on,
        starts_on=starts_on,
        ends_on=ends_on,
        duties=data["duties"],
    )
    draft_begin(group, actor=role_members(agency, Role.WRITER).order_by("pk").first(), now=now)
    group.save()
    staff = {person.key: person for person in StaffProfile.objects.filter(agency=agency)}
    for order, member in enumerate(data["members"]):
        seat = {"staff": staff[member["staff"]], "role": ROLES[member["role"]], "order": order}
        WorkingGroupMember.objects.create(group=group, **seat)


def _appoint(agency: Agency, order_number: str, now: datetime) -> None:
    group = WorkingGroup.objects.drafts().filter(agency=agency, order_number=order_number).first()
    if group is not None:
        working_group_appoint(actor=role_members(agency, Role.DIRECTOR).order_by("pk").first(), group=group, now=now)
