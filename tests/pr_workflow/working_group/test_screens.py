"""The screens of a working group: draft, members, appointment, reading; one's own agency only (R01, I5)."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from evaluation.services import weekly_report_build
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.working_group.models import MemberRole, WorkingGroup
from tests.factories.office import MORNING, make_administrator, make_document
from tests.factories.working_groups import FIRST, appointed, draft

NEW = "/admin/pr_workflow/working-groups/new/"
LIST = "/admin/pr_workflow/working-groups/"


@pytest.fixture(autouse=True)
def morning(time_machine):
    time_machine.move_to(MORNING, tick=False)


def client_of(office, role) -> Client:
    client = Client(headers={"host": office.agency.site.hostname})
    client.force_login(office.person(role))
    return client


def screen(group) -> str:
    return reverse("pr_admin:working_group", args=[group.pk])


def form(office, seats, **fields) -> dict:
    data = {
        "title": "คณะทำงานประชาสัมพันธ์",
        "kind": "pr",
        "order_number": "12/2570",
        "order_date": "16/11/2569",
        "starts_on": "16/11/2569",
        "ends_on": "30/9/2570",
        "members-TOTAL_FORMS": len(seats),
        "members-INITIAL_FORMS": 0,
        "members-MIN_NUM_FORMS": 0,
        "members-MAX_NUM_FORMS": 1000,
    }
    for number, (staff, role) in enumerate(seats):
        line = {"staff": staff.pk, "role": role, "ORDER": number + 1, "id": "", "DELETE": ""}
        data |= {f"members-{number}-{name}": value for name, value in line.items()}
    return {**data, **fields}


def seats_of(office):
    return [(office.profile(Role.DIRECTOR), MemberRole.CHAIR), (office.profile(Role.WRITER), MemberRole.SECRETARY)]


def sentences(answer) -> str:
    assert answer.status_code == 200
    assert not WorkingGroup.objects.exists()
    return BeautifulSoup(answer.content, "html.parser").get_text(" ")


def test_an_officer_drafts_and_the_director_appoints(health):
    officer, director = client_of(health, Role.WRITER), client_of(health, Role.DIRECTOR)
    assert officer.post(NEW, form(health, seats_of(health))).status_code == 302
    group = WorkingGroup.objects.get()
    assert (group.agency, group.starts_on, group.drafted_by) == (health.agency, FIRST, health.writer)
    assert [seat.role for seat in group.members.all()] == ["chair", "secretary"]
    assert screen(group) in director.get("/admin/").content.decode()
    assert officer.post(screen(group), {"act": "appoint"}).status_code == 403
    assert director.post(screen(group), {"act": "appoint"}).status_code == 302
    group.refresh_from_db()
    assert group.appointed_by == health.person(Role.DIRECTOR)
    assert screen(group) not in director.get("/admin/").content.decode()
    edit = officer.post(f"{LIST}edit/{group.pk}/", form(health, seats_of(health), title="อื่น"))
    assert (edit.status_code, edit["Location"]) == (302, screen(group))
    group.refresh_from_db()
    assert group.title == "คณะทำงานประชาสัมพันธ์"


def test_the_form_refuses_in_sentences_and_saves_nothing(health, education):
    officer = client_of(health, Role.WRITER)
    chair, secretary = seats_of(health)
    twice = sentences(officer.post(NEW, form(health, [chair, secretary, secretary])))
    assert secretary[0].display_name in twice
    sentences(officer.post(NEW, form(health, [chair, (secretary[0], MemberRole.CHAIR)])))
    sentences(officer.post(NEW, form(health, [chair], ends_on="1/1/2569")))
    sentences(officer.post(NEW, form(health, [(education.profile(Role.WRITER), MemberRole.CHAIR)])))
    StaffProfile.objects.filter(pk=chair[0].pk).update(ends_on=FIRST)
    sentences(officer.post(NEW, form(health, [chair, secretary])))
    StaffProfile.objects.filter(pk=chair[0].pk).update(ends_on=None)
    sentences(officer.post(NEW, form(health, [chair], scan=make_document(education).pk)))


def test_an_order_number_stands_once_in_an_agency(health, education):
    appointed(education, order_number="12/2570")
    officer = client_of(health, Role.WRITER)
    assert officer.post(NEW, form(health, seats_of(health))).status_code == 302
    assert officer.post(NEW, form(health, seats_of(health))).status_code == 200
    assert WorkingGroup.objects.filter(agency=health.agency).count() == 1


def test_a_refused_appointment_says_every_reason_and_changes_nothing(health):
    group = draft(health, seats=[], order_number="")
    answer = client_of(health, Role.DIRECTOR).post(screen(group), {"act": "appoint"})
    assert answer.status_code == 422
    assert len(BeautifulSoup(answer.content, "html.parser").select(".help-critical li")) == 2
    group.refresh_from_db()
    assert group.is_draft
    assert not AuditEntry.objects.filter(verb="working_group_appoint").exists()


@pytest.mark.parametrize(
    "days",
    [
        {"starts_on": FIRST - timedelta(days=40), "ends_on": FIRST - timedelta(days=1)},
        {"order_date": FIRST + timedelta(days=9)},
        {"order_date": date(1957, 1, 1)},
        {"ends_on": date(9999, 12, 31)},
    ],
)
def test_an_order_at_the_wrong_time_appoints_nobody(health, days):
    group = draft(health, **days)
    answer = client_of(health, Role.DIRECTOR).post(screen(group), {"act": "appoint"})
    assert answer.status_code == 422
    assert len(BeautifulSoup(answer.content, "html.parser").select(".help-critical li")) == 1
    group.refresh_from_db()
    assert group.is_draft


def test_other_agencies_and_people_of_no_office_see_nothing(health, education):
    group = appointed(health)
    for role in (Role.WRITER, Role.DIRECTOR):
        client = client_of(education, role)
        assert client.get(screen(group)).status_code in (403, 404)
        assert client.post(screen(group), {"act": "end", "ends_on": "1/12/2569", "reason": "x"}).status_code in (
            403,
            404,
        )
        assert client.get(f"{LIST}edit/{group.pk}/").status_code in (403, 404)
        assert "คณะทำงานประชาสัมพันธ์" not in client.get(LIST).content.decode()
    assert client_of(health, Role.NETWORK_MEMBER).get(screen(group)).status_code == 403
    assert client_of(health, Role.IT_OFFICER).get(screen(group)).status_code == 403
    group.refresh_from_db()
    assert group.end_reason == ""


def test_a_member_without_the_register_reads_their_own_group(health):
    group = appointed(health, seats=[(Role.DIRECTOR, MemberRole.CHAIR), (Role.IT_OFFICER, MemberRole.MEMBER)])
    page = client_of(health, Role.IT_OFFICER).get(screen(group))
    assert page.status_code == 200
    assert not BeautifulSoup(page.content, "html.parser").select("button[name=act]")


def test_the_director_ends_a_term_on_the_screen(health):
    group = appointed(health)
    director = client_of(health, Role.DIRECTOR)
    assert director.post(screen(group), {"act": "end", "ends_on": "1/1/2500", "reason": ""}).status_code == 422
    data = {"act": "end", "ends_on": "30/11/2569", "reason": "คำสั่งที่ 20/2570"}
    assert director.post(screen(group), data).status_code == 302
    group.refresh_from_db()
    assert group.end_reason == "คำสั่งที่ 20/2570"


def test_nothing_is_done_without_a_known_act(health):
    group = draft(health)
    assert client_of(health, Role.DIRECTOR).post(screen(group), {"act": "delete"}).status_code == 422
    assert client_of(health, Role.WRITER).post(f"{LIST}delete/{group.pk}/").status_code == 404
    group.refresh_from_db()
    assert group.is_draft


def test_the_weekly_report_names_its_signers(health):
    appointed(health)
    report = weekly_report_build(actor=None, agency=health.agency, week_start=FIRST, now=MORNING)
    page = client_of(health, Role.DIRECTOR).get(
        reverse("pr_evaluation_weeklyreport_modeladmin_inspect", args=[report.pk])
    )
    signers = BeautifulSoup(page.content, "html.parser").select(".pr-signers li")
    assert len(signers) == 3
    assert health.profile(Role.DIRECTOR).display_name in signers[0].get_text()


@pytest.mark.parametrize("number", [3, 30])
def test_the_register_costs_the_same_at_any_size(health, number, django_assert_max_num_queries):
    for count in range(number):
        draft(health, order_number=f"{count}/2570")
    client = client_of(health, Role.WRITER)
    client.get(LIST)
    with django_assert_max_num_queries(40):
        assert client.get(LIST).status_code == 200


def test_an_administrator_appoints_no_group_and_ends_none(health):
    group, running = draft(health), appointed(health, kind="special", title="คณะทำงานเฉพาะกิจ", order_number="99/2570")
    client = Client(headers={"host": health.agency.site.hostname})
    client.force_login(make_administrator())
    assert client.post(screen(group), {"act": "appoint"}).status_code == 403
    form = {"act": "end", "ends_on": "1/12/2569", "reason": "ตามคำสั่งที่ 20/2570"}
    assert client.post(screen(running), form).status_code == 403
    group.refresh_from_db()
    running.refresh_from_db()
    assert (group.is_draft, running.end_reason) == (True, "")
