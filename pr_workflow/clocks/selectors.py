"""Questions about clocks: when a step is due, which clocks run, which stand still (R25, R35, R48)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from ..people.models import Agency
from ..signals import clock_pause_asked
from .limits import Limit
from .models import ClockedModel, ClockPause, LimitUnit
from .office import OfficeCalendar, Stretch, day_after, without


def due_time(
    start: datetime,
    limit: Limit,
    *,
    agency: Agency | None,
    pauses: Iterable[Stretch] = (),
    calendar: OfficeCalendar | None = None,
) -> datetime:
    """When a clock that began at `start` runs out; pauses use nothing up (R25, R35).

    Working days: the day of the start never counts, the last one ends at 16:30, as in `add_working_days`. Office hours
    run 08:30–16:30 on working days; minutes run on the wall, at night and on days off too. Pauses are pairs of aware
    moments; one that begins after the clock has run out changes nothing. Raises ValueError for a naive `start`.
    """
    if start.tzinfo is None:
        raise ValueError("due_time needs an aware datetime")
    pauses, left = list(pauses), limit.length
    for stretch in _stretches(start, limit, pauses, calendar or OfficeCalendar(agency)):
        for opens, closes in without(stretch, pauses):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
    raise ValueError("a calendar without an end has ended")


def _stretches(start: datetime, limit: Limit, pauses: list[Stretch], calendar: OfficeCalendar) -> Iterator[Stretch]:
    if limit.unit == LimitUnit.MINUTES:
        paused = sum((resumed - paused for paused, resumed in pauses), timedelta())
        return iter([(start, start + limit.length + paused)])
    return calendar.hours_from(day_after(start) if limit.unit == LimitUnit.WORKING_DAYS else start)


def limit_of(row: ClockedModel) -> Limit:
    """The limit a clock began with."""
    return Limit(row.limit_value, LimitUnit(row.limit_unit))


def started_at(row: ClockedModel) -> datetime:
    """When a clock began."""
    return getattr(row, row.CLOCK_STARTS)


def ended_at(row: ClockedModel) -> datetime | None:
    """When a clock ended: the first thing that ended it; None while it runs."""
    return min((moment for name in row.CLOCK_ENDS if (moment := getattr(row, name))), default=None)


def clocked_models() -> list[Any]:
    """Every record of this installation that has a clock; a new step needs no registration."""
    return [model for model in apps.get_models() if issubclass(model, ClockedModel)]


def clocked_model(name: str) -> Any | None:
    """The record with a clock of that name (`posting`, `stepdeadline`), None for an unknown one."""
    return next((model for model in clocked_models() if model._meta.model_name == name), None)


def running_of(model: Any, agency: Agency | None = None) -> QuerySet:
    """The running clocks of one kind, in an agency or (None) in all, the most urgent first."""
    rows = model._default_manager.filter(**{f"{name}__isnull": True for name in model.CLOCK_ENDS})
    if agency is not None:
        rows = rows.filter(agency=agency)
    return rows.select_related("agency").order_by("due_at", "pk")


def running_clocks(agency: Agency | None = None) -> list[Any]:
    """All running clocks, paused ones too. One query for each kind of record."""
    return [row for model in clocked_models() for row in running_of(model, agency)]


#: Which record a pause belongs to: its content type and its number.
PauseKey = tuple[int, int]


def pause_key(row: Any) -> PauseKey:
    """The key of a record in the table of pauses. No query once the content type is known."""
    return ContentType.objects.get_for_model(row).pk, row.pk


def pauses_by_clock(agency: Agency | None = None, *, open_only: bool = False) -> dict[PauseKey, list[ClockPause]]:
    """The pauses of an agency's clocks (None: of all), by clock, the oldest first. One query."""
    rows = ClockPause.objects.select_related("paused_by")
    if agency is not None:
        rows = rows.filter(agency=agency)
    if open_only:
        rows = rows.filter(resumed_at__isnull=True)
    found: dict[PauseKey, list[ClockPause]] = {}
    for pause in rows:
        found.setdefault((pause.content_type_id, pause.object_id), []).append(pause)
    return found


def pauses_of(row: Any) -> QuerySet[ClockPause]:
    """The pauses of one clock, the oldest first."""
    content_type, number = pause_key(row)
    return ClockPause.objects.filter(content_type=content_type, object_id=number)


def stretches_of(pauses: Iterable[ClockPause]) -> list[Stretch]:
    """The ended pauses as stretches of time. A running one moves nothing until it ends."""
    return [(pause.paused_at, pause.resumed_at) for pause in pauses if pause.resumed_at]


def may_pause(user, row: Any) -> bool:
    """Whether this account may stop the clock: whoever the step's own answer to `clock_pause_asked` says (R35)."""
    if user is None or not user.is_active:
        return False
    return any(answer for _receiver, answer in clock_pause_asked.send(sender=type(row), clocked=row, user=user))
