"""How the course of an item is drawn."""

from django import template

register = template.Library()

ICONS = {"done": "check", "waiting": "time", "trouble": "warning"}


@register.filter
def state_icon(state: str) -> str:
    """The icon of a state: what is said in colour is said in shape too."""
    return ICONS.get(state, "info-circle")
