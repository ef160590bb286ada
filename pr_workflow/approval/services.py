"""Verbs of the approval step. Wagtail's buttons end in the same functions (see `workflow_steps`)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from ..audit.services import audit_record, chain_lock
from ..clock import step_clock
from ..conf import step_limit_working_days
from ..festival_calendar.selectors import add_working_days
from ..news.readiness import news_problems
from ..people.models import Agency
from ..people.selectors import profile_of
from ..signals import news_returned, news_submitted
from .content_hash import content_hash
from .models import ApprovalSeal, StepDeadline, Submission
from .selectors import (
    agency_of_content,
    chain_tasks,
    chain_verdict,
    refusal_to_decide,
    refusal_to_sign,
    unmanned_steps,
)


class ApprovalRefused(PermissionDenied):
    """A signature, a return or a submission was refused; the text is for the person. Answered as 403."""


def audit_verb(content, verb: str) -> str:
    """The verb as the log names it: `news_submit`, `plan_submit`; the content class says its noun (`audit_noun`)."""
    return f"{getattr(content, 'audit_noun', 'content')}_{verb}"


def is_news(content) -> bool:
    """Plans and other content pass the same chain; the news signals are for news alone."""
    return getattr(content, "audit_noun", "") == "news"


def submission_guard(content, workflow) -> None:
    """Refuse a submission that could not be signed: incomplete content, or a step nobody can fill (R05, R31).

    The editor form says the same at the fields; this is the line no other way can cross.
    Raises `ApprovalRefused`.
    """
    if hasattr(content, "responsible_officer_id"):
        problems = news_problems(content)
        if problems:
            raise ApprovalRefused(" ".join(problem.message for problem in problems))
    unmanned = unmanned_steps(workflow)
    if unmanned:
        raise ApprovalRefused(
            _("Nobody can fill the step “%(step)s”. Ask the system administrator to add a member to its group.")
            % {"step": unmanned[0]}
        )


@transaction.atomic
def round_renew(*, actor, workflow_state: WorkflowState) -> None:
    """Give an item that comes back unchanged after a return a version of its own (R39).

    Signatures count per version; without a new one the levels below the return would not be asked again.
    """
    last = workflow_state.task_states.order_by("-pk").first()
    content = workflow_state.content_object
    if last and last.status == TaskState.STATUS_REJECTED and last.revision_id == content.latest_revision_id:
        content.get_latest_revision_as_object().save_revision(user=actor, changed=False)
        content.refresh_from_db(fields=["latest_revision"])


def _agency_required(content) -> Agency:
    agency = agency_of_content(content)
    if agency is None:
        raise ApprovalRefused(_("This item lies in no agency's site, so nobody can consider it. Move it into one."))
    return agency


@transaction.atomic
def step_start(*, actor, task_state: TaskState, is_first: bool, now: datetime) -> StepDeadline:
    """Start the clock of a step and log it; the first step of a round is the submission itself (R48, I4)."""
    content = task_state.revision.as_object()
    agency = _agency_required(content)
    deadline = StepDeadline.objects.create(
        agency=agency,
        task_state=task_state,
        started_at=now,
        due_at=add_working_days(now, step_limit_working_days(), agency=agency),
    )
    if is_first:
        Submission.objects.get_or_create(
            workflow_state=task_state.workflow_state,
            revision=task_state.revision,
            defaults={
                "agency": agency,
                "submitted_by": actor,
                "submitted_at": now,
                "steps": [
                    {"task": task.pk, "name": task.name} for task in chain_tasks(task_state.workflow_state.workflow)
                ],
            },
        )
    verb = audit_verb(content, "submit") if is_first else "step_start"
    audit_record(
        actor=actor,
        verb=verb,
        target=content,
        now=now,
        agency=agency,
        data={"step": task_state.task.name, "revision": task_state.revision_id, "due_at": deadline.due_at},
    )
    if is_first and is_news(content):
        news_submitted.send(
            sender=type(content),
            page=content,
            revision=task_state.revision,
            workflow_state=task_state.workflow_state,
            actor=actor,
            now=now,
        )
    return deadline


def _lock_chain_of(task_state: TaskState) -> Agency:
    """Lock the agency's log and the chain of a step, in this order; returns the agency."""
    agency = _agency_required(task_state.workflow_state.content_object)
    chain_lock(agency)
    WorkflowState.objects.select_for_update().get(pk=task_state.workflow_state_id)
    return agency


def chain_finish_guard(*, workflow_state: WorkflowState) -> None:
    """Refuse to end a chain whose steps are not all signed, whatever moved it on (a step switched off, I3, R36).

    Raises `ApprovalRefused`; the move is undone with it.
    """
    verdict = chain_verdict(workflow_state.current_task_state.revision)
    if not verdict.complete:
        raise ApprovalRefused(verdict.reason)


