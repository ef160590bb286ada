"""Finding: words inside unspaced text, both kinds of digits, in a fair order, and never another agency's pages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, Site

from search.models import SearchEntry
from search.selectors import search_pages

pytestmark = pytest.mark.django_db

FIRST_DAY = datetime(2026, 11, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("query", ["ประชาสัมพันธ์", "วันเด็ก", "แห่งชาติ", "ข่าวประชาสัมพันธ์วันเด็กแห่งชาติ", "เด็กแห่ง"])
def test_a_word_inside_an_unspaced_run_is_found(health, query):
    health.live("ข่าวประชาสัมพันธ์วันเด็กแห่งชาติ")
    assert health.exact(query) == ["ข่าวประชาสัมพันธ์วันเด็กแห่งชาติ"]


@pytest.mark.parametrize(("written", "typed"), [("๒๕๖๙", "2569"), ("2569", "๒๕๖๙"), ("๒๕๖๙", "๒๕๖๙"), ("2569", "25๖๙")])
def test_thai_and_arabic_digits_find_each_other(health, written, typed):
    health.live(f"แผนปีงบประมาณ{written}")
    health.live("แผนปีงบประมาณ 2570")
    assert health.exact(typed) == [f"แผนปีงบประมาณ{written}"]
    assert health.found(f"ปีงบประมาณ{typed}")[0] == f"แผนปีงบประมาณ{written}"


WRITTEN_SARA_AM = ["ประจ\u0e33สัปดาห์", "ประจ\u0e4d\u0e32สัปดาห์"]


@pytest.mark.parametrize("written", WRITTEN_SARA_AM)
@pytest.mark.parametrize("typed", WRITTEN_SARA_AM)
def test_both_ways_of_writing_sara_am_find_each_other(health, written, typed):
    health.live(f"รายงาน{written}")
    assert len(health.exact(typed)) == 1


@pytest.mark.parametrize(
    "typed", ["น\u0e49\u0e33ท่วม", "น\u0e4d\u0e49\u0e32ท่วม", "น\u0e49\u0e4d\u0e32ท่วม", "น\u200b\u0e49\u0e33ท่วม"]
)
def test_sara_am_with_a_tone_mark_and_hidden_characters(health, typed):
    health.live("เตือนภัยน้ำท่วมฉับพลัน")
    assert health.exact(typed) == ["เตือนภัยน้ำท่วมฉับพลัน"]


def test_letter_case_does_not_matter(health):
    health.live("มาตรการป้องกัน COVID-19")
    assert health.exact("covid-19") == health.exact("Covid") == ["มาตรการป้องกัน COVID-19"]


def test_all_words_must_be_there_to_count_as_exact(health):
    health.live("วันเด็กแห่งชาติ", "จัดกิจกรรมที่สนามหน้าศาลากลาง")
    health.live("วันเด็กที่โรงเรียน")
    assert health.exact("วันเด็ก ศาลากลาง") == ["วันเด็กแห่งชาติ"]


def test_a_long_question_finds_the_page_that_answers_it(health):
    health.live("โครงการตรวจสุขภาพ", "เปิดให้บริการตรวจสุขภาพฟรีแก่ผู้สูงอายุทุกวันพุธ")
    health.live("รับสมัครงาน", "เปิดรับสมัครพนักงานราชการตำแหน่งนักวิชาการ")
    hits = health.search("ผู้สูงอายุจะตรวจสุขภาพฟรีได้วันไหนบ้าง").hits
    assert [(hit.page.title, hit.exact) for hit in hits] == [("โครงการตรวจสุขภาพ", False)]


def test_unrelated_words_find_nothing(health):
    health.live("ข่าวประชาสัมพันธ์วันเด็กแห่งชาติ", "เชิญร่วมกิจกรรม")
    assert health.search("zzqqxx").total == 0
    assert health.search("โควตาฟุตบอล").total == 0


@pytest.mark.parametrize("empty", ["", "   ", "\u200b\ufeff", "… “” !?"])
def test_a_query_without_a_letter_or_digit_finds_nothing_and_asks_nothing(health, empty, django_assert_num_queries):
    site = health.site
    with django_assert_num_queries(0):
        results = search_pages(empty, site=site)
    assert (results.hits, results.total, results.terms) == ([], 0, [])


@pytest.mark.parametrize("short", ["ปู", "5", "๕", "IT", "ก"])
def test_one_and_two_letter_words_are_found_inside_a_run(health, short):
    health.live("ตลาดปูม้าครั้งที่5", "จัดโดยฝ่ายitและกองคลัง")
    health.live("ตลาดผลไม้")
    assert "ตลาดปูม้าครั้งที่5" in health.exact(short)


def test_title_first_newest_first_then_text(health):
    health.live("เรื่องอื่น", "กล่าวถึงไข้เลือดออกหนึ่งครั้ง", at=FIRST_DAY + timedelta(days=9))
    health.live("ไข้เลือดออกระบาด", at=FIRST_DAY)
    health.live("เตือนไข้เลือดออก", at=FIRST_DAY + timedelta(days=2))
    health.live("สรุปไข้เลือดออก", at=FIRST_DAY + timedelta(days=1))
    expected = ["เตือนไข้เลือดออก", "สรุปไข้เลือดออก", "ไข้เลือดออกระบาด", "เรื่องอื่น"]
    assert health.found("ไข้เลือดออก") == expected


def test_the_other_agency_is_never_found(health, school):
    health.live("ข่าวของสาธารณสุข", "คำเฉพาะหนึ่ง")
    school.live("ข่าวของการศึกษา", "คำเฉพาะสอง")
    assert health.found("คำเฉพาะ") == ["ข่าวของสาธารณสุข"]
    assert school.found("คำเฉพาะ") == ["ข่าวของการศึกษา"]
    assert "ข่าวของการศึกษา" not in health.found("ข่าวของการศึกษา")
    assert "ข่าวของการศึกษา" not in health.found("ก") + health.found("2")
    assert health.search("คำเฉพาะสอง").total == len(health.found("คำเฉพาะสอง")) == 1


def test_a_site_whose_path_begins_alike_is_another_site(tree_root, health, school):
    """Tree paths of neighbours differ only in their last digits; a prefix must not let them through."""
    assert health.root.path[:-1] == school.root.path[:-1]
    school.live("ข่าวของเพื่อนบ้าน")
    assert health.found("เพื่อนบ้าน") == []


def test_a_site_inside_another_site_keeps_its_pages(health):
    inner_root = health.live("ศูนย์ย่อย")
    inner = Site.objects.create(hostname="inner.localhost", root_page=inner_root)
    health.live("ข่าวของศูนย์ย่อย", below=inner_root)
    health.live("ข่าวของหน่วยงานใหญ่")
    assert health.found("ข่าวของ") == ["ข่าวของหน่วยงานใหญ่"]
    hits = search_pages("ข่าวของ", site=inner).hits
    assert [hit.page.title for hit in hits] == ["ข่าวของศูนย์ย่อย"]


def test_a_second_host_with_the_same_root_finds_the_same(health):
    health.live("ข่าวประจำวัน")
    mirror = Site.objects.create(hostname="mirror.localhost", root_page=health.root)
    assert [hit.page.title for hit in search_pages("ข่าวประจำวัน", site=mirror).hits] == ["ข่าวประจำวัน"]


def test_a_stale_entry_shows_nothing(health):
    """Whatever happened behind the signals' back, the page tree has the last word."""
    hidden = health.live("ข่าวลับหนึ่ง")
    taken_down = health.live("ข่าวลับสอง")
    health.live("ข่าวเปิดเผย")
    Page.objects.filter(pk=taken_down.pk).update(live=False)
    PageViewRestriction.objects.bulk_create(
        [PageViewRestriction(page=hidden, restriction_type=PageViewRestriction.LOGIN)]
    )
    assert SearchEntry.objects.count() >= 3
    assert health.found("ข่าว") == ["ข่าวเปิดเผย"]
    assert health.found("ลับ") == health.found("ข่")[1:] == []


