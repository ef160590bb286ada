"""Which dates the registers of days take: none of a year that nobody means, none outside the year of its rule."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..thai_moment import year_refusal
from ..thai_time import thai_date, to_be
from .models import ImportantDayOccurrence

Status = ImportantDayOccurrence.Status


def plausible_days_guard(row, *names: str, today: date) -> None:
    """Raises `ValidationError` for each of the named date fields of a row whose year nobody means."""
    problems = {}
    for name in names:
        label, day = str(row._meta.get_field(name).verbose_name), getattr(row, name)
        if day is not None and (refusal := year_refusal(day, field=label, today=today)):
            problems[name] = refusal
    if problems:
        raise ValidationError(problems)


def occurrence_date_guard(occurrence: ImportantDayOccurrence, *, today: date) -> ImportantDayOccurrence | None:
    """Keep a date of an important day in the year it was made for (R20); returns the row as it is kept until
    now, None for a new one.

    A day that is held in another year is entered there; a range across New Year stays in its two years. Raises
    `ValidationError` on `date`.
    """
    before = ImportantDayOccurrence.objects.filter(pk=occurrence.pk).first()
    if before is not None and before.date == occurrence.date:
        return before
    plausible_days_guard(occurrence, "date", today=today)
    if before is None:
        return None
    if occurrence.date.year not in {before.year, before.date.year}:
        text = _(
            "“%(field)s”: %(day)s is not in %(year)s, the year this date belongs to. Mark this one as not held, and "
            "enter another date for the other year."
        )
        words = {"field": _("Date"), "day": thai_date(occurrence.date), "year": to_be(before.year)}
        raise ValidationError({"date": text % words})
    return before


def unconfirm_moved(occurrence: ImportantDayOccurrence, before: ImportantDayOccurrence | None) -> None:
    """A notice confirms one date: on another date the day is to be confirmed again, without that reference (R20).

    Unless a new reference came with the new date. Changes the row and saves nothing.
    """
    if before is None or before.date == occurrence.date:
        return
    if before.status != Status.CONFIRMED or occurrence.status != Status.CONFIRMED or not before.reference_no:
        return
    if occurrence.reference_no.strip() in ("", before.reference_no.strip()):
        occurrence.status, occurrence.reference_no = Status.TO_CONFIRM, ""
