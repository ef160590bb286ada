"""Questions about the distribution step: what is still to be planned, what a row would send, who sees which row."""

import json
from datetime import datetime
from urllib.parse import urljoin

from django.db.models import QuerySet

from ..people.selectors import rows_visible_to
from ..publishing.models import Posting, PublishedItem
from .adapters import Message
from .models import Channel, Delivery
from .policy import CATCH_UP


def item_went_live_at(item: PublishedItem) -> datetime:
    """When this revision of the item became public: the start of the ten-minute clock."""
    posting = Posting.objects.filter(revision=item.revision).first()
    return (posting and posting.went_live_at) or item.updated_at


def channels_wanted(item: PublishedItem) -> list[Channel]:
    """The agency's active channels, only those of the kinds the page names if it names any."""
    kinds = getattr(item.page.specific, "channels", None)
    channels = Channel.objects.owned_by(item.agency).active()
    return list(channels.filter(kind__in=kinds) if kinds else channels)


def items_to_plan(now: datetime) -> list[tuple[PublishedItem, list[Channel]]]:
    """Fresh news with the wanted channels that have no ledger row yet: the go-live event was missed for these.

    A channel that is younger than the news does not receive it.
    """
    fresh = PublishedItem.objects.filter(revision__posting__went_live_at__range=(now - CATCH_UP, now))
    planned = set(
        Delivery.objects.filter(revision__in=fresh.values("revision")).values_list("revision_id", "channel_id")
    )
    missing = []
    for item in fresh.select_related("agency", "page"):
        went_live_at = item_went_live_at(item)
        channels = [
            channel
            for channel in channels_wanted(item)
            if (item.revision_id, channel.pk) not in planned and channel.created <= went_live_at
        ]
        if channels:
            missing.append((item, channels))
    return missing


def message_of(delivery: Delivery) -> Message | None:
    """What this row would send; None when its revision is no longer the public one."""
    item = (
        PublishedItem.objects.filter(page_id=delivery.page_id, revision_id=delivery.revision_id, page__live=True)
        .select_related("agency__site")
        .first()
        if delivery.page_id and delivery.revision_id
        else None
    )
    if item is None:
        return None
    earlier = Delivery.objects.sent().filter(page_id=delivery.page_id, channel_id=delivery.channel_id)
    return Message(
        title=item.title,
        lead=item.lead,
        url=urljoin(item.agency.site.root_url, item.url),
        agency_name=item.agency.name,
        published_at=item.published_at,
        content_hash=item.content_hash,
        is_update=earlier.exclude(pk=delivery.pk).exists(),
        detail=json.loads(item.detail_json or "{}"),
    )


def deliveries_visible_to(user) -> QuerySet[Delivery]:
    """The ledger rows of the user's agency (I5)."""
    return rows_visible_to(user, Delivery.objects.all())


def channels_visible_to(user) -> QuerySet[Channel]:
    """The channels of the user's agency (I5)."""
    return rows_visible_to(user, Channel.objects.all())
