"""Working groups on the admin's start page: drafts to appoint, terms that end (R01, R02)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .approval.panels import AgencyWorkPanel, WorkRow
from .people.roles import Role
from .people.selectors import roles_of
from .thai_time import bangkok_date, thai_date
from .working_group.models import WorkingGroup
from .working_group.notices import group_path
from .working_group.selectors import groups_to_look_after, may_appoint

#: Who prepares the next order in time.
HEADS = {Role.DIRECTOR, Role.HEAD_OF_SECTION, Role.HEAD_OF_WORK}


class WorkingGroupsPanel(AgencyWorkPanel):
    """For who appoints: drafts with their clock. For the heads and the director: terms that end and nobody follows."""

    heading = gettext_lazy("Working groups")
    icon = "group"
    order = 130

    def find_rows(self):
        agency, user = self.agency, self.request.user
        groups = groups_to_look_after(agency, bangkok_date(self.now)) if agency else []
        if agency is None or not groups:
            return []
        roles, appoints = roles_of(user, agency), may_appoint(user, agency)
        drafts = [self._draft(group) for group in groups if group.is_draft and appoints]
        ending = [self._ending(group) for group in groups if not group.is_draft and roles & HEADS]
        return [*drafts, *ending]

    def _draft(self, group: WorkingGroup) -> WorkRow:
        return WorkRow(
            title=group.title,
            url=group_path(group),
            detail=_("waits for its appointment"),
            since=group.drafted_at,
            due_at=group.due_at,
            action=_("Look and decide"),
            now=self.now,
            clock=group,
        )

    def _ending(self, group: WorkingGroup) -> WorkRow:
        return WorkRow(
            title=group.title,
            url=group_path(group),
            detail=_("term ends on %(day)s, and nobody follows yet") % {"day": thai_date(group.ends_on)}
            if group.ends_on
            else "",
            action=_("Look"),
            now=self.now,
            is_task=False,
        )
