"""Verbs of the approval step: submit, sign, return. Wagtail's buttons end in the same functions (`workflow_steps`).

The way into a chain is `entering`, the way out of it before it is decided `withdrawing`.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from ..audit.services import audit_record
from ..clock import step_clock
from ..clocks.models import ClockStep
from ..clocks.services import clock_fields
from ..people.delegations import capacity_text
from ..people.selectors import profile_of
from ..signals import news_returned, news_submitted, step_returned, step_started
from .content_hash import content_hash
from .entering import content_guard
from .errors import ApprovalRefused, VersionChanged
from .models import ApprovalSeal, Lane, ReturnReason, StepDeadline, Submission
from .reading_marks import refusal_unread
from .return_parts import WHOLE, parts_of, reasons_summary
from .seen_version import SeenVersion
from .selectors import (
    chain_verdict,
    delegation_to_sign,
    refusal_to_decide,
    refusal_to_sign,
)
from .subject import agency_required, audit_verb, chain_of_step_lock, is_news


def step_of_clock(content, task_state: TaskState) -> ClockStep:
    """Which limit counts for a step: that of plans, of news, or of news in the fast lane (R34, R48)."""
    if not is_news(content):
        return ClockStep.PLAN
    of_round = Submission.objects.filter(workflow_state=task_state.workflow_state, revision=task_state.revision)
    fast = of_round.filter(lane=Lane.FAST).exists()
    return ClockStep.APPROVAL_FAST if fast else ClockStep.APPROVAL


@transaction.atomic
def step_start(*, actor, task_state: TaskState, is_first: bool, now: datetime) -> StepDeadline:
    """Start the clock of a step and log it; the first step of a round is the submission itself (R48, I4)."""
    content = task_state.revision.as_object()
    agency = agency_required(content)
    step = step_of_clock(content, task_state)
    deadline = StepDeadline.objects.create(
        agency=agency,
        task_state=task_state,
        started_at=now,
        **clock_fields(agency, step, now, urgent=step == ClockStep.APPROVAL_FAST),
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
    step_started.send(
        sender=type(content),
        content=content,
        task_state=task_state,
        deadline=deadline,
        is_first=is_first,
        actor=actor,
        now=now,
    )
    return deadline


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

    Every way to a signature ends here. Raises `ApprovalRefused` when the person may not sign, or when their last look
    at the item on the review screen was not at exactly what stands there now, whatever a form says they have seen;
    nothing is changed then.
    """
    agency = chain_of_step_lock(task_state)
    step = TaskState.objects.select_related("revision").get(pk=task_state.pk)
    if reason := refusal_to_sign(step, actor) or refusal_unread(step, actor):
        raise ApprovalRefused(reason)
    content = task_state.revision.as_object()
    content_guard(content)
    digest = content_hash(task_state.revision)
    earlier = ApprovalSeal.objects.filter(workflow_state=task_state.workflow_state, revision=task_state.revision)
    if earlier.exclude(content_hash=digest).exists():
        raise ApprovalRefused(_("The content was changed after an earlier signature. Return the item to the writer."))
    profile, delegation = profile_of(actor), delegation_to_sign(task_state, actor)
    seal = ApprovalSeal.objects.create(
        agency=agency,
        task_state=task_state,
        workflow_state=task_state.workflow_state,
        task=task_state.task,
        revision=task_state.revision,
        approver=actor,
        approver_name=profile.display_name if profile else actor.get_full_name() or actor.get_username(),
        approver_position=profile.position if profile else "",
        delegation=delegation,
        capacity=capacity_text(delegation),
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
            "capacity": seal.capacity,
        },
    )
    return seal


