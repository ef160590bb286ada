"""The front page: newest news, coming days, the approved plan, and nothing that is not public."""

from datetime import date, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.utils.translation import gettext as _

from tests.factories.office import MORNING, make_draft
from tests.factories.site import make_day, make_plan, many_news, public_news

pytestmark = pytest.mark.django_db


def soup(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_an_empty_site_says_so(reader):
    page = soup(reader.get("/"))
    assert _("No news has been published yet.") in page.get_text()
    assert not page.select(".plan-card")


def test_the_newest_seven_are_shown_newest_first(health, reader):
    many_news(health, 9)
    titles = [heading.get_text() for heading in soup(reader.get("/")).select(".card__title")]
    assert [title.replace("\xa0", " ") for title in titles] == [f"ข่าวที่ {number}" for number in range(9, 2, -1)]


def test_a_card_carries_its_picture_with_the_writers_alternative_text(health, reader):
    public_news(health)
    picture = soup(reader.get("/")).select_one(".hero__news img")
    assert picture["alt"] == "เจ้าหน้าที่สาธิตการล้างมือ"
    assert picture["src"].startswith("/media/")
    assert reader.get(picture["src"]).status_code == 200


def test_an_item_without_photos_still_has_a_card(health, reader):
    public_news(health, photos=[])
    page = soup(reader.get("/"))
    assert len(page.select(".card")) == 1
    assert not page.select(".card img")


def test_the_coming_days_of_the_agency_and_the_nation(health, education, reader):
    with time_machine.travel(MORNING, tick=False):
        make_day("วันของทุกคน", date(2026, 12, 1))
        make_day("วันของกพร.", date(2026, 12, 2), agency=health.agency, confirmed=False)
        make_day("วันของเขตพื้นที่", date(2026, 12, 3), agency=education.agency)
        make_day("วันที่ผ่านไปแล้ว", date(2026, 11, 15))
        days = [day.get_text(" ", strip=True) for day in soup(reader.get("/")).select(".day__text")]
    assert [day.split()[0] for day in days] == ["วันของทุกคน", "วันของกพร."]
    assert "1 ธันวาคม 2569" in days[0]
    assert [_("(date to be confirmed)") in day for day in days] == [False, True]


@pytest.mark.parametrize(("live", "links"), [(True, 3), (False, 0)], ids=["approved", "draft"])
def test_the_plan_of_the_running_year_is_linked_once_it_is_approved(health, reader, live, links):
    make_plan(health, year=2570, live=live)
    make_plan(health, year=2569, live=True)
    with time_machine.travel(MORNING, tick=False):
        page = soup(reader.get("/"))
    assert len(page.select("a[href='/plan/2570/']")) == links
    assert not page.select("main a[href='/plan/2569/']")


def test_the_frame_names_the_agency_and_how_to_reach_it(health, reader):
    public_news(health, at=MORNING + timedelta(days=1))
    page = soup(reader.get("/"))
    assert page.html["lang"] == "th"
    assert page.html["data-ministry"] == "health"
    assert health.agency.name in page.header.get_text().replace("\xa0", " ")
    footer = page.footer
    assert footer.select_one("a[href='tel:020000000']").get_text() == "0 2000 0000"
    assert footer.select_one("a[href='mailto:kpr@example.go.th']")
    assert "17 พฤศจิกายน 2569" in footer.get_text()
    assert page.select_one("link[type='application/rss+xml']")["href"] == "/feed/"


def test_a_draft_of_a_live_item_changes_nothing_outside(health, reader):
    page = public_news(health, "ฉบับที่อนุมัติแล้ว").page.specific
    page.title = "ฉบับร่างใหม่"
    page.save_revision(user=health.writer)
    make_draft(health, "ร่างอีกเรื่อง")
    text = soup(reader.get("/")).get_text()
    assert "ฉบับที่อนุมัติแล้ว" in text
    assert "ฉบับร่าง" not in text
    assert "ร่างอีกเรื่อง" not in text
