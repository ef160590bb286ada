"""How often is the right page among the first ten? Our search beside Wagtail's own, on the same pages, in one run.

    python -m benchmarks.search_quality FOLDER [--limit 200] [--json FILE]

FOLDER holds `xquad_docs.jsonl.gz` (id, title, body) and `xquad_queries.jsonl.gz` (gold = ids of the right documents;
q = whole question, k = key words, s = one unspaced phrase). A database of its own is made and dropped; `DATABASE_URL`
chooses the kind. The text of each page is in `search_description`, which both searches index.
"""

import argparse
import gzip
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FIRST = 10
KINDS = {"q": "whole question", "k": "key words", "s": "one phrase"}
Search = Callable[[str], list[str]]


def lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@contextmanager
def own_database() -> Iterator[None]:
    """A migrated database that nothing else uses, dropped at the end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    os.environ.setdefault("PRAKAT_LOG_LEVEL", "ERROR")
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(databases, verbosity=0)


def load_pages(documents: list[dict[str, Any]]) -> dict[int, str]:
    """One live page a document; returns the document of each page."""
    from wagtail.models import Page, Site
    from wagtail.search import index

    Page.search_fields = [*Page.search_fields, index.SearchField("search_description")]
    root = Site.objects.get(is_default_site=True).root_page
    pages = {}
    for number, document in enumerate(documents):
        page = Page(title=document["title"] or "-", slug=f"d{number}", search_description=document["body"])
        pages[root.add_child(instance=page).pk] = document["id"]
    return pages


def searches(pages: dict[int, str]) -> dict[str, Search]:
    """The ways to search that are compared, by name."""
    from wagtail.models import Page, Site

    from search.selectors import search_pages

    site = Site.objects.get(is_default_site=True)

    def ours(query: str) -> list[str]:
        return [pages.get(hit.page.pk, "") for hit in search_pages(query, site=site, limit=FIRST).hits]

    def stock(operator: str) -> Search:
        live = Page.objects.live().descendant_of(site.root_page)
        return lambda query: [pages.get(page.pk, "") for page in live.search(query, operator=operator)[:FIRST]]

    return {"pr_search": ours, "Wagtail, all words": stock("and"), "Wagtail, any word": stock("or")}


def measure(search: Search, queries: list[dict[str, Any]], kind: str) -> dict[str, float]:
    """Share of queries answered in the first ten, mean reciprocal rank in them, and milliseconds a query (median).

    A query that makes the search raise (Wagtail's on SQLite does so for some) counts as not answered, and as failed.
    """
    from django.db import DatabaseError

    ranks, times, failed = [], [], 0
    for query in queries:
        started = time.perf_counter()
        try:
            found = search(query[kind])
        except DatabaseError:
            found, failed = [], failed + 1
        times.append(time.perf_counter() - started)
        ranks.append(next((rank for rank, document in enumerate(found, 1) if document in query["gold"]), 0))
    return {
        "recall_at_10": round(sum(rank > 0 for rank in ranks) / len(ranks), 3),
        "mrr_at_10": round(sum(1 / rank for rank in ranks if rank) / len(ranks), 3),
        "median_ms": round(statistics.median(times) * 1000, 1),
        "failed": failed,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, help="only the first so many queries")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    arguments = parser.parse_args()
    documents = lines(arguments.folder / "xquad_docs.jsonl.gz")
    queries = lines(arguments.folder / "xquad_queries.jsonl.gz")[: arguments.limit]
    figures: dict[str, dict[str, dict[str, float]]] = {}
    with own_database():
        from django.db import connection

        compared = searches(load_pages(documents))
        sys.stdout.write(f"{len(documents)} pages, {len(queries)} queries of each kind, {connection.vendor}\n")
        sys.stdout.write(f"{'':<20}{'':<16}{'recall@10':>10}{'MRR@10':>9}{'ms':>8}{'failed':>8}\n")
        for kind, kind_name in KINDS.items():
            for name, search in compared.items():
                row = measure(search, queries, kind)
                figures.setdefault(name, {})[kind_name] = row
                recall, rank, spent, failed = row.values()
                sys.stdout.write(f"{name:<20}{kind_name:<16}{recall:>10.3f}{rank:>9.3f}{spent:>8.1f}{failed:>8}\n")
                sys.stdout.flush()
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
