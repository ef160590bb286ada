"""Questions about notices: what a person was told, what they have not seen, what never reached them."""

from django.db.models import QuerySet

from .models import Notice


def notices_of(user, *, unread_only: bool = False) -> QuerySet[Notice]:
    """A person's notices, the newest first."""
    rows = Notice.objects.filter(recipient=user).still_theirs()
    return rows.unread() if unread_only else rows


def unread_count(user) -> int:
    """How many notices a person has not seen. One query."""
    return Notice.objects.unread().still_theirs().filter(recipient=user).count()


def mails_given_up(agency) -> QuerySet[Notice]:
    """Notices of an agency (None: of all) whose mail was given up, with the reason, the newest first."""
    rows = Notice.objects.given_up().select_related("recipient").order_by("-mail_dropped_at", "-pk")
    return rows if agency is None else rows.filter(agency=agency)
