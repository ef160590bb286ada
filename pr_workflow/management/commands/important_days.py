"""`manage.py important_days 2027`: what a year holds."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ...festival_calendar.selectors import year_entries, years_without_holidays
from ...festival_calendar.services import calendar_prepare
from ...thai_time import thai_date, to_be
from ..arguments import agency_argument, year_argument

#: C.E. years for which every lunar day can be reckoned; a row less would be a wrong answer.
YEARS = range(1914, 2100)


class Command(BaseCommand):
    """Print every important day, substitution holiday and special holiday of a year (R20, R25).

    A year that was never imported is prepared first; nothing a person edited is changed by that.
    """

    help = "Print the important days of a year, with substitution and special holidays."

    def add_arguments(self, parser):
        parser.add_argument(
            "year", type=year_argument, help="C.E.; a B.E. year is understood and said so: 2570 is 2027"
        )
        parser.add_argument("--agency", type=agency_argument, help="code of an agency whose own entries are added")
        parser.add_argument("--json", action="store_true", help="one JSON list for machines")

    def handle(self, *args, year, agency, **options):
        if year not in YEARS:
            raise CommandError(
                f"The lunar calendar is known from {YEARS[0]} to {YEARS[-1]} C.E. only. Give one of those."
            )
        if year.typed_be:
            # Not on standard output: that is for whoever reads the JSON.
            self.stderr.write(f"{to_be(year)} is a B.E. year: these are the days of {year} C.E.")
        if missing := years_without_holidays([year]):
            calendar_prepare(actor=None, now=timezone.now(), years=missing)
        entries = year_entries(year, agency=agency)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(each) for each in entries], ensure_ascii=False, indent=1, default=str))
            return
        for each in entries:
            mark = " " if each.confirmed else "?"
            self.stdout.write(f"{thai_date(each.date, 'numeric')} {mark} {each.entry:<12} {each.key:<30} {each.name}")
