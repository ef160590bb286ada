"""The words of a post, for channels that carry plain text."""

from django.utils.translation import gettext as _

from .base import Message


def headline(message: Message) -> str:
    """The title on one line; a later revision of news that is already out says so."""
    title = " ".join(message.title.split())
    return _("[Updated] %(title)s") % {"title": title} if message.is_update else title


def message_text(message: Message) -> str:
    """Headline, lead and the agency that speaks."""
    return "\n\n".join(part for part in (headline(message), message.lead.strip(), message.agency_name) if part)
