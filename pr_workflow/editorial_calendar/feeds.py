"""The verbs of a person's secret calendar address, and whose it is (R26, I5)."""

import hashlib
import secrets
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record, chain_lock
from ..people.models import StaffProfile
from .models import CalendarFeed
from .reader import Reader, reader_of

#: Bytes of chance in an address: too many to be tried.
TOKEN_BYTES = 32


def token_hash(token: str) -> str:
    """What is kept of a token. It is chance from end to end, so one round of SHA-256 hides it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _profile(user) -> StaffProfile | None:
    """The person behind an account that may work in the admin today."""
    if not (user.is_active and user.has_perm("wagtailadmin.access_admin")):
        return None
    return StaffProfile.objects.in_office().select_related("agency__site__root_page").filter(user=user).first()


@transaction.atomic
def calendar_feed_renew(*, actor, now: datetime) -> str:
    """Give this person a new secret address; the one before stops at once. Returns the token, which is kept nowhere.

    Raises `PermissionDenied` for an account of nobody in office in an agency.
    """
    profile = _profile(actor)
    if profile is None:
        raise PermissionDenied(_("Only people in office in an agency have a calendar address of their own."))
    chain_lock(profile.agency)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {"token_hash": token_hash(token), "made_at": now}
    feed, _is_new = CalendarFeed.objects.update_or_create(user=actor, defaults=values)
    audit_record(actor=actor, verb="calendar_feed_renew", target=feed, now=now, agency=profile.agency)
    return token


@transaction.atomic
def calendar_feed_revoke(*, actor, now: datetime) -> bool:
    """Take the person's secret address back; returns whether there was one."""
    feed = CalendarFeed.objects.select_for_update().filter(user=actor).first()
    if feed is None:
        return False
    profile = StaffProfile.objects.select_related("agency").filter(user=actor).first()
    agency = profile.agency if profile else None
    audit_record(actor=actor, verb="calendar_feed_revoke", target=feed, now=now, agency=agency)
    feed.delete()
    return True


def feed_reader(token: str) -> Reader | None:
    """Who reads by this token, with the rights they have now; None for a token of nobody, and for whoever has left."""
    feed = CalendarFeed.objects.select_related("user").filter(token_hash=token_hash(token)).first()
    profile = _profile(feed.user) if feed else None
    return reader_of(profile.user, profile.agency) if profile else None
