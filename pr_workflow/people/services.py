"""Verbs of the people step: the seats of the flow as groups with exactly the permissions of their role (S1 §4, R08)."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import translation

from ..audit.services import audit_record
from ..signals import roles_ensured
from .grants import Changes, collection_ensure, grant_collection, grant_models, grant_pages, news_sections
from .models import Agency, AgencyGroup
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
    sections = news_sections(agency)
    for role in Role:
        group = _group_ensure(agency, role)
        grant_models(group, role, changes)
        grant_pages(group, role, sections, changes)
        grant_collection(group, role, collection, changes)
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
