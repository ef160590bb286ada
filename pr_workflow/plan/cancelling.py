"""The verbs of an activity that does not take place, or does after all: records of their own (R24)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..audit.services import audit_record, chain_lock
from ..people.private_data import private_data_in
from ..reasons import reason_required
from ..signals import activity_cancelled
from .models import ActivityCancellation, AnnualPlan, PlanActivity
from .selectors import cancellations_of
from .services import PlanRefused, may_edit

PUBLIC_NOTE = gettext_lazy("What the public reads")
WHY_CANCEL = gettext_lazy("Write in “Reason” why the activity does not take place.")
WHY_RESUME = gettext_lazy("Write in “Reason” why the activity takes place after all.")


def cancel_refusal(user, plan: AnnualPlan) -> str:
    """Why this account may not cancel activities of the plan, as a whole sentence; empty when it may."""
    if not may_edit(user, plan):
        return _("Only the PR officers of the agency cancel activities of its plan.")
    if not plan.live:
        return _("The plan is not in force yet. Take the activity out of the draft instead.")
    return ""


@transaction.atomic
def activity_cancel(
    *, actor, activity: PlanActivity, reason: str, is_public: bool = True, public_note: str = "", now: datetime
) -> ActivityCancellation:
    """An activity of the plan in force does not take place; the plan itself and its signatures stay as they are (R24).

    Args: reason, for the office, never shown outside; is_public, the public plan marks the activity as cancelled;
    public_note, what readers are told there, nothing when empty; now, aware.
    Raises `PlanRefused` without permission, for a plan that is not in force and for an activity that is cancelled
    already; `ValidationError` at `reason`, and at `public_note` for private data in it.
    """
    plan = _plan_held(actor, activity)
    said = reason_required(reason, missing=WHY_CANCEL)
    if is_public and (problem := private_data_in(public_note, str(PUBLIC_NOTE))):
        raise ValidationError({"public_note": problem})
    if activity.uuid in cancellations_of(plan):
        raise PlanRefused(_("Activity %(code)s is cancelled already.") % {"code": activity.code})
    note = public_note.strip() if is_public else ""
    words = {"reason": said, "is_public": is_public, "public_note": note}
    return _enter(actor, plan, activity, ActivityCancellation.Act.CANCEL, words, now)


@transaction.atomic
def activity_resume(*, actor, activity: PlanActivity, reason: str, now: datetime) -> ActivityCancellation:
    """A cancelled activity takes place after all; the cancellation stays in the record (R24).

    Raises `PlanRefused` without permission and for an activity that is not cancelled; `ValidationError` at `reason`.
    """
    plan = _plan_held(actor, activity)
    said = reason_required(reason, missing=WHY_RESUME)
    if activity.uuid not in cancellations_of(plan):
        raise PlanRefused(_("Activity %(code)s is not cancelled.") % {"code": activity.code})
    return _enter(actor, plan, activity, ActivityCancellation.Act.RESUME, {"reason": said}, now)


def _plan_held(actor, activity: PlanActivity) -> AnnualPlan:
    """The plan in force, held until the transaction ends, so that two people do not cancel at once."""
    chain_lock(activity.plan.agency)
    plan = AnnualPlan.objects.select_for_update().get(pk=activity.plan_id)
    if refusal := cancel_refusal(actor, plan):
        raise PlanRefused(refusal)
    return plan


def _enter(
    actor, plan: AnnualPlan, activity: PlanActivity, act: ActivityCancellation.Act, words: dict[str, Any], now: datetime
) -> ActivityCancellation:
    """The record, its row in the log, and the signal."""
    row = ActivityCancellation.objects.create(
        agency=plan.agency,
        plan=plan,
        activity_uuid=activity.uuid,
        code=activity.code,
        title=activity.title,
        act=act,
        at=now,
        by=actor,
        by_name=actor.get_full_name() or actor.get_username(),
        **words,
    )
    data = {"code": activity.code, "activity": str(activity.uuid), "reason": words["reason"]}
    audit_record(
        actor=actor,
        verb=f"activity_{act}",
        target=plan,
        now=now,
        agency=plan.agency,
        data={**data, "public": row.is_public} if act == ActivityCancellation.Act.CANCEL else data,
    )
    activity_cancelled.send(sender=PlanActivity, activity=activity, cancellation=row, actor=actor, now=now)
    return row
