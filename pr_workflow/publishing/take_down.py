"""Taking news off the site: why, and what its address says from then on (R50)."""

from datetime import datetime
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction

from ..audit.services import audit_record, chain_lock
from ..gate import taking_down
from ..people.models import Agency
from ..people.roles import Role
from ..people.selectors import agency_for_page, user_holds
from ..reasons import reason_required
from ..signals import news_taken_down
from .models import CorrectionRound, PublicationCheck, PublishedItem, TakeDown
from .services import PostingRefused, postings_close

Kind = TakeDown.Kind
#: What the log calls the end of postings that waited while the item was taken down.
CLOSED_AS: dict[str, str] = {Kind.EXPIRED: "expired"}
#: The kinds a person chooses; an expiry comes by itself, a correction with its round.
CHOSEN_KINDS = (Kind.IN_ERROR, Kind.CONSOLIDATED, Kind.WITHDRAWN, Kind.EXPIRED)


def take_down_guard(*, actor, agency: Agency | None) -> None:
    """Only an IT officer of the agency or a superuser takes news down; None is the system. Raises `PostingRefused`."""
    may = actor is None or actor.is_superuser or (agency is not None and user_holds(actor, Role.IT_OFFICER, agency))
    if not may:
        raise PostingRefused(_("Only an IT officer of the agency takes news off the site."))


def _fields_guard(page, kind: str, notice: str, replaced_by, agency) -> None:
    """What each kind needs. Raises `ValidationError` naming the field."""
    if kind not in Kind.values:
        raise ValidationError({"kind": _("Choose why the item is taken off the site.")})
    if kind == Kind.WITHDRAWN and not notice.strip():
        raise ValidationError({"notice": _("Write in “Public notice” what readers are told at the old address.")})
    if kind != Kind.CONSOLIDATED:
        return
    if replaced_by is None:
        raise ValidationError({"replaced_by": _("Choose the item that readers are led to.")})
    public = PublishedItem.objects.filter(page_id=replaced_by.pk, agency=agency).exists()
    if replaced_by.pk == page.pk or not public:
        raise ValidationError({"replaced_by": _("Choose another item of this agency that is on the site now.")})


@transaction.atomic
def news_take_down(
    *, actor, page, kind: str = Kind.IN_ERROR, reason: str, notice: str = "", replaced_by=None, now: datetime
) -> TakeDown | None:
    """Take a live page off the site and out of everything that reads it; `reason` goes into the log (R50).

    `notice` is what readers are told (needed when `kind` is withdrawn), `replaced_by` the live item they are led to
    (needed when consolidated). Versions that wait to go live are given up too: what was taken down does not come back
    by itself. `actor` is an IT officer of the agency, a superuser, or None for the expiry. A page that is not live any
    more is left alone (None). Raises `PostingRefused`, and `ValidationError` naming the field.
    """
    agency = agency_for_page(page)
    take_down_guard(actor=actor, agency=agency)
    _fields_guard(page, kind, notice, replaced_by, agency)
    if actor is not None:
        reason = reason_required(reason, missing=_("Write in “Reason” why the item is taken off the site."))
    return page_take_down(
        actor=actor, page=page, kind=kind, reason=reason, notice=notice, replaced_by=replaced_by, now=now
    )


@transaction.atomic
@taking_down()
def page_take_down(
    *, actor, page, kind: str, reason: str, notice: str = "", replaced_by=None, now: datetime
) -> TakeDown | None:
    """The act itself, for verbs that have asked their own guard (a correction, a refused emergency)."""
    agency = agency_for_page(page)
    chain_lock(agency)
    if not type(page).objects.select_for_update(of=("self",)).filter(pk=page.pk, live=True).exists():
        return None
    postings_close(actor=actor, page=page, agency=agency, reason=CLOSED_AS.get(kind, "taken down"), now=now)
    row = _row(page, agency, kind, reason, now)
    row.taken_down_by, row.notice = actor, notice.strip() if kind == Kind.WITHDRAWN else ""
    row.replaced_by_id = replaced_by.pk if replaced_by and kind == Kind.CONSOLIDATED else None
    UnpublishPageAction(page, set_expired=kind == Kind.EXPIRED, user=actor, commit=True).execute(
        skip_permission_checks=True
    )
    PublishedItem.objects.filter(page_id=page.pk).delete()
    PublicationCheck.objects.open().filter(page_id=page.pk).update(closed_at=now)
    if kind != Kind.CORRECTION:
        # What comes back after this is no small correction any more.
        CorrectionRound.objects.filter(page_id=page.pk, closed_at=None).update(closed_at=now)
    if agency is not None:
        row.save()
    data = {"kind": kind, "reason": reason, "notice": row.notice, "replaced_by": row.replaced_by_id}
    audit_record(actor=actor, verb="news_take_down", target=page, now=now, agency=agency, data=data)
    transaction.on_commit(
        lambda: news_taken_down.send_robust(
            sender=type(page), page=page, reason=reason, take_down=row, actor=actor, now=now
        )
    )
    return row


def _row(page, agency: Agency | None, kind: str, reason: str, now: datetime) -> TakeDown:
    """The record, made while the page is still live. Without a public row it has no path: its address was nobody's
    business before and says nothing now (I5)."""
    item = PublishedItem.objects.filter(page_id=page.pk).first()
    parts = page.get_url_parts() if item else None
    return TakeDown(
        agency=agency,
        page_number=page.pk,
        item_uuid=item.uuid if item else page.uuid,
        title=page.title,
        path=unquote(parts[2]) if parts and parts[2] else "",
        kind=kind,
        reason=reason.strip(),
        taken_down_at=now,
    )
