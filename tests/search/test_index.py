"""Only what the public may read is ever in the index (promise I5); every door that changes that is watched."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_published

from search.models import SearchEntry, SearchGram, SearchText
from search.services import entry_index

pytestmark = pytest.mark.django_db


def indexed(page: Page) -> bool:
    return SearchEntry.objects.filter(pk=page.pk).exists()


def restrict(page: Page, kind: str = PageViewRestriction.LOGIN) -> PageViewRestriction:
    return PageViewRestriction.objects.create(page=page, restriction_type=kind)


def test_a_draft_is_not_found(health):
    page = health.draft("ร่างข่าวลับ", "เนื้อหาที่ยังไม่เปิดเผย")
    assert health.found("ร่างข่าวลับ") == []
    assert not indexed(page)


def test_a_published_page_is_found_by_title_and_text(health):
    health.live("ข่าวเปิดเผย", "เนื้อหาที่เปิดเผยแล้ว")
    assert health.found("ข่าวเปิดเผย") == health.found("เปิดเผยแล้ว") == ["ข่าวเปิดเผย"]


def test_a_scheduled_page_is_not_found_although_page_published_fires(health):
    heard = []

    def listener(instance, **kwargs):
        heard.append(instance.live)

    page = health.draft("ข่าวที่ห้ามเผยแพร่ก่อนเวลา")
    page.go_live_at = timezone.now() + timedelta(days=1)
    page_published.connect(listener)
    try:
        health.publish(page)
    finally:
        page_published.disconnect(listener)
    assert heard == [False]
    assert health.found("ห้ามเผยแพร่ก่อนเวลา") == []
    assert not indexed(page)


def test_the_signal_may_carry_the_embargoed_text_of_a_live_page(health):
    """The scheduled change of a page that is live: its old text stays findable, its new text is not."""
    page = health.live("แถลงการณ์ฉบับเดิม", "ตัวเลขชุดเก่า")
    page.title, page.search_description = "แถลงการณ์ฉบับลับ", "ตัวเลขชุดใหม่ที่ยังปิดอยู่"
    page.go_live_at = timezone.now() + timedelta(days=1)
    health.publish(page)
    with health.committed():
        page_published.send(sender=Page, instance=page, revision=page.get_latest_revision())
    assert health.exact("ฉบับลับ") == health.exact("ยังปิดอยู่") == []
    assert health.exact("ตัวเลขชุดเก่า") == ["แถลงการณ์ฉบับเดิม"]
    assert not SearchText.objects.filter(body__contains="ยังปิดอยู่").exists()


def test_a_newer_draft_of_a_live_page_is_not_found(health):
    page = health.live("ข่าวเดิม")
    page.title = "ข่าวที่กำลังแก้ไข"
    with health.committed():
        page.save_revision()
    assert health.found("กำลังแก้ไข") == []
    assert health.found("ข่าวเดิม") == ["ข่าวเดิม"]


def test_a_correction_replaces_the_old_text(health):
    page = health.live("ข่าวเดิม", "วันที่ผิด")
    page.search_description = "วันที่ถูกต้อง"
    health.publish(page)
    assert health.exact("วันที่ถูกต้อง") == ["ข่าวเดิม"]
    assert health.exact("วันที่ผิด") == []


def test_unpublishing_removes_entry_and_pieces(health):
    page = health.live("ข่าวที่ถูกถอน")
    with health.committed():
        page.unpublish()
    assert health.found("ข่าวที่ถูกถอน") == []
    assert not indexed(page)
    assert not SearchGram.objects.filter(entry_id=page.pk).exists()


def test_deleting_a_section_removes_everything_below_it(health):
    section = health.live("หมวดข่าว")
    page = health.live("ข่าวในหมวด", below=section)
    with health.committed():
        Page.objects.get(pk=section.pk).delete()
    assert health.found("ข่าวในหมวด") == []
    assert not SearchGram.objects.filter(entry_id__in=[section.pk, page.pk]).exists()


@pytest.mark.parametrize("kind", [PageViewRestriction.PASSWORD, PageViewRestriction.LOGIN, PageViewRestriction.GROUPS])
def test_a_private_section_hides_what_is_below_and_shows_it_again(health, kind):
    section = health.live("ข่าวภายใน")
    page = health.live("บันทึกถึงบุคลากร", below=section)
    health.live("ข่าวทั่วไปถึงบุคลากร")
    with health.committed():
        restriction = restrict(section, kind)
    assert health.found("ถึงบุคลากร") == ["ข่าวทั่วไปถึงบุคลากร"]
    assert not indexed(page)
    with health.committed():
        restriction.delete()
    assert set(health.found("ถึงบุคลากร")) == {"ข่าวทั่วไปถึงบุคลากร", "บันทึกถึงบุคลากร"}


def test_a_page_published_inside_a_private_section_is_not_indexed(health):
    section = health.live("ข่าวภายใน")
    with health.committed():
        restrict(section)
    assert not indexed(health.live("บันทึกถึงบุคลากร", below=section))
    assert health.found("ถึงบุคลากร") == []


def test_moving_into_and_out_of_a_private_section(health):
    section = health.live("ข่าวภายใน")
    with health.committed():
        restrict(section)
    folder = health.live("แฟ้มประชุม")
    health.live("รายงานการประชุมเมษายน", below=folder)
    with health.committed():
        Page.objects.get(pk=folder.pk).move(Page.objects.get(pk=section.pk), pos="last-child")
    assert health.found("การประชุมเมษายน") == []
    with health.committed():
        Page.objects.get(pk=folder.pk).move(health.root, pos="last-child")
    assert health.found("การประชุมเมษายน") == ["รายงานการประชุมเมษายน"]


def test_moving_to_another_site_moves_the_result(health, school):
    page = health.live("ข่าวที่ย้ายหน่วยงาน")
    with health.committed():
        Page.objects.get(pk=page.pk).move(school.root, pos="last-child")
    assert health.found("ย้ายหน่วยงาน") == []
    assert school.found("ย้ายหน่วยงาน") == ["ข่าวที่ย้ายหน่วยงาน"]


def test_an_alias_is_found_and_follows_the_privacy_of_its_source(health, school):
    source = health.live("ประกาศร่วมสองหน่วยงาน")
    with health.committed():
        source.create_alias(parent=school.root, update_slug="alias")
    assert school.found("ประกาศร่วม") == ["ประกาศร่วมสองหน่วยงาน"]
    with health.committed():
        restriction = restrict(source)
    assert school.found("ประกาศร่วม") == []
    with health.committed():
        restriction.delete()
    assert school.found("ประกาศร่วม") == ["ประกาศร่วมสองหน่วยงาน"]


def test_a_page_created_live_without_a_revision_is_found(health):
    with health.committed():
        health.root.add_child(instance=Page(title="หน้าเกี่ยวกับเรา", slug="about"))
    assert health.found("เกี่ยวกับเรา") == ["หน้าเกี่ยวกับเรา"]


def test_a_copy_is_found_only_when_it_is_live(health):
    page = health.live("ประกาศต้นแบบ")
    with health.committed():
        page.copy(update_attrs={"slug": "kept", "title": "ประกาศต้นแบบ ฉบับเผยแพร่"}, keep_live=True)
        page.copy(update_attrs={"slug": "draft", "title": "ประกาศต้นแบบ ฉบับร่าง"}, keep_live=False)
    assert set(health.found("ประกาศต้นแบบ")) == {"ประกาศต้นแบบ", "ประกาศต้นแบบ ฉบับเผยแพร่"}


def test_a_site_with_another_root_takes_its_pages_along(health, school):
    page = health.live("ข่าวของหมวดที่แยกออก")
    section = health.live("หมวดที่แยกออก")
    below = health.live("ข่าวในหมวดที่แยกออก", below=section)
    with health.committed():
        new = Site.objects.create(hostname="new.localhost", root_page=section)
    assert set(SearchEntry.objects.of_site(new).values_list("pk", flat=True)) == {section.pk, below.pk}
    assert health.found("แยกออก") == [page.title]
    with health.committed():
        new.delete()
    assert set(health.found("แยกออก")) == {page.title, section.title, below.title}


def test_nothing_is_indexed_when_the_transaction_is_rolled_back(health):
    page = health.draft("ข่าวที่ล้มเหลว")
    with health.committed(), transaction.atomic():
        page.save_revision().publish()
        transaction.set_rollback(True)
    assert not indexed(page)
    assert health.found("ข่าวที่ล้มเหลว") == []


def test_a_page_can_ask_to_stay_out(health, monkeypatch):
    page = health.live("หน้าขอบคุณ")
    assert indexed(page)
    monkeypatch.setattr(Page, "get_pr_search_text", lambda self: None, raising=False)
    health.publish(page)
    assert not indexed(page)


def test_a_page_that_cannot_be_read_is_published_but_its_old_text_is_not_findable(health, monkeypatch, caplog):
    page = health.live("ข่าวที่ต้องปิดชื่อ", "ชื่อจริงของเด็ก")

    def broken(self):
        raise ValueError("broken block")

    monkeypatch.setattr(Page, "get_pr_search_text", broken, raising=False)
    page.search_description = "เด็กชาย ก."
    assert health.publish(page).search_description == "เด็กชาย ก."
    assert not indexed(page)
    assert f"Page {page.pk} could not be indexed" in caplog.text


def test_indexing_again_without_a_change_writes_no_words(health):
    page = health.live("ข่าวประจำวัน", "เนื้อหา")
    before = list(SearchGram.objects.filter(entry_id=page.pk).order_by("gram").values())
    with CaptureQueriesContext(connection) as queries:
        assert entry_index(page_pk=page.pk)
    assert not [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "DELETE"))]
    assert entry_index(page_pk=page.pk, rewrite=True)
    assert list(SearchGram.objects.filter(entry_id=page.pk).order_by("gram").values()) == before


def test_a_page_that_no_longer_exists_is_no_error(health):
    assert entry_index(page_pk=987_654_321) is False
