"""Entries as an iCalendar file (RFC 5545), for the calendar on a person's telephone or desk (R26)."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from ..people.models import Agency
from ..thai_time import BANGKOK
from .entry import Entry, Form

#: How often a program should ask again.
ASK_AGAIN = timedelta(hours=1)


def ical_of(entries: Iterable[Entry], agency: Agency, *, link: Callable[[str], str], now: datetime) -> bytes:
    """The file. Args: link, makes a path of ours a whole address; now, aware."""
    calendar = Calendar()
    calendar.add("prodid", "-//Prakat//PR calendar//TH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("PR calendar: %(agency)s") % {"agency": agency})
    calendar.add("x-wr-timezone", str(BANGKOK))
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, agency, link=link, now=now))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(entry: Entry, agency: Agency, *, link: Callable[[str], str], now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@{agency.uuid}")
    event.add("dtstamp", now.astimezone(UTC))
    if entry.moment:
        event.add("dtstart", entry.moment.astimezone(BANGKOK).replace(microsecond=0))
    elif entry.start and entry.end:
        event.add("dtstart", entry.start)
        event.add("dtend", entry.end + timedelta(days=1))
    event.add("summary", f"[{entry.kind.label}] {entry.title}")
    event.add("categories", [str(entry.kind.label)])
    event.add("status", "TENTATIVE" if entry.look.form == Form.PLANNED else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    facts = [entry.period, entry.time, entry.note, entry.officer.name if entry.officer else ""]
    event.add("description", "\n".join(filter(None, facts)))
    if entry.path:
        event.add("url", link(entry.path))
    return event
