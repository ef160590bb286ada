"""Who may read an item before it is public: everybody of the agency who works on it, nobody else (I5)."""

from django.utils.translation import gettext as _

from ..people.models import Agency
from ..people.roles import Role
from ..people.selectors import agency_of, roles_of


def reading_refusal(user, agency: Agency | None) -> str:
    """Why this account may not read drafts and courses of this agency, as a whole sentence; empty when it may.

    Network members write and spread news but do not see what is still being considered (R59). Raises
    `PermissionDenied` for an account of no agency.
    """
    own = agency_of(user)
    if own is None:
        return ""
    if agency is None or own.pk != agency.pk:
        return _("This belongs to another agency.")
    if not roles_of(user, own) - {Role.NETWORK_MEMBER}:
        return _("Network members see news when it is public.")
    return ""
