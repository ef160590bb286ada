"""What was added to and removed from a text, in pieces a person can read; Thai is cut where it can be cut (R38).

Thai writes words without spaces and its vowels and tone marks over and under their consonant. A piece therefore never
begins with a mark, and small agreements between two changes are counted as changed: a reader sees words, not letters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import takewhile

from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

SAME, ADDED, REMOVED = "same", "added", "removed"
#: Letters of unchanged text shown around a change; the rest is left out.
CONTEXT = 60
#: Agreements of so few letters between two changes are no agreement.
TOO_SHORT = 3
#: Above so many tokens a fine comparison takes seconds; whole lines are compared then.
TOO_MANY = 4000
_TOKEN = re.compile(
    r"[เแโใไ]?[ก-ฮ][ัิ-ฺ็-๎]*[ะาำๅ]?"  # a Thai consonant with what belongs to it
    r"|[0-9๐-๙][0-9๐-๙.,:]*[0-9๐-๙]|[0-9๐-๙]"  # a number
    r"|[^\W\d_฀-๿]+"  # a word of another script
    r"|.",
    re.DOTALL,
)


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is the same, added or removed."""

    kind: str
    text: str


def tokens(text: str) -> list[str]:
    """The smallest parts a text is compared in; together they are the text."""
    return _TOKEN.findall(text)


def text_diff(old: str, new: str) -> list[Piece]:
    """The two texts as one run of pieces: without the added ones it is the old text, without the removed the new."""
    if old == new:
        return [Piece(SAME, old)] if old else []
    before, after = tokens(old), tokens(new)
    if len(before) + len(after) > TOO_MANY:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    head = _agreeing(zip(before, after, strict=False))
    left = min(len(before), len(after)) - head
    tail = min(left, _agreeing(zip(reversed(before), reversed(after), strict=False)))
    middle = SequenceMatcher(
        None, before[head : len(before) - tail], after[head : len(after) - tail], autojunk=False
    ).get_opcodes()
    edits = [("".join(before[:head]), "", True)] if head else []
    for op, i1, i2, j1, j2 in middle:
        edits.append(("".join(before[head + i1 : head + i2]), "".join(after[head + j1 : head + j2]), op == "equal"))
    if tail:
        edits.append(("".join(before[-tail:]), "", True))
    return list(_pieces(_without_short_agreements(edits)))


def _agreeing(pairs) -> int:
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _without_short_agreements(edits: list[tuple[str, str, bool]]) -> Iterator[tuple[str, str, bool]]:
    removed, added = "", ""
    for number, (old, new, is_same) in enumerate(edits):
        inside = 0 < number < len(edits) - 1
        if is_same and not (inside and len(old.strip()) < TOO_SHORT and "\n" not in old):
            if removed or added:
                yield removed, added, False
            removed, added = "", ""
            yield old, new, True
        else:
            removed, added = removed + old, added + new
    if removed or added:
        yield removed, added, False


def _pieces(edits) -> Iterator[Piece]:
    for old, new, is_same in edits:
        if is_same:
            yield Piece(SAME, old)
            continue
        if old:
            yield Piece(REMOVED, old)
        if new:
            yield Piece(ADDED, new)


def in_context(pieces: list[Piece]) -> list[Piece]:
    """The changes with a little of the text around them; what is left out is shown as dots."""
    shown = []
    for number, piece in enumerate(pieces):
        if piece.kind != SAME:
            shown.append(piece)
            continue
        head = "" if number == 0 else _cut(piece.text, from_start=True)
        tail = "" if number == len(pieces) - 1 else _cut(piece.text, from_start=False)
        if len(head) + len(tail) >= len(piece.text):
            shown.append(piece)
        else:
            shown.append(Piece(SAME, f"{head} … {tail}"))
    return shown


def _cut(text: str, *, from_start: bool) -> str:
    found, length = [], 0
    parts = tokens(text)
    for token in parts if from_start else reversed(parts):
        if length >= CONTEXT:
            break
        found.append(token)
        length += len(token)
    return "".join(found if from_start else reversed(found))


class _PlainText(HTMLParser):
    """Rich text as plain lines; addresses of links are written out, because a reader is led there."""

    BREAKS = frozenset({"p", "br", "li", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "hr"})

    def __init__(self):
        super().__init__()
        self.parts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in self.BREAKS:
            self.parts.append("\n• " if tag == "li" else "\n")
        elif tag == "a":
            self.links.append(dict(attrs).get("href") or "")
        elif tag in ("img", "embed", "iframe"):
            given = dict(attrs)
            self.parts.append(f"[{given.get('alt') or given.get('src') or tag}]")

    def handle_endtag(self, tag):
        if tag == "a" and self.links and (address := self.links.pop()):
            self.parts.append(f" ({address})")

    def handle_data(self, data):
        self.parts.append(data)


def plain_text(html: str) -> str:
    """Stored rich text as the lines a person reads, with the addresses of its links."""
    parser = _PlainText()
    parser.feed(expand_db_html(html or ""))
    parser.close()
    lines = ("".join(parser.parts)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def list_diff(old: list[str], new: list[str]) -> list[Piece]:
    """Two lists, entry by entry, in the order of the new one; what is gone comes last."""
    kept = [Piece(SAME if entry in old else ADDED, entry) for entry in new]
    return [*kept, *(Piece(REMOVED, entry) for entry in old if entry not in new)]


def words_of(kind: str) -> str:
    """What a screen reader says before a piece."""
    return {ADDED: _("added:"), REMOVED: _("removed:")}.get(kind, "")
