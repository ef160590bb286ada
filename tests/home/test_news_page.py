"""One news item: everything a reader needs, nothing private, share cards, and the draft banner in previews."""

import json
from datetime import timedelta
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import RequestFactory
from django.utils.translation import gettext as _
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from home.models import NewsPage
from pr_workflow.news.models import NewsType
from pr_workflow.people.roles import Role
from tests.factories.office import MORNING, live, make_document, make_draft, make_image, make_office
from tests.factories.site import public_news, visitor

pytestmark = pytest.mark.django_db


def shown(reader, item) -> BeautifulSoup:
    response = reader.get(urlsplit(item.url).path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_a_reader_gets_the_whole_item(health, reader):
    image, document = make_image(health, "ภาพในเนื้อข่าว", "navy"), make_document(health)
    photo = {"image": image, "alt_text": "อ่างล้างมือ", "caption": "จุดล้างมือ", "credit": "งานช่าง"}
    item = public_news(
        health,
        news_type="announcement",
        place="โถงชั้นล่าง อาคาร 3",
        tags=["ล้างมือ", "สุขอนามัย"],
        body=[
            ("heading", "วิธีล้างมือ"),
            ("paragraph", "<p>ฟอกสบู่ <b>20 วินาที</b></p>"),
            ("quote", "มือสะอาด ปลอดโรค"),
            ("photo", photo),
        ],
        attachments=[("file", {"document": document, "title": "แผ่นพับล้างมือ"})],
    )
    page = shown(reader, item)
    assert page.h1.get_text().replace("\xa0", " ") == item.title
    assert page.select_one(".badge").get_text() == NewsType.ANNOUNCEMENT.label
    assert page.select_one(".lead").get_text() == item.lead
    assert page.select_one(".prose h2").get_text() == "วิธีล้างมือ"
    assert page.select_one(".prose b").get_text() == "20 วินาที"
    assert page.blockquote.get_text(strip=True) == "มือสะอาด ปลอดโรค"
    figure = page.select_one(".prose figure")
    assert figure.img["alt"] == "อ่างล้างมือ"
    assert "จุดล้างมือ" in figure.figcaption.get_text()
    assert "งานช่าง" in figure.figcaption.get_text()
    facts = page.select_one(".facts").get_text(" ", strip=True)
    assert "16 พฤศจิกายน 2569" in facts
    assert "โถงชั้นล่าง อาคาร 3" in facts
    assert "งานสื่อสารองค์กร" in facts
    attachment = page.select_one("a.attachment")
    assert attachment["href"] == document.url
    assert "แผ่นพับล้างมือ" in attachment.get_text()
    assert "(PDF, 13" in attachment.get_text()


def test_tags_lead_to_the_filtered_list(health, reader):
    item = public_news(health, tags=["ล้างมือ & สบู่"])
    address = shown(reader, item).select_one(".facts a.chip")["href"]
    assert unquote(address) == "/news/?tag=ล้างมือ & สบู่"
    listed = BeautifulSoup(reader.get(address).content, "html.parser")
    assert len(listed.select("main .card")) == 1


def test_the_responsible_person_is_named_by_office_only(health, reader):
    item = public_news(health)
    profile = health.profile(Role.WRITER)
    page = shown(reader, item)
    assert profile.position in page.select_one(".facts").get_text()
    assert profile.display_name not in page.get_text()
    assert profile.user.username not in page.get_text()


def test_dates_follow_the_real_go_live_and_the_correction(db):
    office = make_office(hostname="health.localhost")
    reader, page = visitor(office), live(office, now=MORNING + timedelta(days=1))
    item = page.published_item
    dates = shown(reader, item).select_one(".news__dates")
    assert [moment.get_text() for moment in dates.select("time")] == ["17 พฤศจิกายน 2569"]
    item.updated_at = MORNING + timedelta(days=3)
    item.save()
    dates = shown(reader, item).select_one(".news__dates")
    assert [moment.get_text() for moment in dates.select("time")] == ["17 พฤศจิกายน 2569", "19 พฤศจิกายน 2569"]


def test_older_and_newer_news_are_linked(health, education, reader):
    public_news(education, "ข่าวของอีกหน่วยงาน", at=MORNING + timedelta(hours=1))
    oldest, middle, newest = (
        public_news(health, title, at=MORNING + timedelta(hours=2 * hour))
        for hour, title in enumerate(["เก่าสุด", "กลาง", "ใหม่สุด"])
    )
    links = {link["rel"][0]: link["href"] for link in shown(reader, middle).select(".next-news a")}
    assert links == {"prev": urlsplit(oldest.url).path, "next": urlsplit(newest.url).path}
    assert [link["rel"] for link in shown(reader, oldest).select(".next-news a")] == [["next"]]


def test_share_cards_and_structured_data(health, reader):
    item = public_news(health, "ข่าว </script><script>alert(1)</script>")
    page = shown(reader, item)
    meta = {tag["property"]: tag["content"] for tag in page.select("meta[property]")}
    assert meta["og:title"] == item.title
    assert meta["og:type"] == "article"
    assert meta["og:url"] == item.url
    assert reader.get(urlsplit(meta["og:image"]).path).status_code == 200
    data = json.loads(page.select_one("script[type='application/ld+json']").string)
    assert data["headline"] == item.title
    assert data["datePublished"] == item.published_at.isoformat()
    assert not [script for script in page.select("script") if script.get("type") != "application/ld+json"]


def test_a_picture_or_file_of_a_private_collection_is_not_shown(health, reader):
    private = health.agency.collection.add_child(instance=Collection(name="ลับ"))
    image, document = make_image(health, colour="black"), make_document(health)
    item = public_news(
        health,
        photos=[("photo", {"image": image, "alt_text": "ภาพลับ", "caption": "", "credit": "งานช่าง"})],
        attachments=[("file", {"document": document, "title": "เอกสารลับ"})],
    )
    assert shown(reader, item).select("main figure, main .attachment")
    type(image).objects.update(collection=private)
    type(document).objects.update(collection=private)
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    page = shown(reader, item)
    assert not page.select("main figure, main .attachment, meta[property='og:image']")
    assert "ภาพลับ" not in str(page)


def test_a_deleted_or_unreadable_picture_never_breaks_the_page(health, reader):
    gone, broken = make_image(health, colour="red"), make_image(health, colour="blue")
    photos = [
        ("photo", {"image": image, "alt_text": "ภาพ", "caption": "", "credit": "งานช่าง"}) for image in (gone, broken)
    ]
    item = public_news(health, photos=photos)
    assert len(shown(reader, item).select("main figure")) == 2
    broken.renditions.all().delete()
    broken.file.storage.delete(broken.file.name)
    gone.delete()
    assert not shown(reader, item).select("main figure")


def test_a_draft_is_not_found_and_a_taken_down_item_neither(health, reader):
    draft = make_draft(health, slug="draft-item")
    assert reader.get("/news/draft-item/").status_code == 404
    assert not NewsPage.objects.get(pk=draft.pk).live


def test_a_preview_says_that_it_is_a_draft(health):
    draft = make_draft(health, "ฉบับร่าง")
    request = RequestFactory().get("/", headers={"host": "health.localhost"})
    page = BeautifulSoup(draft.make_preview_request(request).content, "html.parser")
    assert _("Draft preview") in page.select_one(".draft").get_text()
    assert page.h1.get_text() == "ฉบับร่าง"
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert not page.select("script, .next-news, .news__dates time")


def test_a_page_that_was_never_saved_can_be_previewed(health):
    unsaved = NewsPage(title="ยังไม่บันทึก", slug="unsaved", owner=health.writer)
    health.index.refresh_from_db()
    unsaved.set_url_path(health.index)
    unsaved.depth, unsaved.path = health.index.depth + 1, health.index.path + "9999"
    request = RequestFactory().get("/", headers={"host": "health.localhost"})
    response = unsaved.make_preview_request(request)
    assert response.status_code == 200
    assert _("Draft preview") in response.content.decode()


def test_the_live_page_has_no_draft_banner(health, reader):
    assert not shown(reader, public_news(health)).select(".draft")


def test_a_restricted_section_keeps_its_news_to_itself(health, reader):
    item = public_news(health)
    PageViewRestriction.objects.create(page=health.index, restriction_type="login")
    response = reader.get(urlsplit(item.url).path)
    assert response.status_code == 302
    assert item.title not in response.content.decode()
