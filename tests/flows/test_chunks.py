"""Many items at one minute: they go live together, and one poisoned item still stops no other (I1, I3, I4)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageLogEntry, PageViewRestriction, Revision
from wagtail.signals import page_published

from home.models import AgencyImage, NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.news.public_content import pictures_prepare
from pr_workflow.publishing import going_live, tick
from pr_workflow.publishing.models import Posting, PublicationCheck, PublishedItem
from pr_workflow.publishing.services import postings_publish
from pr_workflow.publishing.tick import publish_due
from tests.factories.office import MORNING, make_draft, make_image, make_office, posted

pytestmark = pytest.mark.django_db
SLOT = MORNING + timedelta(hours=6)
#: What one more item of a chunk asks the database inside the transaction, new tags and picture sizes left aside: the
#: two rows of the page between a savepoint and its release, and a look at its tags, comments and people.
QUERIES_AN_ITEM = 7


def due(office, number: int, **fields) -> list[Posting]:
    return [posted(office, go_live_at=SLOT, now=SLOT, title=f"ข่าวที่ {place}", **fields) for place in range(number)]


@pytest.fixture
def chunks(monkeypatch):
    """The sizes of what was tried in one transaction."""
    sizes: list[int] = []
    stock = going_live.make_all_live

    def counted(postings, **kwargs):
        sizes.append(len(postings))
        return stock(postings, **kwargs)

    monkeypatch.setattr(going_live, "make_all_live", counted)
    return sizes


def all_rows_once(postings) -> None:
    pages = [posting.page_id for posting in postings]
    revisions = sorted(posting.revision_id for posting in postings)
    assert sorted(NewsPage.objects.filter(live=True).values_list("pk", flat=True)) == sorted(pages)
    assert sorted(PublishedItem.objects.values_list("revision_id", flat=True)) == revisions
    assert sorted(PublicationCheck.objects.values_list("revision_id", flat=True)) == revisions
    history = PageLogEntry.objects.filter(action="wagtail.publish")
    assert sorted(history.values_list("revision_id", flat=True)) == revisions
    for verb in ("news_go_live", "check_open"):
        logged = AuditEntry.objects.filter(verb=verb).values_list("data__revision", flat=True)
        assert sorted(logged) == revisions
    assert not Revision.objects.filter(approved_go_live_at__isnull=False, pk__in=revisions).exists()


def test_items_of_one_minute_go_live_in_one_transaction(office, chunks):
    postings = due(office, 4)
    assert [row.went_live for row in publish_due(now=SLOT)] == [True] * 4
    assert chunks == [4]
    all_rows_once(postings)
    assert audit_verify(chain="kpr") is None
    assert {label.value for item in PublishedItem.objects.all() for label in item.labels.filter(kind="tag")} == {
        "ล้างมือ"
    }
    assert set(Posting.objects.values_list("went_live_at", "attempts", "failure")) == {(SLOT, 1, "")}


def raise_for(pk):
    def refuse(sender, instance, **kwargs):
        if instance.pk == pk:
            raise RuntimeError("poisoned")

    return refuse


def poison_receiver(office, bad, request):
    refuse = raise_for(bad.page_id)
    page_published.connect(refuse, weak=False)
    request.addfinalizer(lambda: page_published.disconnect(refuse))


def poison_seal(office, bad, request):
    bad.revision.content["lead"] = "เปลี่ยนหลังอนุมัติ"
    bad.revision.save()


def poison_slug(office, bad, request):
    taken = make_draft(office, title="มาก่อน")
    NewsPage.objects.filter(pk=taken.pk).update(slug=bad.revision.content["slug"])


def poison_picture(office, bad, request):
    AgencyImage.objects.filter(pk=bad.revision.as_object().photos[0].value["image"].pk).delete()


@pytest.mark.parametrize("poison", [poison_receiver, poison_seal, poison_slug, poison_picture])
def test_a_poisoned_item_in_the_middle_fails_alone(office, chunks, request, poison):
    first, bad, last = [
        posted(office, go_live_at=SLOT, now=SLOT, title=f"ข่าวที่ {place}", image=make_image(office)) for place in range(3)
    ]
    poison(office, bad, request)
    outcomes = {row.posting_id: row for row in publish_due(now=SLOT)}
    assert {pk: row.went_live for pk, row in outcomes.items()} == {first.pk: True, bad.pk: False, last.pk: True}
    assert chunks == [3, 1, 1, 1]
    all_rows_once([first, last])
    assert audit_verify(chain="kpr") is None
    bad.refresh_from_db()
    assert (bad.attempts, bad.went_live_at, bad.go_live_at) == (1, None, SLOT)
    assert bad.failure == outcomes[bad.pk].reason != ""


def test_what_failed_before_no_longer_spoils_a_chunk(office, chunks, request):
    bad, *good = due(office, 3)
    Posting.objects.filter(pk=bad.pk).update(attempts=1)
    poison_receiver(office, bad, request)
    publish_due(now=SLOT)
    assert chunks == [1, 2]
    all_rows_once(good)


def test_what_becomes_urgent_meanwhile_goes_before_the_next_chunk(office, chunks, monkeypatch):
    due(office, 4)
    urgent = posted(office, go_live_at=SLOT + timedelta(seconds=30), now=SLOT, title="ด่วน")
    Posting.objects.filter(pk=urgent.pk).update(is_urgent=True)
    clock = iter([0.0, 1.0])
    monkeypatch.setattr(tick, "monotonic", lambda: next(clock, 40.0))
    monkeypatch.setattr(tick, "SMALLEST_CHUNK", 2)
    titles = [row.title for row in publish_due(now=SLOT)]
    assert titles == ["ข่าวที่ 0", "ข่าวที่ 1", "ด่วน", "ข่าวที่ 2", "ข่าวที่ 3"]


def test_every_agency_has_chunks_of_its_own(office, chunks):
    other = make_office("spp")
    postings = [posted(each, go_live_at=SLOT, now=SLOT, title=f"ข่าว {n}") for n in range(2) for each in (office, other)]
    publish_due(now=SLOT)
    assert chunks == [2, 2]
    all_rows_once(postings)
    for each in (office, other):
        assert audit_verify(chain=each.agency.code) is None
        logged = AuditEntry.objects.filter(chain=each.agency.code, verb="news_go_live")
        own = [posting.page_id for posting in postings if posting.agency_id == each.agency.pk]
        assert sorted(int(entry.target_id) for entry in logged) == sorted(own)
        assert PublishedItem.objects.filter(agency=each.agency).count() == 2


def test_a_private_section_gets_no_rows_in_a_chunk_either(office):
    due(office, 2)
    PageViewRestriction.objects.create(page=office.index, restriction_type=PageViewRestriction.LOGIN)
    assert [row.went_live for row in publish_due(now=SLOT)] == [True, True]
    assert not PublishedItem.objects.exists()


def test_one_more_item_of_a_chunk_costs_few_queries(office):
    first, *rest = due(office, 8, tags=[])

    def cost(postings) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            postings_publish(posting_ids=[posting.pk for posting in postings], agency=office.agency, now=SLOT)
        return len(asked)

    for posting in rest:
        pictures_prepare(posting.revision.as_object())
    cost([first])
    few, many = cost(rest[:2]), cost(rest[2:])
    assert many - few <= 3 * QUERIES_AN_ITEM


@pytest.mark.parametrize(
    ("size", "last", "seconds", "follows"),
    [(5, 0, 0.0, 5), (5, 5, 0.1, 10), (20, 20, 0.1, 25), (20, 20, 1.0, 10), (20, 20, 9.0, 5), (20, 2, 9.0, 1)],
)
def test_a_chunk_is_as_large_as_others_can_wait(size, last, seconds, follows):
    assert tick._next_size(size, last, seconds) == follows
