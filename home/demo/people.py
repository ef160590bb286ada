"""The fictional people: accounts with their roles, contacts, and an administrator."""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from pr_workflow.people.models import (
    Agency,
    AgencyGroup,
    StaffProfile,
    Unit,
)
from pr_workflow.people.network import NetworkContact
from pr_workflow.people.roles import Role

from .content import PASSWORD, ROLES, VACANT, lasting_uuid, rows
from .directory import directory_entry, photo_add

ADMIN = "admin"
#: Groups of Wagtail's own first migration. Moderators may publish, which nobody may here (I3).
STOCK_GROUPS = ("Moderators", "Editors")
CONTACT_FIELDS = ("organisation", "contact_position", "group", "email", "channels", "consent_basis", "active")


def people_load(agency: Agency, *, password_hash: str) -> None:
    """Staff with accounts in their groups, contacts, and one member of the network."""
    for person in rows("staff", agency.code):
        _person(agency, person, password_hash)
    for contact in rows("contacts", agency.code):
        values = {name: contact[name] for name in CONTACT_FIELDS}
        NetworkContact.objects.get_or_create(
            uuid=lasting_uuid(contact["key"]), defaults={"agency": agency, "key": contact["key"], **values}
        )
    _network_member(agency, password_hash)


def password_hash() -> str:
    """One hash for all demo accounts: making a strong one takes as long as loading a whole agency."""
    return make_password(PASSWORD)


def administrator_load(*, password_hash: str) -> None:
    """A superuser of no agency, to look behind the scenes."""
    get_user_model().objects.get_or_create(
        username=ADMIN,
        defaults={
            "password": password_hash,
            "first_name": "ผู้ดูแลระบบ",
            "is_staff": True,
            "is_superuser": True,
            "email": "admin@example.go.th",
        },
    )


def stock_groups_remove() -> None:
    """Delete Wagtail's stock groups while nobody is in them."""
    Group.objects.filter(name__in=STOCK_GROUPS, user=None).delete()


def network_username(agency: Agency) -> str:
    """The account of the agency's network member: k-net, s-net."""
    return f"{agency.code[0]}-net"


def account(agency: Agency, key: str):
    """The account of one person of an agency by the key of the file."""
    return StaffProfile.objects.select_related("user").get(agency=agency, key=key).user


def _account(username: str, name: str, password_hash: str, email: str):
    first, _space, last = name.partition(" ")
    user, _created = get_user_model().objects.get_or_create(
        username=username,
        defaults={"first_name": first[:150], "last_name": last[:150], "email": email, "password": password_hash},
    )
    return user


def _seat(user, agency: Agency, role: Role) -> None:
    user.groups.add(AgencyGroup.objects.get(agency=agency, role=role).group)


def _person(agency: Agency, data: dict, password_hash: str) -> None:
    if StaffProfile.objects.filter(agency=agency, key=data["key"]).exists():
        return
    vacant = data["display_name"] == VACANT
    user = None
    if not vacant:
        user = _account(data["key"], data["display_name"], password_hash, f"{data['key']}@example.go.th")
        _seat(user, agency, ROLES[data["workflow_role"]])
    person = StaffProfile.objects.create(
        agency=agency,
        key=data["key"],
        user=user,
        unit=Unit.objects.get(agency=agency, name=data["unit"]),
        display_name=data["display_name"],
        position=data["position"],
        active=not vacant,
        **({} if vacant else directory_entry(data)),
    )
    if person.photo_consent:
        photo_add(person)


def _network_member(agency: Agency, password_hash: str) -> None:
    """An account for the first contact that is not the press: a member submits and spreads, it does not report."""
    username = network_username(agency)
    if StaffProfile.objects.filter(agency=agency, key=username).exists():
        return
    contact = NetworkContact.objects.filter(agency=agency).exclude(group="สื่อมวลชน").order_by("key")[0]
    user = _account(username, contact.organisation, password_hash, contact.email)
    _seat(user, agency, Role.NETWORK_MEMBER)
    StaffProfile.objects.create(
        agency=agency, key=username, user=user, display_name=contact.organisation, position=contact.contact_position
    )
