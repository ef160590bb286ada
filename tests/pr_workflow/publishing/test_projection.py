"""What a public row says, and that it says nothing else."""

import hashlib
import json
from datetime import date, timedelta

import pytest
from django.utils import timezone, translation
from wagtail.models import Page

from home.models import NewsPage
from pr_workflow.approval.content_hash import content_hash
from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.news.public_content import PHOTO_SPECS
from pr_workflow.plan.models import PlanActivity
from pr_workflow.publishing.models import Posting, PublishedItem, PublishedLabel
from pr_workflow.publishing.projection import published_item_refresh, published_item_write
from pr_workflow.publishing.tick import publish_due
from tests.factories.office import MORNING, live, make_document, make_draft, make_image, make_office, posted
from tests.factories.plans import in_force, plan_row
from tests.factories.published import make_live, officer, publish, revise

pytestmark = pytest.mark.django_db


def row_of(page) -> PublishedItem:
    return PublishedItem.objects.get(page_id=page.pk)


def detail_of(page) -> dict:
    return json.loads(row_of(page).detail_json)


def make_plan(agency, *, live=True, code="KPR70-02") -> PlanActivity:
    plan = plan_row(agency, title="แผนประจำปี", live=live)
    return PlanActivity.objects.create(
        plan=plan, code=code, title="วันล้างมือโลก", start=date(2026, 10, 15), end=date(2026, 10, 15)
    )


def test_the_row_says_what_the_page_says(office):
    day = ImportantDay.objects.create(key="handwashing_day", name_th="วันล้างมือโลก", rule="fixed:10-15")
    activity = make_plan(office.agency)
    page = make_live(
        office,
        lead="ใคร ทำอะไร",
        event_date=date(2026, 9, 30),
        place="อาคาร 3",
        news_type="announcement",
        tags=["สุขอนามัย", "ล้างมือ"],
        target_groups=["staff", "public"],
        media_formats=["news", "photo"],
        important_day=day,
        plan_activity=activity,
        body=[("heading", "หัวข้อ <b>"), ("quote", "คำกล่าว"), ("paragraph", "<p>เนื้อหา</p>")],
        attachments=[("file", {"document": make_document(office), "title": "แผ่นพับความรู้"})],
    )
    entry, detail = json.loads(row_of(page).list_json), detail_of(page)
    assert entry.items() <= detail.items()
    assert entry["uuid"] == str(page.uuid)
    assert (entry["type"], entry["title"], entry["lead"]) == ("announcement", page.title, "ใคร ทำอะไร")
    assert entry["url"] == page.full_url
    assert (entry["event_date"], entry["place"]) == ("2026-09-30", "อาคาร 3")
    assert entry["fiscal_year_be"] == row_of(page).fiscal_year_be == 2569
    assert entry["tags"] == ["ล้างมือ", "สุขอนามัย"]
    assert (entry["target_groups"], entry["formats"]) == (["staff", "public"], ["news", "photo"])
    assert entry["important_day"] == {"key": "handwashing_day", "name": "วันล้างมือโลก"}
    assert entry["plan_activity"] == {"uuid": str(activity.uuid), "code": "KPR70-02", "title": "วันล้างมือโลก"}
    assert detail["agency"] == {"code": "kpr", "name": office.agency.name}
    assert detail["body"] == [
        {"type": "heading", "html": "<h2>หัวข้อ &lt;b&gt;</h2>", "text": "หัวข้อ <b>"},
        {"type": "quote", "html": "<blockquote>คำกล่าว</blockquote>", "text": "คำกล่าว"},
        {"type": "paragraph", "html": "<p>เนื้อหา</p>"},
    ]


def test_photos_come_in_sizes_with_alt_text_caption_and_credit(office):
    page = make_live(office)
    picture = json.loads(row_of(page).list_json)["image"]
    assert (picture["alt"], picture["caption"]) == ("เจ้าหน้าที่สาธิตการล้างมือ", "การสาธิต")
    assert picture["credit"] == "งานสื่อสารองค์กร"
    assert picture["url"].startswith(f"{office.agency.site.root_url}/media/")
    assert [size["width"] for size in picture["sizes"]] == [640]  # never made larger than the original
    assert detail_of(page)["photos"] == [picture]


def test_attachments_carry_size_and_digest(office):
    document = make_document(office, content=b"%PDF-1.4 leaflet")
    page = make_live(office, attachments=[("file", {"document": document, "title": ""})])
    (attachment,) = detail_of(page)["attachments"]
    assert attachment["title"] == document.title
    assert attachment["url"] == office.agency.site.root_url + document.url
    assert attachment["size"] == 16
    assert attachment["sha256"] == hashlib.sha256(b"%PDF-1.4 leaflet").hexdigest()


