"""Who has read a draft of withheld information stands in the log: once for each person and version, nothing else."""

import pytest
from django.urls import reverse
from wagtail.models import APIToken

from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import CHAIN, Role
from tests.factories.office import live, make_draft, make_office

pytestmark = pytest.mark.django_db


def readings() -> list[tuple[str, int]]:
    rows = AuditEntry.objects.filter(verb="draft_read").order_by("sequence")
    return [(row.actor_name, row.data["revision"]) for row in rows]


def test_each_person_and_version_is_logged_once_on_every_screen_that_shows_it(client, office):
    page = make_draft(office, title="ลับ", disclosure="withheld")
    first = page.latest_revision_id
    head, writer = office.person(CHAIN[0]), office.writer
    client.force_login(head)
    for _look in range(2):
        assert client.get(reverse("pr_admin:preview", args=[first])).status_code == 200
    client.force_login(writer)
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).status_code == 200
    assert readings() == [(head.username, first), (writer.username, first)]
    second = page.get_latest_revision_as_object().save_revision(user=writer).pk
    client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert readings()[2:] == [(writer.username, second)]


def test_a_draft_read_by_token_is_logged_too(client, office):
    page = make_draft(office, title="ลับ", disclosure="withheld")
    token = APIToken.generate_token()
    digest = APIToken.hash_token(token)
    APIToken.objects.create(user=office.writer, name="ทดสอบ", key_hash=digest, prefix=token[:12])
    address = reverse("wagtailapi_v3:detail_page", args=[page.pk])
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(address, {"version": "draft"}).status_code in (401, 404)
    assert readings() == []
    for query in ({"version": "draft"}, {}):
        assert client.get(address, query, headers=headers).json()["title"] == "ลับ"
    assert readings() == [(office.writer.username, page.latest_revision_id)]


@pytest.mark.parametrize("query", [{}, {"version": "draft"}])
def test_by_token_what_the_public_reads_is_no_draft(client, office, query):
    page = live(office)
    page.disclosure = "withheld"
    draft = page.save_revision(user=office.writer)
    token = APIToken.generate_token()
    digest = APIToken.hash_token(token)
    APIToken.objects.create(user=office.writer, name="ทดสอบ", key_hash=digest, prefix=token[:12])
    address = reverse("wagtailapi_v3:detail_page", args=[page.pk])
    assert client.get(address, query, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert readings() == ([(office.writer.username, draft.pk)] if query else [])


def test_open_information_and_refused_readings_are_not_logged(client, office):
    secret, plain = make_draft(office, disclosure="withheld"), make_draft(office)
    client.force_login(office.person(CHAIN[0]))
    client.get(reverse("pr_admin:preview", args=[plain.latest_revision_id]))
    client.get(reverse("wagtailadmin_pages:edit", args=[office.index.pk]))
    client.force_login(office.person(Role.NETWORK_MEMBER))
    assert client.get(reverse("pr_admin:preview", args=[secret.latest_revision_id])).status_code == 403
    client.force_login(make_office("spp").person(Role.DIRECTOR))
    assert client.get(reverse("pr_admin:preview", args=[secret.latest_revision_id])).status_code == 404
    assert readings() == []
