"""`manage.py publish_due`: run one publishing tick by hand and say what it did."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand
from django.utils import timezone

from pr_workflow.publishing.tick import expire_due, other_schedules_publish, publish_due


class Command(BaseCommand):
    """The same tick the job runs every minute (I1)."""

    help = "Publish everything that is due and take down what has expired."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args, **options):
        now = timezone.now()
        outcomes = publish_due(now=now)
        others, expired = other_schedules_publish(now=now), expire_due(now=now)
        if options["json"]:
            rows = {
                "at": now.isoformat(),
                "outcomes": [asdict(row) for row in outcomes],
                "other_revisions": others,
                "expired": expired,
            }
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in outcomes:
            self.stdout.write(f"{'live' if row.went_live else 'FAILED'}: {row.title} {row.reason}".rstrip())
        self.stdout.write(f"{len(outcomes)} news due, {len(others)} other pages, {len(expired)} expired.")
