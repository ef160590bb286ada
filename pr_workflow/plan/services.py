"""The verbs of the annual plan outside its chain (R18, R19, R22)."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState
from wagtail.permissions import policy_registry

from ..audit.services import audit_record, chain_lock
from .import_check import ImportCheck, PlanFile, import_check
from .models import AnnualPlan, PlanActivity


class PlanRefused(PermissionDenied):
    """A verb was refused; the text is for the person. Answered as 403."""


class ImportShownAgain(ValueError):
    """The file has findings, or the plan is no longer what the person saw. `check` says how it stands now."""

    def __init__(self, check: ImportCheck):
        super().__init__("the import has to be shown again")
        self.check = check


def may_edit(user, plan: AnnualPlan) -> bool:
    """Does this account's role change the plan of this agency, whatever state the plan is in?"""
    return policy_registry.get_by_type(AnnualPlan).user_has_permission_for_instance(user, "change", plan)


def edit_refusal(user, plan: AnnualPlan) -> str:
    """Why this account may not change the draft of the plan now, as a whole sentence; empty when it may."""
    if not may_edit(user, plan):
        return _("Only the PR officers of the agency change its plan.")
    state = plan.current_workflow_state
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        return _("The plan is under consideration and cannot be changed. Withdraw it first, or wait for the decision.")
    lock = plan.get_lock()
    if lock and lock.for_user(user):
        return _("The plan is locked. Ask whoever locked it, or the system administrator, to unlock it.")
    return ""


@transaction.atomic
def plan_import(
    *, actor, plan: AnnualPlan, file: PlanFile, shown: str, drop_missing: bool, now: datetime
) -> ImportCheck:
    """Write the activities of a file into the draft of the plan, as a new version by this person (R19, R22).

    Args: file, the table; shown, the `digest` of the check the person confirmed; drop_missing, remove activities that
    are not in the file (otherwise they stay); now, aware. Nothing is written unless the whole file is right.
    Returns the check that was carried out.
    Raises `PlanRefused`, and `ImportShownAgain` for a file with findings or when file or plan are not what was shown.
    """
    chain_lock(plan.agency)
    plan = AnnualPlan.objects.select_for_update().get(pk=plan.pk)
    if refusal := edit_refusal(actor, plan):
        raise PlanRefused(refusal)
    check = import_check(plan, file)
    if not check.is_clean or check.digest != shown:
        raise ImportShownAgain(check)
    dropped = check.dropped if drop_missing else []
    if not check.has_changes and not dropped:
        return check
    draft = plan.get_latest_revision_as_object()
    kept = [*check.kept, *([] if drop_missing else check.dropped)]
    draft.activities = in_order([*sorted(kept, key=lambda activity: activity.sort_order or 0), *check.added])
    revision = draft.save_revision(user=actor, log_action=True)
    audit_record(
        actor=actor,
        verb="plan_import",
        target=plan,
        now=now,
        agency=plan.agency,
        data={
            "file": file.name,
            "sha256": file.sha256,
            "sheet": file.sheet.name,
            "new": [line.code for line in check.new],
            "changed": [line.code for line in check.changed],
            "unchanged": len(check.unchanged),
            "removed": [activity.code for activity in dropped],
            "revision": revision.pk,
        },
    )
    return check


def in_order(activities: Iterable[PlanActivity]) -> list[PlanActivity]:
    """The lines numbered in the order given."""
    ordered = list(activities)
    for place, activity in enumerate(ordered):
        activity.sort_order = place
    return ordered
