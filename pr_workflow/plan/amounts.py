"""Money and numbers as people write them: “๕๐,๐๐๐ บาท”, “12,500.-”, “ร้อยละ 80”, “ไม่ใช้งบประมาณ” (R19). Pure."""

import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from ..thai_time import arabic_digits

#: Ways to write that there is nothing.
NOTHING = frozenset({"", "-", "–", "—", "0.-", "ไม่มี", "ไม่ใช้งบประมาณ", "ไม่ใช้งบ", "ไม่มีงบประมาณ", "ไม่ใช้"})
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MONEY = re.compile(rf"(?:฿\s*)?({_NUMBER})\s*(?:\.?[-–]|บาท|บ\.)?\s*(?:ถ้วน)?")
_VALUE = re.compile(rf"(?:ร้อยละ|ไม่น้อยกว่า(?:ร้อยละ)?|อย่างน้อย(?:ร้อยละ)?|จำนวน|≥|>=)?\s*(-?(?:{_NUMBER}))\s*[^\d.,]*")


class NoNumber(ValueError):
    """A text that is not one certain number; `message` says what to write."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = message


def money(value: str | int | float) -> Decimal:
    """An amount in baht with two digits. Raises `NoNumber`; nothing written is 0."""
    if isinstance(value, str) and " ".join(value.split()) in NOTHING:
        return Decimal("0.00")
    return _exact(value, _MONEY, _("Write the amount in baht as a number, for example 50000 or 50,000.00."), 12)


def number(value: str | int | float) -> Decimal | None:
    """A target value; a unit behind it is left out. None when nothing is written. Raises `NoNumber`."""
    if isinstance(value, str) and " ".join(value.split()) in NOTHING:
        return None
    return _exact(value, _VALUE, _("Write one number, for example 80."), 10)


def _exact(value: str | int | float, pattern: re.Pattern[str], hint: str, digits: int) -> Decimal:
    text = arabic_digits(value).strip() if isinstance(value, str) else repr(round(value, 6))
    match = pattern.fullmatch(text)
    try:
        found = Decimal(match[1].replace(",", "")) if match else None
    except InvalidOperation:
        found = None
    if found is None or abs(found) >= Decimal(10) ** digits:
        raise NoNumber(hint)
    exact = found.quantize(Decimal("0.01"))
    if exact != found:
        raise NoNumber(_("The number has more than two digits behind the point. Round it."))
    return exact
