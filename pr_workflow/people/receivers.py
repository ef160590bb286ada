"""Groups that hold a role are part of the flow: what happens to them stands in the log of their agency (I4, R08)."""

import re

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import APIToken

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
    """Somebody sets the password of another account, and could log in as that person: the log names who (I4).

    Nobody is logged in where a password is set by a mailed link, or by a command; the row has an address then, or none.
    """
    if raw or (update_fields is not None and "password" not in update_fields):
        return
    actor = get_active_log_context().user
    if actor is not None and actor.pk == instance.pk:
        return
    if actor is None and update_fields is not None and getattr(instance, "_password", None) is None:
        # Django writes the same password in a newer way when its owner logs in.
        return
    before = sender._default_manager.filter(pk=instance.pk).values_list("password", flat=True).first()
    if before is not None and before != instance.password:
        _record_account("account_password_set" if actor else "account_password_reset", instance)


def on_account_renaming(sender, *, instance, raw=False, update_fields=None, **kwargs):
    """The name or the e-mail address of an account changed: links that set its password go to that address (I4).

    Names stand in the log as everywhere. Of an address it keeps the host, never the mailbox: the log is not deleted.
    """
    mail = sender.get_email_field_name()
    fields = {sender.USERNAME_FIELD, "first_name", "last_name", mail} & {field.name for field in sender._meta.fields}
    if update_fields is not None:
        fields &= set(update_fields)
    before = sender._default_manager.filter(pk=instance.pk).values(*fields).first() if fields and not raw else None
    after = {name: getattr(instance, name) for name in before or ()}
    changed = sorted(name for name in after if before and before[name] != after[name])
    if before is None or not changed:
        return
    was, is_now = ({name: _without_mailbox(each[name]) for name in changed} for each in (before, after))
    _record_account("account_change", instance, {"changed": changed, "from": was, "to": is_now})


def _without_mailbox(text: str | None) -> str:
    """A name or an address: of an address, also of one that serves as a name, where it leads and not whose it is."""
    return re.sub(r"[^\s@]+@", "@", text or "")


@transaction.atomic
def _record_account(verb: str, account, data: dict | None = None) -> None:
    profile = StaffProfile.objects.select_related("agency").filter(user_id=account.pk).first()
    audit_record(
        actor=get_active_log_context().user,
        verb=verb,
        target=account,
        now=timezone.now(),
        agency=profile.agency if profile else None,
        data=data,
    )


def on_account_saving(sender, *, instance, raw=False, update_fields=None, **kwargs):
    """An account became a superuser or is one no more; or was opened or closed (I4)."""
    if raw or (update_fields is not None and not {"is_superuser", "is_active"} & set(update_fields)):
        return
    before = sender._default_manager.filter(pk=instance.pk).values("is_superuser", "is_active").first()
    now = {"is_superuser": instance.is_superuser, "is_active": instance.is_active}
    if before is not None and before != now:
        _record_account("account_power_change", instance, {"from": before, "to": now})


@transaction.atomic
def accounts_switched(accounts, *, is_active: bool) -> None:
    """Wagtail's bulk action opened or closed these accounts; it writes them without saving, so no signal tells (I4)."""
    for account in accounts:
        if account.is_active != is_active:
            before = {"is_superuser": account.is_superuser, "is_active": account.is_active}
            _record_account("account_power_change", account, {"from": before, "to": {**before, "is_active": is_active}})


def on_account_deleting(sender, *, instance, **kwargs):
    """An account is about to be deleted; only one that no record of the flow names can be (I4)."""
    _record_account("account_delete", instance, {"name": instance.get_username()})


def on_token_saving(sender, *, instance, raw=False, **kwargs):
    """A token is made or revoked: whoever holds it works in the name of its account in the token API (I4)."""
    stored = sender._default_manager.filter(pk=instance.pk).first() if instance.pk else None
    if stored is None and not raw:
        _record_account("account_token_make", instance.user, {"name": instance.name})
    elif stored and not stored.revoked_at and instance.revoked_at:
        _record_account("account_token_revoke", instance.user, {"name": instance.name})


def connect() -> None:
    """Listen to the groups and the accounts in them; safe to call again."""
    user = get_user_model()
    m2m_changed.connect(on_seats_changed, sender=user.groups.through, dispatch_uid="log_seats")
    pre_save.connect(on_password_setting, sender=user, dispatch_uid="log_account_password")
    pre_save.connect(on_account_renaming, sender=user, dispatch_uid="log_account_change")
    pre_save.connect(on_account_saving, sender=user, dispatch_uid="log_account_power")
    pre_save.connect(on_token_saving, sender=APIToken, dispatch_uid="log_account_token")
    pre_delete.connect(on_account_deleting, sender=user, dispatch_uid="log_account_deleted")
    post_save.connect(on_group_saved, sender=Group, dispatch_uid="log_group_saved")
    pre_delete.connect(on_group_deleting, sender=Group, dispatch_uid="log_group_deleting")
