"""The verbs of a holiday that is called off or moved: the old row stays as a record, tied to the new one (R25)."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record
from ..thai_moment import year_refusal
from ..thai_time import bangkok_date, thai_date
from .models import Holiday
from .services import entry_guard, holidays_follow

#: A substitute lies within so many days of the holiday it stands for.
SUBSTITUTE_WITHIN = timedelta(days=14)
LONGEST_REFERENCE = Holiday._meta.get_field("reference_no").max_length or 100


@transaction.atomic
def holiday_cancel(*, actor, holiday: Holiday, reference_no: str, now: datetime) -> Holiday:
    """Call a holiday off: offices work on its date. The row stays, out of use, and no import brings it back.

    Args: reference_no, of the resolution or announcement that cancels it; now, aware. Open deadlines follow in the same
    transaction. Raises PermissionDenied like `holiday_save`, and ValidationError that names the field.
    """
    row = _in_use(actor, holiday)
    _call_off(row, _reference(reference_no), now)
    _follow_substitutes(actor, now, row)
    data = {"date": row.date, "reference_no": row.cancel_reference_no}
    audit_record(actor=actor, verb="holiday_cancel", target=row, now=now, data=data)
    return row


@transaction.atomic
def holiday_move(*, actor, holiday: Holiday, to: date, reference_no: str, now: datetime) -> Holiday:
    """Move a holiday to another date: the old row is called off, a new one that remembers it closes the offices.

    The new row has the name, kind, provinces and agency of the old one. Returns it. Raises like `holiday_cancel`.
    """
    row = _in_use(actor, holiday)
    reference_no = _reference(reference_no)
    if to == row.date:
        raise ValidationError({"to": _("This is the date it has now. Give another one, or cancel the holiday.")})
    _call_off(row, reference_no, now)
    moved = Holiday(
        agency=row.agency,
        provinces=row.provinces,
        date=to,
        name_th=row.name_th,
        name_en=row.name_en,
        kind=row.kind,
        in_lieu_of=None if row.in_lieu_of == to else row.in_lieu_of,
        important_day=row.important_day,
        reference_no=reference_no,
        note=row.note,
        moved_from=row,
    )
    if refusal := year_refusal(to, field=_("New date"), today=bangkok_date(now)):
        raise ValidationError({"to": refusal})
    _place_free(moved)
    moved.save()
    _follow_substitutes(actor, now, row, moved)
    data = {"from": row.date, "to": to, "old": row.pk, "reference_no": reference_no}
    audit_record(actor=actor, verb="holiday_move", target=moved, now=now, data=data)
    return moved


def _in_use(actor, holiday: Holiday) -> Holiday:
    """The row as it is now; two people who move it at one instant do not both."""
    row = Holiday.objects.select_for_update(of=("self",)).select_related("agency", "important_day").get(pk=holiday.pk)
    entry_guard(actor, row.agency_id)
    if not row.active:
        raise ValidationError(
            {"act": _("This holiday is not in use any more. Look at the list for how it stands now.")}
        )
    if row.kind == Holiday.Kind.CANCELLED:
        text = _("This row keeps offices open. Take it out of use in its form instead of cancelling it.")
        raise ValidationError({"act": text})
    return row


def _reference(text: str) -> str:
    clean = " ".join(text.split())
    if not clean:
        raise ValidationError({"reference_no": _("Give the number of the resolution or announcement.")})
    if len(clean) > LONGEST_REFERENCE:
        text = _("Give a number of at most %(number)d characters.") % {"number": LONGEST_REFERENCE}
        raise ValidationError({"reference_no": text})
    return clean


def _call_off(row: Holiday, reference_no: str, now: datetime) -> None:
    row.active, row.edited = False, True
    row.cancelled_at, row.cancel_reference_no = now, reference_no
    row.save()


def _place_free(moved: Holiday) -> None:
    same = Holiday.objects.filter(date=moved.date, agency=moved.agency, kind=moved.kind)
    taken = next((row for row in same if row.provinces == moved.provinces), None)
    if taken is not None:
        text = _("On %(date)s there is “%(name)s” already%(state)s. Choose another date, or change that row.")
        state = "" if taken.active else " " + _("(not in use)")
        words = {"date": thai_date(moved.date), "name": taken.name_th, "state": state}
        raise ValidationError({"to": text % words})


def _follow_substitutes(actor, now: datetime, *rows: Holiday) -> None:
    """A cancelled holiday takes its substitute along; a moved one has the substitute its new date asks for."""
    if any(row.agency_id is None and not row.provinces for row in rows):
        years = {day.year for row in rows for day in (row.date, row.date + SUBSTITUTE_WITHIN)}
        for year in sorted(years):
            holidays_follow(actor, year, now)
