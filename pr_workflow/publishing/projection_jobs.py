"""Celery jobs of the projection: ids in, one service call, safe to run twice."""

import logging

from celery import shared_task
from django.db import IntegrityError, transaction
from django.utils import timezone

from ..news.public_content import pictures_prepare
from .models import Posting
from .rebuild import projection_differences
from .refresh import pages_refresh

logger = logging.getLogger(__name__)


@shared_task(name="pr_workflow.tasks.published_refresh")
def published_refresh(page_pks: list[int]) -> int:
    """Make the rows of these pages true again, after a change that touched too many for one request."""
    return pages_refresh(page_pks, now=timezone.now())


@shared_task(name="pr_workflow.tasks.projection_heal")
def projection_heal() -> list[str]:
    """Each night: compare every public row with its page, make those again that differ; returns what was wrong."""
    now = timezone.now()
    found = list(projection_differences(now=now))
    if found:
        logger.error("public rows differed from their pages: %s", "; ".join(map(str, found)))
        pages_refresh({difference.page_pk for difference in found}, now=now)
    return [str(difference) for difference in found]


@shared_task(name="pr_workflow.tasks.posting_pictures_prepare")
def posting_pictures_prepare(posting_id: int) -> None:
    """Make the picture sizes of a posted item ahead of time: going live then only reads them.

    A picture deleted meanwhile ends the job: what is missing is made, or said, when the item goes live.
    """
    posting = Posting.objects.filter(pk=posting_id).select_related("revision").first()
    if posting:
        try:
            with transaction.atomic():
                pictures_prepare(posting.revision.as_object())
        except IntegrityError as error:
            logger.info("pictures of posting %s are made when it goes live: %s", posting_id, error)
