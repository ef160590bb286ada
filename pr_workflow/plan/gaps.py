"""What a plan leaves out, in whole sentences: target groups, schools, lines without a group or a period (R21, R23)."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _

from ..people.models import Agency, Unit
from ..stages import TargetGroup
from ..thai_time import MONTHS_SHORT
from .coverage import Matrix, by_target_group, by_unit, month_name, months_touched, taking_place
from .models import AnnualPlan, PlanActivity
from .selectors import activities_of, cancelled_in

#: So many codes or schools are named in one sentence; the others are counted.
NAMED_AT_MOST = 12


def schools_and_units(agency: Agency) -> list[Unit]:
    """The units of an agency, schools among them."""
    return list(Unit.objects.filter(agency=agency))


def plan_gaps(version: AnnualPlan) -> list[str]:
    """The gaps of a version of a plan as sentences; empty when there are none. Cancelled activities reach nobody."""
    lines = taking_place(activities_of(version), cancelled_in(version))
    agency = version.agency
    return gaps_of(lines, version.fiscal_year_be, schools_and_units(agency), agency.unserved_groups)


def gaps_of(
    lines: Collection[PlanActivity], fiscal_year: int, units: Iterable[Unit], unserved: Collection[str] = ()
) -> list[str]:
    """The gaps of these activities as sentences: never reached first, then months, schools, and what is not said.

    Args: unserved, target groups the agency does not serve; nobody has to reach them.
    """
    if not lines:
        return [_("The plan has no activities yet.")]
    groups = by_target_group(lines, fiscal_year, unserved)
    found = [*_never_reached(groups), *_empty_months(groups)]
    found += _schools_left_out(by_unit(lines, fiscal_year, units), units)
    found += _not_said(lines, fiscal_year)
    found += _meant_for_unserved(lines, unserved)
    return found


def _never_reached(groups: Matrix) -> list[str]:
    never = [row.label for row in groups.rows if row.is_empty]
    if not never:
        return []
    return [_("No activity of the whole year is for: %(groups)s.") % {"groups": ", ".join(never)}]


def _empty_months(groups: Matrix) -> list[str]:
    text = _("“%(group)s” is not reached in: %(months)s.")
    return [
        text % {"group": row.label, "months": months_in_words([groups.months[place] for place in row.gaps])}
        for row in groups.rows
        if row.gaps and not row.is_empty
    ]


def _schools_left_out(matrix: Matrix, units: Iterable[Unit]) -> list[str]:
    schools = {str(unit.pk) for unit in units if unit.is_school}
    left_out = [row.label for row in matrix.rows if row.key in schools and row.is_empty]
    if not left_out:
        return []
    words = {"count": len(left_out), "all": len(schools), "schools": some_of(left_out)}
    return [_("%(count)s of %(all)s schools have no activity of their own: %(schools)s.") % words]


def _not_said(lines: Iterable[PlanActivity], fiscal_year: int) -> list[str]:
    groupless = [line.code for line in lines if not line.target_groups]
    timeless = [line.code for line in lines if not months_touched(line, fiscal_year)]
    found = []
    if groupless:
        found.append(_("No target group is named for the activities %(codes)s.") % {"codes": some_of(groupless)})
    if timeless:
        found.append(
            _("The activities %(codes)s have no period inside the fiscal year.") % {"codes": some_of(timeless)}
        )
    return found


def _meant_for_unserved(lines: Iterable[PlanActivity], unserved: Collection[str]) -> list[str]:
    """Plan and setting contradict each other: one of the two is wrong."""
    meant = [line for line in lines if set(line.target_groups or []) & set(unserved)]
    if not meant:
        return []
    keys = {key for line in meant for key in line.target_groups} & set(unserved)
    words = {"codes": some_of([line.code for line in meant]), "groups": ", ".join(labels_of_groups(keys))}
    return [
        _("The activities %(codes)s are for groups that the agency does not serve by its settings: %(groups)s.") % words
    ]


def labels_of_groups(keys: Collection[str]) -> list[str]:
    """The names of target groups in the order of their list; unknown keys have none."""
    return [str(label) for key, label in TargetGroup.choices if key in keys]


def some_of(names: list[str]) -> str:
    """The first names, and how many there are besides."""
    shown = ", ".join(names[:NAMED_AT_MOST])
    more = len(names) - NAMED_AT_MOST
    return shown if more <= 0 else _("%(names)s and %(count)s more") % {"names": shown, "count": more}


def months_in_words(months: Iterable[date]) -> str:
    """Months for people, runs drawn together: “ต.ค. 2569 – ธ.ค. 2569”. `months` are first days, in order."""
    runs: list[list[date]] = []
    for month in months:
        number = month.year * 12 + month.month
        if runs and runs[-1][-1].year * 12 + runs[-1][-1].month + 1 == number:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(_run(run) for run in runs)


def _run(run: list[date]) -> str:
    first, last = month_name(run[0], MONTHS_SHORT), month_name(run[-1], MONTHS_SHORT)
    return first if len(run) == 1 else f"{first} – {last}"


def groups_missing_in(matrix: Matrix, month: date) -> list[str]:
    """The rows without an activity in a month of the year; `month` is its first day."""
    place = matrix.months.index(month)
    return [row.label for row in matrix.rows if not row.cells[place]]
