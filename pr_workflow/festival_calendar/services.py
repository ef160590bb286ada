"""The verbs of the calendar: seed, roll a year, import holidays, and what people change afterwards."""

import csv
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record
from ..thai_time import bangkok_date, fiscal_year_be, fiscal_year_bounds
from . import official
from .dating import occurrence_date_guard, plausible_days_guard, unconfirm_moved
from .models import Holiday, ImportantDay, ImportantDayOccurrence
from .rules import ANNOUNCED, RuleError, dates_of, is_certain
from .seeded import SeededRow
from .selectors import entry_may_change

logger = logging.getLogger(__name__)
SEED_FILE = Path(__file__).parent / "data" / "important_days.csv"
SEED_TEXTS = ("name_th", "name_en", "kind", "tone", "rule", "health_priority", "education_priority", "confidence")
Status = ImportantDayOccurrence.Status
#: What the log keeps of a date beside the date.
DATE_FACTS = ("status", "reference_no", "confirmed_at")


@dataclass
class Changes:
    """What an import did, in rows. `kept`: rows a person edited or confirmed, left alone."""

    created: int = 0
    updated: int = 0
    kept: int = 0
    removed: int = 0

    @property
    def any(self) -> bool:
        return bool(self.created or self.updated or self.removed)


@transaction.atomic
def important_days_seed(*, actor, now: datetime) -> Changes:
    """Write the national important days from the data file; rows a person edited stay as they are (R20).

    Args: actor, a user or None for the system; now, aware. Safe to repeat: a new release may update untouched rows.
    """
    changes = Changes()
    known = {day.key: day for day in ImportantDay.objects.filter(agency=None)}
    with SEED_FILE.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            values = {name: line[name] for name in SEED_TEXTS}
            values |= {"gov_holiday": line["gov_holiday"] == "yes", "note": line["note_th"]}
            values |= {"audience": [name for name in line["audience"].split(";") if name]}
            _seed(known.get(line["key"]) or ImportantDay(key=line["key"]), values, changes)
    _record_import(actor, "important_days_seed", ImportantDay, now, changes)
    return changes


@transaction.atomic
def important_days_roll(*, actor, year: int, now: datetime) -> Changes:
    """Give every important day its dates in a C.E. year (R20). Idempotent.

    Dates a person entered, moved, confirmed or cancelled are never changed. Lunar and announced dates come as
    `to_confirm`, the others as `confirmed`. Untouched dates that a rule no longer gives are removed.
    """
    changes = Changes()
    days = ImportantDay.objects.prefetch_related(
        models.Prefetch("occurrences", ImportantDayOccurrence.objects.filter(year=year))
    )
    for day in days:
        _roll(day, year, list(day.occurrences.all()), changes)
    _record_import(actor, "important_days_roll", ImportantDayOccurrence, now, changes, year=year)
    return changes


@transaction.atomic
def holidays_import(*, actor, year: int, now: datetime) -> Changes:
    """Write the national holidays of a C.E. year, substitutes included (R25). Idempotent.

    Roll the year first: confirmed and moved dates of important days are followed. Labour Day and its substitute are
    left out, because government offices work. Rows a person edited or entered are never changed.
    """
    changes = Changes()
    seeded = {row.seed_key: row for row in Holiday.objects.exclude(seed_key=None).select_related("important_day")}
    wanted = [day for day in _official_days(year, seeded) if day.date.year == year]
    keys = {day.key: day for day in ImportantDay.objects.filter(agency=None, gov_holiday=True)}
    national = Holiday.objects.filter(agency=None, area="", date__year=year)
    by_person = {(row.date, row.kind): row.seed_key for row in national if not row.untouched}
    places = {day.seed_key: (day.date, day.kind) for day in wanted}
    for row in list(seeded.values()):
        # A row that moves is made anew, so that two rows never meet on one date on the way.
        if row.date.year == year and row.untouched and places.get(row.seed_key or "") != (row.date, row.kind):
            seeded.pop(row.seed_key)
            row.delete()
            changes.removed += 1
    for day in wanted:
        if by_person.get((day.date, day.kind), day.seed_key) != day.seed_key:
            changes.kept += 1
            continue
        values = {name: getattr(day, name) for name in ("date", "kind", "in_lieu_of")}
        values |= {"name_th": day.name_th[:255], "name_en": day.name_en[:255], "active": True}
        values |= {"important_day": keys.get(day.important_day_key)}
        source = Holiday.Source.RULE if day.important_day_key else Holiday.Source.IMPORT
        _seed(seeded.get(day.seed_key) or Holiday(seed_key=day.seed_key, source=source), values, changes)
    _record_import(actor, "holidays_import", Holiday, now, changes, year=year)
    return changes


def years_ahead(now: datetime) -> set[int]:
    """The C.E. years that are kept ready: this one, the next, and all of the coming fiscal year."""
    today = bangkok_date(now)
    _first, last = fiscal_year_bounds(fiscal_year_be(today) + 1)
    return {today.year, today.year + 1, last.year}


