"""What waits for a person in the chain: steps to decide, items that came back (R38, R39)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from wagtail.models import AbstractPage, Revision, TaskState, WorkflowState, get_default_page_content_type

from ..people.delegations import capacity_text
from ..people.models import AgencyGroup, StaffProfile
from ..people.selectors import delegations_running, groups_acted_in
from .models import ApprovalWithdrawal
from .workflow_steps import LevelApprovalTask

#: What was given up and not taken up again leaves the start page after this; its course keeps it.
SHOWN_AFTER_WITHDRAWAL = timedelta(days=30)


def steps_waiting_for(user) -> QuerySet[TaskState]:
    """The running steps this account could decide, the most urgent first; what it wrote itself is left out (R37).

    None for a system administrator, who signs nothing (I3), and none of another agency, however the chain is made (I5).
    """
    if user.is_superuser:
        return TaskState.objects.none()
    running = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
        workflow_state__current_task_state=F("pk"),
        task__levelapprovaltask__groups__in=groups_acted_in(user),
    )
    written = Revision.objects.filter(
        base_content_type=OuterRef("revision__base_content_type"), object_id=OuterRef("revision__object_id"), user=user
    )
    elsewhere = StaffProfile.objects.filter(user=user).exclude(agency=OuterRef("deadline__agency"))
    return (
        running.exclude(Exists(elsewhere))
        .exclude(workflow_state__requested_by=user)
        .exclude(revision__seals__approver=user)
        .exclude(Exists(written))
        .select_related("task", "deadline", "revision", "workflow_state__requested_by")
        .order_by("-deadline__is_urgent", "deadline__due_at", "pk")
        .distinct()
    )


def roles_of_steps(tasks: Iterable[int]) -> dict[int, set[str]]:
    """The roles that fill each of these steps, by the number of the task (two queries)."""
    through = LevelApprovalTask.groups.through.objects.filter(levelapprovaltask_id__in=set(tasks))
    pairs = list(through.values_list("levelapprovaltask_id", "group_id"))
    roles = dict(AgencyGroup.objects.filter(group__in={group for _task, group in pairs}).values_list("group", "role"))
    found: dict[int, set[str]] = {}
    for task, group in pairs:
        found.setdefault(task, set()).update({roles[group]} if group in roles else ())
    return found


def capacities_in(user, tasks: Iterable[int]) -> dict[int, str]:
    """In whose place this account would sign each of these steps; steps of an own role are left out (R06).

    At most five queries, however many steps.
    """
    held = {delegation.role: delegation for delegation in delegations_running().filter(delegate__user_id=user.pk)}
    if not held:
        return {}
    own = set(AgencyGroup.objects.filter(group__user=user).values_list("role", flat=True))
    found = {}
    for task, roles in roles_of_steps(tasks).items():
        lent = [held[role] for role in roles if role in held]
        if lent and not roles & own:
            found[task] = capacity_text(lent[0])
    return found


def items_returned_to(user) -> QuerySet[WorkflowState]:
    """What this account submitted and has to correct, with the reason on `current_task_state.comment`."""
    returned = WorkflowState.objects.filter(status=WorkflowState.STATUS_NEEDS_CHANGES, requested_by=user)
    return returned.select_related(
        "current_task_state__task", "current_task_state__revision", "current_task_state__finished_by"
    ).order_by("-current_task_state__finished_at")


def approvals_withdrawn_from(user, *, now: datetime) -> QuerySet[ApprovalWithdrawal]:
    """What this account submitted and whose approval was given up in the last weeks, while nobody has submitted it
    again and no newer version of it is public."""
    later = WorkflowState.objects.filter(
        base_content_type=OuterRef("workflow_state__base_content_type"),
        object_id=OuterRef("workflow_state__object_id"),
        pk__gt=OuterRef("workflow_state"),
    )
    public = (
        get_default_page_content_type()
        .model_class()
        .objects.filter(
            pk=Cast(OuterRef("workflow_state__object_id"), IntegerField()),
            live=True,
            live_revision=F("latest_revision"),
        )
    )
    mine = ApprovalWithdrawal.objects.filter(
        workflow_state__requested_by=user, withdrawn_at__gt=now - SHOWN_AFTER_WITHDRAWAL
    )
    return mine.exclude(Exists(later)).exclude(Exists(public)).select_related("revision").order_by("-withdrawn_at")


def items_on_the_way_of(user) -> QuerySet[WorkflowState]:
    """What this account submitted and others are considering."""
    running = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS, requested_by=user)
    return running.select_related(
        "current_task_state__task", "current_task_state__revision", "current_task_state__deadline"
    ).order_by("current_task_state__deadline__due_at")


def editor_url(revision: Revision) -> str:
    """Where the object of a revision is edited: a page, or a plan. No query."""
    model: Any = ContentType.objects.get_for_id(revision.base_content_type_id).model_class()
    if issubclass(model, AbstractPage):
        return reverse("wagtailadmin_pages:edit", args=[revision.object_id])
    return reverse(model.snippet_viewset.get_url_name("edit"), args=[revision.object_id])
