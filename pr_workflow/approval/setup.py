"""The chains an agency starts with: three levels for its pages, the director for its plan (S1 §4.3, S2 §3.3, R05),
the director alone for clarifications (R34), one level for small corrections."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.models import Workflow, WorkflowPage, WorkflowTask

from ..audit.services import audit_record
from ..news.models import NewsType
from ..people.models import Agency, AgencyGroup, StaffProfile
from ..people.roles import CHAIN, Role
from .models import ChainRule, Lane
from .workflow_steps import LevelApprovalTask


@dataclass(frozen=True)
class Chain:
    """The workflows of an agency, and whether this run made them."""

    pages: Workflow
    pages_made: bool
    plan: Workflow
    plan_made: bool
    fast: Workflow
    fast_made: bool
    correction: Workflow
    correction_made: bool

    @property
    def parts(self) -> dict[str, tuple[Workflow, bool]]:
        """Each workflow by its purpose, with whether it was made now."""
        return {
            "pages": (self.pages, self.pages_made),
            "plan": (self.plan, self.plan_made),
            "fast": (self.fast, self.fast_made),
            "correction": (self.correction, self.correction_made),
        }


@transaction.atomic
def chain_ensure(*, actor, agency: Agency, now: datetime) -> Chain:
    """Give an agency the chains it lacks: pages, plan, fast lane, small correction; returns what it has (R05, R34).

    Only what is missing is made: a chain somebody edited, shortened or replaced stays as it is, and a rule that was
    switched off stays off. The director gives news for the agency where nobody else is named (R13). Raises
    ImproperlyConfigured when the groups of the levels do not exist yet (`roles_ensure` comes first).
    """
    # The names stand in the database, so they are written in the language of the site, not of whoever runs this.
    with translation.override(settings.LANGUAGE_CODE):
        pages, plan = _page_chain(agency), _plan_chain(agency)
        fast, correction = _lane(agency, Lane.FAST), _lane(agency, Lane.CORRECTION)
    chain = Chain(*pages, *plan, *fast, *correction)
    giver = _news_giver(agency)
    if giver or any(made for _workflow, made in chain.parts.values()):
        data: dict[str, Any] = {
            name: _steps(workflow) if made else [] for name, (workflow, made) in chain.parts.items()
        }
        if giver:
            data["news_giver"] = str(giver.uuid)
        audit_record(actor=actor, verb="chain_ensure", target=agency, now=now, data=data)
    return chain


def correction_workflow(agency: Agency) -> Workflow:
    """The chain of a small correction: one step, so that the corrector and one other person see it (R44).

    Made when it is missing. Raises ImproperlyConfigured before the groups of the levels exist.
    """
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        workflow, _made = _lane(agency, Lane.CORRECTION)
    return workflow


#: The lanes beside the usual chain: name of the workflow, who signs, for which types of news.
_LANES: dict[str, tuple[str, Role, list[str]]] = {
    Lane.FAST: (
        gettext_noop("%(agency)s: fast lane for clarifications"),
        Role.DIRECTOR,
        [NewsType.CLARIFICATION.value],
    ),
    Lane.CORRECTION: (gettext_noop("%(agency)s: small correction"), Role.HEAD_OF_WORK, []),
}


def _lane(agency: Agency, lane: Lane) -> tuple[Workflow, bool]:
    """The chain of a lane. Who wrote the item never signs it, so one step still means two people (R34)."""
    rules = ChainRule.objects.filter(agency=agency, lane=lane).select_related("workflow")
    rule = rules.order_by("-active", "order", "pk").first()
    if rule:
        return rule.workflow, False
    name, role, news_types = _LANES[lane]
    workflow = _workflow(_(name) % {"agency": agency}, agency, (role,))
    ChainRule.objects.create(
        agency=agency, name=workflow.name, order=10, news_types=news_types, workflow=workflow, lane=lane
    )
    return workflow, True


def _news_giver(agency: Agency) -> StaffProfile | None:
    """Name the director where the agency has named nobody; None when nothing was changed."""
    if agency.news_giver_id:
        return None
    seats = AgencyGroup.objects.filter(agency=agency, role=Role.DIRECTOR)
    people = StaffProfile.objects.in_office().filter(agency=agency, user__is_active=True)
    giver = people.filter(user__groups__in=seats.values("group")).order_by("pk").first()
    if giver is not None:
        agency.news_giver = giver
        agency.save(update_fields=["news_giver"])
    return giver


def _page_chain(agency: Agency) -> tuple[Workflow, bool]:
    assigned = WorkflowPage.objects.filter(page=agency.site.root_page).select_related("workflow").first()
    if assigned:
        return assigned.workflow, False
    workflow = _workflow(_("%(agency)s: consideration of news") % {"agency": agency}, agency, CHAIN)
    WorkflowPage.objects.bulk_create([WorkflowPage(workflow=workflow, page=agency.site.root_page)])
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
    # In bulk: setting up is one act with one row in the log, not a change of somebody's chain (`chain_watch`).
    WorkflowTask.objects.bulk_create(
        WorkflowTask(workflow=workflow, task=_level(agency, role), sort_order=order) for order, role in enumerate(roles)
    )
    return workflow


def _level(agency: Agency, role: Role) -> LevelApprovalTask:
    """The step of a role. The plan and the news share it, so that a new member fills both."""
    seat = AgencyGroup.objects.filter(agency=agency, role=role).select_related("group").first()
    if seat is None:
        raise ImproperlyConfigured(f"{agency.code} has no group for {role}. Run `manage.py setup_roles`.")
    level = LevelApprovalTask.objects.filter(active=True, groups=seat.group).first()
    if level is None:
        level = LevelApprovalTask.objects.create(name=str(role.label))
        level.groups.set([seat.group])
    return level


def _steps(workflow: Workflow) -> list[str]:
    return [row.task.name for row in workflow.workflow_tasks.select_related("task").order_by("sort_order")]
