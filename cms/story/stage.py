"""What every act needs at hand: installation, people, chronicle, facts; and how to wait and to forge."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from home.models import NewsPage

from .browser import Form, Person, StoryBroken
from .cast import Cast
from .chronicle import Chronicle
from .facts import Attempt, Facts
from .installation import Installation

Found = TypeVar("Found")
#: How often something that is awaited is looked at, in seconds.
PAUSE = 0.1


@dataclass
class Stage:
    installation: Installation
    chronicle: Chronicle
    cast: Cast
    facts: Facts = field(default_factory=Facts)

    @property
    def page(self) -> NewsPage:
        """The item as the database has it now."""
        return NewsPage.objects.get(pk=self.facts.page)

    def standing(self) -> tuple:
        """What must not change by a refused attempt: version, signatures, step, and whether it is live."""
        page = self.page
        step = page.current_workflow_task_state
        seals = tuple(page.latest_revision.seals.order_by("pk").values_list("pk", flat=True))
        return page.live, page.latest_revision_id, step and (step.pk, step.status), seals

    def forge(self, what: str, person: Person, address: str, **fields: str) -> None:
        """Let somebody send what no page offers them, and note how it is answered."""
        with self.chronicle.act(what, person.username) as act:
            before = self.standing()
            form = Form(f"{self.installation.site}{address}").fill(csrfmiddlewaretoken=person.token(), **fields)
            status = person.post(form).status_code
            after = self.standing()
            changed = "" if before == after else f"{before} became {after}"
            attempt = Attempt(what, person.username, status, changed)
            self.facts.attempts.append(attempt)
            act.record = f"refused with {status}" if attempt.refused else f"NOT REFUSED: {status} {changed}"


def await_(what: str, look: Callable[[], Found | None], *, seconds: float) -> Found:
    """Look again and again until something is found. Raises StoryBroken when it does not come in time."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise StoryBroken(f"{what}: not within {seconds:.0f} s")
        time.sleep(PAUSE)
