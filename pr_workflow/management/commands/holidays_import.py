"""`manage.py holidays_import 2027`: the holidays of a year into the register."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from ...festival_calendar.services import holidays_import, important_days_roll
from ..arguments import year_argument


class Command(BaseCommand):
    """Roll the important days of the years and import their holidays; rows edited by a person stay (R25)."""

    help = "Import the official holidays of one or more years; rows edited by a person are never overwritten."

    def add_arguments(self, parser):
        parser.add_argument("years", nargs="+", type=year_argument, help="C.E. or B.E.: 2027 and 2570 are the same")

    def handle(self, *args, years, **options):
        now = timezone.now()
        for year in years:
            important_days_roll(actor=None, year=year, now=now)
            changes = holidays_import(actor=None, year=year, now=now)
            self.stdout.write(
                f"{year}: {changes.created} created, {changes.updated} updated, "
                f"{changes.removed} removed, {changes.kept} kept as edited"
            )
