"""Questions about the chain: who may sign, is it complete, where does it stand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage, PageLogEntry, Revision, Task, TaskState, WorkflowState

from ..clock import step_now
from ..people.models import Agency, AgencyGroup, Delegation, StaffProfile
from ..people.selectors import agency_for_page, delegations_running, profile_of
from ..people.standing import office_refusal
from ..thai_time import bangkok_date
from ..time_in_office import acts_on
from .content_hash import content_hash
from .models import ApprovalSeal, ApprovalWithdrawal, Submission
from .moments import expiry_of

#: Acts in a page's history by which somebody has a part in its text.
WRITING = ("wagtail.create", "wagtail.edit", "wagtail.revert", "wagtail.copy")


def agency_of_content(content) -> Agency | None:
    """The agency an object of the chain belongs to: its own, or that of the site its page lies in."""
    agency = getattr(content, "agency", None)
    return agency if agency is not None else agency_for_page(content)


def chain_tasks(workflow) -> QuerySet:
    """The active steps of a workflow, in order."""
    return Task.objects.filter(workflow_tasks__workflow=workflow, active=True).order_by("workflow_tasks__sort_order")


def step_members(task, day: date | None = None, *, not_for: Collection[int] = ()) -> QuerySet:
    """Active accounts that may fill this step on a day in Bangkok (today): the members of its groups, and whoever acts
    for one of them in the role of that group (R06), but not in the name of the accounts `not_for`. Who is not in office
    that day is left out (R10), and so are administrators, whatever group they are in: they have the emergency
    publication and sign nothing (I3). Empty for a step without groups."""
    groups = getattr(task.specific, "groups", None)
    if groups is None:
        return get_user_model().objects.none()
    lent = _delegations_for(groups.all(), day).filter(delegate__user=OuterRef("pk"))
    lent = lent.exclude(delegator__user__in=not_for)
    acting = acts_on(day or bangkok_date(step_now()))
    people = get_user_model().objects.filter(acting, is_active=True, is_superuser=False)
    return people.filter(Q(groups__in=groups.all()) | Exists(lent)).distinct()


def _delegations_for(groups: QuerySet, day: date | None = None) -> QuerySet[Delegation]:
    """The running delegations of the roles that these groups stand for; nobody signs in an administrator's place."""
    seats = AgencyGroup.objects.filter(agency=OuterRef("agency"), role=OuterRef("role"), group__in=groups)
    return delegations_running(day).filter(Exists(seats), delegator__user__is_superuser=False)


def step_delegation(task, user, day: date | None = None, *, not_for: Collection[int] = ()) -> Delegation | None:
    """The delegation under which this account would sign a step, not in the name of the accounts `not_for`; None when
    it is a member itself, or may not (R06)."""
    groups = getattr(task.specific, "groups", None)
    if groups is None or groups.filter(pk__in=user.groups.values("pk")).exists():
        return None
    held = _delegations_for(groups.all(), day).filter(delegate__user_id=user.pk).exclude(delegator__user__in=not_for)
    return held.order_by("starts_on", "pk").first()


def signers_of(seals: Iterable[ApprovalSeal]) -> list[set[int]]:
    """For each seal the people it stands for: who signed, and in whose place."""
    return [_behind(seal) for seal in seals]


def _behind(seal: ApprovalSeal) -> set[int]:
    principal = seal.delegation.delegator.user_id if seal.delegation else None
    return {seal.approver_id} if principal is None else {seal.approver_id, principal}


def people_used_up(task_state: TaskState) -> set[int]:
    """Accounts in whose name nobody may sign this step: who wrote the item, and who has signed another step of this
    round or stood behind a signature (R37)."""
    state = task_state.workflow_state
    seals = ApprovalSeal.objects.filter(workflow_state=state, revision=task_state.revision)
    signed = signers_of(seals.select_related("delegation__delegator"))
    return contributors_to(state).union(*signed)


