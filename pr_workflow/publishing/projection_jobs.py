"""Celery jobs of the projection: ids in, one service call, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from ..news.public_content import pictures_prepare
from .models import Posting
from .refresh import pages_refresh


@shared_task(name="pr_workflow.tasks.published_refresh")
def published_refresh(page_pks: list[int]) -> int:
    """Make the rows of these pages true again, after a change that touched too many for one request."""
    return pages_refresh(page_pks, now=timezone.now())


@shared_task(name="pr_workflow.tasks.posting_pictures_prepare")
def posting_pictures_prepare(posting_id: int) -> None:
    """Make the picture sizes of a posted item ahead of time: going live then only reads them."""
    posting = Posting.objects.filter(pk=posting_id).select_related("revision").first()
    if posting:
        pictures_prepare(posting.revision.as_object())
