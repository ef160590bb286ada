"""Questions about the chain: who may sign, is it complete, where does it stand."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Revision, Task, TaskState, WorkflowState

from ..people.models import Agency
from ..people.selectors import agency_for_page, profile_of
from .content_hash import content_hash
from .models import ApprovalSeal, Submission


def agency_of_content(content) -> Agency | None:
    """The agency an object of the chain belongs to: its own, or that of the site its page lies in."""
    agency = getattr(content, "agency", None)
    return agency if agency is not None else agency_for_page(content)


def chain_tasks(workflow) -> QuerySet:
    """The active steps of a workflow, in order."""
    return Task.objects.filter(workflow_tasks__workflow=workflow, active=True).order_by("workflow_tasks__sort_order")


def step_members(task) -> QuerySet:
    """Active accounts that may fill this step; empty for a step without groups."""
    groups = getattr(task.specific, "groups", None)
    if groups is None:
        return get_user_model().objects.none()
    return get_user_model().objects.filter(is_active=True, groups__in=groups.all()).distinct()


def unmanned_steps(workflow) -> list[str]:
    """Names of the steps nobody could fill; an item would wait there for ever (R05)."""
    return [task.name for task in chain_tasks(workflow) if not step_members(task).exists()]


def contributors_to(workflow_state: WorkflowState) -> set[int]:
    """Accounts that wrote this item: submitter, owner and the authors of all its versions (R37).

    All versions count, because a writer may go back to an older text.
    """
    content = workflow_state.content_object
    authors = Revision.objects.for_instance(content).exclude(user=None).values_list("user_id", flat=True)
    people = {*authors, workflow_state.requested_by_id, getattr(content, "owner_id", None)} - {None}
    return people


def refusal_to_decide(task_state: TaskState, user) -> str:
    """Why this account may not decide this step, as a whole sentence; empty when it may (I3, R37)."""
    state = task_state.workflow_state
    if task_state.status != TaskState.STATUS_IN_PROGRESS:
        return _("This step has already been decided.")
    if user is None or not user.is_active:
        return _("Nobody is logged in.")
    if not step_members(task_state.task).filter(pk=user.pk).exists():
        return _("You do not hold the role of the step “%(step)s”.") % {"step": task_state.task.name}
    profile, agency = profile_of(user), agency_of_content(state.content_object)
    if profile and agency and profile.agency_id != agency.pk:
        return _("This item belongs to another agency.")
    if user.pk in contributors_to(state):
        return _("You wrote or submitted this item, so somebody else must approve it.")
    if ApprovalSeal.objects.filter(workflow_state=state, revision=task_state.revision, approver=user).exists():
        return _("You have already signed another step of this item. One person fills one step.")
    return ""


def refusal_to_sign(task_state: TaskState, user) -> str:
    """Why this account may not approve this step now: not theirs to decide, or the text has moved on (I3, R36, R40)."""
    if reason := refusal_to_decide(task_state, user):
        return reason
    if task_state.revision_id != task_state.workflow_state.content_object.latest_revision_id:
        return _("The item has been changed since it was submitted. Return it, so that it is submitted again.")
    return ""


@dataclass(frozen=True)
class ChainVerdict:
    """Whether a revision may be public, and if not, why."""

    complete: bool
    reason: str = ""


def chain_verdict(revision: Revision) -> ChainVerdict:
    """Does this revision carry every signature, by different people, over the content as it is now (I3, R40)?"""
    seals = list(ApprovalSeal.objects.filter(revision=revision).select_related("workflow_state__workflow"))
    if not seals:
        return ChainVerdict(False, _("Nobody has approved this version."))
    state = seals[-1].workflow_state
    seals = [seal for seal in seals if seal.workflow_state_id == state.pk]
    if state.status != WorkflowState.STATUS_APPROVED:
        return ChainVerdict(False, _("The approval chain of this version is not finished."))
    submission = Submission.objects.filter(workflow_state=state, revision=revision).first()
    if submission is None:
        return ChainVerdict(False, _("This version was never submitted."))
    signed = {seal.task_id for seal in seals}
    missing = [step["name"] for step in submission.steps if step["task"] not in signed]
    if missing:
        return ChainVerdict(False, _("The signature of “%(step)s” is missing.") % {"step": missing[0]})
    if len({seal.approver_id for seal in seals}) != len(seals):
        return ChainVerdict(False, _("One person has signed two steps."))
    now = content_hash(revision)
    if any(seal.content_hash != now for seal in seals):
        return ChainVerdict(
            False,
            _(
                "The content, a picture or a file was changed or deleted after the approval. "
                "Have the item approved again."
            ),
        )
    return ChainVerdict(True)


def seals_of(revision: Revision) -> QuerySet:
    """The signatures on a revision, in the order they were given."""
    return ApprovalSeal.objects.filter(revision=revision).select_related("task", "approver").order_by("sealed_at", "id")