@transaction.atomic
def step_sign(*, actor, task_state: TaskState, comment: str, now: datetime) -> ApprovalSeal:
    """Seal the content of the step's revision with this person's name (I3, R37, R40).

    Raises `ApprovalRefused` when the person may not sign; nothing is changed then.
    """
    agency = _lock_chain_of(task_state)
    reason = refusal_to_sign(TaskState.objects.get(pk=task_state.pk), actor)
    if reason:
        raise ApprovalRefused(reason)
    content = task_state.revision.as_object()
    submission_guard(content, task_state.workflow_state.workflow)
    digest = content_hash(task_state.revision)
    earlier = ApprovalSeal.objects.filter(workflow_state=task_state.workflow_state, revision=task_state.revision)
    if earlier.exclude(content_hash=digest).exists():
        raise ApprovalRefused(_("The content was changed after an earlier signature. Return the item to the writer."))
    profile = profile_of(actor)
    seal = ApprovalSeal.objects.create(
        agency=agency,
        task_state=task_state,
        workflow_state=task_state.workflow_state,
        task=task_state.task,
        revision=task_state.revision,
        approver=actor,
        approver_name=profile.display_name if profile else actor.get_full_name() or actor.get_username(),
        approver_position=profile.position if profile else "",
        content_hash=digest,
        comment=comment,
        sealed_at=now,
    )
    StepDeadline.objects.filter(task_state=task_state).update(finished_at=now)
    audit_record(
        actor=actor,
        verb=audit_verb(content, "approve"),
        target=content,
        now=now,
        agency=agency,
        data={
            "step": task_state.task.name,
            "revision": task_state.revision_id,
            "content_hash": digest,
            "comment": comment,
        },
    )
    return seal


@transaction.atomic
def step_return(*, actor, task_state: TaskState, reason: str, now: datetime) -> None:
    """Send the item back to its writer with a reason; a later submission starts at the first step (R39).

    Raises `ApprovalRefused` without a reason, or for a person who may not decide the step.
    """
    agency = _lock_chain_of(task_state)
    refusal = refusal_to_decide(TaskState.objects.get(pk=task_state.pk), actor)
    if refusal:
        raise ApprovalRefused(refusal)
    if not reason.strip():
        raise ApprovalRefused(_("Write in “Reason” what the writer has to correct."))
    content = task_state.revision.as_object()
    StepDeadline.objects.filter(task_state=task_state).update(finished_at=now)
    audit_record(
        actor=actor,
        verb=audit_verb(content, "return"),
        target=content,
        now=now,
        agency=agency,
        data={"step": task_state.task.name, "revision": task_state.revision_id, "reason": reason},
    )
    if is_news(content):
        news_returned.send(
            sender=type(content), page=content, revision=task_state.revision, reason=reason, actor=actor, now=now
        )


@transaction.atomic
def step_cancel(*, actor, task_state: TaskState, now: datetime) -> None:
    """Stop the clock of a step that ends undecided, and log it (R48, R71). The withdrawal has its own row."""
    agency = _lock_chain_of(task_state)
    StepDeadline.objects.filter(task_state=task_state, finished_at=None).update(finished_at=now)
    audit_record(
        actor=actor,
        verb="step_cancel",
        target=task_state.revision.as_object(),
        now=now,
        agency=agency,
        data={"step": task_state.task.name, "revision": task_state.revision_id},
    )


def may_withdraw(workflow_state: WorkflowState, user) -> bool:
    """Whoever submitted the item, its owner, or a superuser; an approver returns it with a reason instead (R39)."""
    owner = getattr(workflow_state.content_object, "owner_id", None)
    return user is not None and (user.is_superuser or user.pk in (workflow_state.requested_by_id, owner))


def withdrawal_guard(*, actor, workflow_state: WorkflowState) -> None:
    """Lock the chain; refuse a withdrawal by somebody else, or of a chain that has ended meanwhile (R39).

    Raises `ApprovalRefused`.
    """
    chain_lock(agency_of_content(workflow_state.content_object))
    current = WorkflowState.objects.select_for_update().get(pk=workflow_state.pk)
    if not current.is_active:
        raise ApprovalRefused(_("The consideration of this item has ended meanwhile."))
    if actor is not None and not may_withdraw(current, actor):
        raise ApprovalRefused(_("Only who submitted the item withdraws it. Return it with a reason instead."))


@transaction.atomic
def chain_withdrawn(*, actor, workflow_state: WorkflowState, now: datetime) -> None:
    """Log that an item was taken out of its chain, at whatever point it stood (I4, R71)."""
    content = workflow_state.content_object
    content = getattr(content, "specific", content)
    audit_record(
        actor=actor,
        verb=audit_verb(content, "withdraw"),
        target=content,
        now=now,
        agency=agency_of_content(content),
        data={"workflow_state": workflow_state.pk},
    )


@transaction.atomic
def news_submit(*, actor, page, now: datetime | None = None) -> WorkflowState:
    """Submit the latest version of a page or plan to its chain, or submit it again after a return (R36, R39).

    Raises `ApprovalRefused` when it is incomplete, already in the chain, or has no chain.
    """
    workflow = page.get_workflow()
    if workflow is None:
        raise ApprovalRefused(_("No approval chain is set up for this item. Ask the system administrator."))
    state = page.current_workflow_state
    with step_clock(now):
        if state is None:
            return workflow.start(page, actor)
        if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
            state.resume(user=actor)
            return state
    raise ApprovalRefused(_("This item is already being considered."))


@transaction.atomic
def news_approve(*, actor, task_state: TaskState, comment: str = "", now: datetime | None = None) -> TaskState:
    """Approve one step; the last one hands the item to posting. Raises `ApprovalRefused`."""
    with step_clock(now):
        return task_state.specific.approve(user=actor, comment=comment)


@transaction.atomic
def news_return(*, actor, task_state: TaskState, reason: str, now: datetime | None = None) -> TaskState:
    """Return the item to its writer. Raises `ApprovalRefused`."""
    with step_clock(now):
        return task_state.specific.reject(user=actor, comment=reason)
