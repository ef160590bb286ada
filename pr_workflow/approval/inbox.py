"""What waits for a person in the chain: steps to decide, items that came back (R38, R39)."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, QuerySet
from django.urls import reverse
from wagtail.models import AbstractPage, Revision, TaskState, WorkflowState


def steps_waiting_for(user) -> QuerySet[TaskState]:
    """The running steps this account could decide, the most urgent first; its own submissions are left out (R37)."""
    running = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
        workflow_state__current_task_state=F("pk"),
        task__levelapprovaltask__groups__user=user,
    )
    return (
        running.exclude(workflow_state__requested_by=user)
        .exclude(revision__seals__approver=user)
        .select_related("task", "deadline", "revision", "workflow_state__requested_by")
        .order_by("deadline__due_at", "pk")
        .distinct()
    )


def items_returned_to(user) -> QuerySet[WorkflowState]:
    """What this account submitted and has to correct, with the reason on `current_task_state.comment`."""
    returned = WorkflowState.objects.filter(status=WorkflowState.STATUS_NEEDS_CHANGES, requested_by=user)
    return returned.select_related(
        "current_task_state__task", "current_task_state__revision", "current_task_state__finished_by"
    ).order_by("-current_task_state__finished_at")


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