def test_rich_text_links_are_real_and_whole(office):
    target = make_live(office, "ข่าวแรก")
    document = make_document(office)
    html = (
        f'<p><a linktype="page" id="{target.pk}">ข่าวก่อน</a> '
        f'<a linktype="document" id="{document.pk}">แผ่นพับ</a> <a href="https://example.go.th/a">นอก</a> href="/x</p>'
    )
    page = make_live(office, "ข่าวที่สอง", body=[("paragraph", html)])
    (block,) = detail_of(page)["body"]
    assert f'href="{target.full_url}"' in block["html"]
    assert f'href="{office.agency.site.root_url}{document.url}"' in block["html"]
    assert 'href="https://example.go.th/a"' in block["html"]
    assert 'นอก</a> href="/x' in block["html"]
    assert "linktype" not in block["html"]


def test_no_name_of_a_person_is_in_the_row(office):
    person = officer(office.agency, name="นายทดสอบ ห้ามแสดง", unit="งานประชาสัมพันธ์")
    page = make_live(office, responsible_officer=person)
    row = row_of(page)
    assert json.loads(row.list_json)["responsible"] == {"position": "นักประชาสัมพันธ์", "unit": "งานประชาสัมพันธ์"}
    for hidden in (person.display_name, page.owner.username):
        assert hidden not in row.list_json + row.detail_json


def test_the_plan_activity_of_a_draft_plan_stays_unknown(office):
    activity = make_plan(office.agency, live=False, code="SECRET-1")
    page = make_live(office, plan_activity=activity)
    assert json.loads(row_of(page).list_json)["plan_activity"] is None
    assert "SECRET-1" not in row_of(page).detail_json
    in_force(activity.plan)
    assert json.loads(row_of(page).list_json)["plan_activity"]["code"] == "SECRET-1"


def test_what_belongs_to_another_agency_is_left_out(office):
    other = make_office("spp")
    day = ImportantDay.objects.create(agency=other.agency, name_th="วันของอีกหน่วยงาน", rule="fixed:10-15")
    page = make_live(office, important_day=day, responsible_officer=officer(other.agency))
    NewsPage.objects.filter(pk=page.pk).update(plan_activity=make_plan(other.agency, code="SPP-1"))
    published_item_refresh(page.pk, timezone.now())
    entry = json.loads(row_of(page).list_json)
    assert (entry["important_day"], entry["plan_activity"], entry["responsible"]) == (None, None, None)


def test_labels_are_the_filters(office):
    page = make_live(office, tags=["ก", "ข"], target_groups=["press"])
    labels = set(PublishedLabel.objects.filter(item__page=page).values_list("kind", "value"))
    assert labels == {("tag", "ก"), ("tag", "ข"), ("audience", "press")}
    draft = page.get_latest_revision_as_object()
    draft.tags.set(["ข", "ค"])
    draft.save_revision()
    publish(NewsPage.objects.get(pk=page.pk))
    labels = set(PublishedLabel.objects.filter(item__page=page, kind="tag").values_list("value", flat=True))
    assert labels == {"ข", "ค"}


def test_the_first_publication_stays_over_later_versions(office):
    page = live(office)
    first = row_of(page)
    assert first.published_at == first.updated_at == MORNING + timedelta(hours=5)
    revise(page, lead="แก้ไขแล้ว")
    slot = MORNING + timedelta(days=2)
    posting = Posting.objects.create(
        agency=office.agency,
        page=page,
        revision=NewsPage.objects.get(pk=page.pk).latest_revision,
        opened_at=slot,
        due_at=slot,
        went_live_at=slot,
    )
    publish(NewsPage.objects.get(pk=page.pk))
    row = row_of(page)
    assert (row.published_at, row.updated_at) == (first.published_at, slot)
    assert row.revision_id == posting.revision_id
    assert row.uuid == first.uuid
    assert row.etag != first.etag
    assert json.loads(row.list_json)["published_at"] == "2026-11-16T14:00:00+07:00"


def test_go_live_writes_the_row_in_its_transaction(office):
    slot = MORNING + timedelta(hours=6)
    posting = posted(office, go_live_at=slot, now=slot - timedelta(minutes=5))
    assert not PublishedItem.objects.exists()
    (outcome,) = publish_due(now=slot)
    assert outcome.went_live
    row = PublishedItem.objects.get()
    assert (row.page_id, row.revision_id, row.published_at) == (posting.page_id, posting.revision_id, slot)
    assert row.content_hash == content_hash(posting.revision)
    assert row.agency == office.agency


