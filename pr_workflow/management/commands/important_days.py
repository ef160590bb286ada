"""`manage.py important_days 2027`: what a year holds."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand
from django.utils import timezone

from ...festival_calendar.selectors import year_entries, years_without_holidays
from ...festival_calendar.services import calendar_prepare
from ...thai_time import thai_date
from ..arguments import agency_argument, year_argument


class Command(BaseCommand):
    """Print every important day, substitution holiday and special holiday of a year (R20, R25).

    A year that was never imported is prepared first; nothing a person edited is changed by that.
    """

    help = "Print the important days of a year, with substitution and special holidays."

    def add_arguments(self, parser):
        parser.add_argument("year", type=year_argument, help="C.E. or B.E.: 2027 and 2570 are the same year")
        parser.add_argument("--agency", type=agency_argument, help="code of an agency whose own entries are added")
        parser.add_argument("--json", action="store_true", help="one JSON list for machines")

    def handle(self, *args, year, agency, **options):
        if missing := years_without_holidays([year]):
            calendar_prepare(actor=None, now=timezone.now(), years=missing)
        entries = year_entries(year, agency=agency)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(each) for each in entries], ensure_ascii=False, indent=1, default=str))
            return
        for each in entries:
            mark = " " if each.confirmed else "?"
            self.stdout.write(f"{thai_date(each.date, 'numeric')} {mark} {each.entry:<12} {each.key:<30} {each.name}")
