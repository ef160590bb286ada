"""Which days of a fiscal year still need a person, and the verb that confirms them (R20)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record
from ..people.models import Agency
from ..seen_dates import MovedMeanwhile, seen_text
from ..thai_time import fiscal_year_bounds, thai_date
from .day_choices import AgencyDay, DatedDay, agency_days, dated_days
from .models import ImportantDay, ImportantDayOccurrence
from .rules import ANNOUNCED
from .selectors import entry_may_change
from .services import holidays_follow

Status = ImportantDayOccurrence.Status


@dataclass(frozen=True)
class FiscalYearDays:
    """The dates of one fiscal year (B.E.) as one agency sees them, read once."""

    fiscal_year: int
    dates: list[DatedDay]
    missing: list[AgencyDay]

    @property
    def unconfirmed(self) -> list[DatedDay]:
        """Lunar and announced dates that nobody has confirmed, in order."""
        return [each for each in self.dates if not each.confirmed]

    @property
    def collisions(self) -> list[tuple[date, list[DatedDay]]]:
        """Dates with more than one day, in order; on each the agency's most urgent day first."""
        by_date: dict[date, list[DatedDay]] = {}
        for each in self.dates:
            by_date.setdefault(each.date, []).append(each)
        return [
            (day, sorted(found, key=lambda each: (each.day.rank, each.day.important_day.name_th)))
            for day, found in by_date.items()
            if len(found) > 1
        ]


def fiscal_year_days(fiscal_year: int, *, agency: Agency | None) -> FiscalYearDays:
    """Everything a person has to look at before a fiscal year (B.E.) begins. A fixed number of queries."""
    first, last = fiscal_year_bounds(fiscal_year)
    return FiscalYearDays(
        fiscal_year,
        dated_days(agency=agency, first=first, last=last),
        announced_without_date(fiscal_year, agency=agency),
    )


def announced_without_date(fiscal_year: int, *, agency: Agency | None) -> list[AgencyDay]:
    """Announced days in use that have no entry in the fiscal year, not even one that says “not held”. Two queries."""
    entered = ImportantDayOccurrence.objects.filter(date__range=fiscal_year_bounds(fiscal_year))
    rows = ImportantDay.objects.visible_to(agency).filter(active=True, rule=ANNOUNCED)
    missing = rows.exclude(pk__in=entered.values("important_day")).order_by("name_th", "pk")
    return [day for day in agency_days(list(missing), agency=agency).values() if day.observed]


def may_confirm(user, important_day: ImportantDay) -> bool:
    """Whether this account confirms dates of the day: national ones the administrator, own ones the officers."""
    return user.has_perm("pr_workflow.change_importantdayoccurrence") and entry_may_change(
        user, important_day.agency_id
    )


def moved_since(rows: Iterable[ImportantDayOccurrence], seen: Mapping[int, str]) -> list[str]:
    """Which of the rows stand on another date than their reader saw, each as a whole sentence with its present date.

    Args: seen, `seen_text` of the date that was shown, by the number of the row; a row without one was not seen.
    """
    text = _("“%(day)s” now stands on %(date)s. Look at this date and confirm again; nothing has been confirmed.")
    return [
        text % {"day": row.important_day, "date": thai_date(row.date)}
        for row in rows
        if seen.get(row.pk) != seen_text(row.date)
    ]


@transaction.atomic
def occurrences_confirm(
    *,
    actor,
    occurrences: Iterable[ImportantDayOccurrence],
    seen: Mapping[int, str],
    reference_no: str,
    now: datetime,
) -> list[ImportantDayOccurrence]:
    """Confirm several dates against one official notice; holidays of their years follow (R20, R25).

    Returns those that were confirmed now: what somebody else has confirmed or cancelled meanwhile stays as it is.
    Args: seen, the dates the actor looked at, as `moved_since` takes them.
    Raises PermissionDenied when one of the dates is not the actor's to confirm, MovedMeanwhile when one is not where
    the actor saw it, ValidationError without a reference number; then nothing is written.
    """
    wanted = [row.pk for row in occurrences]
    rows = list(
        ImportantDayOccurrence.objects.select_for_update(of=("self",))
        .filter(pk__in=wanted)
        .select_related("important_day__agency")
        .order_by("date", "pk")
    )
    for row in rows:
        if actor is not None and not may_confirm(actor, row.important_day):
            raise PermissionDenied(
                _("“%(day)s” is not yours to confirm: it is national or belongs to another agency.")
                % {"day": row.important_day}
            )
    if moved := moved_since(rows, seen):
        raise MovedMeanwhile(*moved)
    if not reference_no.strip():
        raise ValidationError({"reference_no": _("Give the reference number of the notice that fixes the dates.")})
    confirmed = [row for row in rows if row.status == Status.TO_CONFIRM]
    for row in confirmed:
        row.status, row.confirmed_by, row.confirmed_at = Status.CONFIRMED, actor, now
        row.reference_no, row.edited = reference_no.strip(), True
        row.save()
    for year in sorted(_years_with_holidays(confirmed)):
        holidays_follow(actor, year, now)
    for row in confirmed:
        data = {"key": row.important_day.key, "date": row.date, "reference_no": row.reference_no}
        audit_record(
            actor=actor, verb="occurrence_confirm", target=row, now=now, agency=row.important_day.agency, data=data
        )
    return confirmed


def _years_with_holidays(rows: Iterable[ImportantDayOccurrence]) -> set[int]:
    """The years whose register of holidays hangs on these dates; a substitute may lie in January."""
    closing = [row for row in rows if row.important_day.agency_id is None and row.important_day.gov_holiday]
    return {day.year for row in closing for day in (row.date, row.date + timedelta(days=14))} | {
        row.year for row in closing
    }
