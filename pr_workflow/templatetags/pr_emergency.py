"""The red sign of an emergency publication, wherever an item is shown (R37)."""

from django import template

from ..people.models import Agency
from ..publishing.emergency import EmergencyRefused, emergency_guard
from ..publishing.emergency_selectors import emergencies_unconfirmed, emergency_of, pages_in_emergency

register = template.Library()


@register.inclusion_tag("pr_workflow/publishing/emergency_notice.html")
def emergency_notice(page_pk: int):
    """A banner for one page; nothing when it waits for no confirmation."""
    return {"emergency": emergency_of(page_pk)}


@register.inclusion_tag("pr_workflow/publishing/emergency_sign.html")
def emergency_sign():
    """The words and the symbol, in a line of a list."""
    return {}


@register.simple_tag
def emergencies_in(rows, name: str = "pk") -> set[int]:
    """Page numbers among these rows that wait for a confirmation; `name` is the row's attribute with the number."""
    return pages_in_emergency(getattr(row, name) for row in rows)


@register.inclusion_tag("pr_workflow/publishing/emergencies.html")
def emergencies_waiting(agency: Agency):
    """All of an agency, above the IT officer's queue."""
    return {"emergencies": emergencies_unconfirmed(agency)}


@register.simple_tag
def may_publish_in_emergency(user, page) -> bool:
    """Whether the button is offered."""
    try:
        emergency_guard(actor=user, page=page)
    except EmergencyRefused:
        return False
    return True
