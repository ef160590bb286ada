"""Emergency publications that wait for a second person, on the start page and in the editor (R37)."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from ..approval.panels import SHOWN_ROWS, AgencyWorkPanel, WorkRow, person_name
from ..approval.reading import reading_refusal
from ..news.models import NewsPageMixin
from .emergency_selectors import emergencies_unconfirmed, emergency_of, refusal_to_decide_emergency


class EmergencyPanel(AgencyWorkPanel):
    """For all who read drafts of the agency; who may decide gets the button."""

    heading = gettext_lazy("Emergency publication, waits for confirmation")
    icon = "warning"
    tone = "critical"
    order = 40

    def find_rows(self):
        user = self.request.user
        try:
            if (self.agency is None and not user.is_superuser) or reading_refusal(user, self.agency):
                return []
        except PermissionDenied:
            return []
        return [
            self._row(emergency, may_decide=not refusal_to_decide_emergency(emergency, user))
            for emergency in emergencies_unconfirmed(self.agency)[: SHOWN_ROWS + 1]
        ]

    def _row(self, emergency, *, may_decide: bool) -> WorkRow:
        return WorkRow(
            title=emergency.revision.object_str,
            url=reverse("pr_admin:emergency", args=[emergency.pk]),
            detail=_("published by %(name)s without its chain") % {"name": person_name(emergency.published_by)},
            note=emergency.reason,
            since=emergency.published_at,
            due_at=emergency.due_at,
            action=_("Decide") if may_decide else _("Look"),
            now=self.now,
            clock=emergency,
            is_task=may_decide,
        )


def emergency_in_editor(request, page):
    """Hook `before_edit_page`: whoever opens the item reads that it is on the site without its chain."""
    if request.method != "GET" or not isinstance(page, NewsPageMixin):
        return
    emergency = emergency_of(page.pk)
    if emergency:
        address = reverse("pr_admin:emergency", args=[emergency.pk])
        messages.error(
            request,
            _("Emergency publication: on the site without its chain, waits for confirmation by a second person."),
            buttons=[messages.button(address, _("Look"))],
        )
