"""The news endpoints: what they answer, in which order, and at which price."""

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.corpus import make_corpus, make_public, make_site
from pr_workflow.api.schemas import NewsDetail, NewsEntry
from pr_workflow.publishing.models import PublishedItem
from tests.factories.office import make_document, make_office
from tests.factories.published import Reader, make_live

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(office):
    return Reader(office)


@pytest.fixture
def archive(office):
    """Sixty published items of the office; every third shares its moment with its neighbour."""
    make_public(office.agency, make_corpus(office.agency, office.index, 60, pictures=2))
    items = list(PublishedItem.objects.order_by("pk"))
    for before, item in pairwise(items):
        if item.pk % 3 == 0:
            PublishedItem.objects.filter(pk=item.pk).update(published_at=before.published_at)
    return PublishedItem.objects.all()


def pages_of(reader, after: str | None = None, **params) -> list[list[dict]]:
    """Every page of the list from a cursor on, by following the cursors."""
    pages, cursor = [], after
    while True:
        answer = reader.get("news", {**params, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.content.decode()
        pages.append(answer.json()["items"])
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return pages


def uuids(pages: list[list[dict]]) -> list[str]:
    return [item["uuid"] for page in pages for item in page]


def test_an_entry_and_a_detail_fit_their_declared_shapes(office, reader):
    page = make_live(
        office,
        body=[("heading", "หัวข้อ"), ("paragraph", "<p>ก</p>")],
        attachments=[("file", {"document": make_document(office), "title": ""})],
    )
    (entry,) = reader.get("news").json()["items"]
    assert set(entry) == set(NewsEntry.model_fields)
    assert NewsEntry.model_validate(entry).title == page.title
    detail = reader.get(f"news/{entry['uuid']}").json()
    assert set(detail) == set(NewsDetail.model_fields)
    assert NewsDetail.model_validate(detail).body[0].text == "หัวข้อ"
    assert entry.items() <= detail.items()


def test_the_list_is_newest_first_and_complete_over_all_pages(reader, archive):
    expected = [str(uuid) for uuid in archive.newest_first().values_list("uuid", flat=True)]
    assert uuids(pages_of(reader, limit=7)) == expected
    assert uuids(pages_of(reader, limit=100)) == expected
    assert [len(page) for page in pages_of(reader, limit=20)] == [20, 20, 20]


def test_the_order_is_stable_while_news_comes_and_goes(office, reader, archive):
    first = reader.get("news", {"limit": 10}).json()
    gone = archive.newest_first()[15]
    newest = archive.newest_first()[0]
    gone.page.delete()
    PublishedItem.objects.filter(pk=newest.pk).update(published_at=newest.published_at + timedelta(days=1))
    rest = uuids(pages_of(reader, limit=10, after=first["next_cursor"]))
    assert len(rest) == 49
    assert not set(rest) & {item["uuid"] for item in first["items"]}


def test_next_is_an_address_with_the_same_filters(reader, archive):
    answer = reader.get("news", {"limit": 5, "fiscal_year": 2570})
    following = answer.json()["next"]
    assert answer["Link"] == f'<{following}>; rel="next"'
    assert following.startswith("http://kpr.localhost/api/pr/v1/news?")
    second = reader.get(following.removeprefix("http://kpr.localhost")).json()
    expected = [str(uuid) for uuid in archive.newest_first().values_list("uuid", flat=True)[5:10]]
    assert uuids([second["items"]]) == expected
    last = reader.get("news", {"limit": 100})
    assert (last.json()["next"], last.json()["next_cursor"]) == (None, None)
    assert "Link" not in last


@pytest.mark.parametrize(
    "name", ["fiscal_year", "type", "tag", "audience", "date_from", "date_to", "two filters", "everything"]
)
def test_each_filter_shows_exactly_what_fits(reader, archive, name):
    entries = [json.loads(item.list_json) for item in archive.newest_first()]
    sample = entries[30]
    filters = {
        "fiscal_year": ({"fiscal_year": 2570}, lambda e: e["fiscal_year_be"] == 2570),
        "type": ({"type": sample["type"]}, lambda e: e["type"] == sample["type"]),
        "tag": ({"tag": sample["tags"][0]}, lambda e: sample["tags"][0] in e["tags"]),
        "audience": ({"audience": "press"}, lambda e: "press" in e["target_groups"]),
        "date_from": ({"date_from": sample["event_date"]}, lambda e: e["event_date"] >= sample["event_date"]),
        "date_to": ({"date_to": sample["event_date"]}, lambda e: e["event_date"] <= sample["event_date"]),
        "two filters": (
            {"audience": "press", "tag": sample["tags"][1]},
            lambda e: "press" in e["target_groups"] and sample["tags"][1] in e["tags"],
        ),
        "everything": ({}, lambda e: True),
    }
    params, fits = filters[name]
    assert uuids(pages_of(reader, limit=4, **params)) == [entry["uuid"] for entry in entries if fits(entry)]


def test_items_without_an_event_date_are_in_no_period(office, reader):
    make_live(office, "ไม่มีวันจัด", event_date=None)
    make_live(office, "มีวันจัด", event_date=date(2026, 11, 1))
    assert len(reader.titles()) == 2
    assert reader.titles(date_from="2026-01-01") == ["มีวันจัด"]
    assert reader.titles(date_from="2026-11-02") == []


def test_a_tag_or_year_nobody_uses_shows_nothing(reader, archive):
    assert reader.titles(tag="ไม่มีแท็กนี้") == []
    assert reader.titles(fiscal_year=2500) == []


@pytest.mark.parametrize("params", [{}, {"tag": "การอ่านหนังสือ", "audience": "press"}, {"cursor": True}])
def test_the_list_costs_the_same_few_queries_at_any_size(reader, archive, params):
    if "cursor" in params:
        params = {"cursor": reader.get("news", {"limit": 3}).json()["next_cursor"]}
    costs = []
    for keep in (60, 5):
        archive.filter(pk__in=list(archive.newest_first().values_list("pk", flat=True)[keep:])).delete()
        with CaptureQueriesContext(connection) as queries:
            assert reader.get("news", {"limit": 100, **params}).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 3


def test_the_list_costs_two_queries(office, reader, archive, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(reader.titles(limit=60)) == 60
    with django_assert_num_queries(2):
        assert len(reader.titles(limit=5)) == 5


def test_the_detail_costs_two_queries(reader, archive, django_assert_num_queries):
    uuid = archive.first().uuid
    with django_assert_num_queries(2):
        assert reader.get(f"news/{uuid}").status_code == 200


def test_pages_are_found_by_their_path(office, reader):
    page = make_live(office, "ล้างมือ", slug="ลางมอ-2570")
    uuid = str(PublishedItem.objects.get().uuid)
    assert page.slug == "ลางมอ-2570"
    for path in ("/news/ลางมอ-2570/", "/news/ลางมอ-2570", page.url_path.removeprefix("/home-kpr")):
        assert reader.get("news/by-path", {"path": path}).json()["uuid"] == uuid
    encoded = page.full_url.removeprefix("http://kpr.localhost")
    assert encoded.isascii()
    assert reader.get("news/by-path", {"path": encoded}).json()["uuid"] == uuid
    for path in ("/news/", "/other/ลางมอ-2570/", "/news/ลาง/"):
        assert reader.get("news/by-path", {"path": path}).status_code == 404
    for path in ("", "news", "/", "http://kpr.localhost/news/x/"):
        answer = reader.get("news/by-path", {"path": path})
        assert (answer.status_code, answer.json()["parameter"]) == (400, "path")
    missing = reader.get("news/by-path")
    assert (missing.status_code, missing.json()["parameter"]) == (400, "path")


def test_both_spellings_of_an_address_answer(office, reader):
    make_live(office)
    uuid = PublishedItem.objects.get().uuid
    for path in ("news", "news/", f"news/{uuid}", f"news/{uuid}/"):
        assert reader.get(path).status_code == 200


def test_an_unchanged_answer_costs_a_304_and_a_changed_one_does_not(office, reader):
    make_live(office)
    addresses = ["news", f"news/{PublishedItem.objects.get().uuid}"]
    tags = {}
    for address in addresses:
        answer = reader.get(address)
        tags[address] = answer["ETag"]
        assert answer["Cache-Control"] == "public, no-cache"
        same = reader.get(address, **{"if-none-match": answer["ETag"]})
        assert (same.status_code, same.content, same["ETag"]) == (304, b"", answer["ETag"])
        assert same["Cache-Control"] == "public, no-cache"
    office.agency.name = "ชื่อใหม่"
    office.agency.save()
    assert reader.get(addresses[1], **{"if-none-match": tags[addresses[1]]}).status_code == 200
    make_live(office, "ข่าวใหม่")
    assert reader.get("news", **{"if-none-match": tags["news"]}).status_code == 200


def test_head_answers_like_get_without_a_body(office, reader):
    make_live(office)
    get = reader.get("news")
    head = reader.client.head("/api/pr/v1/news", headers={"host": reader.host})
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", get["ETag"])


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_nothing_can_be_changed(office, reader, method):
    make_live(office)
    for address in ("news", f"news/{PublishedItem.objects.get().uuid}", "plans", "important-days", "nowhere", ""):
        answer = getattr(reader.client, method)(f"/api/pr/v1/{address}", headers={"host": reader.host})
        assert answer.status_code == 405
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["Allow"] == "GET, HEAD"
    assert PublishedItem.objects.count() == 1


def test_an_agency_of_another_site_is_answered_there_only(office, reader):
    other = make_office("spp")
    make_live(office, "ของ กพร.")
    theirs = make_live(other, "ของ สพป.")
    assert reader.titles() == ["ของ กพร."]
    assert Reader(other).titles() == ["ของ สพป."]
    uuid = PublishedItem.objects.get(page_id=theirs.pk).uuid
    assert reader.get(f"news/{uuid}").status_code == 404
    assert Reader(other).get(f"news/{uuid}").status_code == 200
    path = {"path": theirs.full_url.removeprefix("http://spp.localhost")}
    assert reader.get("news/by-path", path).status_code == 404
    assert reader.get("news", {"agency": "spp"}).json()["parameter"] == "agency"


def test_a_host_of_no_agency_is_told_so():
    make_site("kpr", "kpr.localhost")
    for address in ("news", "plans", "important-days"):
        answer = Client().get(f"/api/pr/v1/{address}", headers={"host": "unknown.localhost"})
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
