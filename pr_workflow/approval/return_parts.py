"""The parts of an item that a return can blame, and where each stands in the editor (R38, R39)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class ItemPart:
    """One part: its key in `ReturnReason.field`, its name for people, and its fields in the editor."""

    key: str
    label: str | Promise
    fields: tuple[str, ...]


NEWS_PARTS = (
    ItemPart("headline", gettext_lazy("Headline"), ("title",)),
    ItemPart("lead", gettext_lazy("Lead paragraph"), ("lead",)),
    ItemPart("body", gettext_lazy("News body"), ("body",)),
    ItemPart("photos", gettext_lazy("Photos"), ("photos",)),
    ItemPart("attachments", gettext_lazy("Attachments"), ("attachments",)),
    ItemPart("when_where", gettext_lazy("Date and place"), ("event_date", "place")),
    ItemPart("responsible", gettext_lazy("Responsible officer"), ("responsible_officer",)),
    ItemPart("audience", gettext_lazy("Target groups and channels"), ("target_groups", "channels")),
)
PLAN_PARTS = (
    ItemPart("headline", gettext_lazy("Title"), ("title",)),
    ItemPart("objective", gettext_lazy("Objective"), ("objective",)),
    ItemPart("activities", gettext_lazy("Activities"), ("activities",)),
)
_PARTS = {"news": NEWS_PARTS, "plan": PLAN_PARTS}
#: The key of a reason that belongs to the item as a whole.
WHOLE = ""


def parts_of(content) -> tuple[ItemPart, ...]:
    """What can be blamed in this kind of content; none for a kind nobody has described."""
    return _PARTS.get(getattr(content, "audit_noun", ""), ())


def part_label(content, key: str) -> str:
    """The name of a part for people; empty for the item as a whole and for a part that does not exist (any more)."""
    return next((str(part.label) for part in parts_of(content) if part.key == key), "")


def reasons_summary(content, reasons: Mapping[str, str]) -> str:
    """All reasons as one readable text, a line for each part: what mails, logs and Wagtail's history show."""
    lines = []
    for key, text in reasons.items():
        label = part_label(content, key)
        lines.append(_("%(part)s: %(reason)s") % {"part": label, "reason": text} if label else text)
    return "\n".join(lines)
