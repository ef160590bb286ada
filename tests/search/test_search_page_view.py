"""The public search page, asked over HTTP: results, empty state, wrong input, and nothing a browser would run."""

import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import quote

import pytest
from django.utils import translation
from wagtail.models import Site

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.search.addresses")]

BASE = (
    "<!doctype html><html><head><title>{% block title %}{% endblock %}</title></head>"
    "<body><main data-base='plain'>{% block content %}{% endblock %}</main></body></html>"
)


@pytest.fixture(autouse=True)
def plain_base(settings) -> None:
    """A base template of the test's own, so that the page is not judged by what the site puts around it."""
    (engine,) = settings.TEMPLATES
    loaders = [
        ("django.template.loaders.locmem.Loader", {"plain.html": BASE, "404.html": "nothing here"}),
        "django.template.loaders.app_directories.Loader",
    ]
    settings.TEMPLATES = [engine | {"APP_DIRS": False, "OPTIONS": engine["OPTIONS"] | {"loaders": loaders}}]
    settings.PR_SEARCH_BASE_TEMPLATE = "plain.html"
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]


@pytest.fixture(autouse=True)
def english():
    """The source language, so that the sentences of the code can be compared."""
    with translation.override("en"):
        yield


@pytest.fixture
def ask(client, health, settings):
    settings.LANGUAGE_CODE = "en"

    def get(query_string: str = "", host: str = "one.localhost", **data):
        return client.get(f"/find/{query_string}", data or None, headers={"host": host})

    return get


def text(response) -> str:
    """What a reader reads, without tags."""
    body = response.content.decode().partition("<body>")[2]
    return " ".join(unescape(re.sub("<[^>]*>", " ", body)).split())


def test_without_a_query_it_explains_itself(ask):
    response = ask()
    assert response.status_code == 200
    assert "Type a word or a phrase." in text(response)
    assert "data-base='plain'" in response.content.decode()


def test_results_link_to_the_pages_with_the_word_marked(ask, health):
    page = health.live("ข่าวประชาสัมพันธ์วันเด็กแห่งชาติ", "เชิญร่วมงานวันเด็ก")
    response = ask(q="วันเด็ก")
    body = response.content.decode()
    assert response.status_code == 200
    assert f'<a href="{page.url_path.removeprefix("/one")}">ข่าวประชาสัมพันธ์<mark>วันเด็ก</mark>แห่งชาติ</a>' in body
    assert "เชิญร่วมงาน<mark>วันเด็ก</mark>" in body
    assert "1 page found" in text(response)
    assert "Similar wording" not in body
    assert response["X-Robots-Tag"] == "noindex"


def test_a_page_with_a_part_of_the_query_is_called_similar(ask, health):
    health.live("โครงการตรวจสุขภาพผู้สูงอายุ")
    assert "Similar wording" in text(ask(q="ตรวจสุขภาพเด็กนักเรียน"))


@pytest.mark.parametrize(("language", "year"), [("th", "13 เมษายน 2569"), ("en", "April 13, 2026")])
def test_the_date_is_written_for_the_reader(ask, health, settings, language, year):
    settings.LANGUAGE_CODE = language
    health.live("ข่าวสงกรานต์", at=datetime(2026, 4, 12, 20, tzinfo=UTC))
    with translation.override(language):
        body = ask(q="สงกรานต์").content.decode()
    assert year in body
    assert 'datetime="2026-04-' in body


def test_nothing_found_says_so_and_what_to_do(ask):
    response = ask(q="ไม่มีข่าวนี้")
    assert response.status_code == 200
    assert "No page was found for “ไม่มีข่าวนี้”." in text(response)
    assert "Check the spelling." in text(response)


def test_the_form_is_labelled_and_keeps_the_query(ask):
    body = ask(q='วัน"เด็ก').content.decode()
    (field_id,) = re.findall('<input id="([^"]+)"', body)
    assert f'<label for="{field_id}">' in body
    assert 'role="search"' in body
    assert 'value="วัน&quot;เด็ก"' in body
    assert 'method="get"' in body


@pytest.mark.parametrize("wicked", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}"])
def test_html_in_the_query_is_text(ask, health, wicked):
    health.live(f"ข่าว {wicked}", wicked)
    for response in (ask(q=wicked), ask(q="ข่าว"), ask(q=wicked, page="2")):
        body = response.content.decode()
        assert "<script" not in body
        assert "<img" not in body
        assert "14" not in text(response)


