"""Questions about people: who belongs where, who holds a role. The agency wall (I5) is asked here."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from treebeard.mp_tree import MP_Node

from ..clock import step_now
from ..thai_time import bangkok_date
from ..time_in_office import acts_on, in_office_on
from .models import Agency, AgencyGroup, Delegation, StaffProfile
from .roles import CHAIN, DELEGABLE, Role


def agency_of(user) -> Agency | None:
    """The agency this account works for; None for a superuser without one (who sees all agencies).

    Raises `PermissionDenied` for an account of no agency, so that "none" can never be read as "all".
    """
    profile = StaffProfile.objects.select_related("agency").filter(user_id=user.pk).first() if user.pk else None
    if profile:
        return profile.agency
    if user.is_superuser:
        return None
    raise PermissionDenied(_("Your account does not belong to an agency yet. Ask the system administrator."))


def rows_visible_to(user, queryset: QuerySet, *, field: str = "agency") -> QuerySet:
    """Only the rows of the user's own agency; all rows for a superuser without agency; none otherwise (I5)."""
    try:
        agency = agency_of(user)
    except PermissionDenied:
        return queryset.none()
    return queryset if agency is None else queryset.filter(**{field: agency})


def agency_for_page(page: MP_Node) -> Agency | None:
    """The agency whose site holds this page (one query)."""
    return agencies_for_pages([page])[page.path]


def agencies_for_pages(pages: Iterable[MP_Node]) -> dict[str, Agency | None]:
    """The agency whose site holds each page, by the path of the page (one query for any number)."""
    above = {page.path: paths_above(page) for page in pages}
    roots = {path for paths in above.values() for path in paths}
    agencies = Agency.objects.filter(site__root_page__path__in=roots).select_related("site__root_page")
    by_root = {agency.site.root_page.path: agency for agency in agencies.order_by("-pk")}
    return {
        path: next((by_root[root] for root in reversed(paths) if root in by_root), None)
        for path, paths in above.items()
    }


def paths_above(page: MP_Node) -> list[str]:
    """The places of a page and of everything above it, from the top."""
    return [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]


def seats_held(user, agency: Agency, day: date | None = None) -> QuerySet[AgencyGroup]:
    """The seats this account fills itself on a day in Bangkok (today): none before its person is in office, and none
    from the day of leaving on, whatever groups the account is still in (I3, R10)."""
    acting = acts_on(day or bangkok_date(step_now()), "group__user__")
    return AgencyGroup.objects.filter(acting, agency=agency, group__user=user)


def holds_seat(user, role: Role | str, agency: Agency, day: date | None = None) -> bool:
    """Does this account itself fill the role that day? A delegation does not count, nor being a superuser."""
    return seats_held(user, agency, day).filter(role=role).exists()


def network_only(agency: Agency | None = None) -> set[int]:
    """Accounts that hold no role but that of a network member: they work outside the office."""
    seats = AgencyGroup.objects.filter(group__user__isnull=False)
    if agency is not None:
        seats = seats.filter(agency=agency)
    roles: dict[int, set[str]] = {}
    for account, role in seats.values_list("group__user", "role"):
        roles.setdefault(account, set()).add(role)
    return {account for account, held in roles.items() if held == {Role.NETWORK_MEMBER}}


def delegations_running(day: date | None = None) -> QuerySet[Delegation]:
    """Delegations that count on a day in Bangkok (today when none is given), with both people.

    Both ends of the period count. A delegation lapses by itself while its giver no longer holds the role or has left,
    or while the person who acts has left: nobody acts for a person who could not act.
    """
    day = day or bangkok_date(step_now())
    running = Delegation.objects.in_force(day)
    for end in ("delegator", "delegate"):
        running = running.filter(in_office_on(day, f"{end}__"), **{f"{end}__user__is_active": True})
    seat = AgencyGroup.objects.filter(
        agency=OuterRef("agency"), role=OuterRef("role"), group__user=OuterRef("delegator__user")
    )
    same_house = running.filter(delegator__agency=F("agency"), delegate__agency=F("agency"))
    return same_house.filter(Exists(seat)).select_related("delegator", "delegate")


