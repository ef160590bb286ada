"""`manage.py weekly_report`: build a weekly report by hand and print it."""

import json
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluation.services import weekly_report_build
from pr_workflow.people.models import Agency
from pr_workflow.thai_time import bangkok_date


class Command(BaseCommand):
    """The same service the Monday job calls (R63)."""

    help = "Build the weekly report of all agencies, or one, for a week given by its Monday (default: this week)."

    def add_arguments(self, parser):
        parser.add_argument("--agency", help="Code of one agency.")
        parser.add_argument("--week", help="The Monday, as YYYY-MM-DD (C.E.).")
        parser.add_argument("--json", action="store_true", help="Print the reports as JSON.")

    def handle(self, *args, **options):
        now = timezone.now()
        today = bangkok_date(now)
        try:
            monday = date.fromisoformat(options["week"]) if options["week"] else today - timedelta(days=today.weekday())
        except ValueError as error:
            raise CommandError(f"--week: {options['week']} is not a date like 2026-11-16.") from error
        agencies = Agency.objects.filter(code=options["agency"]) if options["agency"] else Agency.objects.all()
        if not agencies:
            raise CommandError("--agency: there is no agency with this code.")
        try:
            reports = [weekly_report_build(actor=None, agency=a, week_start=monday, now=now) for a in agencies]
        except ValidationError as error:
            raise CommandError("--week: " + " ".join(error.messages)) from error
        if options["json"]:
            rows = [
                {
                    "agency": r.agency.code,
                    "week_start": monday.isoformat(),
                    "measures": r.measures,
                    "figures": r.figures,
                }
                for r in reports
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for report in reports:
            self.stdout.write(str(report))
            for key, row in report.measures.items():
                share = "–" if row["percent"] is None else f"{row['percent']} %"
                self.stdout.write(f"  {key:<11} {share:>8}  ({row['good']}/{row['total']})")
