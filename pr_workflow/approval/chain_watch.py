"""Who edits the chains themselves stands in the log of the agency they serve: what it was, what it is (I4, R71).

Wagtail's own screens for workflows and tasks write no history of their own. Each change is one row: the steps of a
chain before and after, its name, whether it is in use; the same for a step that stands in a chain.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import AbstractGroupApprovalTask, Task, Workflow, WorkflowPage, WorkflowTask

from ..audit.services import audit_record
from ..people.models import Agency, AgencyGroup
from ..people.selectors import agency_for_page
from .models import ChainRule

#: What counts of a chain or a step beside its place.
WATCHED = ("name", "active")


def steps_of(workflow_id: int) -> dict[str, list]:
    """Names and numbers of the steps of a chain, in order; those switched off too. Agencies share names of levels."""
    rows = WorkflowTask.objects.filter(workflow=workflow_id).order_by("sort_order", "pk")
    found = list(rows.values_list("task__name", "task"))
    return {"steps": [name for name, _task in found], "tasks": [task for _name, task in found]}


def agency_of_workflow(workflow_id: int, *, but: int | None = None) -> Agency | None:
    """Whose chain this is: of its rules, its plan, its place in the tree, or of the people who fill its steps.

    `but` is a row of a step that is not asked.
    """
    ruled = Q(pk__in=ChainRule.objects.filter(workflow=workflow_id).values("agency"))
    if named := Agency.objects.filter(ruled | Q(plan_workflow=workflow_id)).order_by("pk").first():
        return named
    place = WorkflowPage.objects.filter(workflow=workflow_id).select_related("page").first()
    if place and (found := agency_for_page(place.page)):
        return found
    return agency_of_task(WorkflowTask.objects.filter(workflow=workflow_id).exclude(pk=but).values("task"))


def places_of_workflow(workflow_id: int, *, but: int | None = None) -> set[Agency | None]:
    """The agencies a chain serves by a rule, a plan or a section; None stands for a place above all agencies.

    `but` is the number of a page that is not asked.
    """
    ruled = Q(pk__in=ChainRule.objects.filter(workflow=workflow_id).values("agency"))
    named = Agency.objects.filter(ruled | Q(plan_workflow=workflow_id))
    rows = WorkflowPage.objects.filter(workflow=workflow_id).exclude(page=but).select_related("page")
    return {*named, *(agency_for_page(row.page) for row in rows)}


def step_kinds() -> list[type[AbstractGroupApprovalTask]]:
    """The kinds of steps that groups fill: ours, Wagtail's, and those of the site."""
    return [model for model in apps.get_models() if issubclass(model, AbstractGroupApprovalTask)]


def groups_of_tasks(tasks) -> QuerySet[Group]:
    """The groups that fill these steps, of whatever kind they are."""
    seats = [
        kind.groups.through.objects.filter(**{f"{kind.groups.field.m2m_field_name()}__in": tasks})
        for kind in step_kinds()
    ]
    return Group.objects.filter(reduce(or_, (Q(pk__in=rows.values("group")) for rows in seats)))


def agency_of_task(tasks) -> Agency | None:
    """Whose people fill these steps."""
    seats = AgencyGroup.objects.filter(group__in=groups_of_tasks(tasks)).select_related("agency").order_by("pk")
    return seats[0].agency if seats else None


@transaction.atomic
def _record(verb: str, target: Model, agency: Agency | None, before: Any, after: Any) -> None:
    audit_record(
        actor=get_active_log_context().user,
        verb=verb,
        target=target,
        now=timezone.now(),
        agency=agency,
        data={"from": before, "to": after},
    )


def on_workflow_saving(sender, *, instance, raw=False, **kwargs) -> None:
    """A chain was renamed, switched off or on again."""
    before = _changed(Workflow, instance) if not raw else None
    if before is not None:
        after = {name: getattr(instance, name) for name in WATCHED}
        _record("chain_change", instance, agency_of_workflow(instance.pk), before, after)


def on_task_saving(sender, *, instance, raw=False, **kwargs) -> None:
    """A step that stands in a chain was renamed, switched off or on again."""
    before = _changed(Task, instance) if not raw else None
    if before is not None and instance.workflow_tasks.exists():
        after = {name: getattr(instance, name) for name in WATCHED}
        _record("chain_step_change", instance, agency_of_task([instance.pk]), before, after)


def _changed(model, instance) -> dict[str, Any] | None:
    """What is stored of it, when it is about to be something else."""
    stored = model._base_manager.filter(pk=instance.pk).values(*WATCHED).first() if instance.pk else None
    return stored if stored and any(stored[name] != getattr(instance, name) for name in WATCHED) else None


def on_steps_changing(sender, *, instance, raw=False, **kwargs) -> None:
    """A step is about to come into a chain, to move in it or to leave it: keep what the chain was."""
    if not raw:
        instance._pr_steps_before = steps_of(instance.workflow_id)
        instance._pr_agency_before = agency_of_workflow(instance.workflow_id)


def on_steps_changed(sender, *, instance, raw=False, **kwargs) -> None:
    """A step came, moved or went."""
    before, after = getattr(instance, "_pr_steps_before", None), steps_of(instance.workflow_id)
    if raw or before is None or before == after:
        return
    workflow = Workflow.objects.filter(pk=instance.workflow_id).first()
    if workflow is not None:
        agency = instance._pr_agency_before or agency_of_workflow(workflow.pk)
        _record("chain_change", workflow, agency, before, after)


def on_place_changing(sender, *, instance, **kwargs) -> None:
    """Keep where the chain applied: the row of a page is overwritten when it gets another chain."""
    stored = WorkflowPage.objects.filter(pk=instance.pk).select_related("workflow").first()
    instance._pr_chain_before = stored.workflow.name if stored else None


def on_place_changed(sender, *, instance, raw=False, **kwargs) -> None:
    """A chain was given to a section of the tree, or to another one instead."""
    before, after = getattr(instance, "_pr_chain_before", None), instance.workflow.name
    if not raw and before != after:
        _record("chain_place_change", instance.page, agency_for_page(instance.page), before, after)


def on_place_removed(sender, *, instance, **kwargs) -> None:
    """A section of the tree lost its chain."""
    _record("chain_place_change", instance.page, agency_for_page(instance.page), instance.workflow.name, None)


def connect() -> None:
    """Listen to Wagtail's chains; safe to call again."""
    pre_save.connect(on_workflow_saving, sender=Workflow, dispatch_uid="log_chain")
    for model in apps.get_models():
        if issubclass(model, Task):
            pre_save.connect(on_task_saving, sender=model, dispatch_uid=f"log_chain_step_{model._meta.label}")
    for before in (pre_save, pre_delete):
        before.connect(on_steps_changing, sender=WorkflowTask, dispatch_uid="log_chain_steps_before")
    for after in (post_save, post_delete):
        after.connect(on_steps_changed, sender=WorkflowTask, dispatch_uid="log_chain_steps_after")
    pre_save.connect(on_place_changing, sender=WorkflowPage, dispatch_uid="log_chain_place_before")
    post_save.connect(on_place_changed, sender=WorkflowPage, dispatch_uid="log_chain_place")
    pre_delete.connect(on_place_removed, sender=WorkflowPage, dispatch_uid="log_chain_place_removed")
