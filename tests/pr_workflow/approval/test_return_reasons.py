"""A return says what is wrong with which part, and each part keeps its own reason (R38, R39)."""

from datetime import timedelta

import pytest

from pr_workflow.approval.models import ApprovalSeal, ReturnReason
from pr_workflow.approval.seen_version import SeenVersion
from pr_workflow.approval.services import ApprovalRefused, VersionChanged, news_return
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import CHAIN
from tests.factories.office import MORNING, current_step, make_draft, read_and_approve, submit

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def page(office):
    page = make_draft(office)
    submit(office, page)
    return page


def give_back(office, page, **given):
    return news_return(actor=office.person(CHAIN[0]), task_state=current_step(page), now=LATER, **given)


def test_each_part_keeps_its_reason_and_the_summary_names_them(office, page):
    give_back(office, page, reason="รีบหน่อย", field_reasons={"lead": " ไม่บอกว่าที่ไหน ", "photos": "ภาพมืด", "body": " "})
    assert list(ReturnReason.objects.values_list("field", "text")) == [
        ("lead", "ไม่บอกว่าที่ไหน"),
        ("photos", "ภาพมืด"),
        ("", "รีบหน่อย"),
    ]
    comment = page.workflow_states.get().current_task_state.comment
    assert [line.split(": ")[-1] for line in comment.splitlines()] == ["ไม่บอกว่าที่ไหน", "ภาพมืด", "รีบหน่อย"]
    entry = AuditEntry.objects.get(verb="news_return")
    assert entry.data["reasons"] == {"lead": "ไม่บอกว่าที่ไหน", "photos": "ภาพมืด", "": "รีบหน่อย"}
    assert entry.data["reason"] == comment


def test_one_part_alone_is_enough(office, page):
    give_back(office, page, field_reasons={"headline": "ยาวไป"})
    assert page.workflow_states.get().status == "needs_changes"


@pytest.mark.parametrize(
    "given", [{}, {"field_reasons": {"lead": " "}}, {"reason": "x", "field_reasons": {"slug": "x"}}]
)
def test_without_a_reason_or_with_an_unknown_part_nothing_changes(office, page, given):
    with pytest.raises(ApprovalRefused):
        give_back(office, page, **given)
    assert not ReturnReason.objects.exists()
    assert current_step(page).status == "in_progress"


def test_nobody_decides_on_a_version_they_did_not_see(office, page):
    step = current_step(page)
    seen = SeenVersion.of(step)
    assert SeenVersion.read(str(seen)) == seen
    page.get_latest_revision_as_object().save_revision(user=office.writer, changed=False)
    with pytest.raises(VersionChanged):
        read_and_approve(actor=office.person(CHAIN[0]), task_state=step, seen=seen, now=LATER)
    with pytest.raises(VersionChanged):
        give_back(office, page, reason="x", seen=seen)
    assert not ApprovalSeal.objects.exists()
    assert not ReturnReason.objects.exists()


def test_a_picture_exchanged_under_the_same_version_counts_as_another(office, page):
    step = current_step(page)
    seen = SeenVersion.of(step)
    image = page.photos[0].value["image"]
    type(image).objects.filter(pk=image.pk).update(file_hash="0" * 40)
    with pytest.raises(VersionChanged):
        read_and_approve(actor=office.person(CHAIN[0]), task_state=step, seen=seen, now=LATER)
    assert not ApprovalSeal.objects.exists()


@pytest.mark.parametrize("text", ["", "x", "1:", ":abc", "-1:abc", "๑:abc", "1"])
def test_what_names_no_version_is_none(text):
    assert SeenVersion.read(text) is None
