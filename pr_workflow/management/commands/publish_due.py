"""`manage.py publish_due`: run one publishing tick by hand and say what it did."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand
from django.utils import timezone

from pr_workflow.publishing.search_debt import search_debts_pay
from pr_workflow.publishing.tick import tick_run


class Command(BaseCommand):
    """The same tick the job runs every minute (I1), and what the index job does after it."""

    help = "Publish everything that is due, take down what has expired, bring search and references up to date."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args, **options):
        now = timezone.now()
        report = tick_run(now=now)
        indexed = search_debts_pay(now=timezone.now())
        if options["json"]:
            rows = {
                "at": now.isoformat(),
                "outcomes": [asdict(row) for row in report.outcomes],
                "other_revisions": report.others,
                "expired": report.expired,
                "lapsed": report.lapsed,
                "indexed": indexed,
            }
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in report.outcomes:
            self.stdout.write(f"{'live' if row.went_live else 'FAILED'}: {row.title} {row.reason}".rstrip())
        counts = (len(report.outcomes), len(report.others), len(report.expired), len(report.lapsed), indexed)
        self.stdout.write("{} news due, {} other pages, {} expired, {} lapsed, {} indexed.".format(*counts))
