"""`manage.py lead_time_drafts`: make the drafts whose lead time has come."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from ...lead_time.services import Line, lead_time_pass
from ...thai_time import bangkok_date, thai_date
from ..arguments import agency_argument, date_argument


class Command(BaseCommand):
    """Run one pass of the job `lead_time_tick` and print what it did (R20, R24). Safe to repeat."""

    help = "Make the drafts whose lead time has come, once for each activity of a plan in force."

    def add_arguments(self, parser):
        parser.add_argument("--date", type=date_argument, help="the day that counts, 2027-04-01 or 1/4/2570; today")
        parser.add_argument("--agency", type=agency_argument, help="code of one agency; without it all")
        parser.add_argument("--json", action="store_true", help="one JSON object for machines")

    def handle(self, *args, date, agency, **options):
        now = timezone.now()
        today = date or bangkok_date(now)
        lines = lead_time_pass(now=now, today=today, agencies=[agency] if agency else None)
        if options["json"]:
            answer = {"date": today, "lines": [asdict(line) for line in lines]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
            return
        for line in lines:
            self.stdout.write(self._in_words(line))
        self.stdout.write(_("%(number)d drafts made") % {"number": sum(line.outcome == "made" for line in lines)})

    @staticmethod
    def _in_words(line: Line) -> str:
        shown = thai_date(line.date, "numeric") if line.date else ""
        return f"{line.agency:<10} {line.outcome:<10} {line.activity:<12} {shown:<10} {line.day} {line.reason}".rstrip()
