"""`manage.py verify_audit`: is the audit log whole? Names the first broken row of each chain."""

from django.core.management.base import BaseCommand

from pr_workflow.audit.models import AuditEntry, AuditHead
from pr_workflow.audit.services import audit_verify


class Command(BaseCommand):
    """Exit code 0 when every chain is whole, 1 when one is broken (I4)."""

    help = "Check the hash chain of the audit log and name the first broken row."

    def handle(self, *args, **options):
        chains = set(AuditHead.objects.values_list("chain", flat=True))
        chains |= set(AuditEntry.objects.order_by().values_list("chain", flat=True).distinct())
        broken = [row for chain in sorted(chains) if (row := audit_verify(chain=chain))]
        for row in broken:
            self.stderr.write(f"{row.chain}: row {row.sequence} is broken: {row.reason}")
        if broken:
            raise SystemExit(1)
        count = AuditEntry.objects.count()
        self.stdout.write(f"{count} rows in {len(chains)} chains, all whole.")
