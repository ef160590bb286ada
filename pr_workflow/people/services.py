"""Verbs of the people step: the seats of the flow (S1 §4, R08), and who acts in whose place (R06)."""

from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from ..audit.services import audit_record, chain_lock
from ..signals import delegation_changed, roles_ensured
from ..thai_time import bangkok_date
from .delegations import delegation_guard, may_delegate
from .grants import (
    Changes,
    PermissionTable,
    collection_ensure,
    grant_collection,
    grant_models,
    grant_pages,
    news_sections,
)
from .models import Agency, AgencyGroup, Delegation, StaffProfile
from .roles import Role


@transaction.atomic
def roles_ensure(*, actor, agency: Agency, now: datetime) -> Changes:
    """Give every role of the agency its group with the permissions of `roles`; returns what was changed (R08, I5).

    Safe to repeat: a second run changes nothing and writes no audit row. A group keeps the name a person gave it. What
    the table once gave and no longer has is taken back; what people gave on other things stays. Other apps add theirs
    on `roles_ensured`. Raises ImproperlyConfigured while the permissions themselves do not exist (not migrated).
    """
    changes = Changes()
    collection = collection_ensure(agency)
    sections, table = news_sections(agency), PermissionTable()
    for role in Role:
        group = _group_ensure(agency, role)
        grant_models(group, role, changes, table)
        grant_pages(group, role, sections, changes, table)
        grant_collection(group, role, collection, changes, table)
    if changes.given or changes.taken:
        data = {"given": changes.given, "taken": changes.taken}
        audit_record(actor=actor, verb="roles_ensure", target=agency, now=now, data=data)
    roles_ensured.send(sender=Agency, agency=agency, actor=actor, now=now)
    return changes


def _group_ensure(agency: Agency, role: Role) -> Group:
    """The group of a role, found by its AgencyGroup row: the name is only for people and may be changed."""
    seat = AgencyGroup.objects.filter(agency=agency, role=role).select_related("group").first()
    if seat:
        return seat.group
    # Names are kept in the database, so they are written in the language of the site, not of whoever runs this.
    with translation.override(settings.LANGUAGE_CODE):
        name = f"{agency.code} · {role.label}"
    group, _created = Group.objects.get_or_create(name=name)
    AgencyGroup.objects.create(agency=agency, role=role, group=group)
    return group


class DelegationRefused(PermissionDenied):
    """Somebody may not order or revoke this delegation, or it has ended already. Answered as 403."""


@transaction.atomic
def delegation_grant(
    *,
    actor,
    delegator: StaffProfile,
    delegate: StaffProfile,
    role: Role | str,
    starts_on: date,
    ends_on: date,
    order_number: str,
    capacity: str = Delegation.Capacity.ACTING,
    now: datetime,
) -> Delegation:
    """Let somebody act for the holder of a role from one Bangkok day to another, both included (R06).

    By the holder, their director or a superuser; it counts at once in inboxes, buttons and guards. Raises
    `DelegationRefused`, or `ValidationError` naming the field: oneself, not in office, the role not held, another
    agency, a period that is over or the wrong way round, an overlap, people who would act for each other in a ring.
    """
    if actor is None or not may_delegate(actor, delegator=delegator, role=role):
        raise DelegationRefused(_("Only the holder of a role, their director or the administrator delegates it."))
    chain_lock(delegator.agency)
    delegation = Delegation(
        agency=delegator.agency,
        delegator=delegator,
        delegate=delegate,
        role=role,
        capacity=capacity,
        starts_on=starts_on,
        ends_on=ends_on,
        order_number=order_number.strip(),
        granted_at=now,
        granted_by=actor,
    )
    delegation_guard(delegation, now=now)
    delegation.full_clean()
    delegation.save(force_insert=True)
    _delegation_announce("delegation_grant", delegation, actor=actor, now=now)
    return delegation


@transaction.atomic
def delegation_revoke(*, actor, delegation: Delegation, now: datetime) -> Delegation:
    """End a delegation at once; the row stays, because signatures may name it (R06).

    Raises `DelegationRefused` for somebody who may not, or when it has ended already.
    """
    chain_lock(delegation.agency)
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("agency", "delegator", "delegate")
    delegation = rows.get(pk=delegation.pk)
    if actor is None or not may_delegate(actor, delegator=delegation.delegator, role=delegation.role):
        raise DelegationRefused(_("Only the holder of a role, their director or the administrator delegates it."))
    if delegation.revoked_at:
        raise DelegationRefused(_("This delegation has been revoked already."))
    if delegation.ends_on < bangkok_date(now):
        raise DelegationRefused(_("This delegation is over; there is nothing to revoke."))
    delegation.revoked_at, delegation.revoked_by = now, actor
    delegation.save(update_fields=["revoked_at", "revoked_by"])
    _delegation_announce("delegation_revoke", delegation, actor=actor, now=now)
    return delegation


def _delegation_announce(verb: str, delegation: Delegation, *, actor, now: datetime) -> None:
    data = {
        "role": delegation.role,
        "delegator": str(delegation.delegator.uuid),
        "delegate": str(delegation.delegate.uuid),
        "starts_on": delegation.starts_on,
        "ends_on": delegation.ends_on,
        "order_number": delegation.order_number,
        "capacity": delegation.capacity,
    }
    audit_record(actor=actor, verb=verb, target=delegation, now=now, agency=delegation.agency, data=data)
    delegation_changed.send(
        sender=Delegation,
        delegation=delegation,
        revoked=verb == "delegation_revoke",
        actor=actor,
        now=now,
    )
