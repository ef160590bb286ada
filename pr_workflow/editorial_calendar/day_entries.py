"""Entries every agency has: important days, holidays, and activities of the plan in force (R18–R25)."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from ..festival_calendar.day_choices import dated_days
from ..festival_calendar.models import Holiday
from ..festival_calendar.selectors import closed_days
from ..people.models import Agency, StaffProfile
from ..plan.models import ActivityCancellation, AnnualPlan, PlanActivity
from ..plan.selectors import standing_cancellations
from ..seen_dates import seen_text
from ..thai_time import thai_date_range
from .entry import Entry, EntryKind, Officer
from .reader import Reader


def important_days(reader: Reader, first: date, last: date, today: date) -> Iterator[Entry]:
    """The dates of the important days the agency observes, as it uses them; what nobody has confirmed says so. Two
    queries."""
    for dated in dated_days(agency=reader.agency, first=first, last=last):
        row, day = dated.occurrence, dated.day.important_day
        own = day.agency_id == reader.agency.pk
        yield Entry(
            EntryKind.IMPORTANT_DAY,
            row.pk,
            day.name_th,
            row.date,
            row.date,
            target_groups=tuple(dated.day.audience),
            rank=dated.day.rank,
            note="" if dated.confirmed else _("date to be confirmed"),
            path=reverse("wagtailsnippets_pr_workflow_importantdayoccurrence:inspect", args=[row.pk]),
            seen_date=seen_text(row.date),
            movable=reader.edits_days and row.date >= today and (own or reader.user.is_superuser),
        )


def holidays(reader: Reader, first: date, last: date) -> Iterator[Entry]:
    """Days on which the office is closed, and those on which it is open although a rule says otherwise. Two queries."""
    closed = closed_days(first, last, agency=reader.agency)
    by_row = Q(active=True, kind=Holiday.Kind.CANCELLED)
    struck = Q(active=False, cancelled_at__isnull=False)
    cancelled = Holiday.objects.visible_to(reader.agency).filter(by_row | struck, date__range=(first, last))
    opened = {
        row.date: row
        for row in cancelled.order_by("date", "pk")
        if row.date not in closed and row.holds_in(reader.agency.province)
    }
    for kind, rows in ((EntryKind.HOLIDAY, closed), (EntryKind.OPEN_DAY, opened)):
        for day, row in rows.items():
            note = _("office open") if kind == EntryKind.OPEN_DAY else str(row.get_kind_display())
            path = reverse("wagtailsnippets_pr_workflow_holiday:inspect", args=[row.pk])
            yield Entry(kind, row.pk, row.name_th, day, day, note=note, path=path)


def activities(reader: Reader, first: date, last: date, today: date) -> Iterator[Entry]:
    """The activities of the plans in force that touch the period; a cancelled one, and one that an amendment under way
    moves, says so. Two queries, and a third while there is an amendment."""
    if not reader.reads_plan:
        return
    rows = PlanActivity.objects.filter(plan__agency=reader.agency, plan__live=True, start__lte=last, end__gte=first)
    acts = ActivityCancellation.objects.filter(agency=reader.agency, plan__live=True).order_by("at", "id")
    cancelled = standing_cancellations(acts)
    found = list(rows.select_related("plan", "responsible_officer__unit"))
    under_way = any(row.plan.has_unpublished_changes for row in found)
    amended = _amended_days(reader.agency) if under_way else {}
    for row in found:
        moved = amended.get(str(row.uuid))
        yield Entry(
            EntryKind.ACTIVITY,
            row.pk,
            f"{row.code} {row.title}",
            row.start,
            row.end,
            officer=officer_in(row.responsible_officer),
            unit_id=row.unit_id,
            target_groups=tuple(row.target_groups),
            channels=tuple(row.channels),
            note=_("cancelled") if row.uuid in cancelled else _moved_note(row, moved),
            seen_date=seen_text(moved[0] if moved else row.start),
            path=reverse("wagtailsnippets_pr_workflow_annualplan:inspect", args=[row.plan_id]),
            movable=reader.edits_plan and row.uuid not in cancelled and row.start >= today and not row.plan.locked,
        )


def _amended_days(agency: Agency) -> dict[str, tuple[date, date]]:
    """Where amendments that are not approved yet put the activities of plans in force, by `uuid`. One query."""
    plans = AnnualPlan.objects.filter(agency=agency, live=True, has_unpublished_changes=True)
    versions = plans.exclude(latest_revision=None).values_list("latest_revision__content", flat=True)
    lines = (line for content in versions for line in content.get("activities", ()))
    return {line["uuid"]: (date.fromisoformat(line["start"]), date.fromisoformat(line["end"])) for line in lines}


def _moved_note(activity: PlanActivity, moved: tuple[date, date] | None) -> str:
    if moved is None or moved == (activity.start, activity.end):
        return ""
    return _("waits for approval to be moved to %(days)s") % {"days": thai_date_range(*moved, "short")}


def officer_in(person: StaffProfile | None) -> Officer | None:
    """A responsible officer as the calendar names them."""
    if person is None:
        return None
    return Officer(person.pk, person.display_name, person.unit_id, person.unit.name if person.unit else "")
