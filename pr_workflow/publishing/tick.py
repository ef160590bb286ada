"""One publishing tick: everything on the site whose time has come, each item on its own (I1, R43).

News goes through its postings. Other pages and snippets keep Wagtail's own schedule; they are claimed and published
here too, because Wagtail's command loses the schedule of an item that fails and everything behind it.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction
from wagtail.models import AbstractPage, DraftStateMixin, Revision, get_default_page_content_type

from ..news.models import NewsPageMixin
from .models import Posting
from .services import Outcome, news_take_down, posting_publish

logger = logging.getLogger(__name__)


def publish_due(*, now: datetime) -> list[Outcome]:
    """Try every due posting, oldest slot first. `now` is aware. One that fails keeps its time and says why."""
    due = list(Posting.objects.due(now).order_by("go_live_at", "pk").values_list("pk", flat=True))
    return [outcome for pk in due if (outcome := _publish_alone(pk, now)) is not None]


def _publish_alone(posting_id: int, now: datetime) -> Outcome | None:
    """One posting, whatever it raises, even while its failure is written down; the others go on (I1)."""
    try:
        return posting_publish(posting_id=posting_id, now=now)
    except Exception as error:  # e.g. the database refuses the failure text; health still sees the posting as late
        logger.exception("posting %s could not be tried", posting_id)
        return Outcome(posting_id, "", False, type(error).__name__)


def other_schedules_publish(*, now: datetime) -> list[int]:
    """Publish the due schedules of pages and snippets that are not news; returns the revisions that went live.

    A news revision without a posting never passes: the gate refuses it, whoever scheduled it.
    """
    due = Revision.objects.filter(approved_go_live_at__lte=now, posting__isnull=True).order_by("approved_go_live_at")
    published = []
    for pk in list(due.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                if not Revision.objects.filter(pk=pk, approved_go_live_at__lte=now).update(approved_go_live_at=None):
                    continue
                Revision.objects.get(pk=pk).publish(log_action="wagtail.publish.scheduled")
            published.append(pk)
        except Exception as error:  # rolled back: the schedule stays, the others go on
            logger.exception("revision %s did not go live: %s", pk, error)
    return published


def _expired(now: datetime) -> Iterator[Any]:
    page_model = get_default_page_content_type().model_class()
    yield from page_model.objects.live().filter(expire_at__lte=now).specific()
    for model in _snippet_models():
        yield from model._default_manager.filter(live=True, expire_at__lte=now)


def _snippet_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, AbstractPage)
    ]


def expire_due(*, now: datetime) -> list[int]:
    """Take down everything whose expiry has come; one that fails does not stop the others. Returns keys."""
    taken = []
    for content in _expired(now):
        try:
            with transaction.atomic():
                if isinstance(content, NewsPageMixin):
                    news_take_down(actor=None, page=content, reason="expired", now=now, expired=True)
                else:
                    content.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
            taken.append(content.pk)
        except Exception as error:  # the next tick tries again
            logger.exception("%s did not expire: %s", content, error)
    return taken
