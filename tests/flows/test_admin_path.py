"""The main job through the admin's own forms, each role logged in as itself, and what those forms refuse."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from home.models import NewsPage
from pr_workflow.archive.models import ArchiveRecord
from pr_workflow.archive.services import archive_due
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import AgencyGroup
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.models import CorrectionRound, Posting, PublicationCheck
from pr_workflow.publishing.tick import publish_due
from pr_workflow.publishing.verification import CHECK_LINES
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import current_step, make_draft, make_image, make_office, posted, submit

pytestmark = pytest.mark.django_db


def as_role(office, role) -> Client:
    client = Client()
    client.force_login(office.person(role))
    return client


def news_form(office, **changes):
    """What the editor posts for a complete item; `changes` replace or empty fields."""
    photo = {
        "image": str(changes.pop("image", None) or make_image(office).pk),
        "alt_text": changes.pop("alt_text", "เจ้าหน้าที่สาธิตการล้างมือ"),
        "caption": "การสาธิต",
        "credit": "งานสื่อสารองค์กร",
    }
    fields = {
        "title": "ชวนล้างมือ 7 ขั้นตอน",
        "slug": "handwash",
        "news_type": "news",
        "lead": "จัดกิจกรรมรณรงค์ล้างมือ",
        "event_date": "2026-11-16",
        "place": "โถงชั้นล่าง",
        "body": streamfield([("paragraph", rich_text("<p>ล้างมือด้วยสบู่</p>"))]),
        "photos": streamfield([("photo", photo)]),
        "attachments": streamfield([]),
        "responsible_officer": str(office.profile(Role.WRITER).pk),
        "plan_activity": "",
        "important_day": "",
        "target_groups": ["staff"],
        "media_formats": ["news"],
        "channels": ["website"],
        "tags": "ล้างมือ",
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    return nested_form_data({**fields, **changes})


def add_url(office):
    return reverse("wagtailadmin_pages:add", args=["home", "newspage", office.index.pk])


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def hidden_fields(answer) -> dict[str, str]:
    """What a browser sends along without anybody typing it."""
    fields = BeautifulSoup(answer.content, "html.parser").select("form[method=post] input[type=hidden][name]")
    return {str(field["name"]): str(field.get("value", "")) for field in fields}


def decide(client, page, action, **data):
    step = current_step(page)
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, step.pk]), data)


def reload(page):
    return NewsPage.objects.get(pk=page.pk)


def test_the_whole_way_through_the_forms(office):
    writer = as_role(office, Role.WRITER)
    answer = writer.post(add_url(office), {**news_form(office), "action-submit": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    page = NewsPage.objects.get()
    assert not page.live

    decide(as_role(office, Role.HEAD_OF_WORK), page, "reject", comment="โปรดเพิ่มสถานที่")
    assert reload(page).current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    corrected = news_form(office, place="ห้องประชุมชั้น 2")
    assert writer.post(edit_url(page), {**corrected, "action-submit": "1"}).status_code == 302

    for role in CHAIN[:2]:
        head = as_role(office, role)
        assert head.get(reverse("pr_admin:review", args=[current_step(page).pk])).status_code == 200
        assert decide(head, page, "approve", comment="").status_code == 302
    director = as_role(office, Role.DIRECTOR)
    review = reverse("pr_admin:review", args=[current_step(page).pk])
    screen = director.get(review)
    assert screen.status_code == 200
    blind = {"decision": "approve", "comment": ""}
    assert director.post(review, blind).status_code == 409
    assert director.post(review, {**hidden_fields(screen), **blind}).status_code == 302
    posting = Posting.objects.awaiting().get(page_id=page.pk)

    slot = (timezone.now() + timedelta(minutes=10)).replace(second=0, microsecond=0)
    it_officer = as_role(office, Role.IT_OFFICER)
    typed = slot.astimezone(BANGKOK).strftime("%Y-%m-%dT%H:%M")
    assert (
        it_officer.post(
            reverse("pr_admin:posting_post", args=[posting.pk]), {"when": "at", "go_live_at": typed}
        ).status_code
        == 302
    )
    posting.refresh_from_db()
    assert posting.go_live_at == slot

    publish_due(now=slot)
    assert reload(page).live
    assert reload(page).place == "ห้องประชุมชั้น 2"

    check = PublicationCheck.objects.open().get()
    answers = {**dict.fromkeys(CHECK_LINES, "yes"), "result": "correct", "note": ""}
    assert writer.post(reverse("pr_admin:check", args=[check.pk]), answers).status_code == 302
    archive_due(now=slot + timedelta(minutes=1))
    assert ArchiveRecord.objects.get().page_number == page.pk


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        # Without an officer the news giver of the agency is missed too: the officer would be the one.
        ({"responsible_officer": ""}, ["responsible_officer", "news_giver"]),
        ({"alt_text": ""}, ["photos"]),
        ({"lead": ""}, ["lead"]),
    ],
)
def test_a_submission_with_something_missing_says_what_at_its_field(office, changes, fields):
    answer = as_role(office, Role.WRITER).post(add_url(office), {**news_form(office, **changes), "action-submit": "1"})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == fields
    assert "ชวนล้างมือ 7 ขั้นตอน" in answer.content.decode()
    assert not WorkflowState.objects.exists()


def test_a_draft_may_be_incomplete(office):
    form = news_form(office, responsible_officer="", alt_text="", lead="")
    assert as_role(office, Role.WRITER).post(add_url(office), form).status_code == 302
    assert NewsPage.objects.count() == 1


def test_a_step_without_a_member_is_said_in_the_form(office):
    AgencyGroup.objects.get(agency=office.agency, role=Role.HEAD_OF_SECTION).group.user_set.clear()
    answer = as_role(office, Role.WRITER).post(add_url(office), {**news_form(office), "action-submit": "1"})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not WorkflowState.objects.exists()


def test_the_people_of_another_agency_are_not_offered(office):
    other = make_office("spp")
    form = news_form(office, responsible_officer=str(other.profile(Role.WRITER).pk))
    answer = as_role(office, Role.WRITER).post(add_url(office), {**form, "action-submit": "1"})
    assert "responsible_officer" in answer.context["form"].errors


def test_a_forged_publish_button_is_refused_and_logged(office):
    page = make_draft(office)
    answer = as_role(office, Role.WRITER).post(edit_url(page), {**news_form(office), "action-publish": "1"})
    assert answer.status_code == 403
    assert not reload(page).live
    assert AuditEntry.objects.filter(verb="refused", target_id=str(page.pk)).exists()


@pytest.mark.parametrize("role", [Role.WRITER, Role.HEAD_OF_SECTION, Role.IT_OFFICER, Role.EVALUATOR])
def test_a_forged_approval_by_the_wrong_person_changes_nothing(office, role):
    page = make_draft(office)
    submit(office, page)
    before = current_step(page).pk
    answer = decide(as_role(office, role), page, "approve", comment="")
    assert answer.status_code in (302, 403, 404)
    assert current_step(page).pk == before


def test_a_forged_approval_with_an_edit_changes_nothing(office):
    page = make_draft(office)
    submit(office, page)
    before = reload(page).latest_revision_id
    forged = {
        **news_form(office, title="เปลี่ยนชื่อเรื่อง"),
        "action-workflow-action": "1",
        "workflow-action-name": "approve",
        "workflow-action-extra-data": "{}",
    }
    as_role(office, Role.HEAD_OF_WORK).post(edit_url(page), forged)
    assert reload(page).latest_revision_id == before
    assert Posting.objects.count() == 0


def test_a_return_without_a_reason_is_refused_in_the_form(office):
    page = make_draft(office)
    submit(office, page)
    decide(as_role(office, Role.HEAD_OF_WORK), page, "reject", comment="")
    assert reload(page).current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS


def test_a_go_live_in_the_past_names_its_field(office):
    now = timezone.now()
    posting = posted(office, go_live_at=now + timedelta(days=3), now=now)
    answer = as_role(office, Role.IT_OFFICER).post(
        reverse("pr_admin:posting_post", args=[posting.pk]), {"when": "at", "go_live_at": "2026-01-01T10:00"}
    )
    assert answer.status_code == 422
    assert "1 ม.ค. 2569" in answer.content.decode()
    posting.refresh_from_db()
    assert posting.go_live_at > now


def test_needs_correction_without_a_note_is_refused_and_with_one_opens_a_round(office):
    now = timezone.now()
    posting = posted(office, go_live_at=now, now=now)
    publish_due(now=now)
    check = PublicationCheck.objects.get(page_id=posting.page_id)
    url = reverse("pr_admin:check", args=[check.pk])
    answers = {**dict.fromkeys(CHECK_LINES, "no"), "result": "needs_correction", "note": ""}
    writer = as_role(office, Role.WRITER)
    assert writer.post(url, answers).status_code == 422
    assert not CorrectionRound.objects.exists()
    assert as_role(office, Role.DIRECTOR).post(url, {**answers, "note": "x"}).status_code == 403
    assert writer.post(url, {**answers, "note": "ชื่อประธานสะกดผิด"}).status_code == 302
    assert CorrectionRound.objects.get().number == 1
