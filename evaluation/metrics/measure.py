"""What a measure is: a share with the numbers it was computed from."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from pr_workflow.people.models import Agency
from pr_workflow.thai_time import BANGKOK


@dataclass(frozen=True)
class Week:
    """Monday 00:00 to the next Monday 00:00 in Bangkok, of one agency. `end` is not part of it."""

    agency: Agency
    monday: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.monday, time.min, tzinfo=BANGKOK)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(days=7)

    def within(self, field_name: str) -> dict[str, Any]:
        """Filter arguments: the field lies in this week."""
        return {f"{field_name}__gte": self.start, f"{field_name}__lt": self.end}


@dataclass(frozen=True)
class Measure:
    """`good` of `total`; `details` are further numbers worth reading. No total means: nothing to measure."""

    key: str
    good: int
    total: int
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def percent(self) -> float | None:
        """Share in percent with one decimal, None when there was nothing to measure."""
        return round(100 * self.good / self.total, 1) if self.total else None

    def as_json(self) -> dict[str, Any]:
        """As it is stored in the report."""
        return {"good": self.good, "total": self.total, "percent": self.percent, "details": self.details}
