"""Records of the chain that the log tells of and the tables no longer hold (I4, R49).

PostgreSQL refuses to delete them. SQLite holds changes only, so whoever opens its file can take rows out; the log is
chained by hashes, and what it says was signed has to be there.
"""

from collections.abc import Hashable, Iterator

from django.db.models import Model

from ..audit.models import AuditEntry
from .models import ApprovalSeal, ApprovalWithdrawal, Submission

#: Which record each verb leaves, whatever the noun of the content before it.
LEFT_BY: dict[str, type[Model]] = {
    "news_submit": Submission,
    "plan_submit": Submission,
    "news_approve": ApprovalSeal,
    "plan_approve": ApprovalSeal,
    "approval_withdraw": ApprovalWithdrawal,
    "approval_lapse": ApprovalWithdrawal,
}


def lost_records() -> Iterator[tuple[AuditEntry, type[Model]]]:
    """Each row of the log whose record is gone, and what that was, in the order of the log."""
    # The same version may be submitted twice; a signature is one person's at one moment.
    present: dict[type[Model], set[Hashable]] = {
        Submission: set(Submission.objects.values_list("revision", flat=True)),
        ApprovalWithdrawal: set(ApprovalWithdrawal.objects.values_list("revision", flat=True)),
        ApprovalSeal: {
            (revision, str(approver), at)
            for revision, approver, at in ApprovalSeal.objects.values_list("revision", "approver", "sealed_at")
        },
    }
    rows = AuditEntry.objects.filter(verb__in=LEFT_BY).order_by("pk")
    for entry in rows.iterator(chunk_size=500):
        if "revision" not in entry.data:
            continue
        model, revision = LEFT_BY[entry.verb], entry.data["revision"]
        key = (revision, entry.actor_id_text, entry.at) if model is ApprovalSeal else revision
        if key not in present[model]:
            yield entry, model
