"""A correction that corrects nothing: refused with a sentence, by the editor's own form (R47)."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils.translation import override
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from home.models import NewsPage
from pr_workflow.approval.models import Submission
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import Role
from pr_workflow.publishing.models import CorrectionRound, Posting
from tests.factories.office import (
    MORNING,
    approved,
    current_step,
    live,
    make_draft,
    make_office,
    read_and_approve,
    verify,
)

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=1)
TEXT = "<p>การล้างมือด้วยสบู่เป็นวิธีป้องกันโรค</p>"
SUBMIT = {"action-submit": "1"}
SENTENCE = "ยังไม่มีการแก้ไขหลังการตรวจสอบพบข้อผิดพลาด"


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def page(client, office):
    """News that was saved in the editor, went live, and stands in its first round of correction."""
    page = make_draft(office, body=[("paragraph", TEXT)])
    client.force_login(office.writer)
    assert editor_sends(client, page).status_code == 302
    posting = approved(office, NewsPage.objects.get(pk=page.pk))
    page = live(office, posting=posting)
    verify(office, page, now=LATER, result="needs_correction", note="คำตกหล่น")
    return NewsPage.objects.get(pk=page.pk)


@pytest.fixture(autouse=True)
def at_work():
    with time_machine.travel(LATER + timedelta(hours=1), tick=False), override("th"):
        yield


def as_stored(blocks) -> list[dict]:
    """The blocks of a field as the form sends them, with the keys they have."""
    return [{"id": block.id, "value": block.block.get_prep_value(block.value)} for block in blocks]


def editor_sends(client, page, word: tuple[str, str] = ("", ""), **more):
    """The editor's form as the browser fills it from the newest version, with one word of its text replaced."""
    draft = page.get_latest_revision_as_object()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    (photo,), (paragraph,) = as_stored(draft.photos), as_stored(draft.body)
    form = nested_form_data(
        {
            "title": draft.title,
            "slug": draft.slug,
            "news_type": draft.news_type,
            "lead": draft.lead,
            "event_date": "16/11/2569",
            "place": draft.place,
            "body": streamfield([("paragraph", rich_text(paragraph["value"].replace(*word)))]),
            "photos": streamfield([("photo", photo["value"])]),
            "attachments": streamfield([]),
            "responsible_officer": str(draft.responsible_officer_id),
            "target_groups": draft.target_groups,
            "media_formats": draft.media_formats,
            "channels": draft.channels,
            "tags": "ล้างมือ",
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
        }
    )
    form |= {"body-0-id": paragraph["id"], "photos-0-id": photo["id"]}
    shown = BeautifulSoup(client.get(address).content, "html.parser").select("select[name], textarea[name]")
    form |= {box["name"]: "" for box in shown if box["name"] not in form and box.name == "textarea"}
    for box in (box for box in shown if box.name == "select" and box["name"] not in form):
        form[box["name"]] = next((option["value"] for option in box.select("option[selected]")), "")
    return client.post(address, form | more)


def test_an_unchanged_correction_is_refused_with_a_sentence(client, office, page):
    before, submissions = page.latest_revision_id, Submission.objects.count()
    answer = editor_sends(client, page, **SUBMIT)
    assert answer.status_code == 403
    assert SENTENCE in answer.content.decode()
    page = NewsPage.objects.get(pk=page.pk)
    assert page.latest_revision_id == before
    assert page.current_workflow_state is None
    assert Submission.objects.count() == submissions
    assert CorrectionRound.objects.get().closed_at is None
    assert AuditEntry.objects.filter(verb="refused", actor_id_text=str(office.writer.pk)).count() == 1


def test_the_same_form_with_a_corrected_word_goes_on(client, office, page):
    """So that it was the unchanged text that was refused, and nothing else of the form."""
    assert editor_sends(client, page, ("วิธี", "วิธิ"), **SUBMIT).status_code == 302
    assert Submission.objects.order_by("-pk").first().lane == "correction"
    read_and_approve(
        actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=LATER + timedelta(hours=2)
    )
    assert Posting.objects.open().filter(page_id=page.pk).exists()
