"""Questions about working groups: which is in office, whose term ends, who may appoint (R01)."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from ..conf import term_warning_days
from ..people.models import Agency
from ..people.roles import Role
from ..people.selectors import rows_visible_to, user_holds
from .models import Kind, WorkingGroup, WorkingGroupMember, seats_of


def groups_visible_to(user) -> QuerySet[WorkingGroup]:
    """The working groups of the person's agency (I5)."""
    rows = WorkingGroup.objects.select_related("agency", "drafted_by", "appointed_by", "scan")
    return rows_visible_to(user, rows)


def working_group_in_force(agency: Agency, day: date, kind: str = Kind.PR) -> WorkingGroup | None:
    """The working group of a kind that is in office on a day in Bangkok; the newest, should there be several."""
    groups = WorkingGroup.objects.in_force(day).filter(agency=agency, kind=kind)
    return groups.order_by("-starts_on", "-pk").first()


def report_signers(agency: Agency, day: date) -> list[WorkingGroupMember]:
    """Who signs the weekly report: the members of the PR working group in office on a day, as far as they are (R63)."""
    group = working_group_in_force(agency, day)
    return [seat for seat in seats_of(group) if seat.staff.in_office_on(day)] if group else []


def groups_ending(day: date) -> list[WorkingGroup]:
    """Groups in office whose term ends within the days of warning, and that nobody follows yet; of all agencies."""
    ending = WorkingGroup.objects.filter(_ending(day)).select_related("agency").order_by("ends_on", "pk")
    return [group for group in ending if not _has_successor(group)]


def groups_to_look_after(agency: Agency, day: date) -> list[WorkingGroup]:
    """Drafts of an agency that wait for their appointment, and its terms that end. One query when there are none."""
    waiting = Q(appointed_at__isnull=True, withdrawn_at__isnull=True)
    groups = WorkingGroup.objects.filter(waiting | _ending(day), agency=agency).order_by("due_at", "pk")
    return [group for group in groups if group.is_draft or not _has_successor(group)]


def _ending(day: date) -> Q:
    last = day + timedelta(days=term_warning_days())
    soon = Q(appointed_at__isnull=False, starts_on__lte=day, ends_on__gte=day, ends_on__lte=last)
    return soon & ~Q(kind=Kind.SPECIAL)


def _has_successor(group: WorkingGroup) -> bool:
    following = WorkingGroup.objects.filter(agency_id=group.agency_id, kind=group.kind, starts_on__gt=group.ends_on)
    return following.filter(appointed_at__isnull=False).exists()


def may_appoint(user, agency: Agency) -> bool:
    """The director of the agency, or who acts for them (S2 §3.1). An administrator signs no order, as no other step."""
    if user is None or not user.is_active or user.is_superuser:
        return False
    return user_holds(user, Role.DIRECTOR, agency)
