"""Every door of the projection: after each change the row is true at once, and what must be gone is gone."""

import json
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError
from PIL import Image
from taggit.models import Tag
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from home.models import AgencyImage, HomePage, NewsPage
from pr_workflow.approval.errors import ApprovalRefused
from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.plan.models import PlanActivity
from pr_workflow.publishing import projection_receivers
from pr_workflow.publishing.models import PublishedItem
from pr_workflow.publishing.rebuild import projection_differences
from pr_workflow.publishing.take_down import news_take_down
from pr_workflow.publishing.tick import expire_due
from tests.factories.office import make_document, make_image, make_office
from tests.factories.plans import in_force, out_of_force, plan_row
from tests.factories.published import Reader, make_live, publish, revise

pytestmark = pytest.mark.django_db


def commit():
    """Run what was waiting for the commit, as the end of a request would."""
    return TestCase.captureOnCommitCallbacks(execute=True)


def detail_of(page) -> dict:
    return json.loads(PublishedItem.objects.get(page_id=page.pk).detail_json)


def is_gone(page) -> bool:
    return not PublishedItem.objects.filter(page_id=page.pk).exists()


@pytest.fixture(autouse=True)
def every_row_is_true():
    """Whatever a test did, at its end no row may differ from its page."""
    yield
    assert [str(each) for each in projection_differences(now=timezone.now())] == []


def test_unpublished_is_gone(office):
    page = make_live(office)
    page.unpublish()
    assert is_gone(page)


def test_taken_down_is_gone(office):
    page = make_live(office)
    news_take_down(actor=None, page=page, reason="ผิดพลาด", now=timezone.now())
    assert is_gone(page)
    assert Reader(office).titles() == []


def test_expired_is_gone(office):
    now = timezone.now()
    page = make_live(office, expire_at=now + timedelta(hours=1))
    assert Reader(office).titles() == [page.title]
    expire_due(now=now + timedelta(hours=2))
    assert is_gone(page)
    assert not NewsPage.objects.get(pk=page.pk).live


def test_switched_off_without_a_signal_is_gone(office):
    page = make_live(office)
    page.live = False
    page.save()
    assert is_gone(page)


def test_deleted_is_gone(office):
    page = make_live(office)
    NewsPage.objects.get(pk=page.pk).delete()
    assert is_gone(page)


def test_deleted_with_its_index_is_gone(office):
    page = make_live(office)
    office.index.delete()
    assert is_gone(page)
    assert not Page.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
@pytest.mark.parametrize("where", ["page", "index", "home"])
def test_a_private_section_has_no_rows(office, kind, where):
    page = make_live(office)
    restricted = {"page": page, "index": office.index, "home": office.home}[where]
    restriction = PageViewRestriction.objects.create(page=restricted, restriction_type=kind)
    assert is_gone(page)
    restriction.delete()
    assert not is_gone(page)


def test_public_again_only_when_nothing_restricts_it(office):
    page = make_live(office)
    first = PageViewRestriction.objects.create(page=page, restriction_type="login")
    second = PageViewRestriction.objects.create(page=office.index, restriction_type="login")
    first.delete()
    assert is_gone(page)
    second.delete()
    assert not is_gone(page)


def test_moving_into_a_private_section_takes_the_row_away_and_out_brings_it_back(office):
    page = make_live(office)
    private = office.home.add_child(instance=HomePage(title="ภายใน", slug="internal"))
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    NewsPage.objects.get(pk=page.pk).move(private, pos="last-child")
    assert is_gone(page)
    office.index.refresh_from_db()
    NewsPage.objects.get(pk=page.pk).move(office.index, pos="last-child")
    assert not is_gone(page)


@pytest.fixture
def moves_go(monkeypatch):
    """Without the refusal of moves to another agency: where it is gone around, what is read follows all the same."""
    monkeypatch.setattr("pr_workflow.approval.receivers.has_news_at", lambda place: False)


def test_news_does_not_move_to_another_agency(office):
    other, page = make_office("spp"), make_live(office)
    with pytest.raises(ApprovalRefused):
        NewsPage.objects.get(pk=page.pk).move(other.index, pos="last-child")
    assert Reader(office).titles() == [page.title]
    assert Reader(other).titles() == []


def test_moving_to_another_agency_moves_the_row(office, moves_go):
    other = make_office("spp")
    page = make_live(office)
    NewsPage.objects.get(pk=page.pk).move(other.index, pos="last-child")
    assert PublishedItem.objects.get(page_id=page.pk).agency == other.agency
    assert Reader(office).titles() == []
    assert Reader(other).titles() == [page.title]


def test_moving_out_of_every_site_takes_the_row_away(office, moves_go):
    page = make_live(office)
    NewsPage.objects.get(pk=page.pk).move(Page.objects.get(depth=1), pos="last-child")
    assert is_gone(page)


def test_a_moved_index_changes_every_address_below(office):
    page = make_live(office)
    section = office.home.add_child(instance=HomePage(title="ศูนย์ข่าว", slug="centre"))
    office.index.move(section, pos="last-child")
    assert "/centre/news/" in detail_of(page)["url"]