def test_pictures_are_ready_before_the_go_live(office, django_capture_on_commit_callbacks):
    slot = timezone.now() + timedelta(hours=6)
    image = make_image(office)
    with django_capture_on_commit_callbacks(execute=True):
        posted(office, go_live_at=slot, now=timezone.now(), image=image)
    assert set(image.renditions.values_list("filter_spec", flat=True)) >= set(PHOTO_SPECS)
    assert not PublishedItem.objects.exists()


def test_a_failed_go_live_leaves_no_row(office, monkeypatch):
    slot = MORNING + timedelta(hours=6)
    posted(office, go_live_at=slot, now=slot - timedelta(minutes=5))

    def fails(**kwargs):
        raise RuntimeError("after the row was written")

    monkeypatch.setattr("pr_workflow.publishing.going_live.checks_open", fails)
    (outcome,) = publish_due(now=slot)
    assert not outcome.went_live
    assert not PublishedItem.objects.exists()
    assert not NewsPage.objects.filter(live=True).exists()


def test_a_page_class_without_tags_has_a_row_too(office, monkeypatch):
    page = make_live(office)
    monkeypatch.delattr(NewsPage, "tags")
    PublishedItem.objects.all().delete()
    item = published_item_write(page=NewsPage.objects.get(pk=page.pk), revision=page.live_revision, now=MORNING)
    assert json.loads(item.list_json)["tags"] == []
    assert not item.labels.filter(kind="tag").exists()


def test_a_draft_and_a_scheduled_page_have_no_row(office):
    draft = make_draft(office)
    published_item_refresh(draft.pk, timezone.now())
    later = make_draft(office, "ตั้งเวลาไว้", go_live_at=timezone.now() + timedelta(days=1))
    publish(later)  # Wagtail only schedules it, and still announces `page_published`
    assert not Page.objects.get(pk=later.pk).live
    assert not PublishedItem.objects.exists()


def test_the_newer_scheduled_text_of_a_live_page_stays_out(office):
    page = make_live(office, lead="ข้อความเดิม")
    before = row_of(page)
    page = revise(page, lead="ข้อความที่ยังไม่ถึงเวลา", go_live_at=timezone.now() + timedelta(days=1))
    publish(page)
    published_item_refresh(page.pk, timezone.now())
    row = row_of(page)
    assert (row.etag, row.lead) == (before.etag, "ข้อความเดิม")
    assert "ยังไม่ถึงเวลา" not in row.detail_json


def test_a_private_page_goes_live_without_a_row(office):
    office.index.view_restrictions.create(restriction_type="login")
    page = make_live(office)
    assert page.live
    item = published_item_write(page=page, revision=page.live_revision, now=timezone.now())
    assert item.pk is None
    assert item.content_hash == content_hash(page.live_revision)
    assert not PublishedItem.objects.exists()


def test_a_copy_and_a_broken_twin_get_uuids_of_their_own(office):
    page = make_live(office)
    copy = page.copy(update_attrs={"slug": "copy"}, keep_live=False)
    assert copy.uuid != page.uuid
    assert row_of(publish(copy)).uuid == copy.uuid
    twin = make_draft(office, "แฝด")
    NewsPage.objects.filter(pk=twin.pk).update(uuid=page.uuid)
    twin = NewsPage.objects.get(pk=twin.pk)
    twin.save_revision()
    publish(NewsPage.objects.get(pk=twin.pk))
    assert row_of(twin).uuid != row_of(page).uuid
    before = row_of(twin).uuid
    published_item_refresh(twin.pk, timezone.now())
    assert row_of(twin).uuid == before


def test_a_broken_picture_file_leaves_the_picture_out(office):
    image = make_image(office)
    page = make_draft(office, image=image)
    image.file.storage.delete(image.file.name)
    page = publish(page)
    detail = detail_of(page)
    assert (detail["image"], detail["photos"]) == (None, [])


def test_a_file_that_cannot_be_read_has_no_digest(office):
    document = make_document(office)
    document.get_file_hash()
    page = make_draft(office, attachments=[("file", {"document": document, "title": ""})])
    document.file.storage.delete(document.file.name)
    (attachment,) = detail_of(publish(page))["attachments"]
    assert (attachment["size"], attachment["sha256"]) == (None, None)


def test_the_language_of_the_person_who_triggers_it_changes_nothing(office):
    page = make_live(office)
    before = row_of(page)
    with translation.override("en"), timezone.override("America/New_York"):
        published_item_refresh(page.pk, timezone.now())
    after = row_of(page)
    assert (after.list_json, after.detail_json, after.etag) == (before.list_json, before.detail_json, before.etag)


def test_refreshing_an_unchanged_page_writes_nothing(office, django_assert_max_num_queries):
    page = make_live(office)
    with django_assert_max_num_queries(40) as queries:
        published_item_refresh(page.pk, timezone.now())
    assert not [query for query in queries.captured_queries if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
