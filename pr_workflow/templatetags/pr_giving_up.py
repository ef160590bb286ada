"""The way to giving up an approval, wherever an approved item is shown (R39)."""

from django import template

from ..publishing.giving_up import posting_to_withdraw
from ..publishing.models import Posting

register = template.Library()


@register.simple_tag
def approval_to_withdraw(user, page) -> Posting | None:
    """The approved version of a page that this person may give up; None offers nothing."""
    return posting_to_withdraw(page, user) if user and user.is_authenticated else None
