"""An activity of the plan moved to another date: an amendment of the plan, never a change of what is in force (R22)."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record, chain_lock
from ..thai_time import bangkok_date, thai_date
from .models import AnnualPlan, PlanActivity
from .selectors import cancelled_in
from .services import PlanRefused, edit_refusal


@transaction.atomic
def activity_redate(*, actor, activity: PlanActivity, start: date, now: datetime) -> PlanActivity:
    """Let an activity begin on another day, with its length kept, in the draft of the plan; the director approves it.

    Args: now, aware. Returns the line of the draft. Raises `PlanRefused` for whoever may not change the draft now, and
    `ValidationError` on `date` for an activity that has begun, and for a day that has passed, lies outside the fiscal
    year, or changes nothing.
    """
    agency = activity.plan.agency
    chain_lock(agency)
    plan = AnnualPlan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=activity.plan_id)
    if refusal := edit_refusal(actor, plan):
        raise PlanRefused(refusal)
    draft = plan.get_latest_revision_as_object()
    lines = list(draft.activities.all())
    line = next((each for each in lines if each.uuid == activity.uuid), None)
    if line is None:
        raise PlanRefused(_("The draft of the plan no longer has the activity %(code)s.") % {"code": activity.code})
    if activity.uuid in cancelled_in(plan):
        raise PlanRefused(_("Activity %(code)s is cancelled. Take it up again first.") % {"code": activity.code})
    # An activity that has begun, by the plan in force or by its draft, stays where it was.
    for day in (activity.start, line.start):
        if day < bangkok_date(now):
            text = _("Activity %(code)s began on %(day)s, so it is not moved any more.")
            raise ValidationError({"date": text % {"code": line.code, "day": thai_date(day)}})
    if start < bangkok_date(now):
        text = _("%(day)s has passed. Choose a day from today on.")
        raise ValidationError({"date": text % {"day": thai_date(start)}})
    before = line.start, line.end
    if start == line.start:
        text = _("In the draft of the plan, activity %(code)s begins on %(day)s already.")
        raise ValidationError({"date": text % {"code": line.code, "day": thai_date(start)}})
    line.start, line.end = start, line.end + (start - line.start)
    line.plan = draft
    try:
        line.clean()
    except ValidationError as error:
        raise ValidationError({"date": error.messages}) from error
    draft.activities = lines
    revision = draft.save_revision(user=actor, log_action=True)
    data = {"code": line.code, "from": before, "to": (line.start, line.end), "revision": revision.pk}
    audit_record(actor=actor, verb="plan_redate", target=plan, now=now, agency=agency, data=data)
    return line
