"""What stands in the calendar: one entry of one kind on one or several days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from ..thai_time import thai_date_range, thai_time


class EntryKind(models.TextChoices):
    """What an entry is. What is only wished for and what is fixed are different kinds, never one with a colour."""

    HOLIDAY = "holiday", pgettext_lazy("kind of entry", "Holiday")
    OPEN_DAY = "open_day", pgettext_lazy("kind of entry", "Cancelled holiday")
    IMPORTANT_DAY = "important_day", pgettext_lazy("kind of entry", "Important day")
    ACTIVITY = "activity", pgettext_lazy("kind of entry", "Plan activity")
    DRAFT = "draft", pgettext_lazy("kind of entry", "Draft, planned")
    CONSIDERED = "considered", pgettext_lazy("kind of entry", "Under consideration, planned")
    APPROVED = "approved", pgettext_lazy("kind of entry", "Approved, planned")
    SCHEDULED = "scheduled", pgettext_lazy("kind of entry", "Scheduled")
    LIVE = "live", pgettext_lazy("kind of entry", "Live")
    EXPIRING = "expiring", pgettext_lazy("kind of entry", "Expires")


class Form(models.TextChoices):
    """How sure the date is; the screen draws each with an outline of its own."""

    DAY = "day", pgettext_lazy("form of an entry", "a day of the year")
    PLANNED = "planned", pgettext_lazy("form of an entry", "planned: a wish")
    FIXED = "fixed", pgettext_lazy("form of an entry", "fixed: it happens or happened")


@dataclass(frozen=True)
class Look:
    """The form and the icon (of Wagtail's set) of a kind, and the screen that changes its date ("" for none)."""

    form: Form
    icon: str
    date_screen: str = ""


LOOKS: dict[str, Look] = {
    EntryKind.HOLIDAY: Look(Form.DAY, "no-view"),
    EntryKind.OPEN_DAY: Look(Form.DAY, "lock-open"),
    EntryKind.IMPORTANT_DAY: Look(Form.DAY, "date", "occurrence_date"),
    EntryKind.ACTIVITY: Look(Form.PLANNED, "list-ul", "activity_date"),
    EntryKind.DRAFT: Look(Form.PLANNED, "edit", "news_wish"),
    EntryKind.CONSIDERED: Look(Form.PLANNED, "view"),
    EntryKind.APPROVED: Look(Form.PLANNED, "check", "posting_date"),
    EntryKind.SCHEDULED: Look(Form.FIXED, "time", "posting_date"),
    EntryKind.LIVE: Look(Form.FIXED, "globe"),
    EntryKind.EXPIRING: Look(Form.FIXED, "warning"),
}
#: What a kind is called while it has no date: nothing is planned yet.
UNDATED = {
    EntryKind.DRAFT: pgettext_lazy("kind of entry", "Draft"),
    EntryKind.CONSIDERED: pgettext_lazy("kind of entry", "Under consideration"),
    EntryKind.APPROVED: pgettext_lazy("kind of entry", "Approved"),
}
_ORDER = {kind: place for place, kind in enumerate(EntryKind.values)}


@dataclass(frozen=True)
class Officer:
    """Who answers for an entry, with their unit."""

    pk: int
    name: str
    unit_id: int | None = None
    unit: str = ""


@dataclass(frozen=True)
class Entry:
    """One thing on a date. `pk` is the row its date is changed by; `moment` (aware) the time of day, where it has one.

    `start` and `end` are days in Bangkok, both included; both are None in the tray of undated items. `note` says what
    else one must know, as a whole phrase. `rank` orders entries of one kind on a day, the most urgent (0) first.
    `movable` is what the screen offers; the services decide again. `seen_date` is sent back with a new date, so that
    nobody overwrites what they have not seen (`seen_text`).
    """

    kind: EntryKind
    pk: int
    title: str
    start: date | None = None
    end: date | None = None
    moment: datetime | None = None
    officer: Officer | None = None
    unit_id: int | None = None
    target_groups: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    note: str = ""
    path: str = ""
    movable: bool = False
    rank: int = 0
    seen_date: str = ""

    @property
    def look(self) -> Look:
        return LOOKS[self.kind]

    @property
    def word(self) -> str:
        """What it is, in words."""
        return str(self.kind.label if self.start else UNDATED.get(self.kind, self.kind.label))

    @property
    def units(self) -> set[int | None]:
        """Whose work it is: the unit it was planned for, and that of its officer."""
        return {self.unit_id, self.officer.unit_id if self.officer else None}

    @property
    def key(self) -> str:
        """A name that no other entry of the calendar has."""
        return f"{self.kind}-{self.pk}"

    @property
    def period(self) -> str:
        """From when to when, for people, in B.E."""
        return thai_date_range(self.start, self.end, "short") if self.start and self.end else _("no date yet")

    @property
    def time(self) -> str:
        """The time of day for people, or nothing."""
        return thai_time(self.moment) if self.moment else ""

    @property
    def order(self) -> tuple:
        """By day, then days of the year before work, then the most urgent, then by time."""
        day = self.start or date.max
        moment = self.moment is not None and self.moment.timestamp()
        return day, _ORDER[self.kind], self.rank, moment, self.title, self.pk


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The entries as people read them."""
    return sorted(entries, key=lambda entry: entry.order)
