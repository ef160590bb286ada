"""`manage.py important_days_seed`: the national important days into the register."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from ...festival_calendar.services import important_days_seed


class Command(BaseCommand):
    """Write the national important days from the data file; rows edited by a person stay (R20)."""

    help = "Write the national important days; rows edited by a person are never overwritten."

    def handle(self, *args, **options):
        changes = important_days_seed(actor=None, now=timezone.now())
        self.stdout.write(f"{changes.created} created, {changes.updated} updated, {changes.kept} kept as edited")