def test_pages_of_results_do_not_overlap_and_end(health, settings):
    titles = {health.live(f"ข่าวหมายเลข {number:02}").title for number in range(7)}
    pages = [health.search("ข่าวหมายเลข", limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [len(page.hits) for page in pages] == [3, 3, 1, 0]
    assert {hit.page.title for page in pages for hit in page.hits} == titles
    assert [(page.total, page.capped) for page in pages] == [(7, False)] * 4
    settings.PR_SEARCH_MAX_RESULTS = 5
    capped = health.search("ข่าวหมายเลข", limit=3, offset=3)
    assert (capped.total, capped.capped, len(capped.hits)) == (5, True, 2)


@pytest.mark.parametrize("query", ["ข่าวประจำวัน", "ข่าว", "วัน 3", "ก", "ข่าวประจำวันของหน่วยงานมีกี่เรื่องในสัปดาห์นี้"])
def test_at_most_three_queries_at_any_size(health, query):
    for number in range(12):
        health.live(f"ข่าวประจำวันที่ {number}", "กิจกรรมของหน่วยงาน")
    site = Site.objects.get(pk=health.site.pk)
    with CaptureQueriesContext(connection) as queries:
        results = search_pages(query, site=site)
        assert all(hit.page.title and hit.title_html for hit in results.hits)
    assert results.hits
    assert len(queries) <= 3


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": -1}, {"offset": -1}])
def test_a_wrong_slice_is_refused(health, wrong):
    with pytest.raises(ValueError, match="limit must be at least 1"):
        health.search("ข่าว", **wrong)


@pytest.mark.parametrize(
    "query", ["ก" * 5000, "ข่าว " * 2000, "\x00ข่าว\x00", "%_\\'\"; DROP TABLE", "\ud800ข่าว", "🎉 ข่าว"]
)
def test_no_query_breaks_it(health, query):
    health.live("ข่าวประจำวัน")
    assert health.search(query).total in (0, 1)


def test_only_the_allowed_length_is_read(health, settings):
    settings.PR_SEARCH_MAX_QUERY_LENGTH = 10
    assert health.search("ประกาศ รับสมัครงาน").terms == ["ประกาศ", "รับ"]


@pytest.mark.parametrize("wild", ["%", "_", "%%%", "___", "%ศ%", "ข่าว%ศ"])
def test_signs_that_a_database_reads_as_wildcards_match_nothing(health, wild):
    health.live("ข่าวประจำวัน")
    assert health.exact(wild) == []


def test_html_in_title_text_and_query_is_escaped(health):
    health.live("<img src=x onerror=alert(1)> วันเด็ก", "<script>alert('วันเด็ก')</script>")
    (hit,) = health.search("วันเด็ก <script>").hits
    for shown in (hit.title_html, hit.snippet_html):
        assert "<img" not in shown
        assert "<script" not in shown
        assert "<mark>วันเด็ก</mark>" in shown