def test_a_new_slug_changes_the_address_and_links_to_it(office):
    target = make_live(office, "ข่าวแรก")
    link = f'<p><a linktype="page" id="{target.pk}">ก่อนหน้า</a></p>'
    linking = make_live(office, "ข่าวที่สอง", body=[("paragraph", link)])
    with commit():
        publish(revise(target, slug="new-address"))
    assert detail_of(target)["url"].endswith("/news/new-address/")
    assert "/news/new-address/" in detail_of(linking)["body"][0]["html"]


def test_a_new_slug_of_the_index_changes_the_addresses_below(office):
    page = make_live(office)
    with commit():
        office.index.slug = "press"
        office.index.save()
    assert "/press/" in detail_of(page)["url"]


def test_a_link_to_a_deleted_page_leads_nowhere(office):
    target = make_live(office, "ข่าวแรก")
    link = f'<p><a linktype="page" id="{target.pk}">ก่อนหน้า</a></p>'
    linking = make_live(office, "ข่าวที่สอง", body=[("paragraph", link)])
    NewsPage.objects.get(pk=target.pk).delete()
    assert "href" not in detail_of(linking)["body"][0]["html"]


def test_a_site_with_another_host_name_changes_every_address(office):
    page = make_live(office)
    with commit():
        office.agency.site.hostname = "new.localhost"
        office.agency.site.save()
    detail = detail_of(page)
    assert detail["url"].startswith("http://new.localhost/")
    assert detail["image"]["url"].startswith("http://new.localhost/")


def test_a_site_that_shows_another_tree_takes_its_rows_along(office):
    page = make_live(office)
    with commit():
        office.agency.site.root_page = Site.objects.get(is_default_site=True).root_page
        office.agency.site.save()
    assert is_gone(page)


def test_a_renamed_agency_is_named_in_every_row(office):
    page = make_live(office)
    office.agency.name = "ชื่อใหม่"
    office.agency.save()
    assert detail_of(page)["agency"]["name"] == "ชื่อใหม่"


def jpeg(width: int) -> ContentFile:
    buffer = BytesIO()
    Image.new("RGB", (width, 400), "red").save(buffer, "JPEG")
    return ContentFile(buffer.getvalue(), name="other.jpg")


def test_a_replaced_picture_is_shown_in_its_new_sizes(office, admin_client):
    image = make_image(office)
    page = make_live(office, image=image)
    old = detail_of(page)["image"]["url"]
    address = reverse("wagtailimages:edit", args=[image.pk])
    data = {"title": "ใหม่", "file": jpeg(1600), "collection": image.collection_id, "tags": "", "credit": "ผู้ถ่ายใหม่"}
    with commit():
        response = admin_client.post(address, data, headers={"host": "kpr.localhost"})
    assert response.status_code == 302, response.content.decode()[:2000]
    picture = detail_of(page)["image"]
    assert [size["width"] for size in picture["sizes"]] == [640, 1280]
    assert picture["url"] != old
    names = set(AgencyImage.objects.get(pk=image.pk).renditions.values_list("file", flat=True))
    for size in picture["sizes"]:
        assert any(size["url"].endswith(name) for name in names), (size, names)


def test_a_deleted_picture_is_shown_no_more(office):
    image = make_image(office)
    page = make_live(office, image=image)
    with commit():
        image.delete()
    assert (detail_of(page)["image"], detail_of(page)["photos"]) == (None, [])


def test_a_picture_in_the_body_counts_too(office):
    image = make_image(office, colour="red")
    photo = {"image": image, "alt_text": "ก", "caption": "", "credit": "เดิม"}
    page = make_live(office, body=[("photo", photo)])
    (block,) = detail_of(page)["body"]
    assert block["image"]["alt"] == "ก"
    with commit():
        image.delete()
    assert detail_of(page)["body"] == []


def test_a_credit_in_the_library_is_no_credit_in_the_news(office):
    """Nobody has signed it, and anybody who may edit pictures may change it."""
    image = make_image(office)
    photo = {"image": image, "alt_text": "ก", "caption": "", "credit": ""}
    page = make_live(office, photos=[("photo", photo)])
    image.credit = "ผู้ถ่ายใหม่"
    image.save()
    assert detail_of(page)["image"]["credit"] == ""


def test_a_renamed_and_a_deleted_document(office):
    document = make_document(office)
    page = make_live(office, attachments=[("file", {"document": document, "title": ""})])
    document.title = "ชื่อเอกสารใหม่"
    document.save()
    assert detail_of(page)["attachments"][0]["title"] == "ชื่อเอกสารใหม่"
    document.delete()
    assert detail_of(page)["attachments"] == []


