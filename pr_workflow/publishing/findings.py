"""What the machine found about a posted page, and how it is said (R44, R45)."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: on which line of the check it belongs, whether it is right, what it is about."""

    line: str
    code: str
    ok: bool
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is kept in the check."""
        return asdict(self)

    @property
    def sentence(self) -> str:
        """What was found, in the reader's language; the code itself for one that nobody words any more."""
        fine, fault = SENTENCES.get(self.code, (self.code, self.code))
        return str(fine if self.ok else fault) % {"detail": self.detail}


#: For each code what is said when it is right, and when not.
SENTENCES: dict[str, tuple[str | Promise, str | Promise]] = {
    "page_answers": (_("The page answers."), _("The page does not answer as it should: %(detail)s")),
    "title_served": (_("The headline stands on the page."), _("The headline on the page is another one.")),
    "lead_served": (_("The lead paragraph stands on the page."), _("The lead paragraph is missing on the page.")),
    "body_served": (_("The whole text stands on the page."), _("A part of the text is missing: “%(detail)s”")),
    "sealed": (_("What is shown is the version that was released."), _("What is shown is another version: %(detail)s")),
    "pictures_answer": (_("Every picture can be seen."), _("A picture cannot be seen: %(detail)s")),
    "pictures_sealed": (
        _("Every picture is the file that was released."),
        _("The file of a picture is another one than released: %(detail)s"),
    ),
    "alt_texts": (_("Every picture is described for people who cannot see it."), _("Not described: %(detail)s")),
    "files_answer": (_("Every attachment can be fetched."), _("An attachment cannot be fetched: %(detail)s")),
    "files_sealed": (
        _("Every attachment is the file that was released."),
        _("An attachment is another file than released: %(detail)s"),
    ),
    "links": (_("Every link inside the site leads somewhere."), _("A link leads nowhere: %(detail)s")),
    "channels": (_("All planned channels are posted or on the way."), _("A channel needs a person: %(detail)s")),
}


def findings_from(rows: list[dict[str, Any]]) -> list[Finding]:
    """The findings as they were kept."""
    return [Finding(row["line"], row["code"], bool(row["ok"]), str(row.get("detail", ""))) for row in rows]
