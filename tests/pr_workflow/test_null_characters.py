"""A null character in an address is the sender's mistake (400), never an error of ours (500)."""

import pytest
from django.urls import reverse

from tests.factories.office import live

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    [
        "pr_admin:news_list",
        "pr_workflow_delivery_modeladmin_index",
        "pr_workflow_auditentry_modeladmin_index",
    ],
)
def test_searches_of_the_admin(client, office, name):
    client.force_login(office.it_officer)
    response = client.get(f"{reverse(name)}?q=%00")
    assert response.status_code == 400
    assert client.get(f"{reverse(name)}?q=%2500").status_code == 200


@pytest.mark.parametrize("address", ["/api/v2/pages/?search=%00", "/api/pr/v1/news/?tag=a%00b"])
def test_the_apis_answer_with_a_problem_document(client, office, address):
    live(office)
    response = client.get(address, headers={"host": office.agency.site.hostname})
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 400
    assert response.json()["detail"]


def test_public_searches_and_paths(client, office):
    host = {"host": office.agency.site.hostname}
    for address in ("/search/?q=%00", "/news/%00/", "/?%00"):
        assert client.get(address, headers=host).status_code == 400, address
