"""Thai text made comparable: one written form for what people type, paste and copy out of PDF files.

`clean` keeps what a reader sees; `normalize` also folds digits and letter case. Both take any string, never raise,
and give the same result when applied twice. Neither returns more characters than the NFC form of its input.
"""

import re
import unicodedata
from collections.abc import Callable

# Characters without a shape of their own: soft hyphen, zero-width space and joiners, bidi controls, BOM, variation
# selectors, tags; and lone surrogates, which no database can store.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")

_TONES = "\u0e48-\u0e4b"
_THAI_REPAIRS = (
    (re.compile("([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\\1+"), r"\1"),  # the same mark typed twice
    (re.compile("\u0e40\u0e40"), "\u0e41"),  # เ + เ typed for แ
    (re.compile(f"([{_TONES}])([\u0e31\u0e34-\u0e39\u0e4d])"), r"\2\1"),  # tone mark typed before the vowel mark
    (re.compile(f"\u0e4d([{_TONES}]?)\u0e32"), "\\1\u0e33"),  # นิคหิต + สระอา is สระอำ
    (re.compile(f"\u0e33([{_TONES}])"), "\\1\u0e33"),  # tone mark typed after สระอำ
)
# Each rule shortens the text or moves a mark one way, so a fixed point exists; real text needs one or two rounds.
_MAX_ROUNDS = 64


class _Fold(dict[int, int]):
    """`str.translate` table filled on demand: digits of any script to 0-9, wide forms to plain, lower case.

    Only one-to-one replacements, so that a position in the folded text is the same position in the text shown.
    That is also why NFKC is not applied as a whole: it would take สระอำ apart.
    """

    def __missing__(self, code: int) -> int:
        letter = chr(code)
        for _round in range(4):
            folded = _single(unicodedata.normalize("NFKC", letter), letter)
            folded = str(unicodedata.decimal(folded, folded))
            folded = _single(folded.lower(), folded)
            if folded == letter:
                break
            letter = folded
        self[code] = ord(letter)
        return self[code]


def _single(candidate: str, otherwise: str) -> str:
    return candidate if len(candidate) == 1 else otherwise


_FOLD = _Fold()


def fold(text: str) -> str:
    """Digits to 0-9 and letters to lower case, character by character: the length never changes."""
    return text.translate(_FOLD)


def clean(text: str) -> str:
    """The text as a reader sees it: NFC, no invisible or control characters, Thai marks in order, single spaces."""
    return _settle(_clean_once, text)


def normalize(text: str) -> str:
    """The text as search compares it: `clean`, then `fold`. "๒๕๖๙" and "2569" become equal, and so do both สระอำ."""
    return _settle(lambda current: _clean_once(fold(_clean_once(current))), text)


def _settle(step: Callable[[str], str], text: str) -> str:
    for _round in range(_MAX_ROUNDS):
        changed = step(text)
        if changed == text:
            break
        text = changed
    return text


def _clean_once(text: str) -> str:
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = " ".join(_CONTROL.sub(" ", text).split())
    for pattern, replacement in _THAI_REPAIRS:
        text = pattern.sub(replacement, text)
    return text


# A run of letters, digits and the marks above, below and after Thai letters, which Python's \w does not include.
_RUN = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f\u0e31-\u0e3a\u0e47-\u0e4e])*")


def query_terms(query: str) -> list[str]:
    """The runs of letters and digits of a query, normalised, in order, each once. Thai without spaces is one run."""
    return list(dict.fromkeys(_RUN.findall(normalize(query))))


def runs(normalized: str) -> list[str]:
    """The runs of letters and digits of a text that is already normalised."""
    return _RUN.findall(normalized)
