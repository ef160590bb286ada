"""People who look for what they may not see: every endpoint, every trick, nothing (I5)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.models import NewsPage
from pr_workflow.publishing.models import PublishedItem
from pr_workflow.publishing.take_down import news_take_down
from tests.factories.office import approved, make_draft, make_office, posted
from tests.factories.published import Reader, host_of, make_live, publish, revise

pytestmark = pytest.mark.django_db

SECRET = "ความลับที่ยังไม่เปิดเผย"


def everything_readable(office, client=None) -> str:
    """Everything the public addresses of this office say, as one text."""
    client, headers = client or Client(), {"host": host_of(office)}
    addresses = ["/api/pr/v1/news?limit=100", "/api/pr/v1/plans", "/api/pr/v1/important-days", "/api/pr/v1/"]
    addresses += ["/api/v2/pages/?limit=100&fields=*", "/api/v2/pages/?type=home.NewsPage&fields=*", "/feed/"]
    addresses += [f"/api/v2/pages/{page.pk}/" for page in NewsPage.objects.all()]
    addresses += [f"/api/v2/pages/?search={SECRET}", "/sitemap.xml"]
    for page in NewsPage.objects.all():
        addresses += [f"/api/pr/v1/news/{page.uuid}", f"/api/pr/v1/news/by-path?path=/news/{page.slug}/"]
    answers = [client.get(address, headers=headers) for address in addresses]
    assert {answer.status_code for answer in answers} <= {200, 404, 410}
    return "\n".join(answer.content.decode() for answer in answers)


def test_the_net_is_not_empty(office):
    """Guards the other tests: what is public is found by the same net."""
    make_live(office, lead=SECRET)
    assert SECRET in everything_readable(office)


def test_a_draft(office):
    make_draft(office, SECRET, lead=SECRET)
    assert SECRET not in everything_readable(office)


def test_an_approved_and_a_scheduled_item(office):
    now = timezone.now()
    approved(office, lead=SECRET)
    posted(office, go_live_at=now + timedelta(days=1), now=now, title=SECRET)
    assert SECRET not in everything_readable(office)


def test_a_newer_draft_of_a_live_page(office):
    revise(make_live(office), lead=SECRET, title=SECRET)
    assert SECRET not in everything_readable(office)


def test_a_newer_scheduled_text_of_a_live_page(office):
    page = revise(make_live(office), lead=SECRET, go_live_at=timezone.now() + timedelta(days=1))
    publish(page)
    assert NewsPage.objects.get(pk=page.pk).live
    assert SECRET not in everything_readable(office)


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_a_private_page_for_guests_and_for_people_with_a_login(office, kind):
    page = make_live(office, lead=SECRET)
    restriction = PageViewRestriction.objects.create(page=office.index, restriction_type=kind, password="x")
    staff = Client()
    staff.force_login(office.writer)
    office.writer.is_superuser = True
    office.writer.save()
    session = staff.session
    session[PageViewRestriction.passed_view_restrictions_session_key] = [restriction.pk]
    session.save()
    for client in (Client(), staff):
        assert SECRET not in everything_readable(office, client)
    assert page.live


def test_an_unpublished_page_is_gone_at_once(office):
    page = make_live(office, lead=SECRET)
    reader = Reader(office)
    tag = reader.get("news")["ETag"]
    news_take_down(actor=None, page=page, reason="ผิดพลาด", now=timezone.now())
    assert SECRET not in everything_readable(office)
    assert reader.get("news", **{"if-none-match": tag}).status_code == 200


def test_the_pages_of_another_agency(office):
    other = make_office("spp")
    make_live(other, lead=SECRET)
    assert SECRET not in everything_readable(office)
    assert SECRET in everything_readable(other)


@pytest.mark.parametrize(
    "trick", ["?site=spp.localhost", "?site=spp.localhost:80", "?child_of=root&site=spp.localhost"]
)
def test_the_site_parameter_opens_no_other_agency(office, trick):
    other = make_office("spp")
    page = make_live(other, lead=SECRET)
    headers = {"host": host_of(office)}
    for address in (
        f"/api/v2/pages/{trick}",
        f"/api/v2/pages/{page.pk}/{trick}",
        f"/api/v2/pages/find/{trick}&id={page.pk}",
    ):
        answer = Client().get(address, headers=headers)
        assert answer.status_code in (400, 404)
        assert SECRET not in answer.content.decode()


def test_a_forged_forwarding_header_changes_nothing(office):
    other = make_office("spp")
    make_live(other, lead=SECRET)
    answer = Client().get(
        "/api/pr/v1/news",
        headers={"host": host_of(office), "x-forwarded-host": host_of(other), "forwarded": "host=spp"},
    )
    assert SECRET not in answer.content.decode()


def test_wagtails_own_lists_of_files_are_not_there(office):
    make_live(office)
    for address in ("/api/v2/images/", "/api/v2/documents/", "/api/v2/images/1/", "/api/v2/documents/1/"):
        assert Client().get(address, headers={"host": host_of(office)}).status_code == 404


def test_people_stay_out_of_both_interfaces(office):
    page = make_live(office)
    text = everything_readable(office)
    for hidden in (page.responsible_officer.display_name, page.owner.username, page.owner.email or "@"):
        assert hidden not in text
    assert PublishedItem.objects.count() == 1
