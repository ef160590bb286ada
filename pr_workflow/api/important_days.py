"""Important days: the national ones and those of the site's own agency (R20)."""

from datetime import date, timedelta
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from pydantic import BeforeValidator

from ..festival_calendar.day_choices import DatedDay, dated_days
from ..festival_calendar.models import Audience, ImportantDayOccurrence, Kind
from ..thai_time import bangkok_date
from .parameters import iso_date, one_of, only_these_parameters, period_check
from .problems import Problem, parameter_refused
from .schemas import Occurrence, OccurrenceList, known_keys
from .sites import agency_of_request

router = Router(tags=["important days"])

#: The longest period of one answer, and the one given when no end is named.
LONGEST_PERIOD = timedelta(days=732)
USUAL_PERIOD = timedelta(days=365)


class DayFilters(Schema):
    """An unknown parameter is an error, never ignored."""

    date_from: Annotated[date, BeforeValidator(iso_date("date_from"))] | None = Field(
        None, description="First day (ISO, C.E.); today in Bangkok when left out."
    )
    date_to: Annotated[date, BeforeValidator(iso_date("date_to"))] | None = Field(
        None, description="Last day (ISO, C.E.), at most two years later; one year later when left out."
    )
    kind: Annotated[Kind, BeforeValidator(one_of("kind", Kind))] | None = Field(None, description="Kind of day.")


def period_of(filters: DayFilters) -> tuple[date, date]:
    """First and last day asked for. Raises ProblemFound naming `date_to`."""
    first = filters.date_from or bangkok_date(timezone.now())
    last = filters.date_to or first + USUAL_PERIOD
    period_check(first, last)
    if last - first > LONGEST_PERIOD:
        raise parameter_refused(
            "date_to", _("“date_to” lies more than two years after “date_from”. Ask for a shorter period.")
        )
    return first, last


def occurrence_answer(dated: DatedDay) -> Occurrence:
    """One date in the shape of the API; audiences are those the agency of the site means."""
    row, day = dated.occurrence, dated.day.important_day
    columns = ("key", "name_th", "name_en", "kind", "gov_holiday")
    return Occurrence(
        uuid=row.uuid,
        date=row.date,
        status=ImportantDayOccurrence.Status(row.status),
        national=day.agency_id is None,
        audience=known_keys(dated.day.audience, Audience),
        **{name: getattr(day, name) for name in columns},
    )


@router.get(
    "important-days",
    response={200: OccurrenceList, 400: Problem, 404: Problem},
    summary="Important days in a period",
    operation_id="listImportantDays",
    url_name="important_days",
)
@router.get("important-days/", response=OccurrenceList, include_in_schema=False, url_name="important_days_slash")
@only_these_parameters(DayFilters)
def important_day_list(request: HttpRequest, filters: Query[DayFilters]):
    """Dates of festivals and important days in a period, in order: national ones and those of this site's agency."""
    agency = agency_of_request(request)
    first, last = period_of(filters)
    dates = dated_days(agency=agency, first=first, last=last)
    if filters.kind is not None:
        dates = [each for each in dates if each.day.important_day.kind == filters.kind]
    dates.sort(key=lambda each: (each.date, each.day.important_day.key, each.occurrence.pk))
    return OccurrenceList(date_from=first, date_to=last, items=[occurrence_answer(each) for each in dates])
