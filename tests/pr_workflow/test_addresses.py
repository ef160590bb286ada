"""Addresses that name what no row can be, or what belongs to others, answer 404 and nothing else (I5)."""

import pytest
from django.urls import reverse

from pr_workflow.archive.models import ArchiveRecord
from pr_workflow.people.roles import Role
from pr_workflow.publishing.models import Posting, PublicationCheck
from tests.factories.office import live, make_administrator, make_office

pytestmark = pytest.mark.django_db
BEYOND = 99999999999999999999


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("pr_admin:review", [BEYOND]),
        ("pr_admin:preview", [BEYOND]),
        ("pr_admin:news_timeline", [BEYOND]),
        ("pr_admin:dossier_pdf", [BEYOND]),
        ("pr_admin:delegation", [BEYOND]),
        ("pr_admin:hold_lift", [BEYOND]),
        ("wagtailadmin_pages:edit", [BEYOND]),
    ],
)
@pytest.mark.parametrize("who", ["writer", "director", "root"])
def test_a_number_beyond_every_key_is_not_found(client, office, name, keys, who):
    client.force_login(make_administrator() if who == "root" else office.person(who))
    assert client.get(reverse(name, args=keys)).status_code == 404


def test_another_agencys_items_are_not_found(client, office):
    page = live(office)
    client.force_login(make_office("other").person(Role.IT_OFFICER))
    posting, check = Posting.objects.get(page_id=page.pk), PublicationCheck.objects.get(page_id=page.pk)
    addresses = [
        *(
            reverse(f"pr_admin:{name}", args=[page.pk])
            for name in ("news_timeline", "news_take_down", "news_emergency")
        ),
        reverse("pr_admin:request_form", args=[page.pk]),
        reverse("pr_admin:posting_package", args=[posting.pk]),
        reverse("pr_admin:check", args=[check.pk]),
    ]
    for address in addresses:
        assert client.get(address).status_code == 404, address
    for name in ("post", "recall", "receive"):
        assert client.post(reverse(f"pr_admin:posting_{name}", args=[posting.pk])).status_code == 404


def test_the_administrator_of_several_agencies_opens_the_archive(client, office):
    make_office("other")
    client.force_login(make_administrator())
    response = client.get(reverse("pr_workflow_archiverecord_modeladmin_index"))
    assert response.status_code == 200
    assert ArchiveRecord.objects.count() == 0
