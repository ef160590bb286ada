"""The plain registers: nobody changes a row, nobody guesses at what is not shown (I4, I5)."""

import pytest

from pr_workflow.distribution.models import Channel
from pr_workflow.people.roles import Role
from tests.factories.office import live, make_office

pytestmark = pytest.mark.django_db
REGISTERS = (
    "/admin/pr_workflow/auditentry/",
    "/admin/pr_workflow/archiverecord/",
    "/admin/pr_workflow/delivery/",
    "/admin/pr_evaluation/weeklyreport/",
)
GUESSES = ("agency__channels__secret__startswith", "agency__staff__user__password__startswith")


@pytest.fixture
def office():
    office = make_office()
    Channel.objects.create(agency=office.agency, kind="website", name="เว็บไซต์", secret="EAAG-page-token")
    live(office)
    return office


@pytest.mark.parametrize("address", REGISTERS)
@pytest.mark.parametrize("guess", GUESSES)
@pytest.mark.parametrize("export", ["", "csv", "xlsx"])
def test_an_undeclared_filter_is_refused(office, client, address, guess, export):
    client.force_login(office.person(Role.DIRECTOR))
    assert client.get(address, {guess: "E", "export": export}).status_code == 400


@pytest.mark.parametrize("address", REGISTERS)
def test_readers_see_the_register_and_search_it(office, client, address):
    client.force_login(office.person(Role.DIRECTOR))
    assert client.get(address).status_code == 200
    assert client.get(address, {"q": "ล้างมือ"}).status_code == 200


@pytest.mark.parametrize("address", REGISTERS)
def test_network_members_do_not(office, client, address):
    client.force_login(office.person(Role.NETWORK_MEMBER))
    assert client.get(address).status_code in (302, 403)


@pytest.mark.parametrize("address", REGISTERS)
def test_not_even_a_superuser_adds_or_removes_rows(client, django_user_model, address):
    client.force_login(django_user_model.objects.create_superuser("root-account", password="x"))
    for verb in ("create/", "edit/1/", "delete/1/"):
        assert client.get(address + verb).status_code in (302, 403, 404)
        assert client.post(address + verb, {}).status_code in (302, 403, 404)
