"""Groups that hold a role are part of the flow: what happens to them stands in the log of their agency (I4, R08)."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.signals import post_save, pre_delete
from django.utils import timezone
from wagtail.log_actions import get_active_log_context

from ..audit.services import audit_record
from .models import AgencyGroup


@transaction.atomic
def _record(verb: str, group: Group) -> None:
    seat = AgencyGroup.objects.select_related("agency").filter(group=group).first()
    if seat is None:
        return
    audit_record(
        actor=get_active_log_context().user,
        verb=verb,
        target=group,
        now=timezone.now(),
        agency=seat.agency,
        data={"role": seat.role},
    )


def on_group_saved(sender, *, instance, raw=False, **kwargs):
    """A group of a role was renamed, or its permissions were edited."""
    if not raw:
        _record("role_group_save", instance)


def on_group_deleting(sender, *, instance, **kwargs):
    """A group of a role is about to be deleted around the admin, which refuses it."""
    _record("role_group_delete", instance)


def connect() -> None:
    """Listen to the groups; safe to call again."""
    post_save.connect(on_group_saved, sender=Group, dispatch_uid="log_group_saved")
    pre_delete.connect(on_group_deleting, sender=Group, dispatch_uid="log_group_deleting")
