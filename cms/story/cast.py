"""Who plays: the demo's people of one agency, each logged in as itself when first needed."""

from dataclasses import dataclass, field

from home.demo.content import PASSWORD
from home.demo.people import ADMIN

from .browser import Person

WRITER = "k-author1"
#: Answers for the item and checks it after it is posted; not its writer.
OFFICER = "k-author2"
HEAD_OF_WORK = "k-hw"
HEAD_OF_SECTION = "k-hs"
#: The director's seat is vacant; this person acts.
DIRECTOR = "k-act"
IT_OFFICER = "k-it"
EVALUATOR = "k-chk"
ADMINISTRATOR = ADMIN
SYSTEM = "(system)"
PUBLIC = "(public)"
#: What each of them is, for readers of the timeline.
SEATS = {
    WRITER: "PR officer",
    OFFICER: "responsible officer",
    HEAD_OF_WORK: "head of work",
    HEAD_OF_SECTION: "head of section",
    DIRECTOR: "acting director",
    IT_OFFICER: "IT officer",
    EVALUATOR: "evaluator",
    ADMINISTRATOR: "administrator",
}


def known_as(actor: str) -> str:
    """The account with its seat."""
    return f"{actor} {SEATS[actor]}" if actor in SEATS else actor


@dataclass
class Cast:
    """Opens a session for a person at the first call, and hands out the same one afterwards."""

    site: str
    present: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, username: str) -> Person:
        if username not in self.present:
            self.present[username] = Person(self.site, username, PASSWORD)
        return self.present[username]

    def log_in_those_who_wait(self) -> None:
        """Those who act after going live come in while everybody waits for it; a login takes a moment."""
        for username in (OFFICER, EVALUATOR):
            self[username]
