"""Search and references follow a go-live after its commit, whatever happens in between (R61, I1)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from modelsearch.backends import get_search_backend
from wagtail import hooks
from wagtail.models import ReferenceIndex

from home.models import NewsPage
from pr_workflow.publishing import search_debt
from pr_workflow.publishing.jobs import published_index
from pr_workflow.publishing.models import Posting
from pr_workflow.publishing.refresh import pages_using
from pr_workflow.publishing.services import posting_publish
from pr_workflow.publishing.tick import tick_run
from tests.factories.office import MORNING, approved, make_draft, make_image, posted

pytestmark = pytest.mark.django_db
SLOT = MORNING + timedelta(hours=6)
WORD = "วัคซีนไข้หวัดใหญ่"
RED = {"alt_text": "ภาพประกอบ", "caption": "ภาพ", "credit": "งานสื่อสารองค์กร"}


@pytest.fixture
def went_live(office):
    """Live with a picture and a word its row in the database never had before; the worker died after the commit."""
    page = make_draft(office)
    draft = page.get_latest_revision_as_object()
    draft.title, draft.photos = WORD, [("photo", RED | {"image": make_image(office, colour="red")})]
    draft.save_revision(user=office.writer)
    posting = posted(office, approved(office, page), go_live_at=SLOT, now=SLOT - timedelta(hours=1))
    outcome = posting_publish(posting_id=posting.pk, now=SLOT)
    assert outcome.went_live, outcome.reason
    return NewsPage.objects.get(pk=page.pk)


def image_of(page):
    return page.photos[0].value["image"]


def is_found(page) -> bool:
    return page.pk in {row.pk for row in get_search_backend().search(WORD, NewsPage)}


def refers(page) -> bool:
    users = ReferenceIndex.get_references_to(image_of(page))
    return str(page.pk) in set(users.values_list("object_id", flat=True))


def test_a_go_live_leaves_the_debt_and_the_next_tick_names_it(went_live):
    assert not is_found(went_live)
    assert not refers(went_live)
    assert tick_run(now=SLOT + timedelta(minutes=1)).unindexed == 1


def test_the_job_pays_once(went_live):
    assert published_index() == 1
    assert is_found(went_live)
    assert refers(went_live)
    assert Posting.objects.get().indexed_at
    assert published_index() == 0


def test_the_command_pays_too(went_live, capsys):
    call_command("publish_due", "--json")
    assert '"indexed": 1' in capsys.readouterr().out
    assert is_found(went_live)


def test_whoever_asks_in_between_gets_a_true_answer(went_live):
    assert pages_using(image_of(went_live)) == {went_live.pk}


def test_a_page_that_cannot_be_indexed_stays_a_debt_and_stops_no_other(office, went_live, monkeypatch):
    other = posted(office, go_live_at=SLOT, now=SLOT, title="ข่าวที่ค้นได้")
    assert posting_publish(posting_id=other.pk, now=SLOT).went_live
    follow = ReferenceIndex.create_or_update_for_object

    def explode(page):
        if page.pk == went_live.pk:
            raise RuntimeError("boom")
        return follow(page)

    monkeypatch.setattr(search_debt.ReferenceIndex, "create_or_update_for_object", explode)
    assert search_debt.search_debts_pay(now=timezone.now()) == 1
    assert search_debt.search_debts().get().page_id == went_live.pk
    monkeypatch.undo()
    assert search_debt.search_debts_pay(now=timezone.now()) == 1


def test_other_indexes_are_told_when_it_is_time(went_live):
    told = []
    with hooks.register_temporarily("page_index_due", told.append):
        published_index()
    assert told == [went_live.pk]


def test_a_draft_is_indexed_with_its_save_as_before(office):
    page = make_draft(office, title=WORD)
    assert is_found(page)
    page.delete()
    assert not is_found(page)
