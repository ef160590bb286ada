"""The date rules of important days: grammar, checks, and the dates of a C.E. year. Pure: no database.

fixed:MM-DD            range:MM-DD..MM-DD       nth:MM-WD-n (WD = MON..SUN)
lunar:NAME             announced                (a person enters the date each year)
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from .lunar import LUNAR_NAMES, lunar_date

KINDS_OF_RULE = [
    ("fixed", _("Fixed date")),
    ("range", _("Several days")),
    ("nth", _("Nth weekday of a month")),
    ("lunar", _("Lunar calendar")),
    ("announced", _("Announced each year")),
]
WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
ANNOUNCED = "announced"
LEAP_YEAR = 2028
RULE_PATTERNS = {
    "fixed": re.compile(r"(\d\d)-(\d\d)", re.ASCII),
    "range": re.compile(r"(\d\d)-(\d\d)\.\.(\d\d)-(\d\d)", re.ASCII),
    "nth": re.compile(rf"(\d\d)-({'|'.join(WEEKDAYS)})-([1-5])", re.ASCII),
    "lunar": re.compile(r"([a-z_]+)"),
}


class RuleError(ValueError):
    """The rule text cannot be understood. `message` is a translatable sentence for the `rule` field."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = message


def rule_type_of(rule: str) -> str:
    """The part before the colon: fixed, range, nth, lunar or announced."""
    return rule.partition(":")[0].strip()[:12]


def rule_check(rule: str) -> None:
    """Raises RuleError, with a sentence for the person who typed it, unless the rule can give dates."""
    dates_of(rule, LEAP_YEAR)


def is_certain(rule: str) -> bool:
    """Whether the computed date needs no confirmation: lunar and announced dates follow an official notice (R20)."""
    return rule_type_of(rule) not in ("lunar", ANNOUNCED)


def dates_of(rule: str, year: int) -> list[date]:
    """The dates a rule gives in a C.E. year, in order.

    Empty for `announced`, for 29 February or a fifth weekday in a year without one, and outside the lunar tables.
    Raises RuleError for a text outside the grammar. A range that runs over New Year starts in `year`.
    """
    if rule == ANNOUNCED:
        return []
    rule_type, _colon, body = rule.partition(":")
    pattern = RULE_PATTERNS.get(rule_type)
    parts = pattern.fullmatch(body) if pattern else None
    if parts is None:
        raise RuleError(
            _("The date rule “%(rule)s” is not understood. Write for example fixed:04-07, nth:01-SAT-2 or announced.")
            % {"rule": rule}
        )
    return DATES_OF_TYPE[rule_type](year, *parts.groups())


def _fixed(year: int, month: str, day: str) -> list[date]:
    return [found] if (found := _day(year, month, day)) else []


def _range(year: int, month: str, day: str, last_month: str, last_day: str) -> list[date]:
    over_new_year = (last_month, last_day) < (month, day)
    first, last = _day(year, month, day), _day(year + over_new_year, last_month, last_day)
    # A range that begins or ends on 29 February keeps its other days in a common year.
    first = first or date(year, 3, 1)
    last = last or date(year + over_new_year, 2, 28)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _nth(year: int, month: str, weekday: str, number: str) -> list[date]:
    _day_exists(month, "01")
    first = date(year, int(month), 1)
    offset = (WEEKDAYS.index(weekday) - first.weekday()) % 7
    found = first + timedelta(days=offset + 7 * (int(number) - 1))
    return [found] if found.month == first.month else []


def _lunar(year: int, name: str) -> list[date]:
    if name not in LUNAR_NAMES:
        raise RuleError(
            _("The lunar day “%(name)s” is not known. Choose one of: %(names)s.")
            % {"name": name, "names": ", ".join(LUNAR_NAMES)}
        )
    return [found] if (found := lunar_date(name, year)) else []


def _day_exists(month: str, day: str) -> None:
    try:
        date(LEAP_YEAR, int(month), int(day))
    except ValueError as error:
        raise RuleError(
            _("The date rule names %(month)s-%(day)s (month-day), which no year has. Correct the month or the day.")
            % {"month": month, "day": day}
        ) from error


def _day(year: int, month: str, day: str) -> date | None:
    """The date, or None for 29 February in a common year; RuleError for a day that no year has."""
    _day_exists(month, day)
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


DATES_OF_TYPE: dict[str, Callable[..., list[date]]] = {"fixed": _fixed, "range": _range, "nth": _nth, "lunar": _lunar}
