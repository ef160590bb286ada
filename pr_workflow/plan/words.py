"""The words people write for columns, target groups, channels and formats, kept as data (`data/words.csv`, R19)."""

import csv
import re
from functools import cache
from pathlib import Path

from django.utils import translation

from ..stages import ChannelKind, MediaFormat, TargetGroup
from ..thai_time import arabic_digits
from .models import PlanActivity

WORDS_FILE = Path(__file__).parent / "data" / "words.csv"
#: Stands for every key of a list: “ทุกกลุ่มเป้าหมาย”.
EVERY = "*"
CHOICES = {
    "origin": PlanActivity.Origin,
    "target_groups": TargetGroup,
    "channels": ChannelKind,
    "media_formats": MediaFormat,
}
LANGUAGES = ("th", "en")
#: Cut at the first kind everywhere; at each following kind only where the piece is no known word yet.
_SEPARATORS = (
    re.compile(r"[,;|\n•·،]+|\s+[-–]\s+"),
    re.compile(r"\s+(?:และ|and)\s*|\s*[&+]\s*|\s{2,}"),
    re.compile(r"/|และ"),
)


def plain(text: object) -> str:
    """A word without spaces, dots, brackets and case, with Arabic digits: what two spellings have in common."""
    return re.sub(r"[^0-9a-zก-ฺเ-๎]", "", arabic_digits(text).lower())


@cache
def words_of(kind: str) -> dict[str, str]:
    """Every known spelling (made `plain`) of one list of the data file, and the key it stands for."""
    known: dict[str, str] = {}
    for key, label in _labels(kind):
        known[plain(label)] = known[plain(key)] = key
    with WORDS_FILE.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["list"] == kind:
                known |= {plain(word): line["key"] for word in line["words"].split("|")}
    known.pop("", None)
    return known


def _labels(kind: str) -> list[tuple[str, str]]:
    if kind not in CHOICES:
        return []
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found += [(key, str(label)) for key, label in CHOICES[kind].choices]
    return found


def keys_in(kind: str, text: str) -> tuple[list[str], list[str]]:
    """The keys of all labels in one cell, in the order of their list, and the words nobody knows."""
    known, found, unknown = words_of(kind), set(), []
    for piece in _pieces(known, text):
        key = known.get(plain(piece))
        if key == EVERY:
            found |= set(CHOICES[kind].values)
        elif key:
            found.add(key)
        elif piece.strip(" -–"):
            unknown.append(piece.strip())
    return [key for key in CHOICES[kind].values if key in found], unknown


def _pieces(known: dict[str, str], text: str) -> list[str]:
    pieces = [text]
    for separator in _SEPARATORS:
        pieces = [part for piece in pieces for part in ([piece] if plain(piece) in known else separator.split(piece))]
    return pieces
