"""What passes a chain: news or a plan, whose it is, how the log names it, and the lock that its verbs take."""

from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from ..audit.services import chain_lock
from ..people.models import Agency
from .errors import ApprovalRefused
from .selectors import agency_of_content


def has_own_chain(content) -> bool:
    """Whether the end of the chain of this object is ours to decide."""
    return hasattr(getattr(content, "specific", content), "approval_finished")


def is_news(content) -> bool:
    """Plans and other content pass the same chain; the news signals are for news alone."""
    return getattr(content, "audit_noun", "") == "news"


def audit_verb(content, verb: str) -> str:
    """The verb as the log names it: `news_submit`, `plan_submit`; the content class says its noun (`audit_noun`)."""
    return f"{getattr(content, 'audit_noun', 'content')}_{verb}"


def agency_required(content) -> Agency:
    """The agency of an item under consideration. Raises `ApprovalRefused` where there is none."""
    agency = agency_of_content(content)
    if agency is None:
        raise ApprovalRefused(_("This item lies in no agency's site, so nobody can consider it. Move it into one."))
    return agency


def chain_of_step_lock(task_state: TaskState) -> Agency:
    """Lock the agency's log and the chain of a step, in this order; returns the agency."""
    agency = agency_required(task_state.workflow_state.content_object)
    chain_lock(agency)
    WorkflowState.objects.select_for_update().get(pk=task_state.workflow_state_id)
    return agency
