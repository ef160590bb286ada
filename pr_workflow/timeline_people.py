"""Who has an item now, by name: those who may sign its step, those who may post it (R06, R38)."""

from collections.abc import Iterable

from .approval.inbox import roles_of_steps
from .approval.selectors import step_deciders
from .people.delegations import capacity_text
from .people.models import Agency, AgencyGroup, StaffProfile
from .people.roles import Role
from .people.selectors import delegations_running, role_members
from .publishing.giving_up import withdrawers_of
from .publishing.models import Posting


def people_who_may_sign(workflow_state, task_state) -> list[str]:
    """Names of those who may decide the step, and for whom they act; writers of the item are left out."""
    accounts = list(step_deciders(task_state).values_list("pk", flat=True))
    roles = roles_of_steps([task_state.task_id]).get(task_state.task_id, set())
    own = set(
        AgencyGroup.objects.filter(role__in=roles, group__user__in=accounts).values_list("group__user", flat=True)
    )
    acting = {
        delegation.delegate.user_id: capacity_text(delegation)
        for delegation in delegations_running().filter(role__in=roles, delegate__user__in=accounts)
        if delegation.delegate.user_id is not None
    }
    return _names(accounts, {account: text for account, text in acting.items() if account not in own})


def it_officers(agency: Agency) -> list[str]:
    """Names of those who may post for an agency."""
    return _names(role_members(agency, Role.IT_OFFICER).values_list("pk", flat=True), {})


def people_who_may_withdraw(posting: Posting) -> list[str]:
    """Names of those who may give up the approval of what waits to go live."""
    return _names(withdrawers_of(posting), {})


def _names(accounts: Iterable[int], capacities: dict[int, str]) -> list[str]:
    profiles = StaffProfile.objects.filter(user__in=list(accounts)).order_by("display_name")
    found = []
    for profile in profiles:
        capacity = capacities.get(profile.user_id or 0)
        found.append(f"{profile.display_name} ({capacity})" if capacity else profile.display_name)
    return found
