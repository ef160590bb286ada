"""Steps of chains in use that would stop an item: nobody fills them, or they seal nothing (R05, I6)."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import Task, Workflow, WorkflowState, WorkflowTask

from ..people.models import Agency
from .models import ChainRule, StepSkipRule
from .workflow_steps import LevelApprovalTask


@dataclass(frozen=True)
class StoppedStep:
    """A step that stops items (none: the chain has no step), its chain, and whether an item is under way there."""

    workflow: str
    step: str
    has_items: bool = False


def items_under_way() -> QuerySet[WorkflowState]:
    """Chains that run, or wait for their writer."""
    return WorkflowState.objects.filter(
        status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES]
    )


def workflows_in_use() -> QuerySet[Workflow]:
    """Chains an item can enter or stands in: of an agency's pages, of a rule, of plans, with an item under way."""
    inside = Q(pk__in=[])
    for path in Agency.objects.values_list("site__root_page__path", flat=True):
        inside |= Q(workflow_pages__page__path__startswith=path)
    entered = (
        inside
        | Q(pk__in=ChainRule.objects.filter(active=True).values("workflow"))
        | Q(pk__in=Agency.objects.exclude(plan_workflow=None).values("plan_workflow"))
    )
    return Workflow.objects.filter(
        (entered & Q(active=True)) | Q(pk__in=items_under_way().values("workflow"))
    ).distinct()


def unmanned_levels() -> list[StoppedStep]:
    """Active levels of chains in use without any active member, unless a rule leaves them out then (R05).

    Who acts for somebody counts only while that somebody could act, so members decide alone. A constant number of
    queries.
    """
    members = Group.objects.filter(levelapprovaltask=OuterRef("pk"), user__is_active=True, user__is_superuser=False)
    rules = StepSkipRule.objects.filter(active=True, news_types=[]).exclude(when=StepSkipRule.When.OWN_ITEM)
    left_out = {(rule.agency_id, rule.role) for rule in rules}
    used = list(workflows_in_use().values_list("pk", flat=True))
    busy = set(items_under_way().values_list("workflow_id", flat=True))
    levels = LevelApprovalTask.objects.filter(~Exists(members), active=True, workflow_tasks__workflow__in=used)
    rows = levels.values_list(
        "workflow_tasks__workflow",
        "workflow_tasks__workflow__name",
        "name",
        "groups__agency_role__agency",
        "groups__agency_role__role",
    )
    found = {
        StoppedStep(name, step, workflow in busy)
        for workflow, name, step, agency, role in rows
        if workflow in busy or (agency, role) not in left_out
    }
    return sorted(found, key=lambda each: (each.workflow, each.step))


def unsigned_steps() -> list[StoppedStep]:
    """Steps of another kind than ours in chains in use: an approval there seals nothing and items are refused (I3)."""
    ours = LevelApprovalTask.objects.values("pk")
    tasks = Task.objects.filter(active=True, workflow_tasks__workflow__in=workflows_in_use()).exclude(pk__in=ours)
    found = tasks.values_list("workflow_tasks__workflow__name", "name").distinct()
    return [StoppedStep(workflow, step) for workflow, step in sorted(found)]


def empty_chains() -> list[StoppedStep]:
    """Chains in use without a step in use, as an old installation may hold: what enters them, or waits there, stops."""
    steps = WorkflowTask.objects.filter(workflow=OuterRef("pk"), task__active=True)
    empty = (
        workflows_in_use()
        .filter(~Exists(steps))
        .annotate(busy=Exists(items_under_way().filter(workflow=OuterRef("pk"))))
    )
    return [StoppedStep(name, "", busy) for name, busy in empty.order_by("name").values_list("name", "busy")]
