"""Verbs of the evaluation (S2 §3.8, R63)."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pr_workflow.audit.services import audit_record
from pr_workflow.people.models import Agency
from pr_workflow.thai_time import bangkok_date

from .metrics import MEASURES
from .metrics.measure import Week
from .models import WeeklyReport
from .selectors import week_figures, weeks_without_report


@transaction.atomic
def weekly_report_build(*, actor, agency: Agency, week_start: date, now: datetime) -> WeeklyReport:
    """Build or rebuild the report of one agency for the week that begins on this Monday (R63, R64).

    Idempotent: one row per agency and week; building again brings the numbers up to date. An empty week gives a
    report too. Raises `ValidationError` on `week_start` when it is no Monday or lies in the future.
    """
    if week_start.weekday() != 0:
        raise ValidationError({"week_start": _("A week begins on a Monday. Give the date of a Monday.")})
    if week_start > bangkok_date(now):
        raise ValidationError({"week_start": _("This week has not begun yet. Give an earlier Monday.")})
    week = Week(agency, week_start)
    measures = {measure.key: measure.as_json() for measure in (compute(week) for compute in MEASURES)}
    report, _created = WeeklyReport.objects.update_or_create(
        agency=agency,
        week_start=week_start,
        defaults={"measures": measures, "figures": week_figures(week), "built_at": now},
    )
    audit_record(
        actor=actor,
        verb="weekly_report_build",
        target=report,
        now=now,
        data={"week_start": week_start, "percent": {key: row["percent"] for key, row in measures.items()}},
    )
    return report


def weekly_reports_build_due(*, now: datetime) -> list[WeeklyReport]:
    """Build every finished week that has no report yet, for every agency; also weeks missed while nothing ran."""
    this_monday = bangkok_date(now) - timedelta(days=bangkok_date(now).weekday())
    return [
        weekly_report_build(actor=None, agency=agency, week_start=monday, now=now)
        for agency in Agency.objects.all()
        for monday in weeks_without_report(agency, before=this_monday)
    ]
