"""The main job from draft to weekly report, through the services that admin, jobs and API share."""

import json
from datetime import timedelta

import pytest

from evaluation.services import weekly_report_build
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.archive.models import ArchiveRecord
from pr_workflow.archive.selectors import record_problems
from pr_workflow.archive.services import archive_due
from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.people.roles import CHAIN
from pr_workflow.publishing.models import CorrectionRound, PublicationCheck, PublishedItem
from pr_workflow.publishing.tick import publish_due
from tests.factories.office import MORNING, approved, live, make_draft, posted, verify

pytestmark = pytest.mark.django_db


def test_news_goes_from_draft_to_weekly_report(office, django_capture_on_commit_callbacks):
    page = make_draft(office)
    posting = approved(office, page)
    slot = MORNING + timedelta(hours=6)
    posted(office, posting, go_live_at=slot, now=MORNING + timedelta(hours=5))

    assert publish_due(now=slot - timedelta(seconds=1)) == []
    page.refresh_from_db()
    assert not page.live
    assert not PublishedItem.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        (outcome,) = publish_due(now=slot)
    assert outcome.went_live
    page.refresh_from_db()
    assert page.live
    assert page.live_revision_id == posting.revision_id
    item = PublishedItem.objects.get(page_id=page.pk)
    assert json.loads(item.list_json)["title"] == page.title

    check = verify(office, page, now=slot + timedelta(hours=1))
    assert check.round == 0
    with django_capture_on_commit_callbacks(execute=True):
        (record,) = archive_due(now=slot + timedelta(hours=2)) or ArchiveRecord.objects.all()
    assert record.revision_number == posting.revision_id
    assert [row["name"] for row in record.approvals] == [office.profile(role).display_name for role in CHAIN]
    assert record.files
    assert record.files[0]["sha256"]
    assert record_problems(record) == []

    report = weekly_report_build(
        actor=None, agency=office.agency, week_start=MORNING.date(), now=slot + timedelta(days=7)
    )
    assert report.figures["published"] == 1
    assert report.measures["accurate"]["percent"] == 100
    assert report.measures["timely"]["total"] == 5
    assert audit_verify(chain=office.agency.code) is None


def test_the_log_tells_the_story_in_order(office):
    live(office)
    verbs = list(AuditEntry.objects.filter(agency=office.agency).order_by("sequence").values_list("verb", flat=True))
    story = [verb for verb in verbs if verb.startswith(("news_", "posting_", "check_", "step_"))]
    assert story == [
        "news_submit",
        "news_approve",
        "step_start",
        "news_approve",
        "step_start",
        "news_approve",
        "posting_open",
        "news_post",
        "news_go_live",
        "check_open",
    ]


def test_each_signature_seals_the_same_content(office):
    posting = approved(office)
    seals = ApprovalSeal.objects.filter(revision_id=posting.revision_id)
    assert len(seals) == 3
    assert len({seal.content_hash for seal in seals}) == 1
    assert len({seal.approver_id for seal in seals}) == 3


def test_a_correction_runs_the_chain_again_and_counts_its_round(office):
    page = live(office)
    later = MORNING + timedelta(hours=6)
    verify(office, page, now=later, result="needs_correction", note="ชื่อประธานสะกดผิด")
    correction = CorrectionRound.objects.get(page_id=page.pk)
    assert (correction.number, correction.closed_at) == (1, None)

    draft = page.get_latest_revision_as_object()
    draft.lead = "ข้อความที่แก้ไขแล้ว"
    draft.save_revision(user=office.writer)
    page.refresh_from_db()
    assert page.live
    assert page.lead != "ข้อความที่แก้ไขแล้ว"

    tuesday = MORNING + timedelta(days=1)
    posting = approved(office, page, now=tuesday)
    slot = tuesday + timedelta(hours=5)
    posted(office, posting, go_live_at=slot, now=slot)
    (outcome,) = publish_due(now=slot)
    assert outcome.went_live
    page.refresh_from_db()
    assert page.lead == "ข้อความที่แก้ไขแล้ว"
    correction.refresh_from_db()
    assert correction.closed_at == slot
    assert PublicationCheck.objects.open().get(page_id=page.pk).round == 1
