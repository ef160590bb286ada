"""When the writer wishes a draft to go live: set outside the editor, by the rules of the editor (R26, R43)."""

from datetime import datetime, timedelta
from html import unescape
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from ..audit.services import audit_record, chain_lock
from ..people.selectors import agency_for_page, agency_of
from ..thai_time import thai_datetime

#: A wish further ahead is taken for a slip in the year.
FURTHEST_WISH = timedelta(days=366)


class WishRefused(PermissionDenied):
    """Somebody may not change this draft, or not now. Answered as 403."""


def wish_refusal(user, page) -> str:
    """Why this account may not change the wished time of a draft now, as a whole sentence; empty when it may."""
    agency = agency_for_page(page)
    if agency is None or agency_of(user) not in (None, agency) or not page.permissions_for_user(user).can_edit():
        return _("Only the PR officers of the agency change the wished date of a draft.")
    return locked_refusal(user, page)


def locked_refusal(user, page) -> str:
    """Why nobody, or not this account, changes a draft now: it is considered, or locked. Empty when neither."""
    if page.workflow_in_progress:
        return _("“%(title)s” is under consideration and cannot be changed. Withdraw it first.") % {
            "title": page.draft_title
        }
    lock = page.get_lock()
    if lock and lock.for_user(user):
        return _lock_in_words(page, lock, user)
    return ""


def _lock_in_words(page, lock, user) -> str:
    """Who locked the item and what to do, as plain text: it is read in JSON and in the log too."""
    if page.locked and page.locked_by:
        text = _("“%(title)s” is locked by %(name)s. Ask them, or the system administrator, to unlock it.")
        return text % {"title": page.draft_title, "name": get_user_display_name(page.locked_by)}
    return unescape(strip_tags(str(lock.get_message(user)))) or _("The item is locked.")


def _wish_guard(page, wish: datetime, now: datetime) -> None:
    """Raises `ValidationError` on `date` for a time that cannot be wished for."""
    times = {"wish": thai_datetime(wish), "end": thai_datetime(page.expire_at) if page.expire_at else ""}
    text = ""
    if wish <= now:
        text = _("The wished time %(wish)s is in the past. Choose a later one.")
    elif wish > now + FURTHEST_WISH:
        text = _("The wished time %(wish)s is more than a year ahead. Check the year.")
    elif page.expire_at and page.expire_at <= wish:
        text = _("The item expires on %(end)s, so it cannot be wished for %(wish)s. Choose an earlier time.")
    if text:
        raise ValidationError({"date": text % times})


@transaction.atomic
def news_wish_set(*, actor, page, wish: datetime, now: datetime) -> Any:
    """Give a draft its wished go-live time, as a new version by this person; returns the page.

    Args: wish and now, aware. What is live stays as it is until the new version has passed its chain.
    Raises `WishRefused`, and `ValidationError` on `date`.
    """
    agency = agency_for_page(page)
    if agency is not None:
        chain_lock(agency)
    page = type(page).objects.select_for_update(of=("self",)).get(pk=page.pk)
    if refusal := wish_refusal(actor, page):
        raise WishRefused(refusal)
    draft = page.get_latest_revision_as_object()
    _wish_guard(draft, wish, now)
    before, draft.go_live_at = draft.go_live_at, wish
    if before == wish:
        return draft
    if not draft.live:
        draft.save()
    revision = draft.save_revision(user=actor, log_action=True, clean=False)
    audit_record(
        actor=actor,
        verb="news_wish",
        target=draft,
        now=now,
        agency=agency,
        data={"revision": revision.pk, "from": before, "to": wish},
    )
    return draft
