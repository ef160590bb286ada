"""What the screen of progress is narrowed to; a value nobody knows is said and left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..plan.coverage import month_name, months_of
from .selectors import touches_month
from .standing import ActivityProgress, Standing

#: Stands for lines without a unit or an officer.
NOBODY = "none"
Choice = tuple[str, str]


@dataclass
class ProgressFilters:
    """The choices of one list, what was chosen among them, and what could not be looked for."""

    choices: dict[str, list[Choice]]
    chosen: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    @property
    def fields(self) -> list[tuple[str, str, list[Choice], str]]:
        """Name, label, choices and chosen value of each, as a form shows them."""
        labels = {"month": _("Month"), "unit": _("Unit or school"), "officer": _("Officer"), "status": _("Standing")}
        return [(name, labels[name], self.choices[name], self.chosen.get(name, "")) for name in labels]

    @property
    def problem(self) -> str:
        """What could not be looked for, as a whole sentence; empty when everything could."""
        if not self.unknown:
            return ""
        return _("A filter in the address has a value that cannot be looked for. It was left out.")


def filters_read(rows: Iterable[ActivityProgress], fiscal_year: int, wanted: Mapping[str, str]) -> ProgressFilters:
    """The filters for these rows with what the address asks for."""
    rows = list(rows)
    filters = ProgressFilters(
        {
            "month": [(month.strftime("%Y-%m"), month_name(month)) for month in months_of(fiscal_year)],
            "unit": _of([row.activity.unit for row in rows], lambda unit: unit.name, _("Whole agency")),
            "officer": _of(
                [row.activity.responsible_officer for row in rows], lambda person: person.display_name, _("Nobody")
            ),
            "status": [(str(standing), str(standing.label)) for standing in Standing],
        }
    )
    for name, choices in filters.choices.items():
        value = wanted.get(name, "")
        if value in dict(choices):
            filters.chosen[name] = value
        elif value:
            filters.unknown.append(name)
    return filters


def _of(objects: list, name_of, nobody: str) -> list[Choice]:
    """Every object once, by name; then those without one."""
    named = {str(entry.pk): name_of(entry) for entry in objects if entry is not None}
    choices = sorted(named.items(), key=lambda choice: (choice[1], choice[0]))
    return [*choices, (NOBODY, nobody)] if None in objects else choices


def narrowed(rows: Iterable[ActivityProgress], filters: ProgressFilters) -> list[ActivityProgress]:
    """The rows that fit everything that was chosen."""
    return [row for row in rows if all(_fits(row, name, value) for name, value in filters.chosen.items())]


def _fits(row: ActivityProgress, name: str, value: str) -> bool:
    if name == "status":
        return row.standing == value
    if name == "month":
        year = row.activity.plan.fiscal_year_be
        return any(month.strftime("%Y-%m") == value and touches_month(row, month) for month in months_of(year))
    number = row.activity.unit_id if name == "unit" else row.activity.responsible_officer_id
    return (str(number) if number else NOBODY) == value
