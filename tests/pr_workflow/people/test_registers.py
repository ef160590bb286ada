"""The registers of people in the admin: one's own agency only, nothing deleted, every save in the log (I4, I5)."""

from itertools import product

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.test import Client

from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import Agency, StaffProfile
from pr_workflow.people.network import NetworkContact
from pr_workflow.people.roles import Role
from tests.factories.office import add_person

pytestmark = pytest.mark.django_db


def grant(user, *codenames: str):
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


@pytest.fixture
def editor(health):
    """A PR officer who was given the contacts and the directory by hand."""
    grant(
        health.writer,
        *(f"{act}_{model}" for act in ("add", "change", "view") for model in ("networkcontact", "staffprofile")),
        *("view_workinggroup", "change_workinggroup", "view_agency", "change_agency", "link_account"),
    )
    client = Client(headers={"host": "health.localhost"})
    client.force_login(health.writer)
    return client


def contact(office, name="สำนักข่าวตัวอย่าง") -> NetworkContact:
    return NetworkContact.objects.create(agency=office.agency, organisation=name, consent_basis="ให้ข้อมูลเอง")


CONTACT = {"organisation": "สถานีวิทยุใหม่", "consent_basis": "ให้ข้อมูลเอง", "active": "on", "email": "a@example.go.th"}


def test_the_list_shows_the_own_agency_only(editor, health, education):
    contact(health, "ของเรา")
    contact(education, "ของเขา")
    page = editor.get("/admin/pr_workflow/contacts/").content.decode()
    assert "ของเรา" in page
    assert "ของเขา" not in page


@pytest.mark.parametrize("address", ["edit", "history"])
def test_a_row_of_another_agency_cannot_be_opened(editor, education, address):
    row = contact(education)
    answer = editor.get(f"/admin/pr_workflow/contacts/{address}/{row.pk}/")
    assert answer.status_code in (403, 404)
    assert "สำนักข่าวตัวอย่าง" not in answer.content.decode()


def test_a_row_of_another_agency_cannot_be_changed(editor, education):
    row = contact(education)
    answer = editor.post(f"/admin/pr_workflow/contacts/edit/{row.pk}/", CONTACT)
    assert answer.status_code in (403, 404)
    row.refresh_from_db()
    assert row.organisation == "สำนักข่าวตัวอย่าง"


def test_a_new_row_belongs_to_the_own_agency_whatever_is_sent(editor, health, education):
    answer = editor.post("/admin/pr_workflow/contacts/new/", {**CONTACT, "agency": education.agency.pk})
    assert answer.status_code == 302
    assert NetworkContact.objects.get(organisation="สถานีวิทยุใหม่").agency == health.agency


def test_a_save_is_logged_with_the_names_of_fields_and_no_values(editor, health):
    row = contact(health)
    assert editor.post(f"/admin/pr_workflow/contacts/edit/{row.pk}/", CONTACT).status_code == 302
    entry = AuditEntry.objects.get(verb="networkcontact_save")
    assert entry.actor_id_text == str(health.writer.pk)
    assert entry.data == {"changed": ["email", "organisation"]}


def test_a_contact_needs_its_lawful_basis(editor):
    answer = editor.post("/admin/pr_workflow/contacts/new/", {**CONTACT, "consent_basis": ""})
    assert answer.status_code == 200
    assert not NetworkContact.objects.exists()


def test_nothing_is_deleted(editor, health):
    row = contact(health)
    for address in (f"/admin/pr_workflow/contacts/delete/{row.pk}/", f"/admin/pr_workflow/staff/delete/{row.pk}/"):
        assert editor.post(address).status_code == 404
    assert NetworkContact.objects.filter(pk=row.pk).exists()


def test_a_person_of_another_agency_cannot_be_pulled_over(editor, health, education):
    """An account has one place; taking another agency's account would take its rights along."""
    stranger = education.writer
    profile = health.profile(Role.EVALUATOR)
    data = {"display_name": profile.display_name, "position": "x", "user": stranger.pk, "active": "on"}
    answer = editor.post(f"/admin/pr_workflow/staff/edit/{profile.pk}/", data)
    assert answer.status_code == 200
    profile.refresh_from_db()
    assert profile.user_id != stranger.pk
    assert stranger.staff_profile.agency == education.agency


def test_units_of_another_agency_are_not_offered(editor, health, education):
    profile = health.profile(Role.EVALUATOR)
    page = editor.get(f"/admin/pr_workflow/staff/edit/{profile.pk}/").content.decode()
    offered = [option["value"] for option in BeautifulSoup(page, "html.parser").select("select[name=unit] option")]
    assert offered == ["", str(health.agency.units.get().pk)]
    assert education.agency.units.exists()


def test_a_new_colleague_can_be_given_a_place(editor, health, django_user_model):
    newcomer = django_user_model.objects.create_user("newcomer")
    data = {"display_name": "นายใหม่", "position": "เจ้าหน้าที่", "user": newcomer.pk, "active": "on"}
    assert editor.post("/admin/pr_workflow/staff/new/", data).status_code == 302
    assert StaffProfile.objects.get(user=newcomer).agency == health.agency


def test_one_agency_sees_itself_and_founds_no_other(editor, health, education):
    grant(health.writer, "add_agency")
    page = editor.get("/admin/pr_workflow/agencies/").content.decode()
    assert health.agency.name in page
    assert education.agency.name not in page
    assert editor.get(f"/admin/pr_workflow/agencies/edit/{health.agency.pk}/").status_code == 200
    assert editor.get(f"/admin/pr_workflow/agencies/edit/{education.agency.pk}/").status_code in (403, 404)
    assert editor.get("/admin/pr_workflow/agencies/new/").status_code == 403
    assert Agency.objects.count() == 2


def test_the_administrator_sees_all_agencies(health, education, django_user_model):
    client = Client(headers={"host": "health.localhost"})
    client.force_login(django_user_model.objects.create_superuser("root-account", password="x"))
    page = client.get("/admin/pr_workflow/agencies/").content.decode()
    assert health.agency.name in page
    assert education.agency.name in page
    assert client.get("/admin/pr_workflow/agencies/new/").status_code == 200


@pytest.mark.parametrize(
    ("register", "role"),
    [
        *product(["contacts", "agencies"], [Role.WRITER, Role.DIRECTOR, Role.NETWORK_MEMBER]),
        *product(["staff", "units"], [Role.EVALUATOR, Role.NETWORK_MEMBER]),
        ("working-groups", Role.NETWORK_MEMBER),
    ],
)
def test_without_the_permission_a_register_is_closed(health, register, role):
    client = Client(headers={"host": "health.localhost"})
    client.force_login(health.person(role))
    answer = client.get(f"/admin/pr_workflow/{register}/", follow=False)
    assert answer.status_code in (302, 403)
    add_person(health, Role.WRITER, name="one-more")
    assert "one-more" not in answer.content.decode()
