"""Error pages, and the promise of the privacy notice: no cookie, no script, nothing fetched from others."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.translation import gettext as _
from wagtail.models import Site

from pr_workflow.people.models import Agency
from tests.factories.office import make_document
from tests.factories.site import make_plan, public_news

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def addresses(health) -> list[str]:
    item = public_news(health, slug="item", attachments=[("file", {"document": make_document(health), "title": ""})])
    make_plan(health)
    assert item.url.endswith("/news/item/")
    return ["/", "/news/", "/news/item/", "/plan/2570/", "/privacy/", "/feed/", "/sitemap.xml", "/robots.txt", "/nope/"]


def test_readers_get_no_cookie_and_nothing_varies_by_cookie(reader, addresses, subtests):
    for address in addresses:
        with subtests.test(address=address):
            response = reader.get(address)
            assert not response.cookies
            assert "Cookie" not in response.get("Vary", "")
    assert not reader.cookies


def test_pages_load_nothing_from_others_and_run_no_script(reader, addresses, subtests):
    for address in addresses:
        response = reader.get(address)
        if not response["Content-Type"].startswith("text/html"):
            continue
        page = BeautifulSoup(response.content, "html.parser")
        with subtests.test(address=address):
            loaded = [tag.get("src") or tag.get("href") for tag in page.select("img, script, use, iframe")]
            loaded += [
                link["href"] for link in page.select("link[rel~=stylesheet], link[rel~=preload], link[rel~=icon]")
            ]
            assert all(url.startswith("/") and not url.startswith("//") for url in loaded if url)
            assert not page.select("script:not([type='application/ld+json']), [style], [onclick], style")


def test_the_stylesheet_uses_only_our_own_files(reader):
    sheet = b"".join(reader.get("/static/home/css/site.css").streaming_content).decode()
    for target in re.findall(r'url\("([^"]+)"\)', sheet):
        assert target.startswith("../")
        assert reader.get(f"/static/home/{target[3:]}").status_code == 200


def test_an_unknown_address_gets_the_sites_own_page(health, reader):
    response = reader.get("/no/such/page/")
    assert response.status_code == 404
    page = BeautifulSoup(response.content, "html.parser")
    assert page.h1.get_text() == _("Page not found")
    assert page.select_one("main a[href='/news/']")
    assert health.agency.name in page.header.get_text().replace("\xa0", " ")


def test_an_unknown_address_on_an_unknown_host(client):
    Agency.objects.all().delete()
    Site.objects.all().delete()
    response = client.get("/nope/", headers={"host": "unknown.localhost"})
    assert response.status_code == 404
    assert _("Page not found") in response.content.decode()


def test_a_fault_is_answered_without_the_parts_that_may_be_broken(health, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("home.models.published_of", broken)
    monkeypatch.setattr("home.frame.public_site", broken)
    client = Client(raise_request_exception=False, headers={"host": "health.localhost"})
    response = client.get("/")
    assert response.status_code == 500
    page = BeautifulSoup(response.content, "html.parser")
    assert page.html["lang"] == "th"
    assert page.h1.get_text() == _("The website has a problem")
    assert "database" not in response.content.decode()
    assert not page.select("link, script, img")
