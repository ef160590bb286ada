"""Groups that hold a role are part of the flow: what happens to them stands in the log of their agency (I4, R08)."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.utils import timezone
from wagtail.log_actions import get_active_log_context

from ..audit.services import audit_record
from .models import AgencyGroup, StaffProfile


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


@transaction.atomic
def on_seats_changed(sender, *, instance, action, reverse, pk_set, **kwargs):
    """An account was put into the group of a role, or taken out of it: with the seat come its buttons (I4, R05)."""
    verb = {"post_add": "seat_give", "pre_remove": "seat_take", "pre_clear": "seat_take"}.get(action)
    if verb is None:
        return
    seats = AgencyGroup.objects.select_related("agency", "group").order_by("agency__code", "pk")
    if reverse:
        accounts = list(_accounts(instance, pk_set)) if action != "pre_clear" else list(instance.user_set.all())
        seats = seats.filter(group=instance)
    else:
        accounts = [instance]
        seats = seats.filter(group__in=instance.groups.all() if action == "pre_clear" else pk_set)
    for seat in seats:
        for account in accounts:
            audit_record(
                actor=get_active_log_context().user,
                verb=verb,
                target=account,
                now=timezone.now(),
                agency=seat.agency,
                data={"role": seat.role},
            )


def _accounts(group: Group, keys):
    return group.user_set.model._default_manager.filter(pk__in=keys or ())


def on_password_setting(sender, *, instance, raw=False, update_fields=None, **kwargs):
    """Somebody sets the password of another account, and could log in as that person: the log names who (I4)."""
    actor = get_active_log_context().user
    if (
        raw
        or actor is None
        or actor.pk == instance.pk
        or (update_fields is not None and "password" not in update_fields)
    ):
        return
    before = sender._default_manager.filter(pk=instance.pk).values_list("password", flat=True).first()
    if before is None or before == instance.password:
        return
    profile = StaffProfile.objects.select_related("agency").filter(user_id=instance.pk).first()
    with transaction.atomic():
        audit_record(
            actor=actor,
            verb="account_password_set",
            target=instance,
            now=timezone.now(),
            agency=profile.agency if profile else None,
        )


def on_account_saving(sender, *, instance, raw=False, update_fields=None, **kwargs):
    """An account became a superuser or is one no more; or was opened or closed (I4)."""
    if raw or (update_fields is not None and not {"is_superuser", "is_active"} & set(update_fields)):
        return
    before = sender._default_manager.filter(pk=instance.pk).values("is_superuser", "is_active").first()
    now = {"is_superuser": instance.is_superuser, "is_active": instance.is_active}
    if before is not None and before != now:
        profile = StaffProfile.objects.select_related("agency").filter(user_id=instance.pk).first()
        with transaction.atomic():
            audit_record(
                actor=get_active_log_context().user,
                verb="account_power_change",
                target=instance,
                now=timezone.now(),
                agency=profile.agency if profile else None,
                data={"from": before, "to": now},
            )


def connect() -> None:
    """Listen to the groups and the accounts in them; safe to call again."""
    user = get_user_model()
    m2m_changed.connect(on_seats_changed, sender=user.groups.through, dispatch_uid="log_seats")
    pre_save.connect(on_password_setting, sender=user, dispatch_uid="log_account_password")
    pre_save.connect(on_account_saving, sender=user, dispatch_uid="log_account_power")
    post_save.connect(on_group_saved, sender=Group, dispatch_uid="log_group_saved")
    pre_delete.connect(on_group_deleting, sender=Group, dispatch_uid="log_group_deleting")