def step_deciders(task_state: TaskState) -> QuerySet:
    """Accounts that may decide a step now, in their own name or in the place of somebody who has no part in it yet.

    Nobody of another agency is among them, however the chain is made (I5).
    """
    used_up = people_used_up(task_state)
    people = step_members(task_state.task, not_for=used_up).exclude(pk__in=used_up)
    agency = agency_of_content(task_state.workflow_state.content_object)
    return people.exclude(pk__in=StaffProfile.objects.exclude(agency=agency).exclude(user=None).values("user"))


def delegation_to_sign(task_state: TaskState, user) -> Delegation | None:
    """The delegation whose capacity a decision of this step carries; None for a member of the step."""
    return step_delegation(task_state.task, user, not_for=people_used_up(task_state))


def unmanned_steps(workflow) -> list[str]:
    """Names of the steps nobody could fill; an item would wait there for ever (R05)."""
    return [task.name for task in chain_tasks(workflow) if not step_members(task).exists()]


def contributors_to(workflow_state: WorkflowState) -> set[int]:
    """Accounts that wrote this item: submitter, owner and the authors of all its versions (R37)."""
    return writers_of(workflow_state.content_object, submitter=workflow_state.requested_by_id)


def writers_of(content, *, submitter=None) -> set[int]:
    """Accounts that wrote an item: who submits it (account or its key), its owner, and the authors of all versions.

    All versions count, because a writer may go back to an older text; the page's own history counts too, because old
    versions may have been cleared away.
    """
    versions = Revision.objects.for_instance(content) if content.pk else Revision.objects.none()
    authors = set(versions.exclude(user=None).values_list("user_id", flat=True))
    if content.pk and isinstance(content, AbstractPage):
        acts = PageLogEntry.objects.filter(page_id=content.pk, action__in=WRITING).exclude(user=None)
        authors |= set(acts.values_list("user_id", flat=True))
    return {*authors, getattr(submitter, "pk", submitter), getattr(content, "owner_id", None)} - {None}


def refusal_to_decide(task_state: TaskState, user) -> str:
    """Why this account may not decide this step, as a whole sentence; empty when it may (I3, R37)."""
    state = task_state.workflow_state
    if task_state.status != TaskState.STATUS_IN_PROGRESS:
        return _("This step has already been decided.")
    if user is None or not user.is_active:
        return _("Nobody is logged in.")
    if reason := _no_seat_at(task_state, user):
        return reason
    if user.pk in contributors_to(state):
        return _("You wrote or submitted this item, so somebody else must approve it.")
    if ApprovalSeal.objects.filter(workflow_state=state, revision=task_state.revision, approver=user).exists():
        return _("You have already signed another step of this item. One person fills one step.")
    used_up = people_used_up(task_state)
    if user.pk in used_up:
        return _("Somebody has signed another step of this item in your place. One person fills one step.")
    if not step_members(task_state.task, not_for=used_up).filter(pk=user.pk).exists():
        return _("You would act for somebody who wrote this item or has signed another step of it.")
    return ""


def _no_seat_at(task_state: TaskState, user) -> str:
    """Why this account does not fill the step at all, whoever wrote the item; empty when it does."""
    if user.is_superuser:
        return _("A system administrator signs nothing. Ask somebody who holds the step and is no administrator.")
    profile = profile_of(user)
    if reason := office_refusal(profile):
        return reason
    if not step_members(task_state.task).filter(pk=user.pk).exists():
        return _("You do not hold the role of the step “%(step)s”.") % {"step": task_state.task.name}
    agency = agency_of_content(task_state.workflow_state.content_object)
    if profile and agency and profile.agency_id != agency.pk:
        return _("This item belongs to another agency.")
    return ""


def changed_since() -> str:
    """Why a version with a newer one above it is not signed."""
    return _("The item has been changed since it was submitted. Return it, so that it is submitted again.")


