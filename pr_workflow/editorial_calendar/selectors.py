"""The one question of this room: what has the agency on its dates (R26)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

from ..thai_time import bangkok_date
from . import day_entries, item_entries
from .entry import Entry, EntryKind, in_order
from .reader import Reader

DAYS = frozenset({EntryKind.HOLIDAY, EntryKind.OPEN_DAY, EntryKind.IMPORTANT_DAY})


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see of the calendar; empty means everything.

    Unit, officer and channel choose among the work; the days of the year stay beside it, for they belong to nobody.
    """

    kinds: frozenset[str] = frozenset()
    unit: int | None = None
    officer: int | None = None
    audience: str = ""
    channel: str = ""

    def has(self, entry: Entry) -> bool:
        """Whether an entry belongs to what is wanted."""
        if self.kinds and entry.kind not in self.kinds:
            return False
        if entry.kind in DAYS:
            meant = entry.kind != EntryKind.IMPORTANT_DAY or not self.audience
            return meant or bool({self.audience, "all"} & set(entry.target_groups))
        officer = entry.officer.pk if entry.officer else None
        return (
            (self.unit is None or self.unit in entry.units)
            and self.officer in (None, officer)
            and (not self.audience or self.audience in entry.target_groups)
            and (not self.channel or self.channel in entry.channels)
        )


@dataclass(frozen=True)
class Sheet:
    """The entries of a period in order, and the items that have no date yet."""

    entries: list[Entry] = field(default_factory=list)
    undated: list[Entry] = field(default_factory=list)


def calendar_entries(reader: Reader, first: date, last: date, *, now: datetime, wanted: Wanted | None = None) -> Sheet:
    """Everything this person may see of the agency from the first to the last day, both included (R26).

    Args: now, aware. The number of queries does not grow with the number of entries.
    """
    today, asked = bangkok_date(now), wanted or Wanted()
    found = chain(
        day_entries.holidays(reader, first, last),
        day_entries.important_days(reader, first, last, today),
        day_entries.activities(reader, first, last, today),
        item_entries.drafts(reader, now),
        item_entries.postings(reader, first, last, now),
        item_entries.public_items(reader, first, last),
    )
    kept = in_order(entry for entry in found if asked.has(entry))
    dated = [entry for entry in kept if entry.start and entry.end and entry.start <= last and entry.end >= first]
    return Sheet(dated, [entry for entry in kept if entry.start is None])
