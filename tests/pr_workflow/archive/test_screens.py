"""The screens of the archive: who sees and does what, through the admin (R49, I5)."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pr_workflow.archive import keeping_views, viewsets
from pr_workflow.archive.disposal import disposal_ask
from pr_workflow.archive.export import document_problems
from pr_workflow.archive.files import stored_path
from pr_workflow.archive.holding import hold_place
from pr_workflow.archive.models import ArchiveRecord, DisposalRequest, LegalHold
from pr_workflow.archive.services import archive_due
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import Role
from tests.factories.office import live, make_office, verify
from tests.pr_workflow.archive.conftest import AFTER_TEN_YEARS, CHECKED, LATER

pytestmark = pytest.mark.django_db
REGISTER = "/admin/pr_workflow/archiverecord/"


@pytest.fixture
def ten_years_later(monkeypatch):
    """The screens ask for the time of day; it is ten years after the archiving."""
    for module in (keeping_views, viewsets):
        monkeypatch.setattr(module.timezone, "now", lambda: AFTER_TEN_YEARS)


def addresses(record) -> list[str]:
    digest = record.files[0]["sha256"]
    below = ("dossier.pdf", "request-form.pdf", "record.json", "hold/", "disposal/", f"kept/{digest}/")
    return [f"{REGISTER}inspect/{record.pk}/", *(f"/admin/pr/archive/{record.pk}/{name}" for name in below)]


def test_another_agency_finds_nothing_and_network_members_are_refused(record, office, client):
    client.force_login(make_office("spp").person(Role.DIRECTOR))
    assert [client.get(address).status_code for address in addresses(record)] == [404] * 7
    client.force_login(office.person(Role.NETWORK_MEMBER))
    assert {client.get(address).status_code for address in addresses(record)} == {403}


def test_holds_and_requests_of_another_agency_do_not_exist(record, office, client):
    hold = hold_place(actor=office.person(Role.DIRECTOR), record=record, reason="คดีหมายเลขดำ 7/2570", now=LATER)
    LegalHold.objects.filter(pk=hold.pk).update(lifted_at=LATER, lifted_by=office.person(Role.DIRECTOR))
    request = disposal_ask(actor=office.it_officer, record=record, reason="ครบอายุการเก็บ", now=AFTER_TEN_YEARS)
    client.force_login(make_office("spp").person(Role.DIRECTOR))
    assert client.get(f"/admin/pr/archive/holds/{hold.pk}/lift/").status_code == 404
    assert client.get(f"/admin/pr/archive/disposals/{request.pk}/").status_code == 404
    assert client.post(f"/admin/pr/archive/disposals/{request.pk}/", {"decision": "confirm"}).status_code == 404
    assert record.title not in client.get("/admin/pr/archive/disposals/").content.decode()
    assert ArchiveRecord.objects.exists()


def test_the_director_holds_and_frees_a_record(record, office, client):
    client.force_login(office.person(Role.DIRECTOR))
    address = f"/admin/pr/archive/{record.pk}/hold/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "คดีหมายเลขดำ 1/2570"}).status_code == 302
    assert "คดีหมายเลขดำ 1/2570" in client.get(f"{REGISTER}inspect/{record.pk}/").content.decode()
    hold = LegalHold.objects.get()
    (row,) = client.get(REGISTER).context["object_list"]
    assert row.held
    assert client.post(f"/admin/pr/archive/holds/{hold.pk}/lift/", {"reason": "คดีถึงที่สุดแล้ว"}).status_code == 302
    assert not LegalHold.objects.standing().exists()


def test_an_it_officer_is_refused_a_hold_and_the_log_says_so(record, office, client):
    client.force_login(office.it_officer)
    assert client.post(f"/admin/pr/archive/{record.pk}/hold/", {"reason": "คดีหมายเลขดำ 7/2570"}).status_code == 403
    assert not LegalHold.objects.exists()
    assert AuditEntry.objects.filter(verb="refused").exists()


def test_a_disposal_goes_over_two_desks(record, office, client, ten_years_later):
    client.force_login(office.it_officer)
    address = f"/admin/pr/archive/{record.pk}/disposal/"
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "บัญชีทำลายที่ 1/2580"}).status_code == 302
    request = DisposalRequest.objects.get()
    decide = f"/admin/pr/archive/disposals/{request.pk}/"
    assert client.post(decide, {"decision": "confirm"}).status_code == 403
    client.force_login(office.person(Role.DIRECTOR))
    assert decide in client.get("/admin/").content.decode()
    assert "บัญชีทำลายที่ 1/2580" in client.get(decide).content.decode()
    missing = client.post(decide, {"decision": "refuse", "comment": ""})
    assert missing.status_code == 422
    assert client.post(decide, {"comment": "ไม่ได้เลือก"}).status_code == 422
    assert client.post(decide, {"decision": "confirm", "comment": ""}).status_code == 302
    assert not ArchiveRecord.objects.exists()
    assert record.record_hash in client.get("/admin/pr/archive/disposals/").content.decode()
    assert is_told_that_it_is_decided(client, decide)


def is_told_that_it_is_decided(client, address) -> bool:
    """A second click changes nothing, and says why; one row in the log for each attempt."""
    acts = AuditEntry.objects.exclude(verb="refused")
    before, refused = acts.count(), AuditEntry.objects.filter(verb="refused").count()
    for form in ({"decision": "confirm"}, {"decision": "refuse", "comment": "ยังใช้อ้างอิงอยู่"}):
        answer = client.post(address, form)
        assert (answer.status_code, "คำขอนี้พิจารณาไปแล้ว" in answer.content.decode()) == (403, True)
    assert acts.count() == before
    assert AuditEntry.objects.filter(verb="refused").count() == refused + 2
    shown = client.get(address)
    return shown.status_code == 403 and "คำขอนี้พิจารณาไปแล้ว" in shown.content.decode()


def test_a_second_click_on_a_kept_record_is_told_so(record, office, client, ten_years_later):
    request = disposal_ask(actor=office.it_officer, record=record, reason="ครบอายุการเก็บ", now=AFTER_TEN_YEARS)
    decide = f"/admin/pr/archive/disposals/{request.pk}/"
    client.force_login(office.person(Role.DIRECTOR))
    assert client.post(decide, {"decision": "refuse", "comment": "ยังใช้อ้างอิงอยู่"}).status_code == 302
    assert is_told_that_it_is_decided(client, decide)
    assert ArchiveRecord.objects.get() == record
    client.force_login(office.writer)
    other = client.post(decide, {"decision": "confirm"})
    assert (other.status_code, "คำขอนี้พิจารณาไปแล้ว" in other.content.decode()) == (403, False)
    client.force_login(make_office("spp").person(Role.DIRECTOR))
    assert client.post(decide, {"decision": "confirm"}).status_code == 404


def test_too_early_the_form_says_why_and_the_service_refuses(record, office, client):
    client.force_login(office.it_officer)
    address = f"/admin/pr/archive/{record.pk}/disposal/"
    page = client.get(address).content.decode()
    assert "<textarea" not in page.split("pr-screen")[1]
    assert client.post(address, {"reason": "ขอทำลายก่อนเวลา"}).status_code == 403
    assert not DisposalRequest.objects.exists()


def test_the_export_can_be_checked_without_the_system(record, office, client, tmp_path):
    client.force_login(office.person(Role.DIRECTOR))
    answer = client.get(f"/admin/pr/archive/{record.pk}/record.json")
    assert answer["Content-Disposition"].startswith("attachment")
    document = json.loads(answer.content)
    assert document_problems(document) == []
    assert document["record"]["history"]["item"]["title"] == record.title
    document["record"]["title"] = "อื่น"
    assert document_problems(document) == ["record"]
    for broken in ([], None, {"schema": "x"}, {**document, "format": 99}, {**document, "record": []}):
        assert document_problems(broken) == ["schema"]
    path = tmp_path / "record.json"
    path.write_bytes(answer.content)
    call_command("verify_archive", "--export", str(path), stdout=StringIO())
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("verify_archive", "--export", str(path), stdout=StringIO())


def test_verify_archive_names_what_is_broken(record):
    out = StringIO()
    call_command("verify_archive", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"checked": 1, "broken": []}
    stored_path(record.files[0]["sha256"]).unlink()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_archive", "--json", "--agency", record.agency.code, stdout=out)
    (row,) = json.loads(out.getvalue())["broken"]
    assert row == {"record": str(record.uuid), "title": record.title, "problems": [record.files[0]["name"]]}


def test_kept_files_are_downloads_and_snapshots_run_nothing(record, office, client):
    client.force_login(office.person(Role.EVALUATOR))
    entry = record.files[0]
    answer = client.get(f"/admin/pr/archive/{record.pk}/kept/{entry['sha256']}/")
    assert answer.content == stored_path(entry["sha256"]).read_bytes()
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get(f"/admin/pr/archive/{record.pk}/kept/{'0' * 64}/").status_code == 404


def test_the_register_shows_what_waits_and_costs_the_same_for_many(office, client, django_assert_max_num_queries):
    director = office.person(Role.DIRECTOR)
    client.force_login(director)
    first = live(office, title="ข่าวที่หนึ่ง")
    verify(office, first, now=CHECKED)
    assert "ข่าวที่หนึ่ง" in client.get(REGISTER).content.decode()
    archive_due(now=LATER)
    client.get(REGISTER)
    with django_assert_max_num_queries(45) as few:
        client.get(REGISTER)
    for number in range(2):
        verify(office, live(office, title=f"ข่าวเพิ่ม {number}"), now=CHECKED)
    archive_due(now=LATER)
    with django_assert_max_num_queries(len(few.captured_queries)):
        page = client.get(REGISTER).content.decode()
    assert "ข่าวเพิ่ม 1" in page


def test_the_register_finds_by_year_type_words_and_activity(record, office, client):
    client.force_login(office.person(Role.DIRECTOR))
    assert list(client.get(REGISTER, {"q": record.content["revision"]["lead"][:10]}).context["object_list"]) == [record]
    assert list(client.get(REGISTER, {"fiscal_year_be": record.fiscal_year_be}).context["object_list"]) == [record]
    assert not client.get(REGISTER, {"q": "ไม่มีคำนี้"}).context["object_list"]


def test_the_dossier_page_asks_a_bounded_number_of_queries(record, office, client, django_assert_max_num_queries):
    client.force_login(office.person(Role.DIRECTOR))
    address = f"{REGISTER}inspect/{record.pk}/"
    client.get(address)
    with django_assert_max_num_queries(45):
        assert client.get(address).status_code == 200


# -- a repeated submit, a reason that is none, a form for nobody

CASE = "คดีหมายเลขดำ 1/2570"


def test_a_double_click_or_a_reload_holds_once(record, office, client):
    client.force_login(office.person(Role.DIRECTOR))
    address = f"/admin/pr/archive/{record.pk}/hold/"
    for reason in (CASE, CASE, f"  {CASE} "):
        assert client.post(address, {"reason": reason}).status_code == 302
    hold = LegalHold.objects.get()
    assert AuditEntry.objects.filter(verb="hold_place").count() == 1
    assert client.post(address, {"reason": "สตง. ขอตรวจสอบเอกสาร"}).status_code == 302
    assert LegalHold.objects.standing().count() == 2, "another ground is another hold"
    lift = f"/admin/pr/archive/holds/{hold.pk}/lift/"
    for _click in range(2):
        assert client.post(lift, {"reason": "คดีถึงที่สุดแล้ว"}).status_code == 302
    assert AuditEntry.objects.filter(verb="hold_lift").count() == 1
    assert client.post(lift, {"reason": "เหตุผลอื่นที่มาภายหลัง"}).status_code == 403
    hold.refresh_from_db()
    assert hold.lifting_reason == "คดีถึงที่สุดแล้ว"
    assert client.post(address, {"reason": CASE}).status_code == 302
    assert LegalHold.objects.standing().count() == 2, "a lifted hold does not stand in the way of a new one"


def test_a_double_click_asks_for_one_disposal(record, office, client, ten_years_later):
    client.force_login(office.it_officer)
    address = f"/admin/pr/archive/{record.pk}/disposal/"
    for _click in range(2):
        assert client.post(address, {"reason": "บัญชีทำลายที่ 1/2580"}).status_code == 302
    assert DisposalRequest.objects.count() == 1
    assert AuditEntry.objects.filter(verb="disposal_ask").count() == 1
    assert client.post(address, {"reason": "บัญชีทำลายที่ 2/2580"}).status_code == 403


@pytest.mark.parametrize("reason", ["", " \n ", "ก", "คดี", "x" * 60, "1 1 1 1 1 1 1 1", ".........."])
def test_what_says_nothing_is_no_reason(record, office, client, reason, ten_years_later):
    client.force_login(office.person(Role.DIRECTOR))
    for address in (f"/admin/pr/archive/{record.pk}/hold/", f"/admin/pr/archive/{record.pk}/disposal/"):
        answer = client.post(address, {"reason": reason})
        assert answer.status_code == 422, address
        assert answer.context["form"].errors["reason"]
        assert reason.strip() in answer.content.decode()
    assert not LegalHold.objects.exists()
    assert not DisposalRequest.objects.exists()


def test_forms_are_shown_only_to_who_may_send_them(record, office, client, ten_years_later):
    hold = hold_place(actor=office.person(Role.DIRECTOR), record=record, reason=CASE, now=LATER)
    forms = {
        f"/admin/pr/archive/{record.pk}/hold/": {Role.DIRECTOR},
        f"/admin/pr/archive/holds/{hold.pk}/lift/": {Role.DIRECTOR},
        f"/admin/pr/archive/{record.pk}/disposal/": set(),
    }
    readers = (Role.WRITER, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.DIRECTOR, Role.IT_OFFICER, Role.EVALUATOR)
    for role in readers:
        client.force_login(office.person(role))
        for address, allowed in forms.items():
            page = client.get(address)
            assert page.status_code == 200, (role, address)
            assert ('name="reason"' in page.content.decode()) is (role in allowed), (role, address)
            assert bool(page.context["refusal"]) is (role not in allowed), (role, address)
            if role not in allowed:
                assert client.post(address, {"reason": "ข้อความที่ยาวพอสมควร"}).status_code == 403, (role, address)
        dossier = client.get(f"{REGISTER}inspect/{record.pk}/").content.decode()
        assert CASE in dossier, role
        assert (f"/admin/pr/archive/holds/{hold.pk}/lift/" in dossier) is (role is Role.DIRECTOR), role
    assert LegalHold.objects.standing().get() == hold


def test_a_disposal_under_way_offers_no_second_form_and_no_decision_to_others(record, office, client, ten_years_later):
    request = disposal_ask(actor=office.it_officer, record=record, reason="ครบอายุการเก็บ", now=AFTER_TEN_YEARS)
    decide = f"/admin/pr/archive/disposals/{request.pk}/"
    for role, decides in ((Role.WRITER, False), (Role.IT_OFFICER, False), (Role.DIRECTOR, True)):
        client.force_login(office.person(role))
        listed = client.get("/admin/pr/archive/disposals/").content.decode()
        assert "ครบอายุการเก็บ" in listed
        assert (decide in listed) is decides, role
        assert 'name="reason"' not in client.get(f"/admin/pr/archive/{record.pk}/disposal/").content.decode()
