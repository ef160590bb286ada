"""Questions about people: who belongs where, who holds a role. The agency wall (I5) is asked here."""

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from treebeard.mp_tree import MP_Node

from .models import Agency, StaffProfile
from .roles import Role


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
    prefixes = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
    return (
        Agency.objects.filter(site__root_page__path__in=prefixes)
        .select_related("site")
        .order_by("-site__root_page__depth")
        .first()
    )


def user_holds(user, role: Role, agency: Agency) -> bool:
    """Does this account hold the role in this agency? Superusers hold none by that alone."""
    return user.groups.filter(agency_role__agency=agency, agency_role__role=role).exists()


def role_members(agency: Agency, role: Role) -> QuerySet:
    """Active accounts that hold a role in an agency."""
    return get_user_model().objects.filter(
        is_active=True, groups__agency_role__agency=agency, groups__agency_role__role=role
    )


def profile_of(user) -> StaffProfile | None:
    """The staff profile of an account, if it has one."""
    return StaffProfile.objects.select_related("agency", "unit").filter(user_id=user.pk).first()
