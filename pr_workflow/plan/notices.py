"""Who is told when the annual plan is in force, and when an activity does not take place (S2 §3.3, R24)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ..notifications.services import in_house_language, notice_write
from ..people.roles import Role
from ..people.selectors import role_members
from .models import ActivityCancellation


def on_plan_approved(sender, *, plan, actor, now, **kwargs) -> None:
    """The PR officers, who write the news of the plan, and the IT officers, who post it."""
    people = [*role_members(plan.agency, Role.WRITER), *role_members(plan.agency, Role.IT_OFFICER)]
    with in_house_language():
        notice_write(
            recipients=people,
            key=f"plan:{plan.live_revision_id}",
            subject=_("The plan is in force: %(title)s") % {"title": plan},
            path=reverse("wagtailsnippets_pr_workflow_annualplan:inspect", args=[plan.pk]),
            agency=plan.agency,
            now=now,
        )


def on_activity_cancelled(sender, *, activity, cancellation, actor, now, **kwargs) -> None:
    """The responsible officer, the PR officers and the director; not whoever did it. In the transaction of the act."""
    agency, officer = cancellation.agency, activity.responsible_officer
    people = [*role_members(agency, Role.WRITER), *role_members(agency, Role.DIRECTOR)]
    if officer is not None and officer.user is not None:
        people.append(officer.user)
    cancelled = cancellation.act == ActivityCancellation.Act.CANCEL
    with in_house_language():
        subject = _("Cancelled: %(activity)s") if cancelled else _("Taken up again: %(activity)s")
        notice_write(
            recipients=[person for person in people if person != actor],
            key=f"activity:{cancellation.uuid}",
            subject=subject % {"activity": activity},
            text=cancellation.reason,
            path=reverse("pr_admin:plan_progress", args=[cancellation.plan_id]),
            agency=agency,
            now=now,
        )
