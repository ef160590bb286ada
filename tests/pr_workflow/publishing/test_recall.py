"""Taking a go-live time back: once, by the form of the queue; a second time nothing is left to take back (R43)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override

from home.models import NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.publishing.models import Posting
from pr_workflow.publishing.services import PostingRefused, posting_recall
from pr_workflow.publishing.tick import publish_due
from tests.factories.office import MORNING, make_office, posted

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=3)
SLOT = NOON + timedelta(hours=2)


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def posting(office):
    return posted(office, go_live_at=SLOT, now=NOON)


@pytest.fixture
def recall(client, office, posting):
    """The IT officer's form, sent at a moment."""

    def send(moment=NOON, reason="รอภาพถ่ายใหม่"):
        with time_machine.travel(moment, tick=False), override("th"):
            client.force_login(office.it_officer)
            address = reverse("pr_admin:posting_recall", args=[posting.pk])
            return client.post(address, {f"recall-{posting.pk}-reason": reason})

    return send


def state_of(posting) -> dict:
    return Posting.objects.filter(pk=posting.pk).values().get()


def recalls() -> list[str]:
    return [row.data["reason"] for row in AuditEntry.objects.filter(verb="posting_recall")]


def test_a_second_recall_from_an_open_tab_is_refused_and_changes_nothing(recall, posting):
    assert recall().status_code == 302
    once = state_of(posting)
    assert once["go_live_at"] is None
    answer = recall(reason="กดซ้ำอีกครั้งหนึ่ง")
    assert answer.status_code == 403
    assert "จึงไม่มีเวลาให้ยกเลิก" in answer.content.decode()
    assert state_of(posting) == once
    assert recalls() == ["รอภาพถ่ายใหม่"]
    assert AuditEntry.objects.filter(verb="refused").count() == 1


def test_a_time_set_again_is_taken_back_again(office, recall, posting):
    recall()
    posted(office, Posting.objects.get(pk=posting.pk), go_live_at=SLOT + timedelta(hours=1), now=NOON)
    assert recall(reason="รอผู้บริหาร").status_code == 302
    assert state_of(posting)["go_live_at"] is None
    assert sorted(recalls()) == sorted(["รอภาพถ่ายใหม่", "รอผู้บริหาร"])
    assert publish_due(now=SLOT + timedelta(days=1)) == []


def test_what_is_live_is_not_taken_back(recall, posting):
    (outcome,) = publish_due(now=SLOT)
    assert outcome.went_live, outcome.reason
    before = state_of(posting)
    assert recall(moment=SLOT + timedelta(minutes=1)).status_code == 403
    assert state_of(posting) == before
    assert NewsPage.objects.get(pk=posting.page_id).live
    assert recalls() == []


def test_the_verb_itself_refuses_what_no_form_would_send(office, posting):
    with pytest.raises(ValidationError) as refused:
        posting_recall(actor=office.it_officer, posting=posting, reason="  ", now=NOON)
    assert list(refused.value.message_dict) == ["reason"]
    with pytest.raises(PostingRefused):
        posting_recall(actor=office.writer, posting=posting, reason="ไม่ใช่หน้าที่", now=NOON)
    assert state_of(posting)["go_live_at"] == SLOT
    assert recalls() == []