@pytest.mark.parametrize(
    ("query_string", "status", "sentence"),
    [
        ("?q=" + "ก" * 201, 400, "The search words are too long: 201 characters. Use at most 200."),
        ("?q=%00", 400, "The search words contain characters that cannot be searched."),
        ("?q=a%07b", 400, "The search words contain characters that cannot be searched."),
        ("?q=a%C2%9Fb", 400, "The search words contain characters that cannot be searched."),
        ("?q=!!!", 400, "The search words contain no letter and no digit."),
        ("?q=ข่าว&page=abc", 400, "The page number in the address is not a number from 1."),
        ("?q=ข่าว&page=0", 400, "The page number in the address is not a number from 1."),
        ("?q=ข่าว&page=-1", 400, "The page number in the address is not a number from 1."),
        ("?q=ข่าว&page=1.5", 400, "The page number in the address is not a number from 1."),
        ("?q=ข่าว&page=²", 400, "The page number in the address is not a number from 1."),
        ("?q=ข่าว&page=" + "9" * 5000, 400, "The page number in the address is not a number from 1."),
        ("?q=ข่าว&page=2", 404, "There is no page 2 of these results."),
        ("?q=ข่าว&page=999999", 404, "There is no page 999999 of these results."),
    ],
)
def test_wrong_input_is_answered_with_a_sentence(ask, query_string, status, sentence):
    response = ask(query_string)
    assert response.status_code == status
    assert sentence in text(response)
    assert 'role="alert"' in response.content.decode()


ODD = ["?q=%FF%FEข่าว", "?q=%ED%A0%80ข", "?q=ข่าว&q=อื่น", "?page=1", "?page=7", "?q=%E2%80%8B", "?x[]=1"]


@pytest.mark.parametrize("query_string", ODD)
def test_odd_addresses_are_no_error(ask, query_string):
    assert ask(query_string).status_code == 200


@pytest.mark.parametrize("pasted", ["วัน\u200bเด็ก", "\ufeffวันเด็ก", " วันเด็ก\r\n", "\u202eวันเด็ก\u202c"])
def test_invisible_characters_of_a_pasted_query_do_no_harm(ask, health, pasted):
    health.live("งานวันเด็กประจำปี")
    assert "1 page found" in text(ask(q=pasted))


def test_pages_of_results_are_linked_with_the_query(ask, health, settings):
    settings.PR_SEARCH_PAGE_SIZE = 2
    for number in range(5):
        health.live(f"ข่าว & กิจกรรมที่ {number}")
    first, second, last = (ask(q="กิจกรรม & ข่าว", page=page).content.decode() for page in ("1", "๒", "3"))
    link = f"?q={quote('กิจกรรม & ข่าว', safe='')}&amp;page="
    assert f'rel="next" href="{link}2"' in first
    assert 'rel="prev"' not in first
    assert f'rel="prev" href="{link}1"' in second
    assert f'rel="next" href="{link}3"' in second
    assert '<ol class="pr-search__results" start="3">' in second
    assert 'rel="next"' not in last
    assert "Page 3 of 3" in last
    titles = re.findall(r"ที่ (\d)</a>", first + second + last)
    assert sorted(titles) == ["0", "1", "2", "3", "4"]


def test_more_than_can_be_listed_is_said(ask, health, settings):
    settings.PR_SEARCH_MAX_RESULTS = 2
    for number in range(3):
        health.live(f"ข่าวกิจกรรม {number}")
    assert "More than 2 pages found." in text(ask(q="ข่าวกิจกรรม"))


def test_each_host_finds_its_own_pages(ask, health, school):
    health.live("ข่าวของสาธารณสุข")
    school.live("ข่าวของการศึกษา")
    one, two = text(ask(q="ข่าวของ")), text(ask(q="ข่าวของ", host="two.localhost"))
    assert "สาธารณสุข" in one
    assert "การศึกษา" not in one
    assert "การศึกษา" in two
    assert "สาธารณสุข" not in two


def test_a_host_without_a_site_is_not_found(ask, settings):
    Site.objects.filter(is_default_site=True).update(is_default_site=False, hostname="elsewhere.localhost")
    assert ask(q="ข่าว", host="nobody.localhost").status_code == 404


def test_only_reading_is_allowed(client, health):
    assert client.post("/find/", {"q": "ข่าว"}, headers={"host": "one.localhost"}).status_code == 405
    assert client.head("/find/?q=a", headers={"host": "one.localhost"}).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_results(ask, health, django_assert_max_num_queries):
    for number in range(10):
        health.live(f"ข่าวกิจกรรม {number}")
    ask(q="ข่าวกิจกรรม")
    # Site of the host, three of the search; the addresses of the pages come from Wagtail's cache.
    with django_assert_max_num_queries(4):
        assert "10 pages found" in text(ask(q="ข่าวกิจกรรม"))
