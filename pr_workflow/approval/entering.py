"""The way into a chain: what is refused there and what is written down, whatever button was used (R05, R36, R39).

Wagtail's ways are held to our promises: one submission at a time, in the chain that applies.

Wagtail makes the workflow state before our first step is asked, and resumes a returned item in the chain it was in
before, whatever its type is now. There is no setting and no signal early enough for either, so the two methods are
wrapped once, when Django is ready.
"""

from datetime import datetime
from functools import wraps

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import TaskState, Workflow, WorkflowState

from ..audit.services import audit_record, chain_lock
from ..clock import step_now
from ..news.readiness import submission_problems
from ..people.procedures import Scope, procedure_revision_in_force
from ..thai_time import bangkok_date
from .chain_rules import (
    chain_problems,
    foreign_step_sentence,
    foreign_steps,
    lane_of,
    nobody_signs_sentence,
    planned_steps,
)
from .errors import ApprovalRefused
from .models import ApprovalSeal, Submission
from .selectors import agency_of_content, chain_tasks, writers_of
from .subject import agency_required, has_own_chain
from .withdrawing import may_withdraw


def content_guard(content) -> None:
    """Refuse news that is incomplete or has expired, whoever hands it on (R31, R43). Raises `ApprovalRefused`."""
    if hasattr(content, "responsible_officer_id"):
        problems = submission_problems(content, now=step_now())
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
    chain_lock(agency_required(content))
    if foreign := foreign_steps(workflow):
        raise ApprovalRefused(foreign_step_sentence(workflow, foreign[0]))
    if not chain_tasks(workflow).exists():
        raise ApprovalRefused(nobody_signs_sentence(workflow))
    if WorkflowState.objects.for_instance(content).active().exists():
        raise ApprovalRefused(_("This item is already being considered."))


@transaction.atomic
def return_guard(*, workflow_state: WorkflowState) -> None:
    """Lock a returned chain; refuse to hand it on a second time (R39). Raises `ApprovalRefused`."""
    chain_lock(agency_required(workflow_state.content_object))
    current = WorkflowState.objects.select_for_update().get(pk=workflow_state.pk)
    if current.status != WorkflowState.STATUS_NEEDS_CHANGES:
        raise ApprovalRefused(_("This item is already being considered."))


@transaction.atomic
def submission_ensure(*, actor, workflow_state: WorkflowState, now: datetime) -> Submission:
    """Keep what is submitted, and write down the levels a rule leaves out, once per version (R05, R36).

    Afterwards no level is skipped any more. Raises `ApprovalRefused` when the item cannot be submitted.
    """
    revision = workflow_state.content_object.get_latest_revision()
    submission = Submission.objects.filter(workflow_state=workflow_state, revision=revision).first()
    if submission:
        return submission
    content = workflow_state.content_object.get_latest_revision_as_object()
    submission_guard(content, workflow_state.workflow, actor=workflow_state.requested_by)
    agency, day = agency_required(content), bangkok_date(now)
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
        procedure_revision=procedure_revision_in_force(agency, getattr(content, "audit_noun", Scope.NEWS), day),
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


def _guarded_start(stock):
    @wraps(stock)
    @transaction.atomic
    def start(self, obj, user):
        if has_own_chain(obj):
            entry_guard(content=getattr(obj, "specific", obj), workflow=self)
        return stock(self, obj, user)

    return start


def _guarded_resume(stock):
    @wraps(stock)
    @transaction.atomic
    def resume(self, user=None):
        if not has_own_chain(self.content_object):
            return stock(self, user=user)
        return_guard(workflow_state=self)
        content = self.content_object.get_latest_revision_as_object()
        workflow = content.get_workflow()
        if workflow is None:
            raise ApprovalRefused(_("No approval chain is set up for this item. Ask the system administrator."))
        if workflow.pk == self.workflow_id:
            return stock(self, user=user)
        self.cancel(user=user if may_withdraw(self, user) else None)
        return workflow.start(content, user)

    return resume


def install() -> None:
    """Wrap the methods; called once, by `connections`."""
    Workflow.start = _guarded_start(Workflow.start)
    WorkflowState.resume = _guarded_resume(WorkflowState.resume)
