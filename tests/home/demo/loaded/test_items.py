"""Each item of the loaded demo stands where its file says, by the way it says."""

from datetime import datetime

import pytest
from django.test import Client
from wagtail.models import WorkflowState

from home.demo import content
from home.models import NewsPage
from pr_workflow.approval.models import ApprovalSeal, ReadingMark, ReturnReason, StepSkipRule, Submission
from pr_workflow.approval.selectors import chain_verdict
from pr_workflow.archive.models import ArchiveRecord
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import Agency
from pr_workflow.people.roles import Role
from pr_workflow.people.selectors import role_members
from pr_workflow.publishing.models import CorrectionRound, EmergencyPublication, Posting, TakeDown
from pr_workflow.thai_time import BANGKOK
from tests.factories.demo import AGENCIES, NOW, PUBLIC, log_in, news_with, page_of, the_page

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.xdist_group("loaded demo")]


def test_published_news_went_the_whole_way():
    assert len(news_with("published")) == 9
    for item in news_with("published"):
        page = page_of(item)
        assert page.live
        assert chain_verdict(page.live_revision).complete
        assert page.checks.first().result == "correct"
        record = ArchiveRecord.objects.get(revision_number=page.live_revision_id)
        assert [row["state"] for row in record.deliveries] == ["sent"]
        assert page.first_published_at.date() >= page.event_date
        assert page.first_published_at == page.postings.last().went_live_at


def test_waiting_news_waits_where_the_file_says():
    (pending,) = news_with("pending_director")
    step = page_of(pending).current_workflow_task_state
    assert step.task.specific.groups.get().agency_role.role == Role.DIRECTOR
    (returned,) = news_with("returned_for_correction")
    state = page_of(returned).current_workflow_state
    assert state.status == state.STATUS_NEEDS_CHANGES
    entry = AuditEntry.objects.get(verb="news_return", target_id=str(page_of(returned).pk))
    assert entry.data["reason"] in content.content()["return_reasons"]
    for item in (pending, returned):
        assert not page_of(item).live
        assert page_of(item).first_published_at is None


def test_the_approved_item_waits_for_monday_morning():
    (item,) = news_with("approved_scheduled")
    posting = Posting.objects.get(page_id=page_of(item).pk)
    assert posting.go_live_at.astimezone(BANGKOK) == datetime(2026, 11, 23, 9, 0, tzinfo=BANGKOK)
    assert posting.went_live_at is None
    assert posting.failure == ""


def test_the_public_sees_only_published_news_of_the_own_agency():
    for code in AGENCIES:
        client = Client(headers={"host": f"{content.HOSTNAMES[code]}:8000"})
        titles = {row["title"] for row in client.get("/api/pr/v1/news", {"limit": 50}).json()["items"]}
        wanted = [item for item in content.content()["news"] if item["suggested_status"] in PUBLIC]
        assert titles == {item["title"] for item in wanted if item["agency"] == code}
        for item in content.content()["news"]:
            answer = client.get(f"/news/{item['key']}/")
            at_home = {"withdrawn": 410, "merged": 301} | dict.fromkeys(PUBLIC, 200)
            expected = at_home.get(item["suggested_status"], 404) if item["agency"] == code else 404
            assert answer.status_code == expected, (code, item["key"])


def test_every_picture_is_described_and_belongs_to_its_agency():
    for page in NewsPage.objects.all():
        agency = Agency.objects.get(site__root_page=page.get_parent().get_parent())
        for photo in page.get_latest_revision_as_object().photos:
            assert photo.value["alt_text"]
            assert photo.value["credit"]
            assert photo.value["image"].collection == agency.collection
            assert photo.value["image"].file.size > 5_000


def test_a_clarification_took_the_fast_lane():
    page = the_page("fast_lane")
    assert page.news_type == "clarification"
    assert Submission.objects.get(revision=page.live_revision).lane == "fast"
    assert ApprovalSeal.objects.filter(revision=page.live_revision).count() == 1
    assert Posting.objects.get(page_id=page.pk).is_urgent


def test_an_item_came_back_with_a_reason_for_each_of_two_parts():
    page = the_page("returned_by_parts")
    assert page.current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    reasons = ReturnReason.objects.filter(task_state__workflow_state=page.current_workflow_state)
    assert {row.field for row in reasons} == {"headline", "photos"}


def test_an_item_waits_with_what_changed_since_its_head_looked():
    page = the_page("came_back")
    step = page.current_workflow_task_state
    head = role_members(Agency.objects.get(code="kpr"), Role.HEAD_OF_WORK).get()
    mark = ReadingMark.objects.get(user=head, object_id=str(page.pk))
    assert mark.revision != step.revision
    client = log_in(Agency.objects.get(code="kpr"), head.username)
    screen = client.get(f"/admin/pr/review/{step.pk}/").content.decode()
    assert "48" in screen
    assert "แจ้งเบาะแสได้ทางหมายเลขกลาง" not in screen
    assert screen.count("<ins") > 0
    assert screen.count("<del") > 0


def test_a_rule_left_a_level_out_and_says_why():
    page = the_page("level_skipped")
    step = page.current_workflow_task_state
    assert step.task.specific.groups.get().agency_role.role == Role.DIRECTOR
    entry = AuditEntry.objects.get(verb="step_skip", target_id=str(page.pk))
    assert entry.data["reason"] == StepSkipRule.objects.get().reason


def test_the_queue_holds_one_of_each_kind():
    waiting, received = the_page("approved_waiting"), the_page("approved_received")
    assert Posting.objects.awaiting().get(page_id=waiting.pk).received_at is None
    assert Posting.objects.awaiting().get(page_id=received.pk).received_by.username == "k-it"
    passed = Posting.objects.awaiting().get(page_id=the_page("slot_passed").pk)
    assert passed.wished_at < NOW


def test_one_item_failed_to_go_live_and_succeeded_later():
    page = the_page("failed_once")
    failed = AuditEntry.objects.get(verb="news_go_live_failed")
    posting = Posting.objects.get(page_id=page.pk)
    assert failed.target_id == str(page.pk)
    assert posting.went_live_at > failed.at
    assert (posting.attempts, posting.failure) == (2, "")


def test_two_corrections_run_a_small_and_a_material_one():
    lanes = {}
    for status in ("small_correction", "material_correction"):
        page = the_page(status)
        assert CorrectionRound.objects.get(page=page, closed_at=None).keeps_live
        lanes[status] = Submission.objects.get(revision=page.latest_revision).lane
        assert page.current_workflow_task_state is not None
    assert lanes == {"small_correction": "correction", "material_correction": "normal"}


def test_news_left_the_site_with_a_notice_and_to_another_address():
    client = Client(headers={"host": f"{content.HOSTNAMES['spp']}:8000"})
    withdrawn, merged = the_page("withdrawn"), the_page("merged")
    assert not withdrawn.live
    assert not merged.live
    notice = TakeDown.objects.get(page_number=withdrawn.pk).notice
    assert notice in client.get(f"/news/{withdrawn.slug}/").content.decode()
    assert client.get(f"/news/{merged.slug}/")["Location"].endswith("/news/s-network-2569/")
    assert ArchiveRecord.objects.filter(page_number__in=(withdrawn.pk, merged.pk)).count() == 2


def test_an_emergency_publication_waits_for_its_second_person():
    emergency = EmergencyPublication.objects.get()
    assert emergency.page_id == the_page("emergency").pk
    assert emergency.decided_at is None
    assert emergency.due_at > NOW
