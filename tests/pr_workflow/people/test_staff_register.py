"""The register of people: kept by officers and heads, its filters, its sheet, its score, its warnings (R04, R10)."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from home.models import User
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.panels import it_skill_warning
from pr_workflow.people.roles import Role
from pr_workflow.people.services import delegation_grant
from pr_workflow.people.staff_viewset import KEPT_BY_SIGNERS
from pr_workflow.plan.models import PlanActivity
from tests.factories.office import make_draft, make_image
from tests.factories.plans import plan_row
from tests.factories.staff import listed, many, unit_of

REGISTER = "/admin/pr_workflow/staff/"


def client_of(office, role) -> Client:
    client = Client(headers={"host": office.agency.site.hostname})
    client.force_login(office.person(role))
    return client


@pytest.fixture
def officer(health) -> Client:
    return client_of(health, Role.WRITER)


def entry(office, **fields) -> dict:
    values = {
        "display_name": "นางสาวใหม่ มาดี",
        "position": "เจ้าหน้าที่ประชาสัมพันธ์",
        "unit": unit_of(office).pk,
        "work_phone": "0 2000 0000 ต่อ 9",
        "work_email": "new@example.go.th",
        "skills": ["writing", "photo"],
        "it_skill": "on",
        "starts_on": "1/10/2569",
        "active": "on",
        "listed": "on",
        "directory_order": "0",
    }
    return {**values, **fields}


def errors(answer) -> dict:
    assert answer.status_code == 200
    return answer.context["form"].errors


@pytest.mark.parametrize("role", [Role.WRITER, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.DIRECTOR])
def test_officers_and_heads_keep_the_directory(health, role):
    client = client_of(health, role)
    assert client.post(f"{REGISTER}new/", entry(health)).status_code == 302
    person = StaffProfile.objects.get(display_name="นางสาวใหม่ มาดี")
    assert (person.agency, person.starts_on, person.skills) == (health.agency, date(2026, 10, 1), ["writing", "photo"])
    assert client.post(f"{REGISTER}edit/{person.pk}/", entry(health, ends_on="30/9/2570")).status_code == 302
    person.refresh_from_db()
    assert person.ends_on == date(2027, 9, 30)
    entries = AuditEntry.objects.filter(verb="staffprofile_save")
    assert sorted(entries[0].data["changed"]) == ["ends_on"]
    assert entries[0].data["values"] == {"ends_on": {"old": None, "new": "2027-09-30"}}
    assert "photo_alt" not in str(list(entries.values_list("data__values", flat=True)))


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.NETWORK_MEMBER])
def test_others_do_not(health, role):
    person = listed(health)
    client = client_of(health, role)
    for address in (REGISTER, f"{REGISTER}new/", f"{REGISTER}edit/{person.pk}/", f"{REGISTER}?export=csv"):
        assert client.get(address).status_code in (302, 403)
    assert client.post(f"{REGISTER}new/", entry(health)).status_code in (302, 403)
    assert not StaffProfile.objects.filter(display_name="นางสาวใหม่ มาดี").exists()


def test_an_officer_links_no_account(health, officer):
    person = health.profile(Role.DIRECTOR)
    before = person.user_id
    data = entry(health, display_name=person.display_name, user="")
    assert officer.post(f"{REGISTER}edit/{person.pk}/", data).status_code == 302
    person.refresh_from_db()
    assert person.user_id == before


OFFICE = ("display_name", "position", "starts_on", "ends_on", "active")


def forged(office, person) -> dict:
    """What a browser sends that knows nothing of closed fields: another name, another position, out of office."""
    data = entry(office, display_name="นายอื่น ไกล", position="ลูกจ้าง", starts_on="1/10/2568", ends_on="1/11/2568")
    data.pop("active")
    return {**data, "unit": person.unit_id or "", "work_phone": "0 2000 0000 ต่อ 77"}


def facts(person) -> dict:
    return StaffProfile.objects.filter(pk=person.pk).values(*OFFICE).get()


@pytest.mark.parametrize("role", [Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.DIRECTOR, Role.IT_OFFICER])
def test_an_officer_decides_nothing_about_those_who_sign_or_post(health, officer, role):
    person = health.profile(role)
    before = facts(person)
    address = f"{REGISTER}edit/{person.pk}/"
    assert officer.post(address, forged(health, person)).status_code == 302
    assert facts(person) == before
    person.refresh_from_db()
    assert person.work_phone == "0 2000 0000 ต่อ 77"  # the rest of the entry is still the officer's work
    assert not set(AuditEntry.objects.get(verb="staffprofile_save").data["changed"]) & set(OFFICE)
    page = BeautifulSoup(officer.get(address).content, "html.parser")
    assert all(page.find(attrs={"name": name}).has_attr("disabled") for name in OFFICE)
    assert str(KEPT_BY_SIGNERS) in page.get_text()
    assert not page.find(attrs={"name": "work_phone"}).has_attr("disabled")


def test_who_acts_for_the_director_is_kept_as_the_director_is(health, officer):
    acting = health.profile(Role.EVALUATOR)
    today = timezone.localdate()
    giver = health.profile(Role.DIRECTOR)
    period = {"starts_on": today, "ends_on": today + timedelta(days=3), "now": timezone.now()}
    delegation_grant(
        actor=giver.user, delegator=giver, delegate=acting, role=Role.DIRECTOR, order_number="9/2570", **period
    )
    before = facts(acting)
    assert officer.post(f"{REGISTER}edit/{acting.pk}/", forged(health, acting)).status_code == 302
    assert facts(acting) == before


def test_an_officer_still_keeps_who_neither_signs_nor_posts(health, officer):
    person = health.profile(Role.EVALUATOR)
    assert officer.post(f"{REGISTER}edit/{person.pk}/", forged(health, person)).status_code == 302
    assert facts(person)["display_name"] == "นายอื่น ไกล"
    assert not facts(person)["active"]


@pytest.mark.parametrize("role", [Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.DIRECTOR, None])
def test_who_signs_and_the_administrator_change_it_and_the_log_keeps_both_values(health, admin_user, role):
    person = health.profile(Role.IT_OFFICER)
    client = client_of(health, role) if role else Client(headers={"host": health.agency.site.hostname})
    if role is None:
        client.force_login(admin_user)
    old = person.position
    more = {} if role else {"agency": health.agency.pk, "user": person.user_id}
    answer = client.post(f"{REGISTER}edit/{person.pk}/", {**forged(health, person), **more})
    assert answer.status_code == 302
    assert facts(person)["position"] == "ลูกจ้าง"
    values = AuditEntry.objects.get(verb="staffprofile_save").data["values"]
    assert values["position"] == {"old": old, "new": "ลูกจ้าง"}
    assert values["active"] == {"old": True, "new": False}
    assert values["ends_on"]["new"] == "2025-11-01"


def test_the_log_says_whose_account_was_exchanged(health, admin_user):
    person, new = health.profile(Role.DIRECTOR), User.objects.create_user("kpr-successor")
    old, client = person.user, Client(headers={"host": health.agency.site.hostname})
    client.force_login(admin_user)
    form = {**entry(health), "agency": health.agency.pk, "user": new.pk}
    assert client.post(f"{REGISTER}edit/{person.pk}/", form).status_code == 302
    values = AuditEntry.objects.get(verb="staffprofile_save").data["values"]
    assert values["user"] == {
        "old": {"id": old.pk, "name": old.username},
        "new": {"id": new.pk, "name": "kpr-successor"},
    }


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("work_phone", "๐๘๔ ๐๐๐ ๐๐๒๑", "โทรศัพท์"),
        ("work_phone", "ถามที่หน้าห้อง", "โทรศัพท์"),
        ("work_phone", "javascript:alert(1)", "โทรศัพท์"),
        ("display_name", "นายลับ 1200088888882", "ชื่อ"),
        ("work_email", "someone@gmail.com", "อีเมล"),
        ("position", "นักวิชาการ มือถือ 084/000/0021", "ตำแหน่ง"),
        ("position", "นักวิชาการ 084 - 000 - 00 21", "ตำแหน่ง"),
        ("position", "นักวิชาการ somchai(at)gmail(dot)com", "ตำแหน่ง"),
        ("position", "นักวิชาการ somchai@gmail,com", "ตำแหน่ง"),
        ("ends_on", "30/9/2027x", ""),
        ("ends_on", "1/9/2569", ""),
    ],
)
def test_a_refusal_names_its_field_keeps_what_was_typed_and_changes_nothing(health, officer, field, value, word):
    answer = officer.post(f"{REGISTER}new/", entry(health, **{field: value}))
    assert list(errors(answer)) == [field]
    shown = BeautifulSoup(answer.content, "html.parser").find(attrs={"name": field})
    assert shown["value"] == value
    assert not StaffProfile.objects.filter(display_name="นางสาวใหม่ มาดี").exists()


@pytest.mark.parametrize(
    "value", ["๐ ๒๐๐๐ ๐๐๐๐ ต่อ ๑๒", "0-2000-0000 ext. 5, 6", "(02) 000 0000", "+66 2 000 0000", "1669"]
)
def test_the_line_of_an_office_is_taken_as_people_write_it(health, officer, value):
    assert officer.post(f"{REGISTER}new/", entry(health, work_phone=value)).status_code == 302


def test_a_picture_of_another_agency_is_refused(health, education, officer):
    stranger = make_image(education)
    answer = officer.post(f"{REGISTER}new/", entry(health, photo=stranger.pk, photo_alt="ภาพ", photo_consent="on"))
    assert "photo" in errors(answer)


def test_the_portrait_is_made_with_the_entry(health, officer):
    photo = make_image(health)
    data = entry(health, photo=photo.pk, photo_alt="ภาพถ่าย", photo_consent="on")
    assert officer.post(f"{REGISTER}new/", data).status_code == 302
    assert photo.renditions.filter(filter_spec="fill-320x400").exists()


def test_the_list_searches_and_filters_in_the_own_agency(health, education, officer):
    today = timezone.localdate()
    listed(health, "คนอยู่", it_skill=True)
    listed(health, "คนออก", ends_on=today)
    listed(health, "คนจะมา", starts_on=today + timedelta(days=5), work_phone="")
    listed(education, "คนของเขา", it_skill=True)

    def found(**params) -> set[str]:
        page = officer.get(REGISTER, params).content.decode()
        return {name for name in ("คนอยู่", "คนออก", "คนจะมา", "คนของเขา") if name in page}

    assert found() == {"คนอยู่", "คนออก", "คนจะมา"}
    assert found(q="คนอ") == {"คนอยู่", "คนออก"}
    assert found(standing="in_office") == {"คนอยู่"}
    assert found(standing="left") == {"คนออก"}
    assert found(standing="coming") == {"คนจะมา"}
    assert found(it_skill="true") == {"คนอยู่"}
    assert found(lacking="work_phone") == {"คนจะมา"}
    assert found(lacking="skills", listed="true") == {"คนอยู่", "คนออก", "คนจะมา"}
    assert found(lacking="password") == {"คนอยู่", "คนออก", "คนจะมา"}  # not a choice: the filter says so and stays open
    assert found(unit=unit_of(education).pk) == {"คนอยู่", "คนออก", "คนจะมา"}


def test_the_score_stands_above_the_list_unit_by_unit(health, education, officer):
    StaffProfile.objects.filter(agency=health.agency).exclude(user=health.writer).update(active=False)
    StaffProfile.objects.filter(user=health.writer).update(unit=None)  # who looks is in office, and in no unit
    listed(health, "ครบ", skills=["data"], starts_on=date(2026, 10, 1))
    listed(health, "ขาด", work_phone="")
    listed(education, "ของเขา", unit=unit_of(education, "งานของเขา"))
    page = BeautifulSoup(officer.get(REGISTER).content, "html.parser")
    row, _nowhere = page.select(".pr-table--score tbody tr")
    text = row.get_text(" ", strip=True)
    assert text.startswith("งานสื่อสารองค์กร 2 75 %")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("+1+cmd|x", "'+1+cmd|x"),
        ("- 1+cmd|x", "'- 1+cmd|x"),
        ("-1*SUM(A1:A9)", "'-1*SUM(A1:A9)"),
        ("+66 2 000-0000", "+66 2 000-0000"),
    ],
)
def test_only_a_whole_telephone_number_may_begin_with_a_sign(health, officer, name, shown):
    listed(health, name)
    content = b"".join(officer.get(REGISTER, {"export": "csv"}).streaming_content)
    assert shown in [row[1] for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))]


def test_the_sheet_holds_the_own_agency_in_words_and_runs_nothing(health, education, officer):
    listed(health, "=HYPERLINK(1)", skills=["writing"], starts_on=date(2026, 10, 1))
    listed(education, "ของเขา")
    answer = officer.get(REGISTER, {"export": "csv", "q": "HYPERLINK"})
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    _heading, row = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert row[1] == "'=HYPERLINK(1)"
    assert "01/10/2569" in row
    assert "ของเขา" not in content.decode()
    sheet = officer.get(REGISTER, {"export": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(sheet.streaming_content))).active.iter_rows())
    cells = [cell for row in rows for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert "=HYPERLINK(1)" in {cell.value for cell in cells}
    assert "ของเขา" not in {cell.value for cell in cells}


@pytest.mark.parametrize("number", [20, 200])
def test_the_list_costs_the_same_at_any_size(health, officer, number, django_assert_max_num_queries):
    many(health, number)
    officer.get(REGISTER)
    with django_assert_max_num_queries(41):
        assert officer.get(REGISTER).status_code == 200


def test_the_editor_of_news_warns_of_an_officer_without_it_skills_and_blocks_nothing(health, officer):
    page = make_draft(health)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    profile = health.profile(Role.WRITER)
    assert it_skill_warning([profile]) in officer.get(edit).content.decode()
    StaffProfile.objects.filter(pk=profile.pk).update(it_skill=True)
    profile.refresh_from_db()
    assert it_skill_warning([profile]) == ""
    assert "help-warning" not in officer.get(edit).content.decode()


def test_the_editor_of_the_plan_names_each_officer_once(health, officer):
    plan = plan_row(health.agency, live=False)
    lacking = health.profile(Role.WRITER)
    for code in ("A", "B"):
        dates = {"start": "2026-10-01", "end": "2026-10-02"}
        PlanActivity.objects.create(plan=plan, code=code, title=code, responsible_officer=lacking, **dates)
    page = officer.get(f"/admin/pr/plan/edit/{plan.pk}/").content.decode()
    assert page.count(it_skill_warning([lacking])) == 1