@transaction.atomic
def calendar_prepare(*, actor, now: datetime, years: Iterable[int] = ()) -> dict[int, Changes]:
    """Have important days, dates and holidays ready: for the given C.E. years, or for `years_ahead`.

    Args: actor, a user or None for the system; now, aware; years, C.E. Returns the changes of each year's holidays.
    Runs daily and is idempotent; seeds the important days when there are none.
    """
    if not ImportantDay.objects.filter(agency=None).exists():
        important_days_seed(actor=actor, now=now)
    changes = {}
    for year in sorted(set(years) or years_ahead(now)):
        important_days_roll(actor=actor, year=year, now=now)
        changes[year] = holidays_import(actor=actor, year=year, now=now)
    return changes


@transaction.atomic
def important_day_save(*, actor, important_day: ImportantDay, now: datetime) -> ImportantDay:
    """Keep what a person wrote about an important day and give it its dates from this year on.

    Official names change by announcement: the log keeps every changed value as it was and as it is (R20).

    Raises PermissionDenied for another agency's day, or a national one unless the actor is a superuser.
    """
    entry_guard(actor, important_day.agency_id)
    before = ImportantDay.objects.filter(pk=important_day.pk).values(*ImportantDay.SEEDED_FIELDS).first() or {}
    important_day.save()
    this_year = bangkok_date(now).year
    years = set(important_day.occurrences.values_list("year", flat=True)) | years_ahead(now)
    for year in sorted(year for year in years if year >= this_year):
        _roll(important_day, year, list(important_day.occurrences.filter(year=year)), Changes())
        if important_day.agency_id is None:
            holidays_follow(actor, year, now)
    changed = [name for name in ImportantDay.SEEDED_FIELDS if before.get(name) != getattr(important_day, name)]
    data = {
        "key": important_day.key,
        "old": {name: before[name] for name in changed if before},
        "new": {name: getattr(important_day, name) for name in changed},
    }
    audit_record(actor=actor, verb="important_day_save", target=important_day, now=now, data=data)
    return important_day


@transaction.atomic
def occurrence_save(*, actor, occurrence: ImportantDayOccurrence, now: datetime) -> ImportantDayOccurrence:
    """Keep the date a person entered, moved, confirmed or cancelled; holidays of that year follow (R20, R25).

    Raises PermissionDenied like `important_day_save`, and ValidationError on `date` for a day outside the year of this
    date, or in a year nobody means. A date that a notice had confirmed goes back to “to confirm” when it is moved
    without a new reference number. The log keeps the date before (`from`), and what else stood there (`old`).
    """
    day = occurrence.important_day
    entry_guard(actor, day.agency_id)
    before = occurrence_date_guard(occurrence, today=bangkok_date(now))
    unconfirm_moved(occurrence, before)
    confirmed = occurrence.status == Status.CONFIRMED
    occurrence.confirmed_by, occurrence.confirmed_at = (actor, now) if confirmed else (None, None)
    occurrence.edited = True
    occurrence.save()
    if day.agency_id is None and day.gov_holiday:
        # A date at the end of December has its substitute in January.
        for year in sorted({occurrence.year, occurrence.date.year, (occurrence.date + timedelta(days=14)).year}):
            holidays_follow(actor, year, now)
    audit_record(
        actor=actor,
        verb="occurrence_save",
        target=occurrence,
        now=now,
        agency=day.agency,
        data=_date_kept(occurrence, before),
    )
    return occurrence


def _date_kept(occurrence: ImportantDayOccurrence, before: ImportantDayOccurrence | None) -> dict:
    """What the log keeps of a date: as it is, and as it was."""
    data = {"key": occurrence.important_day.key, "from": before and before.date, "date": occurrence.date}
    data |= {name: getattr(occurrence, name) for name in DATE_FACTS}
    return data | ({"old": {name: getattr(before, name) for name in DATE_FACTS}} if before else {})


@transaction.atomic
def holiday_save(*, actor, holiday: Holiday, now: datetime) -> Holiday:
    """Keep a holiday that a person entered or changed; it wins over every rule and import (R25).

    Raises PermissionDenied for another agency's holiday, or a national one unless the actor is a superuser. Deadlines
    are recomputed by whoever listens to `post_save` of Holiday. Raises ValidationError for a year nobody means.
    """
    entry_guard(actor, holiday.agency_id)
    plausible_days_guard(holiday, "date", "in_lieu_of", today=bangkok_date(now))
    holiday.save()
    data = {"date": holiday.date, "kind": holiday.kind, "active": holiday.active}
    audit_record(actor=actor, verb="holiday_save", target=holiday, now=now, data=data)
    return holiday


def entry_guard(actor, agency_id: int | None) -> None:
    if actor is not None and not entry_may_change(actor, agency_id):
        raise PermissionDenied(_("You cannot change this entry: it is national or belongs to another agency."))


