"""Which days government offices close in a year: the seed for the Holiday register. Pure: no database.

Base days come from the important days marked as government holidays, and from the PyPI package `holidays` for what no
rule can know (cabinet special days, the announced ploughing day). Substitutes follow the cabinet's rule, not the
package: a holiday on a Saturday or Sunday moves to the next working day, a block gives at most one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

Day = date  # a field called `date` hides the type from the lines below it
SPECIAL_MARK = "วันหยุดพิเศษ"
IN_LIEU_MARK = "ชดเชย"
SUBSTITUTE_NAME = "วันหยุดชดเชย{name}"
SUBSTITUTE_NAME_EN = "Substitution for {name}"
# The package calls these public, but government offices work (Labour Day) or the day is always a Saturday.
NOT_FOR_GOVERNMENT = ("วันแรงงานแห่งชาติ", "วันเด็กแห่งชาติ")
# Days without a rule that the package knows once they are announced: key of the important day, name in the package.
ANNOUNCED_IN_PACKAGE = {"ploughing_day": "วันพืชมงคล"}
# Consecutive holidays that together give at most one substitute.
BLOCKS = (("new_year_eve", "new_year"), ("songkran",), ("asarnha_bucha", "khao_phansa"))
BLOCK_SPAN_DAYS = 7


@dataclass(frozen=True)
class OfficialDay:
    """A closed day. `seed_key` says what it was made from and survives a move of the date."""

    seed_key: str
    date: Day
    name_th: str
    name_en: str
    kind: str
    important_day_key: str = ""
    in_lieu_of: Day | None = None


@dataclass(frozen=True)
class PackageDay:
    date: date
    name_th: str
    name_en: str

    @property
    def special(self) -> bool:
        return self.name_th.startswith(SPECIAL_MARK)


@cache
def package_days(year: int) -> tuple[PackageDay, ...]:
    """The days of a C.E. year in the package, without substitutes and without days on which offices work."""
    # Imported here because it builds every calendar of the world (0.2 s); only an import of holidays needs it.
    from holidays.countries.thailand import Thailand

    categories = ("public", "government")
    thai = Thailand(years=year, categories=categories, language="th")
    english = Thailand(years=year, categories=categories, language="en_US")
    found = []
    for day in sorted(thai):
        names = zip(thai.get_list(day), english.get_list(day), strict=False)
        kept = [pair for pair in names if IN_LIEU_MARK not in pair[0] and pair[0] not in NOT_FOR_GOVERNMENT]
        if kept and day.year == year:
            found.append(PackageDay(day, *("; ".join(parts) for parts in zip(*kept, strict=True))))
    return tuple(found)


def announced_dates(key: str, year: int) -> list[date]:
    """Dates of an announced day that the package already knows (for the ploughing day, past announcements)."""
    name = ANNOUNCED_IN_PACKAGE.get(key)
    return [day.date for day in package_days(year) if name in day.name_th] if name else []


def extra_days(year: int, covered: Collection[date]) -> list[OfficialDay]:
    """Days only the package knows. `covered`: the dates that rules of important days already give."""
    names_elsewhere = tuple(ANNOUNCED_IN_PACKAGE.values())
    return [
        OfficialDay(f"package:{day.date}", day.date, day.name_th, day.name_en, "special" if day.special else "regular")
        for day in package_days(year)
        if day.special or (day.date not in covered and not any(name in day.name_th for name in names_elsewhere))
    ]


def merged(days: Iterable[OfficialDay]) -> list[OfficialDay]:
    """One entry a date and kind, in order: two holidays on one date close the offices once."""
    by_date: dict[tuple[date, str], OfficialDay] = {}
    for day in sorted(days, key=lambda each: (each.date, each.seed_key)):
        first = by_date.setdefault((day.date, day.kind), day)
        if first is not day:
            both = replace(first, name_th=f"{first.name_th}; {day.name_th}")
            by_date[day.date, day.kind] = replace(both, name_en=f"{first.name_en}; {day.name_en}")
    return sorted(by_date.values(), key=lambda each: (each.date, each.kind))


def substitutes(days: Iterable[OfficialDay], also_closed: Collection[date] = ()) -> list[OfficialDay]:
    """The substitution holidays of regular days on a weekend.

    Args: days, in any order, from at least a week before the first wanted date; also_closed, further dates on which a
    substitute cannot fall. Special days never move (README of the domain data).
    """
    ordered = merged(day for day in days if day.kind == "regular")
    taken = {day.date for day in ordered} | set(also_closed)
    found: list[OfficialDay] = []
    for day in ordered:
        if day.date.weekday() < 5 or _block_has_one(day, found):
            continue
        free = day.date + timedelta(days=1)
        while free.weekday() >= 5 or free in taken:
            free += timedelta(days=1)
        taken.add(free)
        found.append(
            replace(
                day,
                seed_key=f"{day.seed_key}:substitution",
                date=free,
                name_th=SUBSTITUTE_NAME.format(name=day.name_th),
                name_en=SUBSTITUTE_NAME_EN.format(name=day.name_en),
                kind="substitution",
                in_lieu_of=day.date,
            )
        )
    return found


def _block_has_one(day: OfficialDay, found: list[OfficialDay]) -> bool:
    block = next((keys for keys in BLOCKS if day.important_day_key in keys), ())
    return any(
        earlier.important_day_key in block
        and earlier.in_lieu_of is not None
        and (day.date - earlier.in_lieu_of).days <= BLOCK_SPAN_DAYS
        for earlier in found
    )
