"""What the approval step says when an item is about to be submitted."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context

from ..audit.services import audit_record
from ..news.chain_choice import ChainChoice
from ..news.readiness import Problem
from ..people.models import AgencyGroup
from ..people.selectors import agency_for_page
from .chain_rules import chain_at, chain_of, chain_problems, chosen_by_rule, has_news_at, news_in_chains_at, news_stays
from .chain_watch import agency_of_task
from .errors import ApprovalRefused
from .models import StepDeadline
from .selectors import refusal_to_decide, writers_of
from .services import chain_finish_guard


def on_news_readiness_asked(sender, *, page, parent, user=None, **kwargs) -> list[Problem]:
    """A chain in which the item would stand still is told to the writer at once (R05)."""
    workflow = chain_of(page, place=parent)
    if workflow is None:
        return []
    agency = agency_for_page(page if page.pk else parent)
    problems = chain_problems(page, workflow, agency=agency, writers=writers_of(page, submitter=user))
    return [Problem("", message) for message in problems]


def on_chain_asked(sender, *, page, place, **kwargs) -> ChainChoice | None:
    """The rules of the agency choose a chain by section and type (R05, R34)."""
    agency = agency_for_page(place)
    return chosen_by_rule(agency, path=place.path, news_type=page.news_type) if agency else None


def on_page_moving(sender, *, instance, parent_page_before, parent_page_after, **kwargs) -> None:
    """News never leaves its agency; under consideration or approved it does not move to where another chain applies:
    its signatures would count there for a chain it never went through (I3, I5). Raises `ApprovalRefused`.

    The doors say the first earlier; here it holds however the request named the place.
    """
    if parent_page_before == parent_page_after:
        return
    if agency_for_page(parent_page_before) != agency_for_page(parent_page_after) and has_news_at(instance):
        raise ApprovalRefused(news_stays())
    for page in news_in_chains_at(instance):
        if chain_at(parent_page_before, page.news_type) != chain_at(parent_page_after, page.news_type):
            raise ApprovalRefused(
                _("“%(title)s” is being considered or approved, and another chain applies at the new place.")
                % {"title": page.draft_title}
            )


def on_clock_pause_asked(sender, *, clocked, user, **kwargs) -> bool | None:
    """Whoever may decide a step may also say that it waits for somebody else (R35)."""
    return not refusal_to_decide(clocked.task_state, user) if isinstance(clocked, StepDeadline) else None


@transaction.atomic
def on_step_groups_changed(sender, *, instance, action, pk_set, **kwargs) -> None:
    """The groups that fill a step in use were changed, also under waiting items: the log knows (I4)."""
    if action not in ("post_add", "pre_remove", "pre_clear") or isinstance(instance, Group):
        return
    if not instance.workflow_tasks.exists():
        return
    groups = instance.groups.all() if action == "pre_clear" else Group.objects.filter(pk__in=pk_set)
    changed = set(groups.values_list("name", flat=True))
    held = set(instance.groups.values_list("name", flat=True))
    before, after = (held - changed, held) if action == "post_add" else (held, held - changed)
    seats = AgencyGroup.objects.filter(group__in=groups).select_related("agency")
    audit_record(
        actor=get_active_log_context().user,
        verb="step_groups_change",
        target=instance,
        now=timezone.now(),
        agency=seats[0].agency if seats else agency_of_task([instance.pk]),
        data={"act": action, "groups": sorted(changed), "from": sorted(before), "to": sorted(after)},
    )


def on_chain_finishing(sender, *, workflow_state, **kwargs) -> None:
    """No chain ends without all its signatures (I3)."""
    chain_finish_guard(workflow_state=workflow_state)
