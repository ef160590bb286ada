"""A new address of a page that readers already have links to stands in the log (I4).

Publishing a section under another slug is no act of the flow and needs no signature, but it moves every live item below
it. Wagtail announces the new address once it is stored, so the row follows the change in a transaction of its own.
"""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.signals import page_slug_changed

from ..audit.services import audit_record
from ..people.selectors import agency_for_page
from .refresh import live_news


def on_page_slug_changed(sender, *, instance, instance_before, **kwargs):
    """Log old and new place, and how many live items moved, when live news stands at the page or below it.

    An item that goes live for the first time had no address before. The slug of the top page of a site is part of
    nobody's address.
    """
    agency = agency_for_page(instance)
    if agency is None or agency.site.root_page_id == instance.pk:
        return
    moved = live_news().filter(path__startswith=instance.path)
    if not instance_before.live:
        moved = moved.exclude(pk=instance.pk)
    if not (number := moved.count()):
        return
    places = {"from": instance_before.url_path, "to": instance.url_path}
    with transaction.atomic():
        audit_record(
            actor=get_active_log_context().user,
            verb="page_address_change",
            target=instance,
            now=timezone.now(),
            agency=agency,
            data={**places, "live_news": number},
        )


def connect() -> None:
    """Listen to new addresses; safe to call again."""
    page_slug_changed.connect(on_page_slug_changed, dispatch_uid="log_page_address")