@transaction.atomic
def step_return(*, actor, task_state: TaskState, reasons: Mapping[str, str], now: datetime) -> None:
    """Send the item back to its writer; a later submission starts at the first step (R39).

    `reasons` maps a part of the item (`return_parts`; empty: the whole) to what has to be corrected there; one is
    required. Raises `ApprovalRefused` without one, or for a person who may not decide the step.
    """
    agency = chain_of_step_lock(task_state)
    refusal = refusal_to_decide(TaskState.objects.get(pk=task_state.pk), actor)
    if refusal:
        raise ApprovalRefused(refusal)
    content = task_state.revision.as_object()
    reasons = reasons_required(content, reasons)
    ReturnReason.objects.bulk_create(
        ReturnReason(agency=agency, task_state_id=task_state.pk, field=part, text=text)
        for part, text in reasons.items()
    )
    StepDeadline.objects.filter(task_state=task_state).update(finished_at=now)
    summary = reasons_summary(content, reasons)
    audit_record(
        actor=actor,
        verb=audit_verb(content, "return"),
        target=content,
        now=now,
        agency=agency,
        data={
            "step": task_state.task.name,
            "revision": task_state.revision_id,
            "reason": summary,
            "reasons": reasons,
            "capacity": capacity_text(delegation_to_sign(task_state, actor)),
        },
    )
    step_returned.send(
        sender=type(content),
        content=content,
        task_state=task_state,
        agency=agency,
        reason=summary,
        actor=actor,
        now=now,
    )
    if is_news(content):
        news_returned.send(
            sender=type(content), page=content, revision=task_state.revision, reason=summary, actor=actor, now=now
        )


def reasons_required(content, reasons: Mapping[str, str]) -> dict[str, str]:
    """The reasons that say something, of parts that exist. Raises `ApprovalRefused` when none does."""
    known = {part.key for part in parts_of(content)} | {WHOLE}
    if set(reasons) - known:
        raise ApprovalRefused(_("The item has no such part. Open it again and choose from the list."))
    said = {part: text.strip() for part, text in reasons.items() if text.strip()}
    if not said:
        raise ApprovalRefused(_("Write in “Reason” what the writer has to correct."))
    return said


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
            # Its type or place may have changed meanwhile: then it enters another chain, and the old one ends.
            state.resume(user=actor)
            return WorkflowState.objects.for_instance(page).active().get()
    raise ApprovalRefused(_("This item is already being considered."))


def seen_guard(*, task_state: TaskState, seen: SeenVersion | None) -> None:
    """Refuse to decide on anything but what the person saw; None: the caller showed nothing (R36, R40).

    Raises `VersionChanged`. Called inside the transaction of the decision, with the chain locked.
    """
    if seen is None:
        return
    chain_of_step_lock(task_state)
    if seen != SeenVersion.of(TaskState.objects.select_related("revision", "workflow_state").get(pk=task_state.pk)):
        raise VersionChanged(_("The item has changed since you opened it. Look at it again, then decide."))


@transaction.atomic
def news_approve(
    *,
    actor,
    task_state: TaskState,
    comment: str = "",
    seen: SeenVersion | None = None,
    now: datetime | None = None,
) -> TaskState:
    """Approve one step; the last one hands the item to posting.

    `seen` is what the person's form showed of it. Raises `ApprovalRefused`; `VersionChanged` when that is not the
    present version.
    """
    seen_guard(task_state=task_state, seen=seen)
    with step_clock(now):
        return task_state.specific.approve(user=actor, comment=comment)


@transaction.atomic
def news_return(
    *,
    actor,
    task_state: TaskState,
    reason: str = "",
    field_reasons: Mapping[str, str] | None = None,
    seen: SeenVersion | None = None,
    now: datetime | None = None,
) -> TaskState:
    """Return the item to its writer: a reason for the whole, for parts of it (`return_parts`), or both.

    Raises `ApprovalRefused`; `VersionChanged` when `seen` is not the present version.
    """
    seen_guard(task_state=task_state, seen=seen)
    with step_clock(now):
        return task_state.specific.reject(user=actor, comment=reason, field_reasons=field_reasons)
