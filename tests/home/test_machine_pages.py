"""What machines read: feed, sitemap, robots. And the walls between the agencies in all of them (I5)."""

from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from wagtail.models import PageViewRestriction, Site

from pr_workflow.publishing.take_down import news_take_down
from tests.factories.office import MORNING, live, make_draft, make_office
from tests.factories.site import make_plan, public_news, visitor

pytestmark = pytest.mark.django_db
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def feed_titles(client) -> list[str]:
    response = client.get("/feed/")
    assert response.status_code == 200
    return [item.findtext("title") for item in ElementTree.fromstring(response.content).iter("item")]  # noqa: S314


def sitemap_paths(client) -> set[str]:
    response = client.get("/sitemap.xml")
    assert response.status_code == 200
    return {urlsplit(row.text).path for row in ElementTree.fromstring(response.content).iter(LOCATION)}  # noqa: S314


def test_the_feed_carries_the_newest_items(health, reader):
    older = public_news(health, "เก่า & ก่อน", at=MORNING, tags=["ล้างมือ"])
    public_news(health, "ใหม่", at=MORNING + timedelta(hours=1))
    make_draft(health, "ร่าง")
    assert feed_titles(reader) == ["ใหม่", "เก่า & ก่อน"]
    entry = list(ElementTree.fromstring(reader.get("/feed/").content).iter("item"))[1]  # noqa: S314
    assert urlsplit(entry.findtext("link")).path == urlsplit(older.url).path
    assert entry.findtext("description") == older.lead
    assert entry.findtext("guid") == older.uuid.urn
    assert entry.findtext("category") == "ล้างมือ"
    assert entry.findtext("pubDate") == "Mon, 16 Nov 2026 02:00:00 +0000"


def test_the_feed_answers_a_reader_that_has_it_already(health, reader):
    public_news(health)
    stamp = reader.get("/feed/")["Last-Modified"]
    assert stamp == "Mon, 16 Nov 2026 02:00:00 GMT"


def test_the_sitemap_lists_public_pages_only(health, reader):
    item = public_news(health)
    make_draft(health, slug="draft-item")
    make_plan(health, year=2570)
    make_plan(health, year=2571, live=False)
    assert sitemap_paths(reader) == {"/", "/news/", urlsplit(item.url).path, "/plan/2570/", "/privacy/"}


def test_a_taken_down_item_leaves_every_list(db):
    office = make_office(hostname="health.localhost")
    reader, page = visitor(office), live(office)
    path = urlsplit(page.full_url).path
    assert path in sitemap_paths(reader)
    news_take_down(actor=office.it_officer, page=page, reason="ทดสอบการนำออก", now=MORNING + timedelta(days=1))
    assert feed_titles(reader) == []
    assert path not in sitemap_paths(reader)
    assert page.title not in reader.get("/news/").content.decode()
    assert reader.get(path).status_code == 410


def test_a_restricted_index_leaves_navigation_and_sitemap(health, reader):
    PageViewRestriction.objects.create(page=health.index, restriction_type="login")
    assert "/news/" not in sitemap_paths(reader)
    assert "/news/" not in reader.get("/").content.decode()


def test_no_agency_sees_another(health, education, reader):
    ours = public_news(health, "ข่าวของกพร.", slug="ours")
    theirs = public_news(education, "ข่าวของเขตพื้นที่", slug="theirs", tags=["แท็กของเขต"])
    for client, own, other in ((reader, ours, theirs), (visitor(education), theirs, ours)):
        assert feed_titles(client) == [own.title]
        assert urlsplit(own.url).path in sitemap_paths(client)
        assert urlsplit(other.url).path not in sitemap_paths(client)
        for address in ("/", "/news/", "/feed/", "/sitemap.xml", "/news/?tag=แท็กของเขต", urlsplit(own.url).path):
            assert other.title not in client.get(address).content.decode()
        assert client.get(urlsplit(other.url).path).status_code == 404
    assert b'class="notice"' in reader.get("/news/?tag=แท็กของเขต").content


def test_robots_name_the_sitemap_of_the_site_that_is_asked(health, education):
    for office in (health, education):
        text = visitor(office).get("/robots.txt").content.decode()
        assert f"Sitemap: http://{office.agency.site.hostname}/sitemap.xml" in text
        assert "Disallow: /admin/" in text


def test_a_site_without_an_agency_offers_no_lists(health, client):
    Site.objects.create(hostname="nobody.localhost", root_page=health.home.get_parent())
    for address in ("/feed/", "/sitemap.xml", "/plan/2570/"):
        response = client.get(address, headers={"host": "nobody.localhost"})
        assert response.status_code == 404
