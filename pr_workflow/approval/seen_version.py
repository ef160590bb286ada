"""What was on the screen of the person who decides, so that nobody signs a version they did not see (R36, R40)."""

import re
from dataclasses import dataclass
from typing import Self

from wagtail.models import TaskState

from .content_hash import content_hash

_WRITTEN = re.compile(r"([0-9]{1,18}):([0-9]{1,18}):([0-9a-f]{64})")


@dataclass(frozen=True)
class SeenVersion:
    """The version that is considered, the newest one there was, and the fingerprint of content and files."""

    revision_id: int
    newest_id: int
    content_hash: str

    def __str__(self):
        return f"{self.revision_id}:{self.newest_id}:{self.content_hash}"

    @classmethod
    def of(cls, task_state: TaskState) -> Self:
        """What a person would see of this step now."""
        newest = task_state.workflow_state.content_object.latest_revision_id
        return cls(task_state.revision_id, newest, content_hash(task_state.revision))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The version a form named; None for anything that is none."""
        found = _WRITTEN.fullmatch(text)
        return cls(int(found[1]), int(found[2]), found[3]) if found else None
