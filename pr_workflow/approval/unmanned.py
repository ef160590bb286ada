"""Steps of chains in use that would stop an item: nobody fills them, or they seal nothing (R05, I6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import Task, Workflow, WorkflowPage, WorkflowState, WorkflowTask

from ..clock import step_now
from ..people.models import Agency
from ..thai_time import bangkok_date
from ..time_in_office import acts_on
from .models import ChainRule, StepSkipRule, Submission
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


def houses_of(workflows: Iterable[int]) -> dict[int, set[int]]:
    """The agencies whose items enter each of these chains or are under way there, by their keys (five queries)."""
    keys = set(workflows)
    roots = Agency.objects.values_list("pk", "site__root_page__path")
    places = WorkflowPage.objects.filter(workflow__in=keys).values_list("workflow", "page__path")
    pairs = [(chain, house) for chain, path in places for house, root in roots if path.startswith(root)]
    pairs += ChainRule.objects.filter(workflow__in=keys, active=True).values_list("workflow", "agency")
    pairs += Agency.objects.filter(plan_workflow__in=keys).values_list("plan_workflow", "pk")
    going = Submission.objects.filter(workflow_state__in=items_under_way(), workflow_state__workflow__in=keys)
    pairs += going.values_list("workflow_state__workflow", "agency").distinct()
    found: dict[int, set[int]] = {}
    for chain, house in pairs:
        found.setdefault(chain, set()).add(house)
    return found


def unmanned_levels() -> list[StoppedStep]:
    """Active levels of chains in use that no active member of the chain's agency fills today, unless a rule leaves them
    out then (R05). Who has left, or has not begun, fills none (R10).

    Who acts for somebody counts only while that somebody could act, so members decide alone. A constant number of
    queries.
    """
    rules = StepSkipRule.objects.filter(active=True, news_types=[]).exclude(when=StepSkipRule.When.OWN_ITEM)
    left_out = {(rule.agency_id, rule.role) for rule in rules}
    used = list(workflows_in_use().values_list("pk", flat=True))
    busy = set(items_under_way().values_list("workflow_id", flat=True))
    houses = houses_of(used)
    levels = LevelApprovalTask.objects.filter(active=True, workflow_tasks__workflow__in=used)
    acting = acts_on(bangkok_date(step_now()), "groups__user__")
    people = levels.filter(acting, groups__user__is_active=True, groups__user__is_superuser=False)
    filled: dict[int, set[int | None]] = {}
    for task, agency in people.values_list("pk", "groups__user__staff_profile__agency").distinct():
        filled.setdefault(task, set()).add(agency)
    rows = levels.values_list(
        "pk",
        "workflow_tasks__workflow",
        "workflow_tasks__workflow__name",
        "name",
        "groups__agency_role__agency",
        "groups__agency_role__role",
    )
    found = {
        StoppedStep(name, step, workflow in busy)
        for task, workflow, name, step, agency, role in rows
        if not _is_filled(filled.get(task, set()), houses.get(workflow, set()))
        and (workflow in busy or (agency, role) not in left_out)
    }
    return sorted(found, key=lambda each: (each.workflow, each.step))


def _is_filled(agencies: set[int | None], houses: set[int]) -> bool:
    """Whether people of these agencies (None: of none) fill a step for each agency whose items come there."""
    return bool(agencies) and (None in agencies or houses <= agencies)


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
