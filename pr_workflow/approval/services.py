"""Verbs of the approval step. Wagtail's buttons end in the same functions (see `workflow_steps`)."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from ..audit.services import audit_record, chain_lock
from ..clock import step_clock
from ..clocks.models import ClockStep
from ..clocks.services import clock_fields
from ..news.readiness import news_problems
from ..people.delegations import capacity_text
from ..people.models import Agency
from ..people.selectors import profile_of
from ..signals import news_returned, news_submitted, step_returned, step_started
from ..thai_time import bangkok_date
from .chain_rules import (
    chain_problems,
    foreign_step_sentence,
    foreign_steps,
    lane_of,
    nobody_signs_sentence,
    planned_steps,
)
from .content_hash import content_hash
from .models import ApprovalSeal, Lane, ReturnReason, StepDeadline, Submission
from .return_parts import WHOLE, parts_of, reasons_summary
from .seen_version import SeenVersion
from .selectors import (
    agency_of_content,
    chain_tasks,
    chain_verdict,
    delegation_to_sign,
    refusal_to_decide,
    refusal_to_sign,
    writers_of,
)


class ApprovalRefused(PermissionDenied):
    """A signature, a return or a submission was refused; the text is for the person. Answered as 403."""


class VersionChanged(ApprovalRefused):
    """The item is not what the person saw when deciding. Answered as 409, with the present version."""


def audit_verb(content, verb: str) -> str:
    """The verb as the log names it: `news_submit`, `plan_submit`; the content class says its noun (`audit_noun`)."""
    return f"{getattr(content, 'audit_noun', 'content')}_{verb}"


def is_news(content) -> bool:
    """Plans and other content pass the same chain; the news signals are for news alone."""
    return getattr(content, "audit_noun", "") == "news"


def content_guard(content) -> None:
    """Refuse incomplete news, whoever hands it on (R31). Raises `ApprovalRefused`."""
    if hasattr(content, "responsible_officer_id"):
        problems = news_problems(content)
        if problems:
            raise ApprovalRefused(" ".join(problem.message for problem in problems))


def submission_guard(content, workflow, *, actor=None) -> None:
    """Refuse a submission that could not be signed: incomplete content, or a chain that does not fit (R05, R31).

    The editor form says the same at the fields; this is the line no other way can cross.
    Raises `ApprovalRefused`.
    """
    content_guard(content)
    if content.get_workflow() != workflow:
        raise ApprovalRefused(_("Another chain applies to this item now. Withdraw it and submit it again."))
    agency, writers = agency_of_content(content), writers_of(content, submitter=actor)
    problems = chain_problems(content, workflow, agency=agency, writers=writers)
    if problems:
        raise ApprovalRefused(problems[0])


@transaction.atomic
def entry_guard(*, content, workflow) -> None:
    """Lock the agency's chain; of two who submit one item at the same instant the second is refused (I3).

    Raises `ApprovalRefused`, also for a chain without steps of ours: it would end without a signature. Called before
    Wagtail makes the workflow state.
    """
    chain_lock(_agency_required(content))
    if foreign := foreign_steps(workflow):
        raise ApprovalRefused(foreign_step_sentence(workflow, foreign[0]))
    if not chain_tasks(workflow).exists():
        raise ApprovalRefused(nobody_signs_sentence(workflow))
    if WorkflowState.objects.for_instance(content).active().exists():
        raise ApprovalRefused(_("This item is already being considered."))


@transaction.atomic
def return_guard(*, workflow_state: WorkflowState) -> None:
    """Lock a returned chain; refuse to hand it on a second time (R39). Raises `ApprovalRefused`."""
    chain_lock(_agency_required(workflow_state.content_object))
    current = WorkflowState.objects.select_for_update().get(pk=workflow_state.pk)
    if current.status != WorkflowState.STATUS_NEEDS_CHANGES:
        raise ApprovalRefused(_("This item is already being considered."))


@transaction.atomic
def submission_ensure(*, actor, workflow_state: WorkflowState, now: datetime) -> Submission:
    """Keep what is submitted, and write down the levels a rule leaves out, once per version (R05, R36).

    Afterwards no level is skipped any more. Raises `ApprovalRefused` when the item cannot be submitted.
    """
    content = workflow_state.content_object.get_latest_revision_as_object()
    revision = workflow_state.content_object.get_latest_revision()
    submission = Submission.objects.filter(workflow_state=workflow_state, revision=revision).first()
    if submission:
        return submission
    submission_guard(content, workflow_state.workflow, actor=workflow_state.requested_by)
    agency, day = _agency_required(content), bangkok_date(now)
    writers = writers_of(content, submitter=workflow_state.requested_by)
    steps = planned_steps(content, workflow_state.workflow, agency=agency, writers=writers, day=day)
    return Submission.objects.create(
        workflow_state=workflow_state,
        revision=revision,
        agency=agency,
        submitted_by=actor,
        submitted_at=now,
        steps=[step.as_json() for step in steps],
        lane=lane_of(content, workflow_state.workflow),
    )


@transaction.atomic
def step_skip_record(*, actor, content, submission: Submission, step: dict, now: datetime) -> None:
    """Log that a rule leaves a level out, with its reason (R05, I4)."""
    data = {"step": step["name"], "revision": submission.revision_id, "reason": step["skipped"]}
    audit_record(actor=actor, verb="step_skip", target=content, now=now, agency=submission.agency, data=data)


@transaction.atomic
def round_renew(*, actor, workflow_state: WorkflowState) -> None:
    """Give an item that is considered once more without a change a version of its own (R39).

    Signatures count per version; without a new one the levels below a return would not be asked again, and an approved
    version that waits for its posting would stand in an unfinished chain.
    """
    content = workflow_state.content_object
    latest = content.latest_revision_id
    last = workflow_state.task_states.order_by("-pk").first()
    came_back = last is not None and last.status == TaskState.STATUS_REJECTED and last.revision_id == latest
    signed_before = ApprovalSeal.objects.filter(revision=latest).exclude(workflow_state=workflow_state).exists()
    if came_back or signed_before:
        content.get_latest_revision_as_object().save_revision(user=actor, changed=False)
        content.refresh_from_db(fields=["latest_revision"])


def _agency_required(content) -> Agency:
    agency = agency_of_content(content)
    if agency is None:
        raise ApprovalRefused(_("This item lies in no agency's site, so nobody can consider it. Move it into one."))
    return agency


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
    agency = _agency_required(content)
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
    agency = _lock_chain_of(task_state)
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
    _lock_chain_of(task_state)
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

    `seen` is what the person saw of it. Raises `ApprovalRefused`; `VersionChanged` when that is not the present one.
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
