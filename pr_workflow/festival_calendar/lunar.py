"""Lunar dates, from the lunisolar tables of the PyPI package `holidays`."""

from datetime import date
from functools import cache

THAI_LUNAR_NAMES = (
    "makha_bucha",
    "visakha_bucha",
    "atthami_bucha",
    "asarnha_bucha",
    "khao_phansa",
    "ok_phansa",
    "loy_krathong",
)
LUNAR_NAMES = (*THAI_LUNAR_NAMES, "chinese_new_year")


@cache
def lunar_date(name: str, year: int) -> date | None:
    """The date of a lunar day in a C.E. year, or None outside the tables (Thai 1914–2156, Chinese 1901–2099).

    Args: name, one of LUNAR_NAMES; year, C.E.
    """
    # The package builds every calendar of the world on import (0.1 s), so only processes that roll a year pay for it.
    from holidays.calendars import _ChineseLunisolar, _ThaiLunisolar

    if name == "chinese_new_year":
        return _ChineseLunisolar().lunar_new_year_date(year)[0]
    return getattr(_ThaiLunisolar(), f"{name}_date")(year)
