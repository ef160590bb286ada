"""The verbs of the annual plan outside its chain (R18, R19, R22)."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import WorkflowState
from wagtail.permissions import policy_registry

from ..audit.services import audit_record, chain_lock
from .copying import lines_moved
from .import_check import ImportCheck, PlanFile, import_check
from .line_limit import too_many_lines
from .models import PLAUSIBLE_YEARS, AnnualPlan, PlanActivity
from .next_year import year_raised
from .removing import lines_in_use
from .selectors import plan_of_next_year, version_to_copy


class PlanRefused(PermissionDenied):
    """A verb was refused; the text is for the person. Answered as 403."""


class ImportShownAgain(ValueError):
    """The file has findings, or the plan is no longer what the person saw. `check` says how it stands now."""

    def __init__(self, check: ImportCheck):
        super().__init__("the import has to be shown again")
        self.check = check


class TooManyLines(ImportShownAgain):
    """With what stays in it, the plan would have more lines than a plan holds. `sentence` says so."""

    def __init__(self, check: ImportCheck, sentence: str):
        super().__init__(check)
        self.sentence = sentence


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
        if plan.locked and plan.locked_by:
            text = _("%(name)s locked the plan. Ask them, or the system administrator, to unlock it.")
            return text % {"name": get_user_display_name(plan.locked_by)}
        return _("The plan is locked. Ask whoever locked it, or the system administrator, to unlock it.")
    return ""


@transaction.atomic
def plan_import(
    *, actor, plan: AnnualPlan, file: PlanFile, shown: str, drop_missing: bool, now: datetime
) -> ImportCheck:
    """Write the activities of a file into the draft of the plan, as a new version by this person (R19, R22).

    Args: file, the table; shown, the `digest` of the check the person confirmed; drop_missing, remove activities that
    are not in the file and have no items yet (otherwise they stay); now, aware. Nothing is written unless the whole
    file is right.
    Returns the check that was carried out.
    Raises `PlanRefused`, `ImportShownAgain` for a file with findings or when file or plan are not what was shown, and
    `TooManyLines`.
    """
    chain_lock(plan.agency)
    plan = AnnualPlan.objects.select_for_update().get(pk=plan.pk)
    if refusal := edit_refusal(actor, plan):
        raise PlanRefused(refusal)
    check = import_check(plan, file)
    if not check.is_clean or check.digest != shown:
        raise ImportShownAgain(check)
    # What items were made for stays, to be cancelled with a reason; `removal_refusal` says so afterwards.
    used = {line.pk for line in lines_in_use(check.dropped)} if drop_missing else set()
    dropped = [line for line in check.dropped if line.pk not in used] if drop_missing else []
    if not check.has_changes and not dropped:
        return check
    kept = [*check.kept, *(line for line in check.dropped if line not in dropped)]
    if sentence := too_many_lines(len(kept) + len(check.added)):
        raise TooManyLines(check, sentence)
    draft = plan.get_latest_revision_as_object()
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


def copy_refusal(user, plan: AnnualPlan) -> str:
    """Why this account may not copy the plan to the next year, as a whole sentence; empty when it may."""
    policy = policy_registry.get_by_type(AnnualPlan)
    if not (policy.user_has_permission(user, "add") and may_edit(user, plan)):
        return _("Only the PR officers of the agency copy its plan.")
    if plan.fiscal_year_be + 1 not in PLAUSIBLE_YEARS:
        return _("Plans reach to fiscal year %(year)s.") % {"year": PLAUSIBLE_YEARS[-1]}
    if other := plan_of_next_year(plan):
        return _(
            "There is a plan for fiscal year %(year)s already: “%(title)s”. Work on that one, or delete it while it is "
            "an unsigned draft."
        ) % {"year": other.fiscal_year_be, "title": other.title}
    return ""


@transaction.atomic
def plan_copy_to_next_year(*, actor, plan: AnnualPlan, now: datetime) -> AnnualPlan:
    """Make the draft of the next fiscal year from the plan in force, or from its latest version while it is a draft.

    Festivals go to their new dates, the rest keeps month and weekday; letter number and date stay behind (R18, R20).
    Args: now, aware. The log keeps the list of what moved, which `plan_moves` shows.
    Raises `PlanRefused` without permission, and when the next year has a plan, which it names.
    """
    chain_lock(plan.agency)
    plan = AnnualPlan.objects.select_for_update().get(pk=plan.pk)
    if refusal := copy_refusal(actor, plan):
        raise PlanRefused(refusal)
    source = version_to_copy(plan)
    lines, told = lines_moved(source)
    year = plan.fiscal_year_be + 1
    copy = AnnualPlan(
        agency=plan.agency,
        fiscal_year_be=year,
        title=year_raised(source.title, plan.fiscal_year_be),
        objective=year_raised(source.objective, plan.fiscal_year_be),
        live=False,
    )
    copy.activities = lines
    copy.full_clean()
    copy.save()
    revision = copy.save_revision(user=actor, log_action=True)
    audit_record(
        actor=actor,
        verb="plan_copy_to_next_year",
        target=copy,
        now=now,
        agency=plan.agency,
        data={"from": plan.pk, "revision": revision.pk, "moves": [line.as_data() for line in told]},
    )
    return copy


def in_order(activities: Iterable[PlanActivity]) -> list[PlanActivity]:
    """The lines numbered in the order given."""
    ordered = list(activities)
    for place, activity in enumerate(ordered):
        activity.sort_order = place
    return ordered
