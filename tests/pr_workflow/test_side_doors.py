"""Wagtail's own ways around the flow end in a 403 with its reason and a row in the log (I3, I4, R36)."""

import pytest
from django.urls import reverse

from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import Role
from tests.factories.office import live, make_draft, posted, submit
from tests.pr_workflow.news.test_news_views import editor_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(django_user_model):
    return django_user_model.objects.create_superuser("root", password="only-in-tests")


def refusals() -> list[str]:
    return list(AuditEntry.objects.filter(verb="refused").order_by("pk").values_list("data__path", flat=True))


def bulk(action, *pages) -> str:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return f"{address}?" + "&".join(f"id={page.pk}" for page in pages)


def publishing_attempts(page, index) -> list[tuple[str, dict]]:
    """Every address of the admin that publishes, with what it posts."""
    add = reverse("wagtailadmin_pages:add", args=["home", "newspage", index.pk])
    return [
        (reverse("wagtailadmin_pages:edit", args=[page.pk]), editor_form(page, **{"action-publish": "1"})),
        (add, editor_form(page, **{"action-publish": "1", "slug": "new-one"})),
        (bulk("publish", page), {"include_descendants": ""}),
        (bulk("publish", index), {"include_descendants": "on"}),
        (reverse("wagtailadmin_api:pages:action", args=[page.pk, "publish"]), {}),
    ]


@pytest.mark.parametrize("who", ["writer", "director", "superuser"])
def test_no_door_publishes_news(client, office, root, who):
    page = make_draft(office)
    revision = page.latest_revision_id
    user = {"writer": office.writer, "director": office.person(Role.DIRECTOR), "superuser": root}[who]
    client.force_login(user)
    for address, form in publishing_attempts(page, office.index):
        response = client.post(address, form)
        is_of_index = f"id={office.index.pk}" in address
        if not (is_of_index and who != "superuser"):
            assert response.status_code == 403, address
        page.refresh_from_db()
        assert not page.live, address
    assert page.latest_revision_id == revision
    assert office.index.get_children().count() == 1
    assert len(refusals()) >= 4


def test_the_reason_is_said_to_people_and_to_scripts(client, office):
    page = make_draft(office)
    client.force_login(office.writer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = {"action-publish": "1"}
    html = client.post(address, form)
    assert html.refusal_reason in html.content.decode()
    assert "text/html" in html.headers["Content-Type"]
    script = client.post(address, form, headers={"accept": "application/json"})
    assert script.status_code == 403
    assert script.json() == {"success": False, "error_code": "refused", "error_message": html.refusal_reason}


@pytest.mark.parametrize("who", ["writer", "it_officer", "superuser"])
def test_no_door_takes_news_down_without_a_reason(client, office, root, who):
    page = live(office)
    user = {"writer": office.writer, "it_officer": office.it_officer, "superuser": root}[who]
    client.force_login(user)
    for address in (
        reverse("wagtailadmin_pages:unpublish", args=[page.pk]),
        bulk("unpublish", page),
        reverse("wagtailadmin_api:pages:action", args=[page.pk, "unpublish"]),
    ):
        assert client.post(address).status_code == 403, address
    page.refresh_from_db()
    assert page.live
    assert len(refusals()) == 3


def test_a_set_time_is_not_cancelled_by_wagtails_button(client, office, root):
    posting = posted(office, go_live_at=live(office).last_published_at, now=live(office).last_published_at)
    page_id, revision_id = posting.page_id, posting.revision_id
    client.force_login(root)
    address = reverse("wagtailadmin_pages:revisions_unschedule", args=[page_id, revision_id])
    assert client.post(address).status_code == 403
    posting.refresh_from_db()
    assert posting.go_live_at


@pytest.mark.parametrize("who", ["writer", "superuser"])
def test_signed_news_is_not_deleted(client, office, root, who):
    page = make_draft(office, title="ลงนามแล้ว")
    submit(office, page)
    signed = live(office, title="ขึ้นเว็บแล้ว")
    client.force_login(office.writer if who == "writer" else root)
    for address in (
        reverse("wagtailadmin_pages:delete", args=[signed.pk]),
        bulk("delete", signed),
        bulk("delete", page, signed),
        reverse("wagtailadmin_api:pages:action", args=[signed.pk, "delete"]),
        reverse("wagtailadmin_pages:delete", args=[office.index.pk]),
        bulk("delete", office.index),
    ):
        for send in (client.get, client.post):
            response = send(address)
            assert response.status_code == 403, address
    signed.refresh_from_db()
    page.refresh_from_db()
    office.index.refresh_from_db()
    reasons = AuditEntry.objects.filter(verb="refused").values_list("data__reason", flat=True)
    assert len(reasons) == 12
    assert any("ขึ้นเว็บแล้ว" in reason for reason in reasons)


def test_an_unsigned_draft_may_be_deleted(client, office):
    page = make_draft(office)
    client.force_login(office.writer)
    assert client.get(reverse("wagtailadmin_pages:delete", args=[page.pk])).status_code == 200
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert not type(page).objects.filter(pk=page.pk).exists()


def test_nobody_sees_wagtails_buttons_for_it(client, office, root):
    page = make_draft(office)
    for user in (office.writer, root):
        client.force_login(user)
        body = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert 'name="action-publish"' not in body
        assert 'name="action-submit"' in body


def test_other_pages_keep_wagtails_way(client, office, root):
    """The doors are closed for what has a chain of its own, not for the rest of the site."""
    client.force_login(root)
    form = {
        "title": "ข่าวทั้งหมด",
        "slug": office.index.slug,
        "action-publish": "1",
        **{f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")},
    }
    client.post(reverse("wagtailadmin_pages:edit", args=[office.index.pk]), form)
    office.index.refresh_from_db()
    assert office.index.title == "ข่าวทั้งหมด"
