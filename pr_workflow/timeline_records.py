"""The rows of every step that belong to one page, each kind fetched once."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from wagtail.models import Revision, TaskState, WorkflowState

from .approval.models import ApprovalSeal, ApprovalWithdrawal, StepDeadline, Submission
from .archive.models import ArchiveRecord
from .audit.models import AuditEntry
from .clocks.models import ClockPause
from .distribution.models import Delivery
from .people.models import StaffProfile
from .publishing.models import CorrectionRound, Posting, PublicationCheck
from .stages import Stage

#: The records with a clock, and the stage whose clock it is.
CLOCK_STAGES: dict[type[Model], Stage] = {
    StepDeadline: Stage.APPROVE,
    Posting: Stage.POST,
    PublicationCheck: Stage.VERIFY,
    CorrectionRound: Stage.WRITE,
}

#: Acts that leave no row of their own, or one that is overwritten; the log keeps each.
LOGGED = (
    "news_submit",
    "news_withdraw",
    "news_post",
    "news_post_by_itself",
    "posting_recall",
    "news_take_down",
    "emergency_publish",
    "emergency_confirm",
    "emergency_refuse",
)


@dataclass
class Records:
    """Everything known about one page, oldest first."""

    is_live: bool
    first_revision: Revision | None
    chain: WorkflowState | None
    steps: list[TaskState]
    seals: list[ApprovalSeal]
    log: list[AuditEntry]
    postings: list[Posting]
    checks: list[PublicationCheck]
    corrections: list[CorrectionRound]
    deliveries: list[Delivery]
    archived: list[ArchiveRecord]
    submissions: list[Submission]
    withdrawals: list[ApprovalWithdrawal]
    officer: StaffProfile | None = None
    pauses: list[tuple[ClockPause, Stage]] = field(default_factory=list)
    staff: dict[str, StaffProfile] = field(default_factory=dict)

    @classmethod
    def of(cls, page) -> "Records":
        """Fetch them: one query a kind, whatever their number."""
        page_type, number = page.get_base_content_type(), str(page.pk)
        revisions = Revision.objects.filter(base_content_type=page_type, object_id=number)
        chains = WorkflowState.objects.filter(base_content_type=page_type, object_id=number)
        entries = AuditEntry.objects.filter(target_type=type(page)._meta.label, target_id=number, verb__in=LOGGED)
        records = cls(
            is_live=page.live,
            first_revision=revisions.order_by("pk").defer("content").first(),
            chain=chains.order_by("-created_at", "-pk").first(),
            steps=list(_steps(chains)),
            seals=list(ApprovalSeal.objects.filter(workflow_state__in=chains).select_related("task")),
            log=list(entries.order_by("at", "sequence")),
            postings=list(Posting.objects.filter(page_id=page.pk).order_by("opened_at", "pk")),
            checks=list(PublicationCheck.objects.filter(page_id=page.pk).order_by("opened_at", "pk")),
            corrections=list(CorrectionRound.objects.filter(page_id=page.pk).order_by("number")),
            deliveries=list(Delivery.objects.filter(page_id=page.pk).select_related("channel").order_by("planned_at")),
            archived=list(ArchiveRecord.objects.filter(page_number=page.pk).defer("content").order_by("archived_at")),
            submissions=list(Submission.objects.filter(workflow_state__in=chains).order_by("submitted_at", "pk")),
            withdrawals=list(ApprovalWithdrawal.objects.filter(workflow_state__in=chains).order_by("withdrawn_at")),
            officer=page.responsible_officer,
        )
        records.pauses = records._pauses()
        records.staff = {
            str(profile.user_id): profile for profile in StaffProfile.objects.filter(user_id__in=records._account_ids())
        }
        return records

    def _account_ids(self) -> set[Any]:
        found = {entry.actor_id_text for entry in self.log if entry.actor_id_text}
        found |= {str(step.finished_by_id) for step in self.steps if step.finished_by_id}
        found |= {str(check.answered_by_id) for check in self.checks if check.answered_by_id}
        found |= {str(row.received_by_id) for row in self.postings if row.received_by_id}
        found |= {str(row.posted_by_id) for row in self.postings if row.posted_by_id}
        found |= {str(who) for pause, _stage in self.pauses for who in (pause.paused_by_id, pause.resumed_by_id) if who}
        if self.chain and self.chain.requested_by_id:
            found.add(str(self.chain.requested_by_id))
        if self.first_revision and self.first_revision.user_id:
            found.add(str(self.first_revision.user_id))
        return found

    def _pauses(self) -> list[tuple[ClockPause, Stage]]:
        """The times in which a clock of this item stood still (one query)."""
        deadlines = [step.deadline for step in self.steps if hasattr(step, "deadline")]
        stages, wanted = {}, Q(pk__in=[])
        for rows in (deadlines, self.postings, self.checks, self.corrections):
            for row in rows:
                key = ContentType.objects.get_for_model(row).pk
                stages[key] = CLOCK_STAGES[type(row)]
                wanted |= Q(content_type=key, object_id=row.pk)
        return [(pause, stages[pause.content_type_id]) for pause in ClockPause.objects.filter(wanted)]

    def steps_asked(self, chain: int, revision: int) -> list[dict[str, Any]]:
        """The steps a version was submitted for, in order; a skipped one with its reason."""
        found = (row for row in self.submissions if (row.workflow_state_id, row.revision_id) == (chain, revision))
        return next((row.steps for row in found), [])

    def names(self, account: Any) -> tuple[str, ...]:
        """The name of an account as the holder of the item; nothing for nobody."""
        profile = self.staff.get(str(account))
        return (profile.display_name,) if profile else ()

    def responsible(self) -> tuple[str, ...]:
        """The name of the responsible officer."""
        return (self.officer.display_name,) if self.officer else ()

    def person(self, account: Any, name: str = "") -> dict[str, str]:
        """Name and position of an account, as arguments of an event; `name` when it has no profile (any more)."""
        profile = self.staff.get(str(account))
        return {"who": profile.display_name, "position": profile.position} if profile else {"who": name}

    @property
    def current_step(self) -> TaskState | None:
        """The step the latest chain stands at."""
        wanted = self.chain.current_task_state_id if self.chain else None
        return next((step for step in self.steps if step.pk == wanted), None)

    @property
    def open_posting(self) -> Posting | None:
        """The posting that is neither live nor closed."""
        return next((row for row in reversed(self.postings) if not (row.went_live_at or row.closed_at)), None)

    @property
    def open_check(self) -> PublicationCheck | None:
        """The check nobody has answered yet."""
        return next((check for check in reversed(self.checks) if not check.answered_at), None)

    @property
    def open_correction(self) -> CorrectionRound | None:
        """The correction round that is still running."""
        return next((row for row in reversed(self.corrections) if not row.closed_at), None)

    @property
    def withdrawal(self) -> ApprovalWithdrawal | None:
        """The withdrawal of its approval that no other submission has answered."""
        last = self.withdrawals[-1] if self.withdrawals else None
        return last if last and self.chain and last.workflow_state_id == self.chain.pk else None

    @property
    def was_live(self) -> bool:
        """Whether any version was ever public."""
        return any(posting.went_live_at for posting in self.postings)


def _steps(chains):
    states = TaskState.objects.filter(workflow_state__in=chains).select_related("task", "deadline")
    return states.order_by("started_at", "pk")
