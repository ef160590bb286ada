"""The news index: filters, counts, pages, gentle answers to nonsense, and a constant number of queries."""

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pr_workflow.publishing.models import PublishedItem
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import MORNING, make_draft, make_image
from tests.factories.site import many_news, public_news

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    return [heading.get_text() for heading in soup(response).select("main .card__title")]


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def options(response, name: str) -> dict[str, str]:
    choices = soup(response).select(f"select[name={name}] option")
    return {choice["value"]: choice.get_text() for choice in choices if choice["value"]}


@pytest.fixture
def three(health):
    """News of two fiscal years, two types, different tags."""
    image = make_image(health)
    public_news(health, "ข่าวปีก่อน", at=MORNING - timedelta(days=90), event_date=date(2026, 8, 1), image=image)
    public_news(health, "ประกาศปีนี้", at=MORNING, news_type="announcement", tags=["ล้างมือ", "ปีงบประมาณ 2570"], image=image)
    public_news(health, "ข่าวปีนี้", at=MORNING + timedelta(days=1), tags=["วันเบาหวานโลก"], image=image)


def test_newest_comes_first_and_drafts_never(health, reader, three):
    make_draft(health, "ร่างที่ยังไม่อนุมัติ")
    assert titles(reader.get("/news/")) == ["ข่าวปีนี้", "ประกาศปีนี้", "ข่าวปีก่อน"]


def test_filters_narrow_the_list(reader, three, subtests):
    for query, expected in [
        ({"year": "2570"}, ["ข่าวปีนี้", "ประกาศปีนี้"]),
        ({"year": "๒๕๖๙"}, ["ข่าวปีก่อน"]),
        ({"type": "announcement"}, ["ประกาศปีนี้"]),
        ({"tag": "ล้างมือ"}, ["ประกาศปีนี้", "ข่าวปีก่อน"]),
        ({"tag": "ล้างมือ", "year": "2570"}, ["ประกาศปีนี้"]),
        ({"tag": "ล้างมือ", "year": "2570", "type": "news"}, []),
    ]:
        with subtests.test(query=query):
            response = reader.get("/news/", query)
            assert response.status_code == 200
            assert titles(response) == expected
            assert not soup(response).select(".notice")


def test_counts_follow_the_other_filters(reader, three):
    everything = reader.get("/news/")
    assert options(everything, "year") == {"2570": "2570 (2)", "2569": "2569 (1)"}
    assert options(everything, "tag")["ล้างมือ"] == "ล้างมือ (2)"
    narrowed = reader.get("/news/", {"type": "announcement"})
    assert options(narrowed, "year") == {"2570": "2570 (1)"}
    assert len(options(narrowed, "type")) == 2
    assert "วันเบาหวานโลก" not in options(narrowed, "tag")


def test_a_chosen_value_without_matches_stays_chosen(reader, three):
    response = reader.get("/news/", {"year": "2569", "type": "announcement"})
    assert titles(response) == []
    assert options(response, "year")["2569"] == "2569 (0)"
    assert soup(response).select_one("select[name=year] option[selected]")["value"] == "2569"


def test_each_filter_in_use_can_be_removed_alone(reader, three):
    response = reader.get("/news/", {"year": "2570", "tag": "ล้างมือ"})
    without = [chip["href"] for chip in soup(response).select("a.chip--on")]
    assert [titles(reader.get(address)) for address in without] == [
        ["ประกาศปีนี้", "ข่าวปีก่อน"],
        ["ข่าวปีนี้", "ประกาศปีนี้"],
    ]


def test_an_unknown_value_is_named_and_left_out(reader, three, subtests):
    for name, value in [
        ("year", "abc"),
        ("year", "2027"),
        ("year", "9" * 5000),
        ("type", "' OR 1=1 --"),
        ("tag", "ไม่มีแท็กนี้"),
        ("tag", "<script>alert(1)</script>"),
        ("page", "0"),
        ("page", "-1"),
        ("page", "99"),
        ("page", "๙๙"),
        ("page", "two"),
    ]:
        with subtests.test(name=name, value=value[:20]):
            response = reader.get("/news/", {name: value})
            assert response.status_code == 200
            notices = [notice.get_text() for notice in soup(response).select(".notice")]
            assert len(notices) == 1
            assert value[:20] in notices[0]
            assert len(titles(response)) == 3
            assert "<script>alert" not in response.content.decode()


def test_broken_bytes_never_break_the_page(reader, three, subtests):
    for name in ("year", "type", "tag", "page"):
        for raw in ("%ff%fe", "%ED%A0%80", "%0d%0aSet-Cookie:x"):
            with subtests.test(name=name, raw=raw):
                assert reader.get(f"/news/?{name}={raw}").status_code == 200
        for raw in ("%00", "a%00b"):
            with subtests.test(name=name, raw=raw):
                assert reader.get(f"/news/?{name}={raw}").status_code == 400


def test_pages_hold_twelve_and_keep_the_filters(health, reader):
    many_news(health, 26, tags=["ล้างมือ"])
    first = reader.get("/news/", {"tag": "ล้างมือ"})
    assert len(titles(first)) == 12
    second = reader.get(soup(first).select_one("a[rel=next]")["href"])
    third = reader.get(soup(second).select_one("a[rel=next]")["href"])
    assert [len(titles(second)), len(titles(third))] == [12, 2]
    assert len({*titles(first), *titles(second), *titles(third)}) == 26
    assert not soup(third).select("a[rel=next]")
    assert "tag=" in soup(third).select_one("a[rel=prev]")["href"]


def test_items_of_the_same_moment_keep_their_order_over_pages(health, reader):
    many_news(health, 14)
    PublishedItem.objects.update(published_at=MORNING)
    seen = titles(reader.get("/news/")) + titles(reader.get("/news/", {"page": "2"}))
    assert len(set(seen)) == 14


def queries_of(reader, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert reader.get(address).status_code == 200
    return len(captured)


def test_queries_do_not_grow_with_the_news(health, reader):
    addresses = ["/news/", "/news/?tag=ล้างมือ&year=2570&type=news", "/", "/feed/", "/sitemap.xml"]
    item = many_news(health, 5, tags=["ล้างมือ"])[2]
    addresses.append(urlsplit(item.url).path)
    for address in addresses:
        reader.get(address)  # fills the caches of sites and content types
    few = {address: queries_of(reader, address) for address in addresses}
    many_news(health, 35, first=MORNING + timedelta(days=2), tags=["ล้างมือ"])
    assert {address: queries_of(reader, address) for address in addresses} == few
    assert few["/news/"] <= 16
    assert max(few.values()) <= 23


def test_dates_are_shown_in_buddhist_era(health, reader):
    public_news(health, at=datetime(2026, 12, 31, 23, 30, tzinfo=BANGKOK))
    shown = soup(reader.get("/news/")).select_one(".card time")
    assert shown.get_text() == "31 ธันวาคม 2569"
    assert shown["datetime"].startswith("2026-12-31T")


def test_an_agency_with_thai_digits_gets_them_everywhere_people_read(health, reader):
    public_news(health)
    type(health.agency).objects.update(thai_digits=True)
    response = reader.get("/news/")
    assert soup(response).select_one(".card time").get_text() == "๑๖ พฤศจิกายน ๒๕๖๙"
    assert options(response, "year") == {"2570": "๒๕๗๐ (๑)"}