def delegation_used_by(user, role: Role | str, agency: Agency, day: date | None = None) -> Delegation | None:
    """The delegation under which this account acts in a role; None when it holds the role itself or not (R06)."""
    if user is None or not user.pk or holds_seat(user, role, agency, day):
        return None
    held = delegations_running(day).filter(agency=agency, role=role, delegate__user_id=user.pk)
    return held.order_by("starts_on", "pk").first()


def user_holds(user, role: Role | str, agency: Agency, day: date | None = None) -> bool:
    """May this account act in the role in this agency: by its own seat, or for somebody on that day (R06)?

    Superusers hold no role by that alone. Who has delegated keeps the right too: a delegation must never leave a step
    without anybody.
    """
    return holds_seat(user, role, agency, day) or delegation_used_by(user, role, agency, day) is not None


def delegations_visible_to(user) -> QuerySet[Delegation]:
    """The delegations somebody may look at: the director all of the agency, others those they gave or hold (I5)."""
    rows = Delegation.objects.select_related("agency", "delegator", "delegate", "granted_by", "revoked_by")
    agency = agency_of(user)
    if agency is None:
        return rows
    rows = rows.filter(agency=agency)
    if user.is_superuser or holds_seat(user, Role.DIRECTOR, agency):
        return rows
    return rows.filter(Q(delegator__user=user) | Q(delegate__user=user))


def roles_of(user, agency: Agency, day: date | None = None) -> set[str]:
    """All roles this account may act in that day, in this agency: its own seats and those it has by delegation."""
    own = seats_held(user, agency, day).values_list("role", flat=True)
    lent = delegations_running(day).filter(agency=agency, delegate__user_id=user.pk).values_list("role", flat=True)
    return {*own, *lent}


def may_change_office_of(user, person: StaffProfile) -> bool:
    """May this account change name, position and time in office of this person (`StaffProfile.OFFICE_FIELDS`)?

    Of somebody who signs or posts, by a seat or for another, only who signs in the agency may, or a superuser:
    otherwise a writer decides what stands beside the signatures, and who may sign at all (I3). Who has left, or has not
    begun, counts too: other dates would give the seat back.
    """
    if user.is_superuser or person.user is None:
        return True
    seats = AgencyGroup.objects.filter(agency=person.agency, role__in=DELEGABLE, group__user=person.user)
    lent = Delegation.objects.in_force(bangkok_date(step_now())).filter(delegate=person, role__in=DELEGABLE)
    if not (seats.exists() or lent.exists()):
        return True
    return not roles_of(user, person.agency).isdisjoint(CHAIN)


def groups_acted_in(user, day: date | None = None) -> QuerySet[Group]:
    """Groups whose work this account may do that day: its own, and those of the roles it has by delegation."""
    own = Group.objects.filter(acts_on(day or bangkok_date(step_now()), "user__"), user=user)
    lent = delegations_running(day).filter(
        delegate__user_id=user.pk, agency=OuterRef("agency_role__agency"), role=OuterRef("agency_role__role")
    )
    return Group.objects.filter(Q(pk__in=own.values("pk")) | Exists(lent))


def role_members(agency: Agency, role: Role | str, day: date | None = None) -> QuerySet:
    """Active accounts that may act in a role of an agency: its holders and whoever acts for one of them that day.

    Nobody is among them before the first day in office, or from the day of leaving on (R10). The holders stay in it
    while somebody acts for them: a delegation must never leave a step unmanned (R06).
    """
    seat = AgencyGroup.objects.filter(agency=agency, role=role, group__user=OuterRef("pk"))
    lent = delegations_running(day).filter(agency=agency, role=role, delegate__user=OuterRef("pk"))
    acting = acts_on(day or bangkok_date(step_now()))
    return get_user_model().objects.filter(Exists(seat) | Exists(lent), acting, is_active=True)


def profile_of(user) -> StaffProfile | None:
    """The staff profile of an account, if it has one."""
    return StaffProfile.objects.select_related("agency", "unit").filter(user_id=user.pk).first()
