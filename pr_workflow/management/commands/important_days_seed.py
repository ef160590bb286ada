"""`manage.py important_days_seed`: the national important days and the default templates into their registers."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from ...festival_calendar.services import important_days_seed
from ...lead_time.services import draft_templates_seed


class Command(BaseCommand):
    """Write national important days and draft templates from their data files; rows edited by a person stay (R20)."""

    help = "Write the national important days; rows edited by a person are never overwritten."

    def handle(self, *args, **options):
        changes = important_days_seed(actor=None, now=timezone.now())
        draft_templates_seed(actor=None, now=timezone.now())
        self.stdout.write(f"{changes.created} created, {changes.updated} updated, {changes.kept} kept as edited")
