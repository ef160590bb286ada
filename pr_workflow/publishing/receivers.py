"""What posting does when other steps announce something."""

import logging

from django.utils import timezone
from kombu.exceptions import OperationalError

from ..conf import eta_horizon_seconds
from .jobs import publish_posting
from .services import posting_open

logger = logging.getLogger(__name__)


def on_news_approved(sender, *, page, revision, actor, now, **kwargs):
    """The chain is complete: the IT officer's queue gets the item, in the same transaction."""
    posting_open(actor=actor, page=page, revision=revision, now=now)


def on_news_posted(sender, *, posting, **kwargs):
    """A go-live time was set: if it is near, order a job for the exact moment. The tick is the truth, not this."""
    seconds = (posting.go_live_at - timezone.now()).total_seconds()
    if seconds > eta_horizon_seconds():
        return
    try:
        publish_posting.apply_async(args=[posting.pk], countdown=max(seconds, 0))
    except (OperationalError, OSError) as error:
        logger.warning("no exact job for posting %s, the tick will publish it: %s", posting.pk, error)
