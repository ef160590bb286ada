"""Ways around the chain that were once open. Each stays shut (I1, I3, I4)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import WorkflowState

from home.models import NewsPage
from pr_workflow.approval.models import StepDeadline, Submission
from pr_workflow.approval.selectors import chain_verdict
from pr_workflow.approval.services import ApprovalRefused, news_return
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import AgencyGroup
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.models import Posting, PublicationCheck
from pr_workflow.publishing.selectors import checks_of
from pr_workflow.publishing.services import PostingRefused, posting_publish
from pr_workflow.publishing.take_down import news_take_down
from pr_workflow.publishing.tick import publish_due
from pr_workflow.publishing.verification import CHECK_LINES, VerificationRefused, publication_verify
from tests.factories.office import (
    MORNING,
    add_person,
    approved,
    current_step,
    live,
    make_draft,
    make_office,
    posted,
    read_and_approve,
    submit,
)

pytestmark = pytest.mark.django_db
SLOT = MORNING + timedelta(hours=6)


@pytest.fixture
def superuser(django_user_model):
    return django_user_model.objects.create_superuser("root-account", password="x")


def signed_by(office, page, roles):
    submit(office, page)
    for role in roles:
        read_and_approve(actor=office.person(role), task_state=current_step(page), now=MORNING)


def test_switching_a_step_off_does_not_sign_it(office, superuser):
    page = make_draft(office)
    signed_by(office, page, CHAIN[:2])
    task = current_step(page).task
    client = Client()
    client.force_login(superuser)
    client.post(reverse("wagtailadmin_workflows:disable_task", args=[task.pk]))
    assert not Posting.objects.exists()
    assert not NewsPage.objects.get(pk=page.pk).live
    with pytest.raises(PermissionDenied):
        task.specific.deactivate(user=superuser)
    assert current_step(page).task_id == task.pk


def test_an_item_needs_the_steps_it_was_submitted_for(office):
    page = make_draft(office)
    signed_by(office, page, CHAIN[:1])
    state = NewsPage.objects.get(pk=page.pk).current_workflow_state
    kept = [state.workflow.tasks.first().pk, state.current_task_state.task_id]
    # Around the screens, which let no step leave a chain under its items.
    state.workflow.workflow_tasks.exclude(task_id__in=kept)._raw_delete("default")
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=office.person(CHAIN[1]), task_state=current_step(page), now=MORNING)
    assert not Posting.objects.exists()
    assert [step["name"] for step in Submission.objects.get().steps] != []


def test_a_version_nobody_submitted_is_not_complete(office):
    posting = approved(office)
    assert chain_verdict(posting.revision).complete
    draft = make_draft(office, title="ไม่เคยเสนอ")
    assert not chain_verdict(draft.latest_revision).complete


def test_what_was_taken_down_does_not_come_back_by_itself(office):
    page = live(office, now=SLOT)
    draft = page.get_latest_revision_as_object()
    draft.lead = "ฉบับแก้ไข"
    draft.save_revision(user=office.writer)
    later = SLOT + timedelta(days=1)
    posted(office, approved(office, page, now=SLOT), go_live_at=later, now=SLOT + timedelta(hours=4))
    news_take_down(actor=office.it_officer, page=NewsPage.objects.get(pk=page.pk), reason="ตามคำสั่งศาล", now=later)
    assert publish_due(now=later + timedelta(hours=1)) == []
    assert not NewsPage.objects.get(pk=page.pk).live
    assert AuditEntry.objects.filter(verb="posting_close").count() == 1


def test_taking_down_twice_is_logged_once(office):
    page = live(office, now=SLOT)
    for _attempt in range(2):
        news_take_down(actor=office.it_officer, page=page, reason="ตามคำสั่งศาล", now=SLOT)
    assert AuditEntry.objects.filter(verb="news_take_down").count() == 1


@pytest.mark.parametrize("role", [Role.WRITER, Role.DIRECTOR])
def test_only_it_officers_take_down(office, role):
    page = live(office, now=SLOT)
    with pytest.raises(PostingRefused):
        news_take_down(actor=office.person(role), page=page, reason="x", now=SLOT)
    assert NewsPage.objects.get(pk=page.pk).live


def test_posting_one_version_leaves_the_next_one_in_its_chain(office):
    posting = approved(office)
    page = NewsPage.objects.get(pk=posting.page_id)
    draft = page.get_latest_revision_as_object()
    draft.lead = "ฉบับถัดไป"
    draft.save_revision(user=office.writer)
    signed_by(office, NewsPage.objects.get(pk=page.pk), CHAIN[:1])
    posted(office, posting, go_live_at=SLOT, now=SLOT)
    assert posting_publish(posting_id=posting.pk, now=SLOT).went_live
    state = NewsPage.objects.get(pk=page.pk).current_workflow_state
    assert state.status == WorkflowState.STATUS_IN_PROGRESS
    assert not AuditEntry.objects.filter(verb="news_withdraw").exists()


def test_a_withdrawal_after_a_return_is_logged(office):
    page = make_draft(office)
    submit(office, page)
    news_return(actor=office.person(CHAIN[0]), task_state=current_step(page), reason="แก้ชื่อ", now=MORNING)
    NewsPage.objects.get(pk=page.pk).current_workflow_state.cancel(user=office.writer)
    assert AuditEntry.objects.filter(verb="news_withdraw", actor_id_text=str(office.writer.pk)).count() == 1


def test_a_withdrawal_stops_the_clock_and_is_logged_once(office):
    page = make_draft(office)
    submit(office, page)
    NewsPage.objects.get(pk=page.pk).current_workflow_state.cancel(user=office.writer)
    assert not StepDeadline.objects.running().exists()
    assert AuditEntry.objects.filter(verb="news_withdraw").count() == 1


def test_an_approver_does_not_withdraw_somebody_elses_item(office):
    page = make_draft(office)
    submit(office, page)
    head = office.person(Role.HEAD_OF_WORK)
    state = NewsPage.objects.get(pk=page.pk).current_workflow_state
    assert not state.user_can_cancel(head)
    with pytest.raises(ApprovalRefused):
        state.cancel(user=head)
    assert current_step(page) is not None


def test_who_wrote_an_older_version_does_not_sign_a_return_to_it(office):
    head = office.person(Role.HEAD_OF_WORK)
    add_person(office, Role.HEAD_OF_WORK, name="kpr-second-head")
    page = make_draft(office)
    page.lead = "ข้อความของหัวหน้างาน"
    page.save_revision(user=head)
    page.lead = "ข้อความของผู้อื่น"
    page.save_revision(user=office.writer)
    page.lead = "ข้อความของหัวหน้างาน"
    page.save_revision(user=office.writer)
    submit(office, page)
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=head, task_state=current_step(page), now=MORNING)


def test_a_person_who_moved_to_another_agency_does_not_sign(office):
    other = make_office("spp")
    head = office.person(Role.HEAD_OF_WORK)
    add_person(office, Role.HEAD_OF_WORK, name="kpr-second-head")
    profile = head.staff_profile
    profile.agency = other.agency
    profile.unit = None
    profile.save()
    assert AgencyGroup.objects.filter(agency=office.agency, group__user=head).exists()
    page = make_draft(office)
    submit(office, page)
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=head, task_state=current_step(page), now=MORNING)


def test_a_failure_that_cannot_be_written_down_stops_nobody(office, monkeypatch):
    bad = posted(office, go_live_at=SLOT, now=SLOT)
    good = posted(office, go_live_at=SLOT, now=SLOT, title="ข่าวที่สมบูรณ์")
    stock = posting_publish

    def explode(*, posting_id, **others):
        if posting_id == bad.pk:
            raise RuntimeError("the failure itself failed")
        return stock(posting_id=posting_id, **others)

    def chunk_fails(**kwargs):
        raise RuntimeError("one of them is poisoned")

    monkeypatch.setattr("pr_workflow.publishing.tick.postings_publish", chunk_fails)
    monkeypatch.setattr("pr_workflow.publishing.tick.posting_publish", explode)
    outcomes = {row.posting_id: row.went_live for row in publish_due(now=SLOT)}
    assert outcomes == {bad.pk: False, good.pk: True}


def test_a_slot_after_the_expiry_is_refused_at_its_field(office):
    posting = approved(office, expire_at=SLOT)
    with pytest.raises(ValidationError) as refusal:
        posted(office, posting, go_live_at=SLOT + timedelta(hours=1), now=MORNING + timedelta(hours=4))
    assert list(refusal.value.message_dict) == ["go_live_at"]


def test_a_posting_that_was_replaced_is_logged(office):
    posting = approved(office)
    page = NewsPage.objects.get(pk=posting.page_id)
    draft = page.get_latest_revision_as_object()
    draft.lead = "ฉบับใหม่"
    draft.save_revision(user=office.writer)
    approved(office, NewsPage.objects.get(pk=page.pk), now=SLOT)
    row = AuditEntry.objects.get(verb="posting_close")
    assert row.data == {"revision": posting.revision_id, "reason": "superseded"}


def test_a_pr_officer_stands_in_for_a_responsible_officer_who_left(office):
    page = live(office, now=SLOT)
    colleague = add_person(office, Role.WRITER, name="kpr-writer-2")
    with pytest.raises(VerificationRefused):
        answer(page, colleague)
    profile = page.responsible_officer
    profile.active = False
    profile.save()
    assert list(checks_of(colleague)) == list(PublicationCheck.objects.open())
    assert list(checks_of(make_office("spp").writer)) == []
    with pytest.raises(VerificationRefused):
        answer(page, office.person(Role.DIRECTOR))
    assert answer(page, colleague).result == "correct"


def answer(page, actor):
    check = PublicationCheck.objects.get(page_id=page.pk)
    answers = dict.fromkeys(CHECK_LINES, True)
    return publication_verify(actor=actor, check=check, answers=answers, result="correct", now=SLOT)
