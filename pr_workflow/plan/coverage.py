"""Whom a plan reaches in which month: activities counted by target group, mission and unit (R19, R21, R23).

Pure: a matrix is made of lines of a plan and asks no database. A month counts when any day of the activity lies in it.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from ..people.models import Unit
from ..stages import TargetGroup
from ..thai_time import MONTHS, MONTHS_SHORT, fiscal_year_bounds, to_be
from .models import PlanActivity
from .words import plain

MONTHS_OF_A_YEAR = 12
#: Keys of rows that stand for no mission and no unit.
NO_MISSION, BY_FESTIVAL, WHOLE_AGENCY = "", "festival", ""
Heading = tuple[str, str]


@dataclass(frozen=True)
class MatrixRow:
    """One target group, mission or unit: its activities in each of the twelve months, October first."""

    key: str
    label: str
    cells: tuple[tuple[PlanActivity, ...], ...]
    activities: tuple[PlanActivity, ...]

    @property
    def gaps(self) -> list[int]:
        """The months without any activity, counted from 0 for October."""
        return [place for place, found in enumerate(self.cells) if not found]

    @property
    def is_empty(self) -> bool:
        """Is there no activity in the whole year?"""
        return not any(self.cells)


@dataclass(frozen=True)
class Matrix:
    """A table of months; `months` are their first days."""

    fiscal_year: int
    months: tuple[date, ...]
    rows: tuple[MatrixRow, ...]
    #: Different activities of each month, over all rows.
    sums: tuple[int, ...]
    total: int

    @property
    def month_names(self) -> list[Heading]:
        """Short and whole name of each month, the year in B.E."""
        return [(MONTHS_SHORT[month.month - 1], month_name(month)) for month in self.months]


def month_name(month: date, names: tuple[str, ...] = MONTHS) -> str:
    """A month for people: “ตุลาคม 2569”."""
    return f"{names[month.month - 1]} {to_be(month.year)}"


def months_of(fiscal_year: int) -> tuple[date, ...]:
    """The first days of the months of a fiscal year (B.E.), October first."""
    first = fiscal_year_bounds(fiscal_year)[0]
    numbers = range(first.month - 1, first.month - 1 + MONTHS_OF_A_YEAR)
    return tuple(date(first.year + number // 12, number % 12 + 1, 1) for number in numbers)


def months_touched(activity: PlanActivity, fiscal_year: int) -> list[int]:
    """The months of the fiscal year in which the activity has a day, counted from 0 for October.

    None of a line whose dates are missing or the wrong way round: a draft may be saved so.
    """
    first, last = fiscal_year_bounds(fiscal_year)
    if not activity.start or not activity.end or activity.end < activity.start:
        return []
    start, end = max(activity.start, first), min(activity.end, last)
    if end < start:
        return []
    return list(range(_place(start, first), _place(end, first) + 1))


def _place(day: date, first: date) -> int:
    return (day.year - first.year) * MONTHS_OF_A_YEAR + day.month - first.month


def taking_place(activities: Iterable[PlanActivity], cancelled: Collection[UUID] = ()) -> list[PlanActivity]:
    """The activities that are not cancelled."""
    return [activity for activity in activities if activity.uuid not in cancelled]


def matrix_of(
    activities: Iterable[PlanActivity],
    fiscal_year: int,
    headings: Iterable[Heading],
    keys_of: Callable[[PlanActivity], Iterable[str]],
) -> Matrix:
    """Count activities by rows and months.

    Args: headings, key and label of each row in order; keys_of, the rows an activity belongs to, of which each counts
    once and unknown ones not at all.
    """
    lines = list(activities)
    touched = {id(line): months_touched(line, fiscal_year) for line in lines}
    months = months_of(fiscal_year)
    of_key: dict[str, list[PlanActivity]] = {}
    for line in lines:
        for key in dict.fromkeys(keys_of(line)):
            of_key.setdefault(key, []).append(line)
    rows = [_row(key, label, of_key.get(key, []), touched) for key, label in headings]
    sums = [sum(place in found for found in touched.values()) for place in range(MONTHS_OF_A_YEAR)]
    return Matrix(fiscal_year, months, tuple(rows), tuple(sums), len(lines))


def _row(key: str, label: str, lines: list[PlanActivity], touched: dict[int, list[int]]) -> MatrixRow:
    cells = [tuple(line for line in lines if place in touched[id(line)]) for place in range(MONTHS_OF_A_YEAR)]
    return MatrixRow(key, label, tuple(cells), tuple(lines))


def by_target_group(activities: Iterable[PlanActivity], fiscal_year: int, unserved: Collection[str] = ()) -> Matrix:
    """Target group and month; a group without any activity is a row too (R21).

    Args: unserved, groups the agency does not serve; they have no row.
    """
    headings = [(str(key), str(label)) for key, label in TargetGroup.choices if key not in unserved]
    return matrix_of(activities, fiscal_year, headings, lambda line: line.target_groups or [])


def by_mission(activities: Iterable[PlanActivity], fiscal_year: int) -> Matrix:
    """Mission and month, missions in the order of the plan; important days and festivals are a row of their own (R19).

    Two spellings that differ in spaces, case or digits are one mission.
    """
    lines = list(activities)
    named: dict[str, str] = {}
    for line in lines:
        key = _mission_key(line)
        if key not in (NO_MISSION, BY_FESTIVAL):
            named.setdefault(key, line.mission.strip())
    keys = {_mission_key(line) for line in lines}
    headings = [*named.items()]
    if NO_MISSION in keys:
        headings.append((NO_MISSION, _("By mission, no mission named")))
    if BY_FESTIVAL in keys:
        headings.append((BY_FESTIVAL, _("By festival or important day")))
    return matrix_of(lines, fiscal_year, headings, lambda line: [_mission_key(line)])


def _mission_key(line: PlanActivity) -> str:
    if name := plain(line.mission or ""):
        return f"mission:{name}"
    return BY_FESTIVAL if line.origin == PlanActivity.Origin.FESTIVAL else NO_MISSION


def by_unit(activities: Iterable[PlanActivity], fiscal_year: int, units: Iterable[Unit]) -> Matrix:
    """Unit and month: every school, every other unit with an activity, and the whole agency (R23)."""
    lines = list(activities)
    used = {line.unit_id for line in lines}
    shown = [unit for unit in units if unit.is_school or unit.pk in used]
    headings = [(str(unit.pk), unit.name) for unit in shown]
    if None in used:
        headings.append((WHOLE_AGENCY, _("Whole agency")))
    return matrix_of(lines, fiscal_year, headings, lambda line: [str(line.unit_id) if line.unit_id else WHOLE_AGENCY])
