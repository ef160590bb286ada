"""The way from an editor to the decision: an item is locked while it is considered, so Wagtail offers none there."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.action_menu import ActionMenuItem

from .selectors import refusal_to_sign


class ConsiderMenuItem(ActionMenuItem):
    """Leads to the review screen; for those who may sign the step the item waits at."""

    label = _("Consider")
    name = "action-consider"
    icon_name = "clipboard-list"
    order = -10

    def __init__(self, task_state):
        super().__init__()
        self.task_state = task_state

    def get_url(self, parent_context):
        return reverse("pr_admin:review", args=[self.task_state.pk])


def offer_consideration(menu_items: list, user, content) -> None:
    """Put the way to the decision first, when this person may decide."""
    state = content.current_workflow_task_state if content is not None and content.pk else None
    if state is not None and not refusal_to_sign(state, user):
        menu_items.insert(0, ConsiderMenuItem(state))
