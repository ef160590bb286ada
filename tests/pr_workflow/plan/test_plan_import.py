"""Importing a plan through the admin's own screen: shown first, written exactly so, or not at all."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pr_workflow.approval.services import news_submit
from pr_workflow.audit.models import AuditEntry
from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from tests.factories.office import add_person, make_administrator, make_draft, make_office, read_and_approve
from tests.factories.plans import in_force
from tests.factories.tables import HEADINGS, comma_separated, workbook

pytestmark = pytest.mark.django_db
URLS = "wagtailsnippets_pr_workflow_annualplan"


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def plan(office):
    return make_plan(office)


@pytest.fixture
def writer(client, office):
    client.force_login(office.writer)
    return client


def make_plan(office, *codes: str) -> AnnualPlan:
    """A draft with an activity of these codes."""
    plan = AnnualPlan(agency=office.agency, fiscal_year_be=2570, title="แผน 2570", live=False)
    plan.activities = [
        PlanActivity(
            code=code,
            title=f"กิจกรรม {code}",
            start=date(2026, 12, 1),
            end=date(2026, 12, 5),
            target_groups=["public"],
            indicator="จำนวนผู้เข้าร่วม",
            budget_baht=1000,
        )
        for code in codes or ("A1",)
    ]
    plan.save()
    plan.save_revision(user=office.writer)
    return AnnualPlan.objects.get(pk=plan.pk)


def row(
    code="A1", title="กิจกรรม A1", period="1–5 ธ.ค. 2569", groups="ประชาชนทั่วไป", channels="", officer="", budget="1,000"
):
    return [code, title, period, groups, channels, officer, budget]


def upload(client, plan, rows, *, name="แผน.csv", headings=HEADINGS):
    data = rows if isinstance(rows, bytes) else comma_separated([headings, *rows])
    return client.post(reverse(f"{URLS}:import", args=[plan.pk]), {"file": SimpleUploadedFile(name, data)})


def confirm(client, plan, screen, **changes):
    form = {
        "parcel": screen.context["parcel"],
        "table": screen.context["check"].file.sheet.name,
        "shown": screen.context["check"].digest,
        "confirm": "1",
        **changes,
    }
    return client.post(reverse(f"{URLS}:import", args=[plan.pk]), form)


def draft(plan) -> dict[str, PlanActivity]:
    latest = AnnualPlan.objects.get(pk=plan.pk).get_latest_revision_as_object()
    return {activity.code: activity for activity in latest.activities.all()}


def codes(lines) -> list[str]:
    return [line.code for line in lines]


def test_a_file_is_shown_first_and_written_after_the_confirmation(writer, office, plan):
    before = plan.revisions.count()
    screen = upload(writer, plan, [row(), row("A2", "วันสงกรานต์", "13-15 เม.ย. 70", channels="เว็บไซต์, เพจ")])
    check = screen.context["check"]
    assert (codes(check.new), codes(check.changed), codes(check.unchanged)) == (["A2"], [], ["A1"])
    assert plan.revisions.count() == before
    assert confirm(writer, plan, screen).status_code == 302
    lines = draft(plan)
    assert list(lines) == ["A1", "A2"]
    assert (lines["A2"].start, lines["A2"].end) == (date(2027, 4, 13), date(2027, 4, 15))
    assert lines["A2"].channels == ["website", "facebook"]
    assert lines["A1"].indicator == "จำนวนผู้เข้าร่วม"  # no column of the file speaks of it
    revision = plan.revisions.order_by("-pk")[0]
    assert plan.revisions.count() == before + 1
    assert revision.user == office.writer
    entry = AuditEntry.objects.get(verb="plan_import")
    assert entry.actor_id_text == str(office.writer.pk)
    assert entry.data["new"] == ["A2"]
    assert entry.data["revision"] == revision.pk
    assert entry.data["sha256"] == check.file.sha256
    assert (
        not AnnualPlan.objects.get(pk=plan.pk).activities.filter(code="A2").exists()
    )  # a draft, not the plan in force


def test_a_hand_made_workbook_with_everything(writer, office, plan):
    day = ImportantDay.objects.create(name_th="วันล้างมือโลก", rule="fixed:10-15", agency=office.agency)
    officer = office.profile(Role.WRITER)
    rows = [
        ["แผนประชาสัมพันธ์ ประจำปีงบประมาณ พ.ศ. ๒๕๗๐"],
        [],
        ["ที่", "เทศกาล/วันสำคัญ", "ชื่อโครงการ", "เป้าหมาย", "ผู้รับสาร", "ห้วงเวลาดำเนินการ", None, None, "ผู้รับผิดชอบ", "งบ"],
        [None, None, None, None, None, "ต.ค.", "พ.ย.", "ธ.ค.", None, None],
        ["๑. ตามพันธกิจ"],
        [1, None, "ข่าวรายเดือน", "ร้อยละ 80", "ทุกกลุ่มเป้าหมาย", "/", "/", "/", officer.user.username, "-"],
        ["๒. ตามเทศกาล/วันสำคัญ"],
        [2, "วันล้างมือโลก", "รณรงค์ล้างมือ", None, "นักเรียน\nผู้ปกครอง", "✓", None, None, officer.display_name, "๒,๕๐๐ บาท"],
        ["รวม", None, None, None, None, None, None, None, None, 2500],
    ]
    merged = ["A1:J1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "F3:H3", "I3:I4", "J3:J4", "A5:J5", "A7:J7"]
    screen = upload(writer, plan, workbook(rows, merged=merged), name="แผน ๗๐.xlsx")
    check = screen.context["check"]
    assert check.problems == []
    assert len(check.reading.notes) == 3
    confirm(writer, plan, screen)
    lines = draft(plan)
    first, second = lines["1"], lines["2"]
    assert (first.origin, second.origin) == ("mission", "festival")
    assert (first.start, first.end) == (date(2026, 10, 1), date(2026, 12, 31))
    assert (second.start, second.end) == (date(2026, 10, 1), date(2026, 10, 31))
    assert len(first.target_groups) == 7
    assert second.target_groups == ["students", "parents"]
    assert first.responsible_officer == second.responsible_officer == officer
    assert second.important_day == day
    assert (first.target_value, first.budget_baht, second.budget_baht) == (80, 0, Decimal(2500))


def test_dates_are_read_in_every_way_they_come(writer, plan):
    rows = [["code", "title", "start", "end"]]
    rows += [["D1", "ก", date(2027, 4, 13), date(2027, 4, 15)]]  # real dates
    rows += [["D2", "ข", "๑๓/๔/๒๕๗๐", "2027-04-15"]]
    rows += [["D3", "ค", date(2570, 4, 13), "15 เม.ย. 2570"]]  # B.E. typed into a date cell
    rows += [["D4", "ง", "เม.ย.", None]]
    screen = upload(writer, plan, workbook(rows), name="x.xlsx")
    assert screen.context["check"].problems == []
    confirm(writer, plan, screen)
    lines = draft(plan)
    for code in ("D1", "D2", "D3"):
        assert (lines[code].start, lines[code].end) == (date(2027, 4, 13), date(2027, 4, 15))
    assert (lines["D4"].start, lines["D4"].end) == (date(2027, 4, 1), date(2027, 4, 30))


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"period": "1 ก.ย. 2569"}, "ระยะเวลา"),  # the year before
        ({"period": "1 ต.ค. 2570"}, "ระยะเวลา"),
        ({"period": "13/4/2027 - 1/5/2028"}, "ระยะเวลา"),
        ({"period": "13/4/1484"}, "ระยะเวลา"),
        ({"period": "15 - 13 เม.ย. 2570"}, "ระยะเวลา"),
        ({"period": "เร็ว ๆ นี้"}, "ระยะเวลา"),
        ({"period": ""}, "ระยะเวลา"),
        ({"title": ""}, "กิจกรรม"),
        ({"title": "ก" * 256}, "กิจกรรม"),
        ({"code": "ก" * 33}, "รหัส"),
        ({"groups": "มนุษย์ต่างดาว"}, "กลุ่มเป้าหมาย"),
        ({"channels": "เว็บไซต์, ป้ายคัตเอาต์"}, "ช่องทาง"),
        ({"officer": "ไม่มีคนนี้"}, "ผู้รับผิดชอบ"),
        ({"budget": "หลายบาท"}, "งบประมาณ"),
        ({"budget": "-5"}, "งบประมาณ"),
    ],
)
def test_one_wrong_row_keeps_the_whole_file_out(writer, plan, changes, column):
    screen = upload(writer, plan, [row("A2", "ถูกต้อง"), row(**{"code": "A3", "title": "ผิด", **changes})])
    (problem,) = screen.context["check"].problems
    assert "3" in problem
    assert f"“{column}”" in problem
    assert problem in re.sub(r"&#x27;|&quot;", "'", screen.content.decode())
    assert b'name="confirm"' not in screen.content
    answer = confirm(writer, plan, screen)  # forced
    assert answer.status_code == 200
    assert list(draft(plan)) == ["A1"]
    assert not AuditEntry.objects.filter(verb="plan_import").exists()


def test_duplicates_in_the_file_are_named_with_both_rows(writer, plan):
    (problem,) = upload(writer, plan, [row("๑"), row("A2", "ข"), row("1", "ค")]).context["check"].problems
    assert "4" in problem
    assert "2" in problem


def test_officers_of_another_agency_or_gone_are_unknown(writer, office, plan):
    other = make_office("spp")
    gone = add_person(office, Role.WRITER, name="gone").staff_profile
    StaffProfile.objects.filter(pk=gone.pk).update(ends_on=date(2026, 1, 1))
    for name in (other.profile(Role.WRITER).display_name, other.writer.username, gone.display_name):
        assert len(upload(writer, plan, [row(officer=name)]).context["check"].problems) == 1, name


def test_whoever_has_left_stays_where_they_are_but_gets_nothing_new(writer, office):
    gone = add_person(office, Role.WRITER, name="gone").staff_profile
    plan = make_plan(office, "A1", "A2")
    latest = plan.get_latest_revision_as_object()
    first = latest.activities.get(code="A1")
    first.responsible_officer = gone
    latest.activities = [first, latest.activities.get(code="A2")]
    latest.save_revision()
    StaffProfile.objects.filter(pk=gone.pk).update(active=False)
    plan.refresh_from_db()
    kept = upload(writer, plan, [row(officer=gone.display_name), row("A2", "กิจกรรม A2")]).context["check"]
    assert (kept.problems, codes(kept.unchanged)) == ([], ["A1", "A2"])
    (problem,) = upload(writer, plan, [row("A2", "กิจกรรม A2", officer=gone.display_name)]).context["check"].problems
    assert "ผู้รับผิดชอบ" in problem


def test_two_people_of_one_name_need_the_user_name(writer, office, plan):
    for username in ("twin1", "twin2"):
        user = add_person(office, Role.WRITER, name=username)
        StaffProfile.objects.filter(user=user).update(display_name="นางสาวสมใจ ดี")
    assert len(upload(writer, plan, [row(officer="สมใจ ดี")]).context["check"].problems) == 1
    screen = upload(writer, plan, [row(officer="twin2")])
    confirm(writer, plan, screen)
    assert draft(plan)["A1"].responsible_officer.user.username == "twin2"


def test_missing_activities_stay_unless_the_person_says_otherwise(writer, office):
    plan = make_plan(office, "A1", "A2")
    screen = upload(writer, plan, [row(budget="2,000")])
    check = screen.context["check"]
    assert (codes(check.changed), codes(check.missing)) == (["A1"], ["A2"])
    confirm(writer, plan, screen)
    assert list(draft(plan)) == ["A1", "A2"]
    confirm(writer, plan, upload(writer, plan, [row(budget="2,000")]), missing="drop")
    assert list(draft(plan)) == ["A1"]
    assert AuditEntry.objects.filter(verb="plan_import").order_by("pk").last().data["removed"] == ["A2"]


def test_a_table_without_codes_is_matched_by_name(writer, plan):
    headings = ["กิจกรรม", "ระยะเวลา"]
    screen = upload(writer, plan, [["กิจกรรม A1", "ตลอดปี"], ["ใหม่", "ไตรมาส 2"]], headings=headings)
    check = screen.context["check"]
    assert (codes(check.changed), codes(check.new)) == (["A1"], ["1"])
    confirm(writer, plan, screen)
    assert draft(plan)["A1"].uuid == plan.activities.get().uuid


def test_nothing_to_write_writes_nothing(writer, plan):
    before = plan.revisions.count()
    screen = upload(writer, plan, [row()])
    assert b'name="confirm"' not in screen.content
    confirm(writer, plan, screen)
    assert plan.revisions.count() == before
    assert not AuditEntry.objects.filter(verb="plan_import").exists()


def test_a_plan_that_changed_meanwhile_is_shown_again(writer, office, plan):
    screen = upload(writer, plan, [row("A2", "ใหม่")])
    latest = plan.get_latest_revision_as_object()
    latest.activities.add(PlanActivity(code="A9", title="อื่น", start=date(2026, 12, 1), end=date(2026, 12, 1)))
    latest.save_revision(user=office.writer)
    again = confirm(writer, plan, screen)
    assert again.status_code == 200
    assert codes(again.context["check"].missing) == ["A1", "A9"]
    assert list(draft(plan)) == ["A1", "A9"]
    assert confirm(writer, plan, again).status_code == 302
    assert list(draft(plan)) == ["A1", "A9", "A2"]


def test_an_officer_who_left_between_look_and_confirmation_is_found(writer, office, plan):
    person = add_person(office, Role.WRITER, name="leaver").staff_profile
    screen = upload(writer, plan, [row(officer=person.display_name)])
    StaffProfile.objects.filter(pk=person.pk).update(active=False)
    assert len(confirm(writer, plan, screen).context["problems"]) == 1
    assert draft(plan)["A1"].responsible_officer is None


def test_a_parcel_is_neither_changed_nor_carried_to_another_plan(writer, office, plan):
    screen = upload(writer, plan, [row("A2", "ใหม่")])
    parcel = screen.context["parcel"]
    other = AnnualPlan.objects.create(agency=office.agency, fiscal_year_be=2571, title="แผน 2571", live=False)
    for target, text in ((plan, parcel[:20] + "x" + parcel[21:]), (other, parcel), (plan, "")):
        answer = confirm(writer, target, screen, parcel=text)
        assert "check" not in answer.context
    assert list(draft(plan)) == ["A1"]


def test_the_table_is_chosen_among_several_sheets(writer, plan):
    other = [HEADINGS, row("B1", "จากอีกแผ่น")]
    data = workbook([HEADINGS, row("A2", "แผ่นแรก")], more={"แผ่นสอง": other, "คำอธิบาย": [["อ่านก่อน"]]})
    screen = upload(writer, plan, data, name="x.xlsx")
    assert screen.context["tables"] == ["แผน", "แผ่นสอง"]
    second = writer.post(
        reverse(f"{URLS}:import", args=[plan.pk]), {"parcel": screen.context["parcel"], "table": "แผ่นสอง"}
    )
    assert codes(second.context["check"].new) == ["B1"]
    confirm(writer, plan, second)
    assert list(draft(plan)) == ["A1", "B1"]


def test_a_refused_file_says_why_at_its_field(writer, plan):
    for name, data in (("x.xlsm", workbook([HEADINGS, row()])), ("x.csv", b""), ("x.exe", b"MZ")):
        form = upload(writer, plan, data, name=name).context["form"]
        assert list(form.errors) == ["file"], name
    assert list(writer.post(reverse(f"{URLS}:import", args=[plan.pk])).context["form"].errors) == ["file"]


def test_formulas_without_a_value_are_findings(writer, plan):
    data = workbook([HEADINGS, row(budget="=1+1")])
    (problem,) = upload(writer, plan, data, name="x.xlsx").context["check"].problems
    assert "งบประมาณ" in problem


def test_the_plan_in_force_stays_while_a_file_amends_it(writer, office, plan):
    state = news_submit(actor=office.writer, page=plan).current_task_state
    read_and_approve(actor=office.person(Role.DIRECTOR), task_state=state)
    plan.refresh_from_db()
    assert plan.live
    confirm(writer, plan, upload(writer, plan, [row(budget="9,999")]))
    plan.refresh_from_db()
    assert plan.live
    assert plan.has_unpublished_changes
    assert plan.activities.get().budget_baht == 1000
    assert draft(plan)["A1"].budget_baht == 9999


def test_a_plan_under_consideration_takes_no_file(writer, office, plan):
    screen = upload(writer, plan, [row("A2", "ใหม่")])
    news_submit(actor=office.writer, page=plan)
    assert b'type="file"' not in writer.get(reverse(f"{URLS}:import", args=[plan.pk])).content
    assert upload(writer, plan, [row()]).status_code == 403
    assert confirm(writer, plan, screen).status_code == 403
    assert list(draft(plan)) == ["A1"]
    assert AuditEntry.objects.filter(verb="refused").count() == 2


def test_a_locked_plan_takes_no_file(writer, office, plan):
    screen = upload(writer, plan, [row("A2", "ใหม่")])
    AnnualPlan.objects.filter(pk=plan.pk).update(locked=True, locked_by=office.person(Role.DIRECTOR))
    assert confirm(writer, plan, screen).status_code == 403
    assert list(draft(plan)) == ["A1"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.WRITER])
def test_only_writers_import(client, office, plan, role):
    client.force_login(office.person(role))
    assert client.get(reverse(f"{URLS}:import", args=[plan.pk])).status_code == 403
    assert upload(client, plan, [row("A2", "ใหม่")]).status_code == 403
    assert list(draft(plan)) == ["A1"]


def test_another_agency_s_plan_does_not_exist(writer, plan):
    foreign = make_plan(make_office("spp"))
    assert writer.get(reverse(f"{URLS}:import", args=[foreign.pk])).status_code == 404
    assert upload(writer, foreign, [row("A2", "ใหม่")]).status_code == 404
    assert list(draft(foreign)) == ["A1"]


def test_an_administrator_imports_too(client, office, plan):
    client.force_login(make_administrator())
    confirm(client, plan, upload(client, plan, [row("A2", "ใหม่")]))
    assert list(draft(plan)) == ["A1", "A2"]


def test_the_editor_leads_to_the_import(writer, office, plan, client):
    address = reverse(f"{URLS}:import", args=[plan.pk])
    assert address in writer.get(reverse(f"{URLS}:edit", args=[plan.pk])).content.decode()
    assert writer.get(address).status_code == 200


def test_the_number_of_questions_does_not_grow_with_the_file(writer, plan):
    def questions(rows: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            upload(writer, plan, [row(f"B{number}", f"ก {number}") for number in range(rows)])
        return len(asked.captured_queries)

    questions(1)
    assert questions(300) <= questions(2)


def test_a_number_the_file_uses_itself_is_given_to_no_other_line(writer, plan):
    screen = upload(writer, plan, [row(), row("1", "ล้างมือ"), row("", "วันสงกรานต์")])
    assert codes(screen.context["check"].new) == ["1", "2"]
    assert confirm(writer, plan, screen).status_code == 302
    assert list(draft(plan)) == ["A1", "1", "2"]


@pytest.mark.parametrize("code", ["Ａ１", "A\u200b1", "\ufeffa1", "A１", "Ａ ๑"])
def test_codes_that_look_alike_are_one_code(writer, plan, code):
    check = upload(writer, plan, [row(code, "ชื่อใหม่")]).context["check"]
    assert (codes(check.new), codes(check.changed)) == ([], ["A1"])


def test_an_activity_with_items_is_not_taken_out_but_cancelled(client, writer, office):
    plan = make_plan(office, "A1", "A2")
    in_force(plan)
    used = PlanActivity.objects.get(plan=plan, code="A2")
    make_draft(office, plan_activity=used)
    screen = upload(writer, plan, [row(budget="2,000")])
    answer = confirm(writer, plan, screen, missing="drop")
    assert answer.status_code == 302
    assert list(draft(plan)) == ["A1", "A2"]
    assert AuditEntry.objects.filter(verb="plan_import").order_by("pk").last().data["removed"] == []
    assert "A2" in [str(message) for message in get_messages(answer.wsgi_request)][-1]


@pytest.mark.parametrize("words", ["โทร 081-234-5678", "เลข ๑๑๐๑๗๐๐๒๓๐๗๐๘", "somchai@gmail.com"])
def test_private_data_is_a_finding_of_its_row(writer, plan, words):
    check = upload(writer, plan, [row(), row("A2", f"อบรม {words}")]).context["check"]
    (finding,) = check.reading.findings
    assert (finding.row, finding.column) == (3, "กิจกรรม")
    assert "“" in finding.what


def test_a_wrong_year_says_which_era_it_was_read_as(writer, plan):
    def finding(written: str) -> str:
        (found,) = upload(writer, plan, [row(period=written)]).context["check"].reading.findings
        return found.what

    assert {"2027", "2570"} <= set(re.findall(r"\d{4}", finding("1/12/2027").rpartition(")")[2]))
    assert "2027" not in finding("1/12/2570"), "a B.E. year is shown as it was written"


def test_a_file_with_nul_characters_is_told_apart(writer, plan):
    data = comma_separated([HEADINGS, row()]).replace("กิจกรรม A1".encode(), b"\x00\x00")
    assert "NUL" in upload(writer, plan, data).content.decode()
