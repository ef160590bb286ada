"""The register of delegations in the admin: entered on a phone, behind the wall, revoked on request (R06, I5)."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from pr_workflow.people.models import Delegation
from pr_workflow.people.roles import Role
from tests.factories.office import MORNING
from tests.pr_workflow.people.test_delegations import grant

pytestmark = pytest.mark.django_db
LIST, NEW = "pr_admin:delegations", "pr_admin:delegation_grant"


@pytest.fixture(autouse=True)
def on_monday_morning(time_machine):
    time_machine.move_to(MORNING, tick=False)


def as_role(office, role) -> Client:
    client = Client(headers={"host": office.agency.site.hostname})
    client.force_login(office.person(role))
    return client


def form_data(office, **changes):
    return {
        "role": "head_of_work",
        "delegator": office.profile(Role.HEAD_OF_WORK).pk,
        "delegate": office.profile(Role.EVALUATOR).pk,
        "capacity": "acting",
        "starts_on": "16/11/2569",
        "ends_on": "20 พ.ย. 2569",
        "order_number": "7/2570",
        **changes,
    }


def test_a_head_hands_over_the_own_role(health):
    client = as_role(health, Role.HEAD_OF_WORK)
    assert reverse(LIST) in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(reverse(NEW)).status_code == 200
    answer = client.post(reverse(NEW), form_data(health))
    delegation = Delegation.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("pr_admin:delegation", args=[delegation.pk])
    assert (delegation.granted_by, str(delegation.ends_on)) == (health.person(Role.HEAD_OF_WORK), "2026-11-20")
    page = client.get(answer.url).content.decode()
    assert "7/2570" in page
    assert "20 พฤศจิกายน 2569" in page


def test_the_network_outside_the_office_is_not_offered_and_refused(health):
    client = as_role(health, Role.HEAD_OF_WORK)
    network = health.profile(Role.NETWORK_MEMBER)
    form = BeautifulSoup(client.get(reverse(NEW)).content, "html.parser").find("select", attrs={"name": "delegate"})
    offered = {option["value"] for option in form.find_all("option")}
    assert str(health.profile(Role.EVALUATOR).pk) in offered
    assert str(network.pk) not in offered
    assert client.post(reverse(NEW), form_data(health, delegate=network.pk)).status_code == 422
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "15/11/2569"}, "ends_on"),
        ({"order_number": " "}, "order_number"),
        ({"starts_on": "31/2/2570"}, "starts_on"),
        ({"capacity": "king"}, "capacity"),
        ({"delegate": "999999"}, "delegate"),
        ({"delegate": "self"}, "delegate"),
    ],
    ids=str,
)
def test_a_refused_form_names_the_field_and_keeps_what_was_typed(health, changes, field):
    if changes.get("delegate") == "self":
        changes = {"delegate": health.profile(Role.HEAD_OF_WORK).pk}
    answer = as_role(health, Role.HEAD_OF_WORK).post(reverse(NEW), form_data(health, **changes))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    if field != "order_number":
        assert 'value="7/2570"' in answer.content.decode()
    assert not Delegation.objects.exists()


def test_a_head_is_offered_the_own_role_and_people_of_the_own_agency(health, education):
    page = BeautifulSoup(as_role(health, Role.HEAD_OF_WORK).get(reverse(NEW)).content, "html.parser")

    def offered(name):
        return {option["value"] for option in page.select(f"select[name={name}] option")} - {""}

    assert offered("role") == {"head_of_work"}
    assert offered("delegator") == {str(health.profile(Role.HEAD_OF_WORK).pk)}
    inside = [role for role in Role if role != Role.NETWORK_MEMBER]
    assert offered("delegate") == {str(health.profile(role).pk) for role in inside}


@pytest.mark.parametrize("forged", ["role", "delegator", "delegate"])
def test_forged_choices_are_refused(health, education, forged):
    value = {
        "role": "director",
        "delegator": health.profile(Role.DIRECTOR).pk,
        "delegate": education.profile(Role.EVALUATOR).pk,
    }[forged]
    answer = as_role(health, Role.HEAD_OF_WORK).post(reverse(NEW), form_data(health, **{forged: value}))
    assert answer.status_code == 422
    assert not Delegation.objects.exists()


def test_the_director_hands_over_for_a_head(health):
    answer = as_role(health, Role.DIRECTOR).post(reverse(NEW), form_data(health))
    assert answer.status_code == 302
    assert Delegation.objects.get().granted_by == health.person(Role.DIRECTOR)


@pytest.mark.parametrize("role", [Role.WRITER, Role.EVALUATOR, Role.NETWORK_MEMBER])
def test_others_have_no_such_register(health, role):
    client = as_role(health, role)
    grant(health)
    assert reverse(LIST) not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(reverse(LIST)).status_code == 403
    assert client.get(reverse(NEW)).status_code == 403
    assert client.post(reverse(NEW), form_data(health)).status_code == 403
    assert Delegation.objects.count() == 1


def test_revoking_is_confirmed_and_shown(health):
    delegation = grant(health)
    client = as_role(health, Role.DIRECTOR)
    address = reverse("pr_admin:delegation", args=[delegation.pk])
    page = BeautifulSoup(client.get(address).content, "html.parser")
    assert page.select_one("details form[method=post] button")
    assert client.post(address).status_code == 302
    delegation.refresh_from_db()
    assert delegation.revoked_by == health.person(Role.DIRECTOR)
    assert not BeautifulSoup(client.get(address).content, "html.parser").select_one("details form button.no")
    assert client.post(address).status_code == 403


def test_who_acts_reads_but_does_not_revoke(health):
    delegation = grant(health)
    client = as_role(health, Role.HEAD_OF_SECTION)
    address = reverse("pr_admin:delegation", args=[delegation.pk])
    assert delegation.order_number in client.get(address).content.decode()
    assert client.post(address).status_code == 403
    delegation.refresh_from_db()
    assert delegation.revoked_at is None


def test_another_agency_does_not_see_it(health, education):
    delegation = grant(health)
    client = as_role(education, Role.DIRECTOR)
    for method in (client.get, client.post):
        assert method(reverse("pr_admin:delegation", args=[delegation.pk])).status_code == 404
    assert delegation.delegate.display_name not in client.get(reverse(LIST)).content.decode()
    delegation.refresh_from_db()
    assert delegation.revoked_at is None


def test_a_head_sees_only_what_concerns_them(health):
    grant(health)
    client = as_role(health, Role.HEAD_OF_WORK)
    assert "12/2570" not in client.get(reverse(LIST)).content.decode()
    assert client.get(reverse("pr_admin:delegation", args=[Delegation.objects.get().pk])).status_code == 404


def test_the_administrator_serves_all_agencies(health, education, django_user_model):
    grant(health)
    client = Client(headers={"host": "health.localhost"})
    client.force_login(django_user_model.objects.create_superuser("root-account", password="x"))
    assert "12/2570" in client.get(reverse(LIST)).content.decode()
    assert client.post(reverse(NEW), form_data(education)).status_code == 302
    assert Delegation.objects.filter(agency=education.agency).count() == 1


def test_the_list_needs_few_queries(health, django_assert_max_num_queries):
    client = as_role(health, Role.DIRECTOR)
    client.get(reverse(LIST))
    for number in range(3):
        grant(health, (Role.DIRECTOR, Role.HEAD_OF_WORK, Role.IT_OFFICER)[number], Role.EVALUATOR)
    with django_assert_max_num_queries(40):
        assert client.get(reverse(LIST)).status_code == 200
