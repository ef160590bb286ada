"""Promise I3 and I1 against people who try: what must not happen does not, and nothing is lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.models import Page, WorkflowState

from home.models import NewsPage
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.selectors import chain_verdict
from pr_workflow.approval.services import ApprovalRefused, news_return, news_submit
from pr_workflow.audit.models import AuditEntry
from pr_workflow.gate import PublicationRefused
from pr_workflow.people.models import AgencyGroup
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.models import Posting, PublishedItem
from pr_workflow.publishing.services import PostingRefused, news_post, posting_publish
from pr_workflow.publishing.tick import expire_due, publish_due
from tests.factories.office import (
    MORNING,
    add_person,
    approve_all,
    approved,
    current_step,
    live,
    make_draft,
    make_image,
    make_office,
    posted,
    read_and_approve,
    submit,
)

pytestmark = pytest.mark.django_db
SLOT = MORNING + timedelta(hours=6)


def reload(page) -> NewsPage:
    return NewsPage.objects.get(pk=page.pk)


def test_a_page_refuses_to_be_saved_as_live(office):
    page = make_draft(office)
    page.live = True
    with pytest.raises(PublicationRefused):
        page.save()
    assert not reload(page).live


def test_news_loaded_as_a_plain_page_meets_the_gate_too(office):
    draft = Page.objects.get(pk=make_draft(office).pk)
    draft.live = True
    with pytest.raises(PublicationRefused):
        draft.save()
    public = Page.objects.get(pk=live(office, title="ข่าวที่เผยแพร่แล้ว").pk)
    public.title = "ชื่อที่ไม่มีใครอนุมัติ"
    with pytest.raises(PublicationRefused):
        public.save()
    assert not Page.objects.filter(title="ชื่อที่ไม่มีใครอนุมัติ").exists()


@pytest.mark.parametrize("who", ["superuser", "director", "writer"])
def test_publishing_a_revision_around_the_chain_is_refused(office, who, django_user_model):
    page = make_draft(office)
    user = {
        "superuser": django_user_model.objects.create_superuser("root-account", password="x"),
        "director": office.person(Role.DIRECTOR),
        "writer": office.writer,
    }[who]
    with pytest.raises(PermissionDenied):
        page.get_latest_revision().publish(user=user, skip_permission_checks=who != "writer")
    assert not reload(page).live
    assert not PublishedItem.objects.exists()


def test_a_copy_that_keeps_live_is_refused(office):
    page = live(office)
    with pytest.raises(PermissionDenied):
        page.copy(update_attrs={"slug": "a-copy", "title": "สำเนา"}, keep_live=True)
    assert Page.objects.filter(slug="a-copy").count() == 0


def test_an_alias_of_live_news_is_refused(office):
    page = live(office)
    with pytest.raises(PermissionDenied):
        page.create_alias(update_slug="an-alias", parent=office.index)
    assert Page.objects.filter(slug="an-alias").count() == 0


def test_the_writer_cannot_approve_even_with_the_role(office):
    page = make_draft(office)
    for role in CHAIN:
        office.writer.groups.add(AgencyGroup.objects.get(agency=office.agency, role=role).group)
    submit(office, page)
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=office.writer, task_state=current_step(page), now=MORNING)
    assert not ApprovalSeal.objects.exists()


def test_one_person_fills_one_step(office):
    page = make_draft(office)
    head = office.person(Role.HEAD_OF_WORK)
    head.groups.add(AgencyGroup.objects.get(agency=office.agency, role=Role.HEAD_OF_SECTION).group)
    submit(office, page)
    read_and_approve(actor=head, task_state=current_step(page), now=MORNING)
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=head, task_state=current_step(page), now=MORNING)
    assert ApprovalSeal.objects.count() == 1


def test_somebody_who_edited_the_round_cannot_approve(office):
    add_person(office, Role.HEAD_OF_WORK, name="kpr-second-head")
    page = make_draft(office)
    head = office.person(Role.HEAD_OF_WORK)
    page.lead = "แก้โดยหัวหน้างาน"
    page.save_revision(user=head)
    submit(office, page)
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=head, task_state=current_step(page), now=MORNING)


def test_a_superuser_cannot_approve(office, django_user_model):
    page = make_draft(office)
    boss = django_user_model.objects.create_superuser("root-account", password="x")
    submit(office, page)
    step = current_step(page)
    assert step.task.specific.get_actions(page, boss) == []
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=boss, task_state=step, now=MORNING)


def test_an_officer_of_another_agency_cannot_approve(office):
    other = make_office("spp")
    page = make_draft(office)
    submit(office, page)
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=other.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=MORNING)


def test_a_return_needs_a_reason_and_restarts_at_the_first_step(office):
    page = make_draft(office)
    submit(office, page)
    read_and_approve(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=MORNING)
    step = current_step(page)
    with pytest.raises(ApprovalRefused):
        news_return(actor=office.person(Role.HEAD_OF_SECTION), task_state=step, reason="  ", now=MORNING)
    news_return(actor=office.person(Role.HEAD_OF_SECTION), task_state=step, reason="ภาพไม่ตรง", now=MORNING)
    assert reload(page).current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES

    corrected = reload(page).get_latest_revision_as_object()
    corrected.lead = "แก้ไขแล้ว"
    corrected.save_revision(user=office.writer)
    submit(office, reload(page))
    assert current_step(page).task.name.endswith(str(Role.HEAD_OF_WORK.label)) or (
        current_step(page).task_id == step.workflow_state.workflow.tasks.first().pk
    )
    posting = approve_all(office, reload(page))
    assert posting.revision.seals.count() == 3


def test_a_resubmission_without_a_change_restarts_at_the_first_step_too(office):
    page = make_draft(office)
    submit(office, page)
    first = current_step(page).task_id
    read_and_approve(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=MORNING)
    news_return(actor=office.person(Role.HEAD_OF_SECTION), task_state=current_step(page), reason="ดูอีกครั้ง", now=MORNING)
    submit(office, reload(page))
    assert current_step(page).task_id == first


def test_text_changed_after_the_first_signature_cannot_be_approved(office):
    page = make_draft(office)
    submit(office, page)
    read_and_approve(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=MORNING)
    sneaky = reload(page).get_latest_revision_as_object()
    sneaky.lead = "ข้อความที่ไม่มีใครเห็น"
    sneaky.save_revision(user=office.person(Role.EVALUATOR))
    refused = 0
    for role in CHAIN[1:]:
        try:
            read_and_approve(actor=office.person(role), task_state=current_step(page), now=MORNING)
        except ApprovalRefused:
            refused += 1
    assert refused
    step = current_step(page)
    news_return(actor=office.person(CHAIN[1]), task_state=step, reason="เนื้อหาเปลี่ยนไป", now=MORNING)
    assert reload(page).current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    assert not Posting.objects.exists()


def test_a_sealed_revision_that_was_overwritten_stays_off_the_site(office):
    posting = posted(office, go_live_at=SLOT, now=SLOT - timedelta(hours=1))
    revision = posting.revision
    revision.content["lead"] = "เขียนทับหลังอนุมัติ"
    revision.save()
    (outcome,) = publish_due(now=SLOT)
    assert not outcome.went_live
    posting.refresh_from_db()
    assert posting.failure
    assert posting.go_live_at == SLOT
    assert not reload(posting.page).live


def test_a_picture_replaced_after_approval_stays_off_the_site(office):
    image = make_image(office)
    posting = approved(office, image=image)
    image.file_hash = "0" * 40
    image.save(update_fields=["file_hash"])
    assert not chain_verdict(posting.revision).complete


def test_a_deleted_picture_fails_that_item_alone(office):
    image = make_image(office)
    bad = posted(office, go_live_at=SLOT, now=SLOT, image=image)
    good = posted(office, go_live_at=SLOT, now=SLOT, title="ข่าวที่สมบูรณ์")
    image.delete()
    outcomes = {row.posting_id: row for row in publish_due(now=SLOT)}
    assert not outcomes[bad.pk].went_live
    assert outcomes[good.pk].went_live
    bad.refresh_from_db()
    assert (bad.seal_broken_at, bad.retry_at, bad.go_live_at) == (SLOT, None, SLOT)
    assert not PublishedItem.objects.filter(page_id=bad.page_id).exists()


def test_a_raising_receiver_fails_that_item_alone_and_is_tried_again(office):
    from wagtail.signals import page_published

    bad = posted(office, go_live_at=SLOT, now=SLOT)
    good = posted(office, go_live_at=SLOT, now=SLOT, title="ข่าวที่สมบูรณ์")

    def explode(sender, instance, **kwargs):
        if instance.pk == bad.page_id:
            raise RuntimeError("boom")

    page_published.connect(explode)
    try:
        first = {row.posting_id: row.went_live for row in publish_due(now=SLOT)}
    finally:
        page_published.disconnect(explode)
    assert first == {bad.pk: False, good.pk: True}
    assert not reload(bad.page).live
    assert publish_due(now=SLOT + timedelta(seconds=30)) == []
    (again,) = publish_due(now=SLOT + timedelta(minutes=2))
    assert again.went_live
    assert reload(bad.page).live


def test_a_second_worker_finds_nothing_to_publish(office):
    posting = posted(office, go_live_at=SLOT, now=SLOT)
    assert posting_publish(posting_id=posting.pk, now=SLOT).went_live
    assert posting_publish(posting_id=posting.pk, now=SLOT) is None


def test_a_go_live_in_the_past_is_refused_by_its_field(office):
    posting = approved(office)
    with pytest.raises(ValidationError) as refusal:
        news_post(actor=office.it_officer, posting=posting, go_live_at=SLOT - timedelta(days=1), now=SLOT)
    assert list(refusal.value.message_dict) == ["go_live_at"]
    posting.refresh_from_db()
    assert posting.go_live_at is None


@pytest.mark.parametrize("role", [role for role in Role if role != Role.IT_OFFICER])
def test_only_it_officers_post(office, role):
    posting = approved(office)
    with pytest.raises(PostingRefused):
        news_post(actor=office.person(role), posting=posting, go_live_at=SLOT, now=SLOT)


def test_it_officers_of_another_agency_do_not_post(office):
    posting = approved(office)
    with pytest.raises(PostingRefused):
        news_post(actor=make_office("spp").it_officer, posting=posting, go_live_at=SLOT, now=SLOT)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"responsible_officer": None}, "responsible_officer"),
        ({"lead": ""}, "lead"),
        ({"body": []}, "body"),
    ],
)
def test_an_incomplete_item_cannot_be_submitted(office, change, field):
    page = make_draft(office, **change)
    with pytest.raises(ApprovalRefused):
        submit(office, page)
    assert reload(page).current_workflow_state is None


def test_a_step_nobody_can_fill_is_found_at_submission(office):
    AgencyGroup.objects.get(agency=office.agency, role=Role.DIRECTOR).group.user_set.clear()
    page = make_draft(office)
    with pytest.raises(ApprovalRefused):
        submit(office, page)
    assert reload(page).current_workflow_state is None


def test_an_approved_version_that_is_submitted_again_keeps_its_signatures(office):
    posting = approved(office)
    page = NewsPage.objects.get(pk=posting.page_id)
    submit(office, page)
    page.refresh_from_db()
    assert page.latest_revision_id != posting.revision_id
    assert chain_verdict(posting.revision).complete
    now = MORNING + timedelta(hours=5)
    news_post(actor=office.it_officer, posting=posting, go_live_at=now, now=now)
    assert posting_publish(posting_id=posting.pk, now=now).went_live


def test_a_version_that_is_being_corrected_does_not_go_live_by_itself(office):
    slot = MORNING + timedelta(hours=6)
    posting = posted(office, go_live_at=slot, now=MORNING + timedelta(hours=4))
    page = NewsPage.objects.get(pk=posting.page_id)
    draft = page.get_latest_revision_as_object()
    draft.lead = "แก้คำผิด"
    draft.save_revision(user=office.writer)
    submit(office, NewsPage.objects.get(pk=page.pk), now=MORNING + timedelta(hours=5))
    assert publish_due(now=slot) == []
    posting.refresh_from_db()
    assert posting.go_live_at is None
    assert AuditEntry.objects.filter(verb="posting_recall", actor_id_text=str(office.writer.pk)).count() == 1
    news_post(actor=office.it_officer, posting=posting, go_live_at=slot, now=slot)
    assert posting_publish(posting_id=posting.pk, now=slot).went_live


def test_a_slot_far_away_is_taken_for_a_slip(office):
    posting = approved(office)
    far = MORNING + timedelta(days=543 * 365)
    with pytest.raises(ValidationError) as refused:
        news_post(actor=office.it_officer, posting=posting, go_live_at=far, now=MORNING + timedelta(hours=5))
    assert list(refused.value.message_dict) == ["go_live_at"]


def test_submitting_twice_is_refused(office):
    page = make_draft(office)
    submit(office, page)
    with pytest.raises(ApprovalRefused):
        news_submit(actor=office.writer, page=reload(page), now=MORNING)


def test_an_expired_page_leaves_the_site_and_the_projection(office):
    page = live(office, expire_at=SLOT + timedelta(days=2))
    assert expire_due(now=SLOT + timedelta(days=1)) == []
    assert expire_due(now=SLOT + timedelta(days=2, seconds=1)) == [page.pk]
    page = reload(page)
    assert not page.live
    assert page.expired
    assert not PublishedItem.objects.filter(page_id=page.pk).exists()
