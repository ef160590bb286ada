"""The chains an agency starts with: three levels for its pages, the director for its plan (S1 §4.3, S2 §3.3, R05)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Workflow, WorkflowPage, WorkflowTask

from ..audit.services import audit_record
from ..people.models import Agency, AgencyGroup
from ..people.roles import CHAIN, Role
from .workflow_steps import LevelApprovalTask


@dataclass(frozen=True)
class Chain:
    """The workflows of an agency, and whether this run made them."""

    pages: Workflow
    pages_made: bool
    plan: Workflow
    plan_made: bool


@transaction.atomic
def chain_ensure(*, actor, agency: Agency, now: datetime) -> Chain:
    """Give the agency a chain for its pages and one for its plan where it has none; returns what it has (R05).

    Only what is missing is made: a chain somebody edited, shortened or replaced stays as it is. Raises
    ImproperlyConfigured when the groups of the levels do not exist yet (`roles_ensure` comes first).
    """
    # The names stand in the database, so they are written in the language of the site, not of whoever runs this.
    with translation.override(settings.LANGUAGE_CODE):
        pages, pages_made = _page_chain(agency)
        plan, plan_made = _plan_chain(agency)
    if pages_made or plan_made:
        data = {"pages": _steps(pages) if pages_made else [], "plan": _steps(plan) if plan_made else []}
        audit_record(actor=actor, verb="chain_ensure", target=agency, now=now, data=data)
    return Chain(pages, pages_made, plan, plan_made)


def _page_chain(agency: Agency) -> tuple[Workflow, bool]:
    assigned = WorkflowPage.objects.filter(page=agency.site.root_page).select_related("workflow").first()
    if assigned:
        return assigned.workflow, False
    workflow = _workflow(_("%(agency)s: consideration of news") % {"agency": agency}, agency, CHAIN)
    WorkflowPage.objects.create(workflow=workflow, page=agency.site.root_page)
    return workflow, True


def _plan_chain(agency: Agency) -> tuple[Workflow, bool]:
    if agency.plan_workflow_id:
        return agency.plan_workflow, False
    name = _("%(agency)s: consideration of the annual plan") % {"agency": agency}
    agency.plan_workflow = _workflow(name, agency, (Role.DIRECTOR,))
    agency.save(update_fields=["plan_workflow"])
    return agency.plan_workflow, True


def _workflow(name: str, agency: Agency, roles: tuple[Role, ...]) -> Workflow:
    workflow = Workflow.objects.create(name=name[:255])
    for order, role in enumerate(roles):
        WorkflowTask.objects.create(workflow=workflow, task=_level(agency, role), sort_order=order)
    return workflow


def _level(agency: Agency, role: Role) -> LevelApprovalTask:
    """The step of a role. The plan and the news share it, so that a new member fills both."""
    seat = AgencyGroup.objects.filter(agency=agency, role=role).select_related("group").first()
    if seat is None:
        raise ImproperlyConfigured(f"{agency.code} has no group for {role}. Run `manage.py setup_roles`.")
    level = LevelApprovalTask.objects.filter(active=True, groups=seat.group).first()
    if level is None:
        level = LevelApprovalTask.objects.create(name=role.label)
        level.groups.set([seat.group])
    return level


def _steps(workflow: Workflow) -> list[str]:
    return [row.task.name for row in workflow.workflow_tasks.select_related("task").order_by("sort_order")]
