"""The short way of small corrections: decided at the submission, asked again at the go-live (R47, I3)."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models.signals import pre_save
from django.urls import reverse

from home.models import NewsPage
from pr_workflow.approval.models import Submission
from pr_workflow.approval.services import news_return
from pr_workflow.approval.setup import correction_workflow
from pr_workflow.people.roles import Role
from pr_workflow.publishing.correction_receivers import way_in_words
from pr_workflow.publishing.corrections import correction_running, short_way_refusal
from pr_workflow.publishing.coverage import coverage
from pr_workflow.publishing.emergency import emergency_publish
from pr_workflow.publishing.models import CorrectionRound, Posting
from pr_workflow.publishing.services import news_post, posting_publish
from tests.factories.office import (
    MORNING,
    approve_all,
    current_step,
    live,
    make_administrator,
    make_draft,
    read_and_approve,
    submit,
    verify,
)
from tests.factories.published import revise

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=1)
BEFORE = "<p>การล้างมือด้วยสบู่เป็นวิธีป้องกันโรคที่ทำได้ง่าย ใช้เวลา 20 วินาที</p>"
SMALL = BEFORE.replace("เป็นวิธี", "เปนวิธี")
MATERIAL = BEFORE.replace("20", "40")


@pytest.fixture
def page(office):
    """Live news in its first round of correction."""
    page = live(office, body=[("paragraph", BEFORE)])
    verify(office, page, now=LATER, result="needs_correction", note="คำตกหล่น")
    return NewsPage.objects.get(pk=page.pk)


def corrected(page, text: str) -> NewsPage:
    block = page.body[0]
    raw = [{"type": "paragraph", "value": text, "id": block.id}]
    draft = page.get_latest_revision_as_object()
    draft.body = NewsPage._meta.get_field("body").to_python(json.dumps(raw))
    draft.save_revision(user=draft.owner)
    return NewsPage.objects.get(pk=page.pk)


def checked(office, page) -> Posting:
    """The one head of the short way has signed."""
    read_and_approve(
        actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=LATER + timedelta(hours=1)
    )
    return Posting.objects.open().get(page_id=page.pk)


@pytest.fixture
def short_way():
    """Every submission says that it takes the short way, as a forged or outdated choice would."""

    def choose(sender, instance, **kwargs):
        instance.lane = "correction"

    pre_save.connect(choose, sender=Submission)
    yield
    pre_save.disconnect(choose, sender=Submission)


def test_the_kind_follows_the_newest_version(page):
    assert correction_running(corrected(page, SMALL)).kind.is_small
    assert not correction_running(corrected(page, MATERIAL)).kind.is_small
    assert correction_running(corrected(page, SMALL)).kind.is_small


def test_without_a_round_there_is_no_short_way(office, page):
    assert correction_running(live(office, title="ไม่มีรอบแก้ไข")) is None
    CorrectionRound.objects.update(closed_at=LATER)
    assert correction_running(page) is None


def test_a_material_change_does_not_set_out_on_the_short_way(office, page, short_way):
    with pytest.raises(PermissionDenied):
        submit(office, corrected(page, MATERIAL), now=LATER)
    assert not Submission.objects.filter(lane="correction").exists()


def test_a_small_change_goes_live_on_the_short_way(office, page, short_way):
    submit(office, corrected(page, SMALL), now=LATER)
    posting = checked(office, page)
    news_post(actor=office.it_officer, posting=posting, go_live_at=LATER + timedelta(hours=5), now=LATER)
    outcome = posting_publish(posting_id=posting.pk, now=LATER + timedelta(hours=5))
    assert outcome.went_live, outcome.reason
    assert "เปนวิธี" in str(NewsPage.objects.get(pk=page.pk).body)
    assert coverage(posting.revision).complete


def test_a_material_change_on_the_short_way_never_goes_live(office, page, short_way, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("pr_workflow.publishing.correction_receivers.short_way_guard", lambda revision: None)
        submit(office, corrected(page, MATERIAL), now=LATER)
    posting = approve_all(office, page, now=LATER)
    assert not coverage(posting.revision).complete
    with pytest.raises(PermissionDenied):
        news_post(actor=office.it_officer, posting=posting, go_live_at=LATER + timedelta(hours=5), now=LATER)
    type(posting).objects.filter(pk=posting.pk).update(go_live_at=LATER)
    outcome = posting_publish(posting_id=posting.pk, now=LATER + timedelta(hours=5))
    assert not outcome.went_live
    assert "20 วินาที" in str(NewsPage.objects.get(pk=page.pk).body)


def test_the_short_way_ends_when_another_version_goes_live_meanwhile(office, page, short_way):
    submit(office, corrected(page, SMALL), now=LATER)
    posting = checked(office, page)
    CorrectionRound.objects.update(closed_at=LATER)
    assert short_way_refusal(posting.revision)
    CorrectionRound.objects.all().delete()
    assert short_way_refusal(posting.revision)


def test_the_usual_chain_is_never_asked(office, page):
    submit(office, corrected(page, MATERIAL), now=LATER)
    posting = approve_all(office, page, now=LATER)
    assert short_way_refusal(posting.revision) == ""
    assert coverage(posting.revision).complete


def test_the_writer_reads_which_way_it_will_take(client, office, page):
    client.force_login(office.writer)
    for text in (SMALL, MATERIAL):
        changed = corrected(page, text)
        body = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert way_in_words(correction_running(changed)) in body


def test_revising_the_headline_needs_the_whole_chain(page):
    kind = correction_running(revise(page, title="หัวข้อใหม่")).kind
    assert kind.fields == ("draft_title", "title") or "title" in kind.fields


# -- the server chooses the way


def test_owner_and_checker_settle_a_small_correction(office, page):
    submit(office, corrected(page, SMALL), now=LATER)
    submission = Submission.objects.order_by("-pk").first()
    assert (submission.lane, len(submission.steps)) == ("correction", 1)
    posting = checked(office, page)
    news_post(actor=office.it_officer, posting=posting, go_live_at=LATER + timedelta(hours=2), now=LATER)
    assert posting_publish(posting_id=posting.pk, now=LATER + timedelta(hours=2)).went_live
    assert CorrectionRound.objects.get().closed_at


def test_the_author_is_not_the_checker(office, page):
    submit(office, corrected(page, SMALL), now=LATER)
    step = current_step(page)
    for person in (office.writer, office.person(Role.DIRECTOR)):
        with pytest.raises(PermissionDenied):
            read_and_approve(actor=person, task_state=step, now=LATER)


def test_a_material_correction_takes_the_whole_chain(office, page):
    submit(office, corrected(page, MATERIAL), now=LATER)
    submission = Submission.objects.order_by("-pk").first()
    assert (submission.lane, len(submission.steps)) == ("normal", 3)


def test_a_small_change_without_a_round_takes_the_whole_chain(office, page):
    CorrectionRound.objects.update(closed_at=LATER)
    submit(office, corrected(page, SMALL), now=LATER)
    assert Submission.objects.order_by("-pk").first().lane == "normal"


def test_a_small_change_that_grows_after_a_return_enters_the_whole_chain(office, page):
    submit(office, corrected(page, SMALL), now=LATER)
    head = office.person(Role.HEAD_OF_WORK)
    news_return(actor=head, task_state=current_step(page), reason="แก้ตัวเลขด้วย", now=LATER)
    submit(office, corrected(page, MATERIAL), now=LATER + timedelta(hours=1))
    submission = Submission.objects.order_by("-pk").first()
    assert (submission.lane, len(submission.steps)) == ("normal", 3)


def test_nobody_starts_the_short_chain_for_a_material_change(office, page):
    with pytest.raises(PermissionDenied):
        correction_workflow(office.agency).start(corrected(page, MATERIAL), office.writer)


def test_the_chain_of_small_corrections_is_short_whatever_lane_was_written(office, page):
    def forget(sender, instance, **kwargs):
        instance.lane = "normal"

    pre_save.connect(forget, sender=Submission)
    try:
        submit(office, corrected(page, SMALL), now=LATER)
    finally:
        pre_save.disconnect(forget, sender=Submission)
    posting = checked(office, page)
    assert coverage(posting.revision).complete
    CorrectionRound.objects.all().delete()
    assert not coverage(posting.revision).complete


def test_small_corrections_do_not_add_up(office, page):
    """Each round is held against the last version of the whole chain, not against the round before."""
    at, text = LATER, BEFORE
    for number, (wrong, right) in enumerate([("การล้าง", "การลาง"), ("ป้องกัน", "ปองกัน"), ("สบู่", "สบู"), ("โรค", "โรก")]):
        text = text.replace(wrong, right)
        if number:
            verify(office, page, now=at, result="needs_correction", note="คำตกหล่น")
        page = corrected(page, text)
        assert correction_running(page).kind.is_small
        submit(office, page, now=at + timedelta(minutes=1))
        read_and_approve(
            actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=at + timedelta(minutes=2)
        )
        moment = at + timedelta(minutes=3)
        posting = Posting.objects.open().get(page_id=page.pk)
        news_post(actor=office.it_officer, posting=posting, go_live_at=moment, now=moment)
        assert posting_publish(posting_id=posting.pk, now=moment).went_live
        page, at = NewsPage.objects.get(pk=page.pk), at + timedelta(days=1)
    verify(office, page, now=at, result="needs_correction", note="คำตกหล่น")
    page = corrected(page, text.replace("วิธี", "วธี").replace("ด้วย", "ดวย"))
    assert correction_running(page).kind.reasons == ("size",)


def test_an_emergency_is_no_ground_for_the_short_way(office):
    page = make_draft(office, body=[("paragraph", BEFORE)])
    reason = "น้ำประปาปนเปื้อน ต้องเตือนประชาชนทันที"
    emergency_publish(actor=make_administrator(), page=page, reason=reason, now=MORNING)
    verify(office, NewsPage.objects.get(pk=page.pk), now=LATER, result="needs_correction", note="คำตกหล่น")
    page = corrected(NewsPage.objects.get(pk=page.pk), SMALL)
    assert correction_running(page).kind.reasons == ("unsigned",)
    submit(office, page, now=LATER)
    assert len(Submission.objects.latest("pk").steps) == 3
