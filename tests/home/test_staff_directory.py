"""The public staff directory: people of the site's agency by unit, for everybody, also with nobody in it (R10, I5)."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.models import StaffDirectoryPage
from pr_workflow.people.models import Agency
from tests.factories.site import visitor
from tests.factories.staff import listed, many, unit_of, with_photo

pytestmark = pytest.mark.django_db


def add_page(office) -> StaffDirectoryPage:
    return office.home.add_child(
        instance=StaffDirectoryPage(title="ทำเนียบบุคลากร", slug="staff", locale=office.home.locale)
    )


def soup(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def page(health):
    return add_page(health)


def test_people_stand_under_their_unit_with_what_reaches_them(health, page, reader):
    listed(health, "นางหัวหน้า", unit=unit_of(health, "งานแรก", order=1), key="secret-key", skills=["law"])
    with_photo(health, unit=unit_of(health, "งานที่สอง", order=2))
    main = soup(reader.get("/staff/")).main
    assert [heading.get_text(" ", strip=True) for heading in main.select("h2")] == ["งานแรก", "งานที่สอง"]
    first, second = main.select(".person")
    assert first.h3.get_text() == "นางหัวหน้า"
    assert first.select_one("a[href^='tel:']")["href"] == "tel:020000000"
    assert first.select_one("a[href^='mailto:']").get_text() == "pr@example.go.th"
    assert first.img is None
    assert second.img["alt"] == "ภาพถ่ายของนายมีภาพ ยินยอม"
    assert reader.get(second.img["src"]).status_code == 200
    assert "secret-key" not in main.get_text()


def test_every_unit_of_the_list_of_units_leads_to_its_heading(health, page, reader):
    for count in range(3):
        listed(health, f"คน {count}", unit=unit_of(health, f"งาน {count}", order=count))
    main = soup(reader.get("/staff/")).main
    targets = [link["href"].removeprefix("#") for link in main.select(".staff-units a")]
    assert len(targets) == 3
    assert [main.find(id=target).name for target in targets] == ["h2"] * 3


def test_nobody_in_it_is_said_in_words(health, page, reader):
    main = soup(reader.get("/staff/")).main
    assert main.select_one(".empty").get_text(strip=True)
    assert not main.select(".person, .staff-units")


def test_leavers_the_hidden_and_other_agencies_are_nowhere(health, education, page, reader):
    add_page(education)
    listed(health, "อยู่จริง")
    listed(health, "ออกวันนี้", ends_on=timezone.localdate())
    listed(health, "ไม่แสดง", listed=False)
    listed(education, "ของเขา")
    text = reader.get("/staff/").content.decode()
    assert "อยู่จริง" in text
    assert not any(name in text for name in ("ออกวันนี้", "ไม่แสดง", "ของเขา"))
    theirs = visitor(education).get("/staff/").content.decode()
    assert "ของเขา" in theirs
    assert "อยู่จริง" not in theirs


def test_a_search_finds_no_person(health, page, reader):
    listed(health, "ออกไปแล้ว", ends_on=timezone.localdate())
    answer = reader.get("/search/", {"q": "ออกไปแล้ว"})
    assert not BeautifulSoup(answer.content, "html.parser").select(".pr-search__hit")


def test_the_way_there_stands_in_menu_and_sitemap_while_it_is_public(health, page, reader):
    assert soup(reader.get("/")).select_one(".menu a[href='/staff/']").get_text() == "ทำเนียบบุคลากร"
    assert "/staff/" in reader.get("/sitemap.xml").content.decode()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert soup(reader.get("/")).select_one(".menu a[href='/staff/']") is None
    assert "/staff/" not in reader.get("/sitemap.xml").content.decode()


def test_an_agency_with_thai_digits_gets_them(health, page, reader):
    listed(health)
    Agency.objects.update(thai_digits=True)
    person = soup(reader.get("/staff/")).select_one(".person")
    assert "๐ ๒๐๐๐ ๐๐๐๐ ต่อ ๑๒" in person.get_text()
    assert person.select_one("a[href^='tel:']")["href"] == "tel:020000000"


@pytest.mark.parametrize("number", [1, 200])
def test_the_page_costs_the_same_at_any_size(health, page, reader, number, django_assert_max_num_queries):
    many(health, number)
    with_photo(health)
    assert len(soup(reader.get("/staff/")).select(".person")) == number + 1
    with django_assert_max_num_queries(22):
        reader.get("/staff/")


@pytest.mark.parametrize("name", ["title", "intro", "seo_title", "search_description"])
def test_the_texts_of_the_page_hold_nothing_private(health, page, name):
    setattr(page, name, "ติดต่อ 081 234 5678")
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert name in refused.value.message_dict
