"""How long each step may take: the agency's own limit, else the manuals' table (S1 §3, S2 §3, R48)."""

from dataclasses import dataclass
from datetime import timedelta

from ..conf import step_limit_working_days
from ..people.models import Agency
from .models import ClockStep, LimitUnit, StepLimit
from .office import OFFICE_DAY

#: The fast lane answers within the hour and is posted half an hour later (R34); all else takes one working day (S1 §3).
FAST_LANE_MINUTES = {ClockStep.APPROVAL_FAST: 60, ClockStep.POSTING_FAST: 30}


@dataclass(frozen=True)
class Limit:
    """A time limit: so many working days, office hours or minutes."""

    value: int
    unit: LimitUnit

    @property
    def length(self) -> timedelta:
        """What the clock may use up: office time for days and hours, time on the wall for minutes."""
        if self.unit == LimitUnit.MINUTES:
            return timedelta(minutes=self.value)
        return self.value * (OFFICE_DAY if self.unit == LimitUnit.WORKING_DAYS else timedelta(hours=1))


def default_limit(step: ClockStep) -> Limit:
    """What the manuals say; `PR_WORKFLOW_STEP_LIMIT_WORKING_DAYS` for every step outside the fast lane."""
    minutes = FAST_LANE_MINUTES.get(step)
    if minutes is not None:
        return Limit(minutes, LimitUnit.MINUTES)
    return Limit(step_limit_working_days(), LimitUnit.WORKING_DAYS)


def limit_for(agency: Agency, step: ClockStep) -> Limit:
    """The limit of a step in an agency. One query."""
    own = StepLimit.objects.filter(agency=agency, step=step).first()
    return Limit(own.value, LimitUnit(own.unit)) if own else default_limit(step)