def _seed(row: SeededRow, values: dict, changes: Changes) -> None:
    """Create the row, refresh it while it is untouched, or count it as kept."""
    new = row._state.adding
    if not new and not row.untouched:
        changes.kept += 1
        return
    before = row.seeded_hash
    for name, value in values.items():
        setattr(row, name, value)
    row.mark_seeded()
    if row.seeded_hash == before:
        return
    row.save()
    changes.created += new
    changes.updated += not new


def _roll(day: ImportantDay, year: int, existing: list[ImportantDayOccurrence], changes: Changes) -> None:
    """The dates of one important day in one year; `existing` are its rows of that year."""
    dates = _rule_dates(day, year) if day.active else []
    if day.active and day.rule == ANNOUNCED and all(row.slot is not None for row in existing):
        dates = official.announced_dates(day.key, year)  # unless a person entered the announcement first
    status = Status.CONFIRMED if is_certain(day.rule) else Status.TO_CONFIRM
    by_slot = {row.slot: row for row in existing if row.slot is not None}
    for slot, outdated in by_slot.items():
        if slot >= len(dates) and outdated.untouched:
            outdated.delete()
            changes.removed += 1
    by_person = {row.date for row in existing if not row.untouched}
    slots = list(enumerate(dates))
    if slots and 0 in by_slot and by_slot[0].date < dates[0]:
        slots.reverse()  # A range that moves later starts with its last day, so that no two rows meet on one date.
    for slot, found in slots:
        row = by_slot.get(slot) or ImportantDayOccurrence(important_day=day, year=year, slot=slot)
        if found in by_person and (row._state.adding or row.untouched):
            changes.kept += 1
            continue
        _seed(row, {"important_day": day, "date": found, "status": status}, changes)


def _rule_dates(day: ImportantDay, year: int) -> list[date]:
    """Dates by rule; a rule damaged outside the forms costs its own day, never the whole year."""
    try:
        return dates_of(day.rule, year)
    except RuleError:
        logger.exception("important day %s has an unreadable rule", day.key)
        return []


def _official_days(year: int, seeded: dict[str | None, Holiday]) -> list[official.OfficialDay]:
    """Regular, special and substitution days around a year, with what people edited in place of the seed."""
    days = [_as_edited(day, seeded) for around in (year - 1, year) for day in _base_days(around)]
    kept = [day for day in days if day is not None]
    year_bounds = (date(year, 1, 1), date(year, 12, 31))
    by_person = Holiday.objects.filter(agency=None, area="", active=True, date__range=year_bounds)
    moves_itself = (Holiday.Kind.CANCELLED, Holiday.Kind.SUBSTITUTION)
    closed = {row.date for row in by_person if not row.untouched and row.kind not in moves_itself}
    closed |= {day.date for day in kept if day.kind == "special"}
    return official.merged(kept) + official.substitutes(kept, closed)


def _base_days(year: int) -> list[official.OfficialDay]:
    """Every holiday of a C.E. year before substitution: of important days, and what only the package knows."""
    national = ImportantDay.objects.filter(agency=None).prefetch_related(
        models.Prefetch("occurrences", ImportantDayOccurrence.objects.filter(year=year))
    )
    covered: set[date] = set()
    days = []
    for day in national:
        if not (day.gov_holiday or day.edited):
            continue
        rule_dates = _rule_dates(day, year)
        covered.update(rule_dates)
        if day.gov_holiday and day.active:
            days += _days_of(day, year, rule_dates)
    return days + official.extra_days(year, covered)


def _days_of(day: ImportantDay, year: int, rule_dates: list[date]) -> list[official.OfficialDay]:
    rows = list(day.occurrences.all())
    held = [(str(row.pk if row.slot is None else row.slot), row) for row in rows if row.status != Status.CANCELLED]
    # A year that was never rolled (the December before the wanted year) follows the rule.
    dated = [(name, row.date) for name, row in held] if rows else [(str(n), d) for n, d in enumerate(rule_dates)]
    return [
        official.OfficialDay(f"{day.key}:{year}:{name}", found, day.name_th, day.name_en, "regular", day.key)
        for name, found in dated
    ]


def _as_edited(day: official.OfficialDay, seeded: dict[str | None, Holiday]) -> official.OfficialDay | None:
    """The day as a person changed it in the register, or None when it was switched off there."""
    row = seeded.get(day.seed_key)
    if row is None or row.untouched:
        return day
    if not row.active or row.kind == Holiday.Kind.CANCELLED:
        return None
    return official.OfficialDay(
        day.seed_key, row.date, row.name_th, row.name_en, row.kind, day.important_day_key, row.in_lieu_of
    )


def holidays_follow(actor, year: int, now: datetime) -> None:
    """Bring the holidays of a year that was imported before up to date."""
    if Holiday.objects.filter(date__year=year).exclude(seed_key=None).exists():
        holidays_import(actor=actor, year=year, now=now)


def _record_import(actor, verb: str, model: type[models.Model], now: datetime, changes: Changes, **data) -> None:
    """One audit row for the register as a whole, when something changed."""
    if changes.any:
        target = ContentType.objects.get_for_model(model)
        audit_record(actor=actor, verb=verb, target=target, now=now, data={**data, **vars(changes)})
