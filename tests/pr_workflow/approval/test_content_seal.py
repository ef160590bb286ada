"""Everything the public sees is under the seal: a version changed after its approval stays off the site (I3, R40)."""

from datetime import timedelta

import pytest
from wagtail.models import Revision

from home.models import NewsPage
from pr_workflow.approval.content_hash import BOOKKEEPING, content_hash
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.selectors import chain_verdict
from pr_workflow.people.roles import Role
from pr_workflow.publishing.models import Posting
from pr_workflow.publishing.services import posting_publish
from tests.factories.office import MORNING, approved, live, make_document, make_draft, make_image, posted

pytestmark = pytest.mark.django_db
SLOT = MORNING + timedelta(hours=6)
WISH = SLOT + timedelta(days=3)


#: For each field under the seal, another value as a stored version keeps it.
OTHER = {
    "title": "ชื่อที่ไม่มีใครอนุมัติ",
    "slug": "other-address",
    "seo_title": "อีกชื่อ",
    "search_description": "อีกคำอธิบาย",
    "lead": "ย่อหน้าที่ไม่มีใครอนุมัติ",
    "body": '[{"type": "paragraph", "value": "<p>แก้</p>", "id": "1"}]',
    "photos": "[]",
    "attachments": '[{"type": "file", "value": {"document": 1, "title": "แฟ้ม"}, "id": "1"}]',
    "event_date": "2027-01-01",
    "place": "ที่อื่น",
    "news_type": "statement",
    "disclosure": "gazette",
    "target_groups": ["network"],
    "media_formats": ["video"],
    "channels": ["facebook"],
    "expire_at": "2027-02-01T00:00:00Z",
    "review_on": "2027-11-01",
    "go_live_at": "2027-02-01T00:00:00Z",
    "tagged_items": [],
    "show_in_menus": True,
    "responsible_officer": None,
    "news_giver": 1,
    "stakeholders": [1],
    "plan_activity": 1,
    "important_day": 1,
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def changed(revision: Revision, **values) -> Revision:
    """The stored version with other values, written around every door."""
    revision.content = {**revision.content, **values}
    Revision.objects.filter(pk=revision.pk).update(content=revision.content)
    return Revision.objects.get(pk=revision.pk)


def test_every_field_of_a_version_is_sealed_or_known_bookkeeping(office):
    """A field that is added later has to be put into one of the two lists by a person."""
    #: The page's own identity, which a version cannot change, and what says who and where it is kept.
    identity = {"pk", "content_type", "translation_key", "locale", "owner", "alias_of", "page_ptr", "latest_revision"}
    stored = set(make_draft(office).latest_revision.content)
    assert stored - BOOKKEEPING - identity == set(OTHER)


@pytest.mark.parametrize("field", OTHER)
def test_a_changed_field_stays_off_the_site(office, field):
    posting = posted(office, go_live_at=SLOT, now=SLOT)
    before = content_hash(posting.revision)
    value = OTHER[field]
    assert posting.revision.content.get(field) != value
    revision = changed(posting.revision, **{field: value})
    assert content_hash(revision) != before
    assert not chain_verdict(revision).complete
    outcome = posting_publish(posting_id=posting.pk, now=SLOT)
    assert not outcome.went_live
    assert outcome.reason
    assert not NewsPage.objects.get(pk=posting.page_id).live
    assert Posting.objects.get(pk=posting.pk).failure


def test_a_wish_that_is_taken_away_after_the_approval_breaks_the_seal(office):
    posting = approved(office, go_live_at=WISH)
    assert chain_verdict(posting.revision).complete
    assert not chain_verdict(changed(posting.revision, go_live_at=None)).complete


def test_nothing_of_the_flow_rewrites_the_wish_in_the_stored_version(office):
    """Otherwise its own go-live would break the seal: posted, live, taken over by a newer version, taken down."""
    posting = posted(office, go_live_at=SLOT, now=SLOT, page=make_draft(office, go_live_at=WISH))
    before = posting.revision.content["go_live_at"]
    assert before is not None
    assert posting_publish(posting_id=posting.pk, now=SLOT).went_live
    page = NewsPage.objects.get(pk=posting.page_id)
    assert page.live
    page.unpublish()
    revision = Revision.objects.get(pk=posting.revision_id)
    assert revision.content["go_live_at"] == before
    assert chain_verdict(revision).complete


def test_a_version_without_a_wish_hashes_as_before_the_wish_was_sealed(office):
    """Seals from earlier releases stay valid: an empty wish adds nothing to what is hashed."""
    revision = make_draft(office).latest_revision
    with_key, without = content_hash(revision), {**revision.content}
    without.pop("go_live_at")
    Revision.objects.filter(pk=revision.pk).update(content=without)
    assert content_hash(Revision.objects.get(pk=revision.pk)) == with_key


def test_a_version_from_before_the_fields_of_the_law_still_verifies(office):
    """An old version lacks the keys; reading it with today's fields changes neither its hash nor its seals."""
    page = make_draft(office)
    revision = page.latest_revision
    for name in ("disclosure", "news_giver", "stakeholders"):
        revision.content.pop(name)
    Revision.objects.filter(pk=revision.pk).update(content=revision.content)
    posting = approved(office, NewsPage.objects.get(pk=page.pk))
    assert "disclosure" not in Revision.objects.get(pk=posting.revision_id).content
    posted(office, posting, go_live_at=SLOT, now=SLOT)
    assert posting_publish(posting_id=posting.pk, now=SLOT).went_live
    assert chain_verdict(Revision.objects.get(pk=posting.revision_id)).complete


def test_the_slot_of_the_posting_is_outside_the_seal(office):
    posting = approved(office)
    posted(office, posting, go_live_at=SLOT, now=SLOT)
    assert chain_verdict(Revision.objects.get(pk=posting.revision_id)).complete
    assert ApprovalSeal.objects.filter(revision=posting.revision_id).count() == 3


def test_a_picture_and_a_file_are_under_the_seal_by_their_bytes(office):
    document = make_document(office)
    picture = make_image(office)
    posting = approved(office, image=picture, attachments=[("file", {"document": document, "title": "แผ่นพับ"})])
    before = content_hash(posting.revision)
    type(document).objects.filter(pk=document.pk).update(file_hash="0" * 40)
    assert content_hash(posting.revision) != before


def test_going_live_leaves_the_seal_whole(office):
    page = live(office)
    assert chain_verdict(page.live_revision).complete
    assert page.responsible_officer == office.profile(Role.WRITER)