def refusal_to_sign(task_state: TaskState, user) -> str:
    """Why this account may not approve this step now: not theirs to decide, the text has moved on, or its time is over
    (I3, R36, R40)."""
    if reason := refusal_to_decide(task_state, user):
        return reason
    ends = expiry_of(task_state.revision)
    if ends is not None and ends <= step_now():
        return _("The expiry of this item has passed. Return it, so that the writer chooses a later one.")
    if task_state.revision_id != task_state.workflow_state.content_object.latest_revision_id:
        return changed_since()
    return ""


@dataclass(frozen=True)
class ChainVerdict:
    """Whether a revision may be public, and if not, why."""

    complete: bool
    reason: str = ""
    #: Of the content as it is now; empty when the answer did not need it.
    content_hash: str = ""

    @property
    def is_seal_broken(self) -> bool:
        """Approved, but not as it is now: nothing but another approval helps."""
        return not self.complete and bool(self.content_hash)


@dataclass(frozen=True)
class Signatures:
    """The signatures on one version, in the order they were given, and how it was submitted, the newest last."""

    seals: list[ApprovalSeal] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)


def signatures_of(revisions: Iterable[Revision]) -> dict[int, Signatures]:
    """Signatures and submissions by the key of the version: two queries for any number."""
    found = {revision.pk: Signatures() for revision in revisions}
    seals = ApprovalSeal.objects.filter(revision__in=found.keys())
    for seal in seals.select_related("workflow_state__withdrawal", "delegation__delegator"):
        found[seal.revision_id].seals.append(seal)
    submissions = Submission.objects.filter(revision__in=found.keys()).select_related("workflow_state")
    for submission in submissions.order_by("pk"):
        found[submission.revision_id].submissions.append(submission)
    return found


def chain_verdict(revision: Revision, *, content=None, signatures: Signatures | None = None) -> ChainVerdict:
    """Does this revision carry every signature, by different people, over the content as it is now (I3, R40)?

    `content` is the object of the revision and `signatures` are those on it, when the caller has them already.
    """
    known = signatures or signatures_of([revision])[revision.pk]
    seals = known.seals
    if not seals:
        return ChainVerdict(False, _("Nobody has approved this version."))
    state = seals[-1].workflow_state
    seals = [seal for seal in seals if seal.workflow_state_id == state.pk]
    if hasattr(state, "withdrawal"):
        return ChainVerdict(False, _("The approval of this version was withdrawn."))
    if state.status != WorkflowState.STATUS_APPROVED:
        return ChainVerdict(False, _("The approval chain of this version is not finished."))
    submission = next((each for each in known.submissions if each.workflow_state_id == state.pk), None)
    if submission is None:
        return ChainVerdict(False, _("This version was never submitted."))
    signed = {seal.task_id for seal in seals}
    # A skip counts only as the submission kept it: none is added afterwards.
    required = [step for step in submission.steps if not step.get("skipped")]
    missing = [step["name"] for step in required if step["task"] not in signed]
    if missing:
        return ChainVerdict(False, _("The signature of “%(step)s” is missing.") % {"step": missing[0]})
    people = signers_of(seals)
    if len(set().union(*people)) != sum(len(each) for each in people):
        return ChainVerdict(False, _("One person has signed two steps."))
    now = content_hash(revision, content)
    if any(seal.content_hash != now for seal in seals):
        return ChainVerdict(
            False,
            _(
                "The content, a picture or a file was changed or deleted after the approval. "
                "Have the item approved again."
            ),
            now,
        )
    return ChainVerdict(True, content_hash=now)


def seals_of(revision: Revision) -> QuerySet:
    """The signatures on a revision, in the order they were given."""
    return ApprovalSeal.objects.filter(revision=revision).select_related("task", "approver").order_by("sealed_at", "id")


def withdrawal_pending(content) -> ApprovalWithdrawal | None:
    """The withdrawal of its approval that an item has not answered yet by another submission; None without one."""
    last = WorkflowState.objects.for_instance(content).order_by("-created_at", "-pk").values("pk")[:1]
    found = ApprovalWithdrawal.objects.filter(workflow_state__in=list(last.values_list("pk", flat=True)))
    return found.first()
