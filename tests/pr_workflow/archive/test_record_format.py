"""What a record of format 2 holds beyond the content, and that the hash covers all of it (R49)."""

from datetime import timedelta

import pytest

from home.models import NewsPage
from pr_workflow.approval.services import news_return
from pr_workflow.archive.models import ArchiveRecord
from pr_workflow.archive.selectors import RECORD_ITSELF, hashed_values, record_digest, record_problems, values_digest
from pr_workflow.archive.services import archive_due
from pr_workflow.clocks.models import ClockPause
from pr_workflow.people.roles import Role
from pr_workflow.publishing.models import EmergencyPublication, Posting, PublicationCheck
from pr_workflow.publishing.services import news_post, posting_publish
from pr_workflow.publishing.take_down import news_take_down
from tests.factories.office import (
    MORNING,
    approve_all,
    current_step,
    live,
    make_draft,
    make_image,
    read_and_approve,
    submit,
    verify,
)
from tests.pr_workflow.archive.conftest import CHECKED, LATER

pytestmark = pytest.mark.django_db


def returned_once(office) -> NewsPage:
    """Returned by the second level, corrected, approved, live."""
    page = make_draft(office)
    submit(office, page)
    read_and_approve(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=MORNING)
    step = current_step(page)
    news_return(actor=office.person(Role.HEAD_OF_SECTION), task_state=step, reason="ระบุวันที่", now=MORNING)
    corrected = NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    corrected.lead = "แก้ไขแล้ว"
    corrected.save_revision(user=office.writer)
    submit(office, page, now=MORNING + timedelta(minutes=30))
    approve_all(office, page)
    return page


def go_live(office, page, now):
    posting = Posting.objects.open().get(page_id=page.pk)
    news_post(actor=office.it_officer, posting=posting, go_live_at=now, now=now)
    posting_publish(posting_id=posting.pk, now=now)
    return NewsPage.objects.get(pk=page.pk)


def test_the_history_tells_the_whole_course(office):
    page = go_live(office, returned_once(office), MORNING + timedelta(hours=5))
    check = PublicationCheck.objects.get()
    ClockPause.objects.create(
        agency=office.agency, clocked=check, waiting_for="กองแผน", reason="รอข้อมูล", paused_at=CHECKED,
        paused_by=office.writer, resumed_at=CHECKED, resumed_by=office.writer,
    )  # fmt: skip
    verify(office, page, now=CHECKED)
    (record,) = archive_due(now=LATER)
    course = record.history
    assert record.format == 2
    assert [len(row["steps"]) for row in course["submissions"]] == [3, 3]
    assert [len(row["seals"]) for row in course["submissions"]] == [1, 3]
    (returned,) = (row for row in course["steps"] if row["status"] == "rejected")
    assert returned["comment"] == "ระบุวันที่"
    assert returned["finished_by"]["name"] == office.profile(Role.HEAD_OF_SECTION).display_name
    assert course["postings"][0]["posted_by"]["name"] == office.profile(Role.IT_OFFICER).display_name
    assert [pause["waiting_for"] for pause in course["pauses"]] == ["กองแผน"]
    assert {"news_submit", "news_return", "news_go_live", "publication_verify"} <= {r["verb"] for r in course["log"]}
    assert course["item"]["responsible_officer"]["name"] == office.profile(Role.WRITER).display_name
    assert record_problems(record) == []


def test_the_hash_covers_the_history_of_format_2(record):
    stored = ArchiveRecord.objects.get()
    assert record_digest(stored) == stored.record_hash == record.record_hash
    stored.history["log"][0]["actor"] = "คนอื่น"
    assert record_problems(stored) == [str(RECORD_ITSELF)]
    stored.refresh_from_db()
    stored.format = 1
    assert record_problems(stored) == [str(RECORD_ITSELF)]


def test_a_record_of_format_1_stays_right(record):
    """As the first version wrote it: the values of 18 fields, nothing of the history."""
    old = ArchiveRecord.objects.get()
    old.format, old.history = 1, {}
    old.record_hash = values_digest(list(hashed_values(ArchiveRecord.objects.get()).values())[:18])
    assert len(hashed_values(old)) == 18
    assert record_problems(old) == []
    old.title = "อื่น"
    assert record_problems(old) == [str(RECORD_ITSELF)]


def test_a_format_nobody_wrote_is_no_whole_record(record):
    record.format = 3
    assert record_problems(record) == [str(RECORD_ITSELF)]
    record.format = 0
    assert record_problems(record) == [str(RECORD_ITSELF)]


def test_what_is_taken_down_before_its_check_is_archived(office):
    page = live(office)
    assert archive_due(now=LATER) == []
    news_take_down(actor=office.it_officer, page=page, reason="เผยแพร่ผิดพลาด", now=CHECKED)
    (record,) = archive_due(now=LATER)
    assert record.revision_number == PublicationCheck.objects.get().revision_id
    assert record.checks[0]["result"] == ""
    assert "news_take_down" in {row["verb"] for row in record.history["log"]}
    assert archive_due(now=LATER) == []


def test_a_version_that_was_replaced_is_archived_though_it_was_wrong(office):
    page = live(office)
    verify(office, page, now=CHECKED, result="needs_correction", note="ชื่อผิด")
    corrected = page.get_latest_revision_as_object()
    corrected.title = "ชื่อที่ถูก"
    corrected.save_revision(user=office.writer)
    submit(office, page, now=CHECKED)
    approve_all(office, page, now=CHECKED)
    assert archive_due(now=LATER) == []
    go_live(office, page, CHECKED + timedelta(days=1))
    (record,) = archive_due(now=CHECKED + timedelta(days=1, minutes=1))
    assert record.title != "ชื่อที่ถูก"
    assert record.checks[0]["note"] == "ชื่อผิด"
    assert [row["number"] for row in record.history["corrections"]] == [1]


def test_a_file_deleted_after_the_take_down_is_named_and_noticed(office):
    image = make_image(office, "ภาพที่ถูกลบ", colour="red")
    photo = {"image": image, "alt_text": "ภาพ", "caption": "", "credit": "งานสื่อสารองค์กร"}
    page = live(office, image=image, photos=[("photo", photo)])
    news_take_down(actor=office.it_officer, page=page, reason="ข้อมูลผิดพลาด", now=CHECKED)
    image.delete()
    (record,) = archive_due(now=LATER)
    (entry,) = record.files
    assert entry["sha256"] == ""
    assert record_problems(record) == [entry["name"]]


def test_an_emergency_waits_for_its_confirmation(office, django_user_model):
    page = live(office)
    root = django_user_model.objects.create_superuser("root-account", password="x")
    emergency = EmergencyPublication.objects.create(
        agency=office.agency, page_id=page.pk, revision=page.live_revision, reason="น้ำท่วม", content_hash="0" * 64,
        published_at=MORNING, published_by=root, due_at=CHECKED,
    )  # fmt: skip
    verify(office, page, now=CHECKED)
    assert archive_due(now=LATER) == []
    emergency.outcome, emergency.decided_at = EmergencyPublication.Outcome.CONFIRMED, LATER
    emergency.decided_by = office.person(Role.DIRECTOR)
    emergency.save()
    (record,) = archive_due(now=LATER)
    (kept,) = record.history["emergencies"]
    assert (kept["reason"], kept["outcome"]) == ("น้ำท่วม", "confirmed")
    assert kept["decided_by"]["name"] == office.profile(Role.DIRECTOR).display_name


def test_archiving_asks_no_more_queries_for_a_longer_list_of_records(record, office, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        archive_due(now=LATER)
