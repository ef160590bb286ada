"""The piece of text shown below a result, with the words that were found marked. Everything else is escaped."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from .text import fold

Span = tuple[int, int]

# Three letters of a long word stand in almost every text; marking them would explain nothing.
LEAST_PART = 4


def marked(text: str, terms: Iterable[str]) -> SafeString:
    """The whole text, escaped, with every found term in <mark>."""
    return _render(text, 0, len(text), _spans(fold(text), list(terms)))


def snippet(text: str, terms: Iterable[str], length: int) -> SafeString:
    """About `length` characters around the place where most of the query is found, escaped, terms in <mark>."""
    spans = _spans(fold(text), list(terms))
    start, end = _window(text, spans, length)
    shown = _render(text, start, end, spans)
    return format_html("{}{}{}", "…" if start else "", shown, "…" if end < len(text) else "")


def _spans(folded: str, terms: list[str]) -> list[Span]:
    """Where the terms stand; for a term that does not stand there as a whole, its longest parts that do."""
    wanted: list[str] = []
    for term in terms:
        wanted.extend([term] if term in folded else _parts(folded, term))
    if not wanted:
        return []
    pattern = re.compile("|".join(re.escape(word) for word in sorted(wanted, key=len, reverse=True)))
    return [_whole_clusters(folded, match.span()) for match in pattern.finditer(folded)]


def _parts(folded: str, term: str) -> Iterator[str]:
    start = 0
    while start + LEAST_PART <= len(term):
        end = start + LEAST_PART
        if term[start:end] not in folded:
            start += 1
            continue
        while end < len(term) and term[start : end + 1] in folded:
            end += 1
        yield term[start:end]
        start = end


def _whole_clusters(text: str, span: Span) -> Span:
    """Widened so that a mark never parts a Thai letter from the vowel or tone above it."""
    start, end = span
    while start > 0 and _is_combining(text[start]):
        start -= 1
    while end < len(text) and _is_combining(text[end]):
        end += 1
    return start, end


def _is_combining(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Mc") or letter == "\u0e33"  # สระอำ begins above its letter


def _window(text: str, spans: list[Span], length: int) -> Span:
    """The stretch of `length` characters that holds the most marked text, beginning a little before it."""
    if len(text) <= length:
        return 0, len(text)
    best_start, best = 0, 0
    for position, (start, _) in enumerate(spans):
        inside = 0
        for span_start, span_end in spans[position:]:
            if span_end > start + length:
                break
            inside += span_end - span_start
        if inside > best:
            best_start, best = start, inside
    start = min(max(0, best_start - length // 4), len(text) - length)
    end = start + length
    # Thai has no word limits to cut at, but a space near the edge is a better place than the middle of a word.
    if start and (space := text.find(" ", start, best_start)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", end - length // 8, end)) > best_start:
        end = space
    return _whole_clusters(text, (start, end))


def _render(text: str, start: int, end: int, spans: list[Span]) -> SafeString:
    pieces: list[SafeString] = []
    position = start
    for span_start, span_end in spans:
        first, last = max(span_start, position), min(span_end, end)
        if first >= last:
            continue
        pieces.append(conditional_escape(text[position:first]))
        pieces.append(format_html("<mark>{}</mark>", text[first:last]))
        position = last
    pieces.append(conditional_escape(text[position:end]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))
