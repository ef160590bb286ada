"""A date as a screen showed it, sent back with what its reader decides: nobody decides about a date they never saw."""

from datetime import date, datetime

from .thai_time import BANGKOK


class MovedMeanwhile(Exception):
    """Nothing was written: a date is another one than the person saw. Answered as 409.

    `sentences` are whole: which entry, and where it stands now.
    """

    def __init__(self, *sentences: str):
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def seen_text(when: date | datetime | None) -> str:
    """The day or moment an entry has, as a form sends back what its reader saw; empty without one."""
    if isinstance(when, datetime):
        return when.astimezone(BANGKOK).isoformat()
    return when.isoformat() if when else ""
