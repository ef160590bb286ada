"""Another slug of a section moves every live item below it: the log says who did it, from where and to where (I4)."""

import pytest
from django.test import Client
from django.urls import reverse

from home.models import NewsIndexPage, NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.publishing.models import PublishedItem
from pr_workflow.publishing.services import posting_publish
from tests.factories.office import MORNING, make_administrator, make_draft, make_office, posted

pytestmark = pytest.mark.django_db(transaction=True)
VERB = "page_address_change"


@pytest.fixture
def office():
    return make_office()


def live(office) -> NewsPage:
    """News that went the whole way; its own job may have put it live already, as nothing is rolled back here."""
    posting = posted(office, go_live_at=MORNING, now=MORNING)
    posting_publish(posting_id=posting.pk, now=MORNING)
    page = NewsPage.objects.get(pk=posting.page_id)
    assert page.live
    return page


def rows() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(verb=VERB))


def published_as(page, slug: str, user) -> None:
    """Open the page in the editor, write another slug and publish it."""
    client = Client()
    client.force_login(user)
    form = {"title": page.title, "slug": slug, "action-publish": "1"}
    form |= {f"comments-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    assert answer.status_code == 302, answer.context["form"].errors


def test_another_slug_of_the_section_is_logged_with_both_places_and_the_person(office):
    page = live(office)
    before = PublishedItem.objects.get(page_id=page.pk).url
    administrator = make_administrator()
    published_as(office.index, "khao", administrator)
    (row,) = rows()
    assert row.agency == office.agency
    assert row.actor_id_text == str(administrator.pk)
    old, new = office.index.url_path, NewsIndexPage.objects.get(pk=office.index.pk).url_path
    assert row.data == {"from": old, "to": new, "live_news": 1}
    assert old.endswith("/news/")
    assert new.endswith("/khao/")
    assert PublishedItem.objects.get(page_id=page.pk).url == before.replace("/news/", "/khao/")
    assert audit_verify(chain=office.agency.code) is None


def test_a_section_without_live_news_moves_nobody(office):
    make_draft(office)
    published_as(office.index, "khao", make_administrator())
    assert NewsIndexPage.objects.get(pk=office.index.pk).slug == "khao"
    assert rows() == []


def test_the_slug_of_the_top_page_is_in_no_address(office):
    page = live(office)
    published_as(office.home, "other-home", make_administrator())
    page.refresh_from_db()
    assert "/other-home/" in page.url_path
    assert rows() == []


def test_another_office_s_news_is_none_of_this_section(office):
    other = make_office("spp")
    live(other)
    published_as(office.index, "khao", make_administrator())
    assert rows() == []
