"""Which chain an item goes through; the steps that know answer the question `chain_asked` (R05, R34)."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from ..signals import chain_asked


@dataclass(frozen=True)
class ChainChoice:
    """A workflow and the lane it stands for (`approval.models.Lane`); the lowest `rank` decides."""

    workflow: Any
    lane: str
    rank: int


def chain_choice(page, *, place=None) -> ChainChoice | None:
    """The chain chosen for an item, or None: then the one assigned to its place in the tree counts.

    `place` is the page below which an item that is not saved yet would stand.
    """
    if not getattr(settings, "WAGTAIL_WORKFLOW_ENABLED", True):
        return None
    answers: Any = chain_asked.send(sender=type(page), page=page, place=place or page)
    found = [answer for _receiver, answer in answers if isinstance(answer, ChainChoice)]
    return min(found, key=lambda choice: choice.rank, default=None)
