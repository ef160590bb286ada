"""What must not stand where everybody reads it: private telephone numbers, ID numbers, private mail (R10, PDPA).

A directory shows what the law lets an office show of its people: name, position and how to reach them at work. Numbers
are found in any digits (๐–๙ too) and with spaces and signs between them.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Mail services for private people, by the name before the ending (gmail.com, yahoo.co.th).
PRIVATE_MAIL = frozenset(
    {"aol", "fastmail", "gmail", "gmx", "googlemail", "hotmail", "icloud", "live", "mail", "me", "msn", "naver"}
    | {"outlook", "proton", "protonmail", "qq", "rocketmail", "windowslive", "yahoo", "yandex", "ymail", "zoho"}
)
#: Letters and marks that show nothing; NFKC makes one of the first four.
UNSEEN = frozenset("\u115f\u1160\u17b4\u17b5\u034f") | {chr(code) for code in range(0xFE00, 0xFE10)}
#: How many digits stand together when people write an ID number, with any signs between (1-2345-67890-12-3).
ID_USUAL = (1, 4, 5, 2, 1)
#: The same with one kind of sign between the groups.
ID_SHAPES = frozenset(
    {(13,), (1, 12), (12, 1), (1, 4, 8), (1, 4, 5, 3), (1, 4, 7, 1), (5, 5, 3), (5, 5, 2, 1), (1,) * 13}
)
#: How many digits stand together in a mobile number, its first nought counted, with one kind of sign between.
MOBILE_SHAPES = frozenset(
    {(10,), (3, 3, 4), (2, 4, 4), (3, 7), (2, 8), (1, 9), (3, 4, 3), (3, 3, 2, 2), (3, 2, 2, 3), (3, 2, 5), (3, 5, 2)}
    | {(1, 4, 5), (1, 4, 4, 1), (1, 2, 3, 4), (1,) * 10}
)
#: Those that with dots would be the number of a letter (0609.123456).
MOBILE_SHAPES_PARTED = frozenset({(4, 3, 3), (4, 6), (6, 4), (5, 5)})
#: Those that begin with three digits (081) are no date, time, amount or letter: with several of these signs between.
MOBILE_SHAPES_OPEN = frozenset({(3, 3, 4), (3, 7), (3, 4, 3), (3, 3, 2, 2), (3, 2, 2, 3), (3, 2, 5), (3, 5, 2)})
OPEN_SIGNS = frozenset({" ", "-", "/", "."})
#: How far apart two groups of one number stand at most.
LONGEST_GAP = 4
#: Signs people use alike between digits.
ALIKE = {"·": ".", "•": ".", "∙": ".", "−": "-", "~": "-", "_": "-"}
#: How the number of an office is written: digits, signs between them, and the word before an extension.
TELEPHONE = re.compile(r"(?:[0-9+\-(),/\[\]\s]|โทร(?:ศัพท์|\.)?|tel\.?|ต่อ|กด|ext\.?)*", re.IGNORECASE)
#: A mobile number with any signs between its digits: where only telephones stand, nothing else can be meant.
MOBILE_AMONG_TELEPHONES = re.compile(r"(?<!\d)(?:\+?66\W{0,4}0?|0066\W{0,4}0?|0\W{0,4})[689](?:\W{0,4}\d){8}(?!\d)")
#: The ways to write @ and the dot so that no machine finds them.
SPELT_AT = re.compile(r"\s*[\[({<]\s*(?:at|@|แอต|แอท|แอด)\s*[\])}>]\s*", re.IGNORECASE)
SPELT_DOT = re.compile(r"\s*[\[({<]\s*(?:dot|\.|จุด|ดอต|ดอท)\s*[\])}>]\s*", re.IGNORECASE)
MAIL_DOMAIN = re.compile(r"@\s*((?:[\w-]+\s*\.\s*)+[\w-]+)")
#: Services whose name is no other word: known without their ending, or with another sign before it (gmail,com).
_NAMED = "gmail|googlemail|hotmail|yahoo|icloud|outlook|protonmail|rocketmail|ymail|windowslive"
MAIL_WITHOUT_DOT = re.compile(rf"\w\s*@\s*(?:{_NAMED})(?![a-z0-9_-]|\s*\.\s*\w)", re.IGNORECASE)
#: The same without brackets, as people say it: “somchai at gmail dot com”.
MAIL_IN_WORDS = re.compile(
    rf"\w\s+(?:at|แอต|แอท|แอด)\s+(?:{_NAMED})\s*(?:[.,]|\s(?:dot|จุด|ดอต|ดอท)\s)\s*\w", re.IGNORECASE
)


def plain(text: str) -> str:
    """The text with Arabic digits, plain hyphens and spaces, and without signs that take no room."""
    return "".join(_plain_sign(sign) for sign in unicodedata.normalize("NFKC", text))


def _plain_sign(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(sign)
    if sign in UNSEEN or (kind in ("Cf", "Cc") and sign not in "\t\n\r"):
        return ""
    return {"Pd": "-", "Zs": " "}.get(kind, sign)


@dataclass(frozen=True)
class Group:
    """Digits that stand together, and the kind of sign that parts them from the digits before.

    The kind is empty for brackets alone, and None where something parts two numbers: letters, a new line, the : of a
    time, or the beginning of the text. The / of a date parts all but the groups of `MOBILE_SHAPES_OPEN`.
    """

    digits: str
    kind: str | None
    plus: bool


def groups_of(text: str) -> list[Group]:
    """The digits of a text in the groups they are written in."""
    clean, end = plain(text), 0
    groups: list[Group] = []
    for found in re.finditer(r"\d+", clean):
        gap = clean[end : found.start()]
        groups.append(Group(found[0], _kind_of(gap) if groups else None, gap.endswith(("+", "+("))))
        end = found.end()
    return groups


def _kind_of(gap: str) -> str | None:
    if len(gap) > LONGEST_GAP or any(unicodedata.category(sign)[0] not in "PSZ" and sign != "\t" for sign in gap):
        return None
    signs = {ALIKE.get(sign, sign) for sign in gap if not sign.isspace() and sign not in "()"}
    if len(signs) > 1 or signs & {":", "+"}:
        return None
    return signs.pop() if signs else "" if "(" in gap or ")" in gap else " "


def _first(groups: list[Group], count: int) -> Iterator[list[Group]]:
    """Neighbouring groups from the first on that have this many digits together; none when they do not come out."""
    total = 0
    for place, group in enumerate(groups):
        if place and group.kind is None:
            return
        total += len(group.digits)
        if total >= count:
            if total == count:
                yield groups[: place + 1]
            return


def _sizes(groups: list[Group]) -> tuple[int, ...]:
    return tuple(len(group.digits) for group in groups)


def _kinds(groups: list[Group]) -> set[str]:
    """The signs between these groups; brackets around one do not count."""
    return {group.kind for group in groups[1:] if group.kind}


def has_id_number(text: str) -> bool:
    """Whether a valid 13-digit number of a person stands in the text. Numbers of organisations begin with 0."""
    groups = groups_of(text)
    return any(_is_id(found) for place in range(len(groups)) for found in _first(groups[place:], 13))


def _is_id(groups: list[Group]) -> bool:
    sizes, digits = _sizes(groups), "".join(group.digits for group in groups)
    if sizes != ID_USUAL and "/" in _kinds(groups):
        return False
    is_shaped = sizes == ID_USUAL or (sizes in ID_SHAPES and len(_kinds(groups)) <= 1)
    return is_shaped and digits[0] in "12345678" and is_id_number(digits)


def is_id_number(digits: str) -> bool:
    """Whether the thirteenth digit is the check digit of the twelve before it."""
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return len(digits) == 13 and (11 - total % 11) % 10 == int(digits[12])


def has_mobile_number(text: str) -> bool:
    """Whether a Thai mobile number stands in the text; landlines and short numbers are of offices.

    Dates, times, amounts and the numbers of letters have other groups, or several signs between them.
    """
    groups = groups_of(text)
    return any(_begins_with_mobile(groups, place) for place in range(len(groups)))


def _begins_with_mobile(groups: list[Group], place: int) -> bool:
    before, rest = groups[place], groups[place:]
    national = _without_country(rest)
    for found in _first(national, 10):
        after = national[len(found)].kind if len(national) > len(found) else None
        if _is_mobile(found) and not (_sizes(found) == (2, 4, 4) and _goes_on(found, before.kind, after)):
            return national is rest or rest[0].plus or rest[0].digits.startswith("00") or "," not in _kinds(rest[:2])
    return False


def _without_country(groups: list[Group]) -> list[Group]:
    """The groups as they are written inside the country: 081 234 for +66 81 234 and for +66 (0) 81 234."""
    prefix = re.match(r"(?:00)?66", groups[0].digits)
    if not prefix:
        return groups
    rest = [replace(groups[0], digits=groups[0].digits[prefix.end() :]), *groups[1:]]
    if not rest[0].digits:
        if len(rest) == 1 or rest[1].kind in (None, "/"):
            return groups
        rest = rest[1:]
    if rest[0].digits == "0" and len(rest) > 1 and rest[1].kind is not None:
        rest = rest[1:]
    digits = rest[0].digits
    return [replace(rest[0], digits=digits if digits.startswith("0") else f"0{digits}"), *rest[1:]]


def _is_mobile(groups: list[Group]) -> bool:
    sizes, kinds = _sizes(groups), _kinds(groups)
    if not re.match("0[689]", "".join(group.digits for group in groups)):
        return False
    if sizes in MOBILE_SHAPES_OPEN and kinds <= OPEN_SIGNS:
        return True
    if "/" in kinds:
        return False
    return len(kinds) <= 1 and (sizes in MOBILE_SHAPES or (sizes in MOBILE_SHAPES_PARTED and kinds <= {" ", "-"}))


def _goes_on(groups: list[Group], before: str | None, after: str | None) -> bool:
    """Whether a code goes on before or behind (06-2569-2570-1); a space or a comma parts two numbers."""
    return bool((_kinds(groups) - {" ", ","}) & {before, after})


def is_telephone(text: str) -> bool:
    """Whether the text holds lines of an office, with their extensions, and nothing else; nothing at all counts too."""
    clean = plain(text)
    is_written = TELEPHONE.fullmatch(clean) and re.search(r"\d", clean)
    return not clean.strip() or bool(is_written and not MOBILE_AMONG_TELEPHONES.search(clean))


def has_private_mail(text: str) -> bool:
    """Whether an address at a mail service for private people stands in the text."""
    clean = SPELT_DOT.sub(".", SPELT_AT.sub("@", plain(text)))
    if MAIL_WITHOUT_DOT.search(clean) or MAIL_IN_WORDS.search(clean):
        return True
    found = MAIL_DOMAIN.findall(clean)
    domains = (re.sub(r"\s", "", domain).lower().split(".") for domain in found)
    return any(_owner(domain) in PRIVATE_MAIL for domain in domains)


def _owner(domain: list[str]) -> str:
    """The name somebody registered: gmail of gmail.com, yahoo of mail.yahoo.co.th."""
    endings = 2 if len(domain) > 2 and domain[-2] in ("co", "com", "in") else 1
    return domain[-endings - 1]


def private_data_in(text: str, label: str) -> str:
    """What is private in the text of the field `label`, as a whole sentence; empty when nothing is."""
    words = {"field": label}
    if has_id_number(text):
        return _("“%(field)s” holds a national ID number. Take it out; everybody reads this field.") % words
    if has_mobile_number(text):
        return _("“%(field)s” holds a mobile number. Give the line of the office; everybody reads this field.") % words
    if has_private_mail(text):
        return _("“%(field)s” holds a private mail address. Give one of the office, or leave it out.") % words
    return ""


def public_fields_guard(row: Any) -> None:
    """Refuse private data in the `PUBLIC_FIELDS` of a row. Raises `ValidationError` naming each field."""
    if problems := public_fields_problems(row):
        raise ValidationError(problems)


def public_fields_problems(row: Any) -> dict[str, str]:
    """What is private in the `PUBLIC_FIELDS` of a row, by field, as whole sentences."""
    problems = {}
    for name in row.PUBLIC_FIELDS:
        label = str(row._meta.get_field(name).verbose_name)
        if problem := private_data_in(str(getattr(row, name) or ""), label):
            problems[name] = problem
    return problems
