"""What every channel adapter promises, and the two ways in which it may fail."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID


class ChannelError(Exception):
    """A channel did not confirm a post. The text is for people and carries no credential."""


class ChannelRefused(ChannelError):
    """The post is surely not out.

    ``permanent`` means that trying again cannot help until a person changes something; ``retry_after`` is how long the
    channel asked us to wait.
    """

    def __init__(self, text: str, *, permanent: bool = False, retry_after: timedelta | None = None):
        super().__init__(text)
        self.permanent = permanent
        self.retry_after = retry_after


class ChannelUnclear(ChannelError):
    """The post may or may not be out: it must be read back and never blindly sent again (I2).

    ``for_person`` means that this channel cannot be read back at all, so that only a person can find out.
    """

    def __init__(self, text: str, *, for_person: bool = False):
        super().__init__(text)
        self.for_person = for_person


@dataclass(frozen=True)
class Receipt:
    """What a channel says about a post that is out. ``posted_at`` is aware, or None when the channel does not tell."""

    external_id: str
    external_url: str = ""
    posted_at: datetime | None = None

    def fields(self) -> dict[str, str]:
        """What the ledger row keeps of it, cut to its columns."""
        return {"external_id": self.external_id[:255], "external_url": self.external_url[:500]}


@dataclass(frozen=True)
class Message:
    """The public content of one published revision, the same for every channel and every page type."""

    title: str
    lead: str
    url: str
    agency_name: str
    published_at: datetime
    content_hash: str
    is_update: bool = False
    detail: dict[str, Any] = field(default_factory=dict)


class DeliveryFacts(Protocol):
    """What adapters may know of a ledger row."""

    idempotency_key: UUID
    went_live_at: datetime
    page_id: int | None
    revision_id: int | None


class ChannelAdapter(Protocol):
    """One kind of channel. Built for one Channel row; keeps no state between calls."""

    def send(self, delivery: DeliveryFacts, message: Message) -> Receipt:
        """Post once. Raises ChannelRefused when surely not posted and ChannelUnclear when nobody can know."""

    def find(self, delivery: DeliveryFacts) -> Receipt | None:
        """Read the post of this row back.

        Returns the receipt when it is out and None when it is surely absent. Raises ChannelError when that cannot be
        decided, also for kinds that offer no way to look.
        """
