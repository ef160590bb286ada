"""Who is told when the annual plan is in force (S2 §3.3)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ..notifications.services import in_house_language, notice_write
from ..people.roles import Role
from ..people.selectors import role_members


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
