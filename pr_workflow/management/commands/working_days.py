"""`manage.py working_days 2027-04-01 2027-04-30`: on which days the office works."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from ...festival_calendar.selectors import holidays_in, working_days_in, years_without_holidays
from ...festival_calendar.services import calendar_prepare
from ...thai_time import thai_date
from ..arguments import agency_argument, date_argument

LONGEST_SPAN_YEARS = 10


class Command(BaseCommand):
    """Print the working days between two dates, both included, and the holidays among them (R25).

    A year that was never imported is prepared first; nothing a person edited is changed by that.
    """

    help = "Print the working days between two dates, both included."

    def add_arguments(self, parser):
        parser.add_argument("from", type=date_argument, help="2027-04-01 or 1/4/2570")
        parser.add_argument("to", type=date_argument, help="2027-04-30 or 30/4/2570")
        parser.add_argument("--agency", type=agency_argument, help="code of an agency whose own holidays count")
        parser.add_argument("--json", action="store_true", help="one JSON object for machines")

    def handle(self, *args, to, agency, **options):
        start = options["from"]
        if to < start:
            raise CommandError(f"The period ends ({to}) before it starts ({start}).")
        if to.year - start.year > LONGEST_SPAN_YEARS:
            raise CommandError(f"The period is longer than {LONGEST_SPAN_YEARS} years. Ask for a shorter one.")
        if missing := years_without_holidays(range(start.year, to.year + 1)):
            calendar_prepare(actor=None, now=timezone.now(), years=missing)
        days = working_days_in(start, to, agency=agency)
        holidays = holidays_in(start, to, agency=agency)
        if options["json"]:
            self.stdout.write(self._as_json(start, to, agency, days, holidays))
            return
        for day in days:
            self.stdout.write(thai_date(day, "full_with_weekday"))
        counts = {"days": len(days), "holidays": len(holidays)}
        self.stdout.write(_("%(days)d working days, %(holidays)d official holidays") % counts)

    def _as_json(self, start, to, agency, days, holidays) -> str:
        answer = {
            "from": start,
            "to": to,
            "agency": agency and agency.code,
            "count": len(days),
            "days": days,
            "holidays": [
                {"date": each.date, "name": each.name_th, "kind": each.kind, "in_lieu_of": each.in_lieu_of}
                for each in holidays
            ],
        }
        return json.dumps(answer, ensure_ascii=False, indent=1, default=str)
