"""News of festive days inside a period of mourning: said to the writer and to whoever signs (R20)."""

from datetime import date, datetime

from ..festival_calendar.models import ImportantDay
from ..festival_calendar.mourning import is_festive, mourning_between, mourning_warnings
from ..people.selectors import agency_for_page
from ..thai_time import bangkok_date


def days_of_item(page) -> list[ImportantDay]:
    """The important days an item is about: its own and that of its activity, each once."""
    activity = page.plan_activity
    found = [page.important_day, activity.important_day if activity else None]
    return list(dict.fromkeys(day for day in found if day is not None))


def dates_of_item(page, *, now: datetime) -> list[tuple[date, date]]:
    """When an item is out, as spans with both ends: its event, and its wished go-live.

    Without a wish the period of its activity counts, and without either the day itself: it could go live at once.
    """
    spans = [(page.event_date, page.event_date)] if page.event_date else []
    if page.go_live_at:
        wish = bangkok_date(page.go_live_at)
        return [*spans, (wish, wish)]
    if page.plan_activity:
        return [*spans, (page.plan_activity.start, page.plan_activity.end)]
    today = bangkok_date(now)
    return spans or [(today, today)]


def news_mourning_warnings(page, *, now: datetime) -> list[str]:
    """One sentence for each festive day of the item and period of mourning it falls into; blocks nothing.

    Args: page, an item or a version of it, saved once; now, aware. Items of other days cost no query for periods.
    """
    festive = [day for day in days_of_item(page) if is_festive(day)]
    if not festive or not page.path:
        return []
    spans = dates_of_item(page, now=now)
    first, last = min(start for start, _end in spans), max(end for _start, end in spans)
    periods = mourning_between(first, last, agency=agency_for_page(page))
    return [warning for day in festive for warning in mourning_warnings(day, spans, periods)]
