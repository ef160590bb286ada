"""``python -m benchmarks.publish_side SIDE``: one process of the publishing benchmark; prints its numbers as JSON."""

import json
import sys
import time
from datetime import timedelta
from typing import Any

import django


def fill(articles: int, due: int) -> dict[str, Any]:
    """Live articles, approved news due a minute ago, and Wagtail's search index of all of it."""
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks.corpus import make_corpus, make_site
    from benchmarks.due_news import make_due

    agency, index = make_site()
    make_corpus(agency, index, articles)
    make_due(agency, index, due, slot=timezone.now() - timedelta(minutes=1))
    call_command("update_index", verbosity=0)
    return {"articles": articles, "due": due}


class Watch:
    """When each item was live for everybody, and how many queries were asked, since the start."""

    def __init__(self):
        self.times: list[float] = []
        self.queries = 0

    def __enter__(self):
        from django.db import connection

        self.started = time.perf_counter()
        self.wrapper = connection.execute_wrapper(self._count)
        self.wrapper.__enter__()
        return self

    def __exit__(self, *error):
        self.wrapper.__exit__(*error)
        self.seconds = time.perf_counter() - self.started

    def _count(self, execute, sql, params, many, context):
        self.queries += 1
        return execute(sql, params, many, context)

    def note(self, **kwargs):
        """Receiver of whatever says that an item is live."""
        self.times.append(time.perf_counter() - self.started)

    def numbers(self) -> dict[str, Any]:
        return {"times": self.times, "queries": self.queries, "seconds": self.seconds}


def stock() -> dict[str, Any]:
    """Wagtail's command with Wagtail's receivers only."""
    from wagtail.management.commands.publish_scheduled import Command
    from wagtail.signals import page_published

    from benchmarks.plain_wagtail import become_plain

    become_plain()
    watch = Watch()
    page_published.connect(watch.note, weak=False)
    with watch:
        Command().handle(dryrun=False)
    return watch.numbers()


def tick() -> dict[str, Any]:
    """Our tick, then the index that follows it."""
    from django.utils import timezone

    from pr_workflow.publishing.search_debt import search_debts_pay
    from pr_workflow.publishing.tick import publish_due
    from pr_workflow.signals import news_went_live

    watch = Watch()
    news_went_live.connect(watch.note, weak=False)
    with watch:
        publish_due(now=timezone.now())
    started = time.perf_counter()
    indexed = search_debts_pay(now=timezone.now())
    return {**watch.numbers(), "indexed": indexed, "indexed_seconds": time.perf_counter() - started}


def exact() -> dict[str, Any]:
    """A worker with the exact job of every item, in another order than the tick's."""
    from django.utils import timezone

    from pr_workflow.publishing.models import Posting
    from pr_workflow.publishing.search_debt import in_batch
    from pr_workflow.publishing.services import posting_publish
    from pr_workflow.signals import news_went_live

    watch = Watch()
    news_went_live.connect(watch.note, weak=False)
    keys = list(Posting.objects.due(timezone.now()).order_by("-pk").values_list("pk", flat=True))
    with in_batch(), watch:
        for key in keys:
            posting_publish(posting_id=key, now=timezone.now())
    return watch.numbers()


def count() -> dict[str, Any]:
    """What is live, what was done more than once, what failed."""
    from django.db.models import Count
    from wagtail.models import PageLogEntry

    from pr_workflow.audit.models import AuditEntry
    from pr_workflow.publishing.models import Posting

    logged = AuditEntry.objects.filter(verb="news_go_live").values("target_id").annotate(n=Count("pk"))
    pages = PageLogEntry.objects.filter(action="wagtail.publish").values("page").annotate(n=Count("pk"))
    return {
        "live": Posting.objects.filter(went_live_at__isnull=False, page__live=True).count(),
        "twice": logged.filter(n__gt=1).count() + pages.filter(n__gt=1).count(),
        "failed": Posting.objects.failed().count(),
    }


if __name__ == "__main__":
    django.setup()
    name, numbers = sys.argv[1], [int(word) for word in sys.argv[2:]]
    print(json.dumps({"fill": fill, "stock": stock, "tick": tick, "exact": exact, "count": count}[name](*numbers)))  # noqa: T201
