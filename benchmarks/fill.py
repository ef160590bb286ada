"""``python -m benchmarks.fill NUMBER``: writes the corpus and prints what the measurement needs to know, as JSON."""

import json
import random
import sys
import time

import django


def main(number: int) -> None:
    """Fill an empty, migrated database."""
    from benchmarks.corpus import TAGS, make_corpus, make_public, make_site
    from pr_workflow.api.cursor import Cursor
    from pr_workflow.publishing.models import PublishedItem

    agency, index = make_site()
    started = time.perf_counter()
    keys = make_corpus(agency, index, number)
    pages_done = time.perf_counter()
    make_public(agency, keys)
    rows_done = time.perf_counter()
    items = PublishedItem.objects.newest_first()
    deep = items[number - number // 100 - 1]
    sample = random.Random(2).sample(keys, min(100, number))  # noqa: S311 - the same sample every time
    uuids = PublishedItem.objects.filter(page__in=sample).values_list("uuid", flat=True)
    facts = {
        "articles": number,
        "pages_seconds": round(pages_done - started, 1),
        "rows_seconds": round(rows_done - pages_done, 1),
        "tag": TAGS[0],
        "deep_cursor": str(Cursor(deep.published_at, deep.pk)),
        "deep_offset": number - number // 100,
        "keys": sample,
        "uuids": [str(uuid) for uuid in uuids],
    }
    print(json.dumps(facts))  # noqa: T201


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
