"""`manage.py verify_audit`: is the audit log whole, and is there what it says was signed?

Names the first broken row of each chain, and each row whose signature, submission or withdrawal was taken out.
"""

from django.core.management.base import BaseCommand

from pr_workflow.approval.lost_records import lost_records
from pr_workflow.audit.models import AuditEntry, AuditHead
from pr_workflow.audit.services import audit_verify


class Command(BaseCommand):
    """Exit code 0 when every chain is whole and nothing is gone, 1 otherwise (I4)."""

    help = "Check the hash chain of the audit log and name the first broken row; name signatures that are gone."

    def handle(self, *args, **options):
        chains = set(AuditHead.objects.values_list("chain", flat=True))
        chains |= set(AuditEntry.objects.order_by().values_list("chain", flat=True).distinct())
        broken = [row for chain in sorted(chains) if (row := audit_verify(chain=chain))]
        for row in broken:
            self.stderr.write(f"{row.chain}: row {row.sequence} is broken: {row.reason}")
        lost = list(lost_records())
        for entry, model in lost:
            self.stderr.write(
                f"{entry.chain}: row {entry.sequence} ({entry.verb}) tells of a record that is gone: "
                f"{model._meta.model_name} of version {entry.data['revision']}"
            )
        if broken or lost:
            raise SystemExit(1)
        count = AuditEntry.objects.count()
        self.stdout.write(f"{count} rows in {len(chains)} chains, all whole.")