def test_pictures_and_files_of_a_private_collection_are_left_out(office):
    private = Collection.get_first_root_node().add_child(name="ลับ")
    below = private.add_child(name="ลับมาก")
    image, document = make_image(office), make_document(office)
    for row in (image, document):
        row.collection = below
        row.save()
    page = make_live(office, image=image, attachments=[("file", {"document": document, "title": "แนบ"})])
    assert detail_of(page)["photos"]
    restriction = CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    detail = detail_of(page)
    assert (detail["image"], detail["photos"], detail["attachments"]) == (None, [], [])
    restriction.delete()
    assert detail_of(page)["photos"]


def test_a_renamed_tag_changes_entry_and_filter(office):
    page = make_live(office, tags=["เก่า"])
    Tag.objects.filter(name="เก่า").get()
    tag = Tag.objects.get(name="เก่า")
    tag.name = "ใหม่"
    tag.save()
    assert detail_of(page)["tags"] == ["ใหม่"]
    assert Reader(office).titles(tag="เก่า") == []
    assert Reader(office).titles(tag="ใหม่") == [page.title]
    tag.delete()
    assert detail_of(page)["tags"] == []
    assert Reader(office).titles(tag="ใหม่") == []


def test_a_renamed_and_a_deleted_important_day(office):
    day = ImportantDay.objects.create(name_th="ชื่อเดิม", rule="fixed:10-15")
    page = make_live(office, important_day=day)
    day.name_th = "ชื่อตามประกาศ"
    day.save()
    assert detail_of(page)["important_day"]["name"] == "ชื่อตามประกาศ"
    day.delete()
    assert detail_of(page)["important_day"] is None


def test_the_plan_activity_follows_its_plan(office):
    plan = plan_row(office.agency)
    day = date(2026, 10, 15)
    activity = PlanActivity.objects.create(plan=plan, code="A-1", title="เดิม", start=day, end=day)
    page = make_live(office, plan_activity=activity)
    activity.title = "ใหม่"
    activity.save()
    assert detail_of(page)["plan_activity"]["title"] == "ใหม่"
    out_of_force(plan)
    assert detail_of(page)["plan_activity"] is None
    in_force(plan)
    assert detail_of(page)["plan_activity"]["code"] == "A-1"
    PlanActivity.objects.get(pk=activity.pk).delete()
    assert detail_of(page)["plan_activity"] is None


def test_position_and_unit_of_the_officer_follow(office):
    page = make_live(office)
    person = page.responsible_officer
    person.position = "หัวหน้ากลุ่ม"
    person.save()
    person.unit.name = "กลุ่มอำนวยการ"
    person.unit.save()
    assert detail_of(page)["responsible"] == {"position": "หัวหน้ากลุ่ม", "unit": "กลุ่มอำนวยการ"}


def test_one_page_that_cannot_be_built_does_not_keep_the_others_stale(office, monkeypatch):
    day = ImportantDay.objects.create(name_th="ชื่อเดิม", rule="fixed:10-15")
    bad, good = make_live(office, "เสีย", important_day=day), make_live(office, "ดี", important_day=day)
    whole = projection_receivers.pages_refresh.__globals__["published_item_refresh"]

    def poisoned(pk, now):
        if pk == bad.pk:
            raise RuntimeError("poisoned")
        return whole(pk, now)

    with monkeypatch.context() as patch:
        patch.setattr("pr_workflow.publishing.refresh.published_item_refresh", poisoned)
        day.name_th = "ใหม่"
        day.save()
    assert detail_of(good)["important_day"]["name"] == "ใหม่"
    assert detail_of(bad)["important_day"]["name"] == "ชื่อเดิม"
    day.save()  # the next change, or `rebuild_published`, heals it
    assert detail_of(bad)["important_day"]["name"] == "ใหม่"


@pytest.mark.parametrize("queue", ["answers", "is down"])
def test_a_change_of_many_pages_goes_to_jobs_and_none_is_forgotten(office, monkeypatch, queue):
    pages = [make_live(office, f"ข่าว {number}") for number in range(4)]
    monkeypatch.setattr(projection_receivers, "AT_ONCE", 1)
    monkeypatch.setattr(projection_receivers, "JOB_SIZE", 3)
    orders = []

    def order(args):
        orders.append(args)
        if queue == "is down":
            raise OperationalError("no broker")
        projection_receivers.published_refresh(*args)

    monkeypatch.setattr(projection_receivers.published_refresh, "apply_async", order)
    with commit():
        office.agency.name = "ชื่อใหม่"
        office.agency.save()
        assert not orders
    assert [len(pks) for (pks,) in orders] == [3, 1]
    assert {detail_of(page)["agency"]["name"] for page in pages} == {"ชื่อใหม่"}


def test_a_private_section_does_not_wait_for_a_job(office, monkeypatch):
    pages = [make_live(office, f"ข่าว {number}") for number in range(3)]
    monkeypatch.setattr(projection_receivers, "AT_ONCE", 1)
    restriction = PageViewRestriction.objects.create(page=office.index, restriction_type="login")
    assert all(is_gone(page) for page in pages)
    with commit():
        restriction.delete()
    assert not any(is_gone(page) for page in pages)
