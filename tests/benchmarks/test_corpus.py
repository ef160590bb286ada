"""The measured corpus is honest: its rows are what a go-live would have written, and it is the same every time."""

import json

import pytest
from django.utils import timezone

from benchmarks.api_read import OURS, STOCK, cases_of, table
from benchmarks.corpus import make_corpus, make_public, make_site
from benchmarks.load import Measurement
from home.models import NewsPage
from pr_workflow.publishing.models import PublishedItem
from pr_workflow.publishing.rebuild import projection_differences

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.xdist_group("corpus")]


def test_the_rows_are_those_of_a_rebuild():
    agency, index = make_site()
    keys = make_corpus(agency, index, 12, pictures=2)
    make_public(agency, keys)
    assert PublishedItem.objects.count() == len(keys) == 12
    assert list(projection_differences(now=timezone.now())) == []
    index.refresh_from_db()
    assert index.get_children().count() == index.numchild == 12
    assert index.get_children().live().last().specific.tags.count() == 3


def test_the_same_seed_makes_the_same_articles():
    texts = []
    for code in ("one", "two"):
        agency, index = make_site(code, f"{code}.localhost")
        NewsPage.tags.through.tag_model().objects.all().delete()
        keys = make_corpus(agency, index, 3, pictures=1)
        texts.append([(page.title, page.lead, len(page.body)) for page in NewsPage.objects.filter(pk__in=keys)])
    assert texts[0] == texts[1]
    assert len(set(texts[0])) == 3


def test_the_table_shows_ratios():
    fast = Measurement(requests=100, seconds=1, times=[1.0] * 100, size=10, queries=2)
    slow = Measurement(requests=10, seconds=1, times=[9.0] * 10, size=10, queries=46)
    facts = {"articles": 10_000, "pages_seconds": 1, "rows_seconds": 2, "workers": 2, "threads": 4}
    text = table({**facts, "database": "SQLite", "cases": {"list": {OURS: fast, STOCK: slow}}})
    assert "×10.0" in text
    assert "10,000 articles on SQLite" in text


def test_every_interface_is_asked_the_same(monkeypatch):
    class Answer:
        headers = {"ETag": '"x"'}

    monkeypatch.setattr("benchmarks.api_read.look", lambda port, path: Answer())
    facts = {"tag": "ก", "deep_cursor": "c", "deep_offset": 9900, "keys": [1], "uuids": ["u"]}
    for case in cases_of(facts, port=0):
        assert OURS in case.paths
        others = [path for name, paths in case.paths.items() if name != OURS for path in paths]
        assert len({path.removeprefix("/stock") for path in others}) <= 1, json.dumps(others)
