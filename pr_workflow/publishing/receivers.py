"""What posting does when other steps announce something."""

import logging

from django.utils import timezone
from kombu.exceptions import OperationalError

from ..conf import eta_horizon_seconds
from .jobs import order_index, publish_posting
from .models import CorrectionRound, Posting, PublicationCheck
from .search_debt import is_batch
from .selectors import may_answer, may_post
from .services import posting_open, postings_hold

logger = logging.getLogger(__name__)


def on_news_approved(sender, *, page, revision, actor, now, **kwargs):
    """The chain is complete: the IT officer's queue gets the item, in the same transaction."""
    posting_open(actor=actor, page=page, revision=revision, now=now)


def on_news_submitted(sender, *, page, actor, now, **kwargs):
    """A newer version is on its way: the older one does not go live by itself any more."""
    postings_hold(actor=actor, page=page, now=now)


def on_clock_pause_asked(sender, *, clocked, user, **kwargs) -> bool | None:
    """IT officers stop the clock of a posting, the responsible officer that of a check or a correction (R35).

    Nobody stops the clock of an emergency publication: until it is confirmed, it stands without its chain.
    """
    if isinstance(clocked, Posting):
        return may_post(user, clocked.agency)
    if isinstance(clocked, PublicationCheck | CorrectionRound):
        return may_answer(user, clocked.page.specific, clocked.agency)
    return None


def on_news_posted(sender, *, posting, **kwargs):
    """A go-live time was set: if it is near, order a job for the exact moment. The tick is the truth, not this."""
    seconds = (posting.go_live_at - timezone.now()).total_seconds()
    if seconds > eta_horizon_seconds():
        return
    try:
        publish_posting.apply_async(args=[posting.pk], countdown=max(seconds, 0))
    except (OperationalError, OSError) as error:
        logger.warning("no exact job for posting %s, the tick will publish it: %s", posting.pk, error)


def on_news_went_live(sender, **kwargs):
    """Search and references follow by a job; whoever publishes a batch orders one for all."""
    if not is_batch():
        order_index()
