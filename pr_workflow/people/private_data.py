"""What must not stand where everybody reads it: private telephone numbers, ID numbers, private mail (R10, PDPA).

A directory shows what the law lets an office show of its people: name, position and how to reach them at work. Numbers
are found in any digits (๐–๙ too) and with spaces and signs between them.
"""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Mail services for private people, by the name before the ending (gmail.com, yahoo.co.th).
PRIVATE_MAIL = frozenset(
    {"aol", "fastmail", "gmail", "gmx", "googlemail", "hotmail", "icloud", "live", "mail", "me", "msn", "naver"}
    | {"outlook", "proton", "protonmail", "qq", "rocketmail", "windowslive", "yahoo", "yandex", "ymail", "zoho"}
)
#: What people write between the digits of a number: up to four signs that are no letters.
GAP = r"[\W_]{0,4}"
#: Letters that show nothing; NFKC makes one of the four.
UNSEEN = frozenset("\u115f\u1160\u17b4\u17b5")
ID_NUMBER = re.compile(rf"(?<!\d)(?=([1-8](?:{GAP}\d){{12}})(?!\d))")
MOBILE_NUMBER = re.compile(rf"(?<!\d)(?:\+?66{GAP}0?|0066{GAP}0?|0{GAP})[689](?:{GAP}\d){{8}}(?!\d)")
#: How the number of an office is written: digits, signs between them, and the word before an extension.
TELEPHONE = re.compile(r"(?:[0-9+\-(),\[\]\s]|ต่อ|ext\.?)*", re.IGNORECASE)
#: The ways to write @ so that no machine finds it.
SPELT_AT = re.compile(r"\s*[\[({<]\s*(?:at|แอต|แอท)\s*[\])}>]\s*", re.IGNORECASE)
MAIL_DOMAIN = re.compile(r"@\s*((?:[\w-]+\s*\.\s*)+[\w-]+)")


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


def has_id_number(text: str) -> bool:
    """Whether a valid 13-digit number of a person stands in the text. Numbers of organisations begin with 0."""
    found = ID_NUMBER.findall(plain(text))
    return any(is_id_number(re.sub(r"\D", "", number)) for number in found)


def is_id_number(digits: str) -> bool:
    """Whether the thirteenth digit is the check digit of the twelve before it."""
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return len(digits) == 13 and (11 - total % 11) % 10 == int(digits[12])


def has_mobile_number(text: str) -> bool:
    """Whether a Thai mobile number stands in the text; landlines and short numbers are of offices."""
    return bool(MOBILE_NUMBER.search(plain(text)))


def is_telephone(text: str) -> bool:
    """Whether the text holds telephone numbers, with their extensions, and nothing else; nothing at all counts too."""
    clean = plain(text)
    return not clean.strip() or bool(TELEPHONE.fullmatch(clean) and re.search(r"\d", clean))


def has_private_mail(text: str) -> bool:
    """Whether an address at a mail service for private people stands in the text."""
    found = MAIL_DOMAIN.findall(SPELT_AT.sub("@", plain(text)))
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
