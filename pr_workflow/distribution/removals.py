"""Posts that should go when their news has left the site: asked for by the system, confirmed by people (R50).

No channel lets us take a post back reliably, so nothing is deleted there by machine.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from ..audit.services import audit_record, chain_lock
from ..people.models import Agency
from ..people.roles import Role
from ..people.selectors import user_holds
from ..publishing.models import TakeDown
from .ledger import audit_facts
from .models import Channel, Delivery

#: What was wrong must go everywhere. A merged item leads on, an expired one is history, a corrected one comes back.
WRONG = (TakeDown.Kind.IN_ERROR, TakeDown.Kind.WITHDRAWN)


class RemovalRefused(PermissionDenied):
    """Somebody who does not look after the channels confirmed a removal. Answered as 403."""


def posts_to_remove(agency: Agency | None) -> QuerySet[Delivery]:
    """Posts that are still in a channel although their news has left the site, the longest waiting first."""
    rows = Delivery.objects.filter(removal_asked_at__isnull=False, removed_at=None)
    rows = rows.filter(agency=agency) if agency else rows.none()
    return rows.select_related("channel", "agency").order_by("removal_asked_at", "pk")


def may_remove(user, agency: Agency | None) -> bool:
    """IT officers and PR officers of the agency look after its channels."""
    return agency is not None and any(user_holds(user, role, agency) for role in (Role.IT_OFFICER, Role.WRITER))


@transaction.atomic
def removals_ask(*, actor, page, now: datetime) -> list[Delivery]:
    """Ask for the removal of what was sent of a page that was taken down as wrong; once for each post.

    Also called when a post gets out at the last moment. The own website is left out: the page is gone there.
    """
    standing = TakeDown.objects.filter(page_number=OuterRef("page_id"), ended_at=None, kind__in=WRONG)
    rows = Delivery.objects.sent().filter(Exists(standing), page_id=page.pk, removal_asked_at=None)
    rows = rows.exclude(channel__kind=Channel.Kind.WEBSITE).select_related("agency", "channel")
    asked = []
    for delivery in rows:
        if Delivery.objects.filter(pk=delivery.pk, removal_asked_at=None).update(removal_asked_at=now):
            audit_record(
                actor=actor, verb="delivery_removal_asked", target=delivery, now=now, data=audit_facts(delivery)
            )
            asked.append(delivery)
    return asked


@transaction.atomic
def delivery_removal_confirm(*, actor, delivery_id: int, now: datetime) -> Delivery:
    """A person has removed the post from its channel, or has told those who received the mail.

    Raises `RemovalRefused`, and `ValidationError` when there is nothing to confirm.
    """
    delivery = Delivery.objects.select_related("agency", "channel").get(pk=delivery_id)
    chain_lock(delivery.agency)
    if not may_remove(actor, delivery.agency):
        raise RemovalRefused(_("Only IT officers and PR officers of the agency confirm that a post was removed."))
    waiting = Delivery.objects.filter(pk=delivery_id, removal_asked_at__isnull=False, removed_at=None)
    if not waiting.update(removed_at=now, removed_by=actor):
        raise ValidationError({"state": _("Nobody asked for the removal of this post, or it is confirmed already.")})
    delivery.refresh_from_db()
    audit_record(actor=actor, verb="delivery_removed", target=delivery, now=now, data=audit_facts(delivery))
    return delivery
