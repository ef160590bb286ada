"""What became of an activity of the plan, worked out from the records of its items (R24). Pure: asks no database."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..plan.models import ActivityCancellation, PlanActivity
from ..thai_time import bangkok_date


class Standing(TextChoices):
    """Where an activity stands; exactly one of these on any day."""

    PLANNED = "planned", pgettext_lazy("activity of the plan", "Planned")
    PRODUCED = "produced", pgettext_lazy("activity of the plan", "In production")
    PUBLISHED = "published", pgettext_lazy("activity of the plan", "Published in time")
    LATE = "late", pgettext_lazy("activity of the plan", "Published late")
    OVERDUE = "overdue", pgettext_lazy("activity of the plan", "Period over, nothing published")
    CANCELLED = "cancelled", pgettext_lazy("activity of the plan", "Cancelled")


class ItemStanding(TextChoices):
    """Where an item stands against the period of its activity."""

    DRAFT = "draft", _("Not live yet")
    IN_TIME = "in_time", pgettext_lazy("item of an activity", "Live in time")
    LATE = "late", pgettext_lazy("item of an activity", "Live late")
    TAKEN_BACK = "taken_back", pgettext_lazy("item of an activity", "Taken back")


@dataclass(frozen=True)
class ItemFacts:
    """What the records say of one item.

    `went_live_at` is the first time it was public; `taken_back` says that it left the site as published in error or as
    withdrawn and is not back. Other ways off the site, as its expiry, leave it published.
    """

    pk: int
    title: str
    activity_id: int | None
    went_live_at: datetime | None
    changed_at: datetime | None
    taken_back: bool = False
    is_live: bool = False

    @property
    def day(self) -> date | None:
        """The day it counts for, in Bangkok: when it went live, before that when it was last worked on."""
        moment = self.went_live_at or self.changed_at
        return bangkok_date(moment) if moment else None

    def standing(self, last_day: date | None = None) -> ItemStanding:
        """Against the last day of a period; without one whatever is public is in time."""
        if self.taken_back:
            return ItemStanding.TAKEN_BACK
        if self.went_live_at is None:
            return ItemStanding.DRAFT
        late = last_day is not None and bangkok_date(self.went_live_at) > last_day
        return ItemStanding.LATE if late else ItemStanding.IN_TIME


@dataclass
class ActivityProgress:
    """One activity, its items and, when it does not take place, the row that says so; as of a day in Bangkok."""

    activity: PlanActivity
    today: date
    items: list[ItemFacts] = field(default_factory=list)
    cancellation: ActivityCancellation | None = None

    @property
    def shown_items(self) -> list[tuple[ItemFacts, ItemStanding]]:
        """Each item with where it stands."""
        return [(item, item.standing(self.activity.end)) for item in self.items]

    def _count(self, *standings: ItemStanding) -> int:
        return sum(standing in standings for _item, standing in self.shown_items)

    @property
    def produced(self) -> int:
        """Items that were begun, whatever became of them."""
        return len(self.items)

    @property
    def published(self) -> int:
        """Items that were public and are not taken back."""
        return self._count(ItemStanding.IN_TIME, ItemStanding.LATE)

    @property
    def published_late(self) -> int:
        """Items whose first day in public lies after the period."""
        return self._count(ItemStanding.LATE)

    @property
    def taken_back(self) -> int:
        """Items withdrawn, or published in error."""
        return self._count(ItemStanding.TAKEN_BACK)

    @property
    def standing(self) -> Standing:
        """A cancellation goes before everything, then the first item in time, then late ones, then the period."""
        if self.cancellation is not None:
            return Standing.CANCELLED
        if self._count(ItemStanding.IN_TIME):
            return Standing.PUBLISHED
        if self._count(ItemStanding.LATE):
            return Standing.LATE
        if self.activity.end < self.today:
            return Standing.OVERDUE
        return Standing.PRODUCED if self.items else Standing.PLANNED
