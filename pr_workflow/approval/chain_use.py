"""What of a chain may be changed: one in use is not switched off under the items that wait in it (R05, I1), and none is
filled by people of another agency (I5)."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, pre_delete, pre_save
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage, Task, Workflow, WorkflowPage, WorkflowState, WorkflowTask

from ..news.selectors import news_page_models, news_section_of
from ..people.models import Agency, AgencyGroup
from ..people.roles import CHAIN
from ..people.selectors import agency_for_page
from .chain_rules import foreign_step_sentence, foreign_steps, nobody_signs_sentence
from .chain_watch import agency_of_workflow, groups_of_tasks, places_of_workflow, step_kinds
from .errors import ApprovalRefused
from .models import ChainRule
from .workflow_steps import LevelApprovalTask

#: Of a returned item the chain goes on when it is submitted again.
UNDER_WAY = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


def disabling_refusal(workflow: Workflow) -> str:
    """Why a chain may not be switched off, as a whole sentence; empty when nothing needs it.

    Wagtail would withdraw every item in it and forget which sections it was for.
    """
    number = WorkflowState.objects.filter(workflow=workflow, status__in=UNDER_WAY).count()
    if number:
        text = _("%(number)s items are under way in “%(chain)s”. Have them decided or withdrawn first.")
        return text % {"number": number, "chain": workflow.name}
    if _serves(workflow):
        text = _("“%(chain)s” is the chain of %(agency)s. Give its sections and plans another chain first.")
        return text % {"chain": workflow.name, "agency": agency_of_workflow(workflow.pk) or "–"}
    return ""


def task_disabling_refusal(task: Task) -> str:
    """Why a step may not be switched off, as a whole sentence; empty when no item is under way in a chain with it.

    Wagtail would carry the items past it; switched on again, it would be asked after the steps that follow it.
    """
    chains = Workflow.objects.filter(workflow_tasks__task=task).values("pk")
    number = WorkflowState.objects.filter(workflow__in=chains, status__in=UNDER_WAY).count()
    if not number:
        return ""
    text = _(
        "%(number)s items are under way in a chain with the step “%(step)s”. Have them decided or withdrawn first."
    )
    return text % {"number": number, "step": task.name}


def entering_refusal(workflow: Workflow, task: Task, *, house: Agency | None) -> str:
    """Why a step may not come into a chain, in a place of its own or of another step; empty when it may (I3, I5).

    A chain in use keeps to steps that sign: one of another kind would be decided without a seal and a row. In use or
    not, the chain of an agency (`house`) is not filled by another agency's people: they would be told of its items.
    """
    if disabling_refusal(workflow) and not isinstance(task.specific, LevelApprovalTask):
        return foreign_step_sentence(workflow, task.name)
    groups = getattr(task.specific, "groups", None)
    return other_house_refusal(groups.all(), house) if groups is not None else ""


def leaving_refusal(workflow: Workflow, task: Task) -> str:
    """Why a step may not leave a chain, or make way for another; empty when it may (I1, I3).

    Items under way were told that it signs them: without it their chain would never be complete, and its last signature
    be refused. No step is the last one to leave a chain in use.
    """
    if number := WorkflowState.objects.filter(workflow=workflow, status__in=UNDER_WAY).count():
        text = _(
            "%(number)s items are under way in “%(chain)s” and need the step “%(step)s”. Make another chain for what "
            "comes next, or have them decided or withdrawn first."
        )
        return text % {"number": number, "chain": workflow.name, "step": task.name}
    if not disabling_refusal(workflow):
        return ""
    others = WorkflowTask.objects.filter(workflow=workflow, task__active=True).exclude(task=task)
    return "" if others.exists() else nobody_signs_sentence(workflow)


def place_refusal(groups: Iterable[Group], houses: Iterable[Agency | None]) -> str:
    """Why a chain filled by these groups may not serve these agencies; empty when it may (I5).

    One chain serves one agency; a place above all agencies (None) only a chain that no agency's people fill.
    """
    served = set(houses)
    if len(served) > 1:
        return _("One chain serves one agency. Make a chain of its own for each.")
    house = next(iter(served), None)
    if house is None and served and AgencyGroup.objects.filter(group__in=groups).exists():
        return _("People of one agency would decide for all. Give the chain to a section of their agency.")
    return other_house_refusal(groups, house)


def other_house_refusal(groups: Iterable[Group], house: Agency | None) -> str:
    """Why these groups do not fill a step of an agency's chain; empty when none of them is another agency's (I5)."""
    seats = AgencyGroup.objects.filter(group__in=groups)
    if house is None or not seats.exclude(agency=house).exists():
        return ""
    return _("People of another agency would decide in the chain of %(agency)s. Choose its own people.") % {
        "agency": house
    }


def unsigned_refusal(workflow: Workflow, page: AbstractPage) -> str:
    """Why a chain does not apply to a section: news that takes its chain from there would need a step that signs
    nothing. Empty when it may, as for pages of other kinds (I3)."""
    steps = foreign_steps(workflow)
    return foreign_step_sentence(workflow, steps[0]) if steps and news_is_led_from(page) else ""


def news_is_led_from(page: AbstractPage) -> bool:
    """Whether news takes its chain from this place: it lies here, or the agency's news does, with no other chain
    between."""
    nearer = WorkflowPage.objects.filter(page__path__startswith=page.path).exclude(page=page)
    nearer_paths = list(nearer.values_list("page__path", flat=True))
    agency = agency_for_page(page)
    section = news_section_of(agency) if agency else None
    if section and section.path.startswith(page.path) and not any(section.path.startswith(p) for p in nearer_paths):
        return True
    for model in news_page_models():
        news = model.objects.descendant_of(page, inclusive=True)
        for path in nearer_paths:
            news = news.exclude(path__startswith=path)
        if news.exists():
            return True
    return False


def groups_refusal(task: Task, groups: Iterable[Group]) -> str:
    """Why these groups may not fill a step that stands in a chain; empty when they may (I3, I5, R05).

    Of the roles only those that decide: a signature of writers, IT officers or network members is no second look. A
    group of no role is the office's own affair; of its members only those of the agency count.
    """
    chains = WorkflowTask.objects.filter(task=task).values_list("workflow", flat=True)
    houses = [house for chain in chains if (house := agency_of_workflow(chain))]
    if reason := next((reason for house in houses if (reason := other_house_refusal(groups, house))), ""):
        return reason
    for chain in chains:
        if reason := place_refusal(groups, places_of_workflow(chain)):
            return reason
    seat = AgencyGroup.objects.filter(group__in=groups).exclude(role__in=CHAIN).select_related("group").first()
    if seat is None or not chains:
        return ""
    text = _("“%(group)s” is no level of consideration, so it does not fill the step “%(step)s”.")
    return text % {"group": seat.group.name, "step": task.name}


def _serves(workflow: Workflow) -> bool:
    ruled = ChainRule.objects.filter(workflow=workflow, active=True).exists()
    ruled = ruled or Agency.objects.filter(plan_workflow=workflow).exists()
    placed = WorkflowPage.objects.filter(workflow=workflow).exists()
    return ruled or placed or workflow.workflow_content_types.exists()


def on_step_entering(sender, *, instance, raw=False, **kwargs) -> None:
    """A step is about to come into a chain, or to take the place of another one. Raises `ApprovalRefused`."""
    stored = WorkflowTask.objects.filter(pk=instance.pk).first() if instance.pk else None
    if raw or (stored and (stored.workflow_id, stored.task_id) == (instance.workflow_id, instance.task_id)):
        return
    house = agency_of_workflow(instance.workflow_id, but=instance.pk)
    reason = entering_refusal(instance.workflow, instance.task, house=house)
    groups = getattr(instance.task.specific, "groups", None)
    if not reason and groups is not None:
        reason = place_refusal(groups.all(), places_of_workflow(instance.workflow_id))
    if reason := reason or (leaving_refusal(stored.workflow, stored.task) if stored else ""):
        raise ApprovalRefused(reason)


def on_step_leaving(sender, *, instance, **kwargs) -> None:
    """A step is about to leave a chain. Raises `ApprovalRefused`."""
    if reason := leaving_refusal(instance.workflow, instance.task):
        raise ApprovalRefused(reason)


def on_chain_placed(sender, *, instance, raw=False, **kwargs) -> None:
    """A chain is about to apply to a section. Raises `ApprovalRefused` when another agency's people would decide."""
    if raw:
        return
    houses = {*places_of_workflow(instance.workflow_id, but=instance.page_id), agency_for_page(instance.page)}
    groups = groups_of_tasks(WorkflowTask.objects.filter(workflow=instance.workflow_id).values("task"))
    if reason := place_refusal(groups, houses) or unsigned_refusal(instance.workflow, instance.page):
        raise ApprovalRefused(reason)


def on_groups_given(sender, *, instance, action, model, pk_set, **kwargs) -> None:
    """Groups are about to fill a step. Raises `ApprovalRefused`."""
    if action != "pre_add":
        return
    given = [(instance, pk_set)]
    if isinstance(instance, Group):
        given = [(task, {instance.pk}) for task in model.objects.filter(pk__in=pk_set)]
    for task, keys in given:
        if reason := groups_refusal(task, Group.objects.filter(pk__in=keys)):
            raise ApprovalRefused(reason)


def connect() -> None:
    """Listen to the rows of chains; safe to call again."""
    pre_save.connect(on_step_entering, sender=WorkflowTask, dispatch_uid="chain_in_use_step_enters")
    pre_delete.connect(on_step_leaving, sender=WorkflowTask, dispatch_uid="chain_in_use_step_leaves")
    pre_save.connect(on_chain_placed, sender=WorkflowPage, dispatch_uid="chain_of_the_house_placed")
    for kind in step_kinds():
        uid = f"chain_of_the_house_groups_{kind._meta.label}"
        m2m_changed.connect(on_groups_given, sender=kind.groups.through, dispatch_uid=uid)
