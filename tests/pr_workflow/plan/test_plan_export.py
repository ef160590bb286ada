"""The plan as a file: opens right, runs nothing, and comes back unchanged."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.plan.export import csv_of, workbook_of
from pr_workflow.plan.import_check import COLUMNS, PlanFile, import_check
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.plan.opening import sheets_of
from pr_workflow.stages import ChannelKind, MediaFormat, TargetGroup
from pr_workflow.thai_time import fiscal_year_bounds
from tests.factories.office import add_person, make_office
from tests.factories.tables import comma_separated
from tests.pr_workflow.plan.test_plan_import import URLS, confirm, draft, make_plan, row, upload

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FIRST, LAST = fiscal_year_bounds(2570)
#: Letters people write, those that begin formulas, and those that files treat as something else.
LETTERS = st.text(st.sampled_from("กขคงาิ่ำะแโ๐๑ ABab01.,;:/-–'\"=+@%&<>_xœé\n\t\x01"), max_size=30)


def export(client, plan, ending: str):
    return client.get(reverse(f"{URLS}:export", args=[plan.pk, ending]))


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def writer(client, office):
    client.force_login(office.writer)
    return client


def described_plan(office) -> AnnualPlan:
    """A plan that uses every column."""
    day = ImportantDay.objects.create(name_th="วันล้างมือโลก", rule="fixed:10-15", agency=office.agency)
    plan = make_plan(office, "1", "๒", "A-3")
    latest = plan.get_latest_revision_as_object()
    lines = list(latest.activities.all())
    lines[0].important_day, lines[0].origin = day, "festival"
    lines[0].responsible_officer = office.profile(Role.WRITER)
    lines[0].target_groups, lines[0].channels, lines[0].media_formats = ["staff", "public"], ["network"], ["one_page"]
    lines[0].mission, lines[0].unit = "ส่งเสริมสุขภาพ", office.profile(Role.WRITER).unit
    lines[1].target_value, lines[1].budget_baht = Decimal("80.50"), Decimal("1234567.89")
    lines[2].title = '=HYPERLINK("http://evil")'
    lines[2].indicator = "@SUM(1)"
    latest.activities = lines
    latest.save_revision(user=office.writer)
    return AnnualPlan.objects.get(pk=plan.pk)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_goes_out_comes_back_unchanged(writer, office, ending):
    plan = described_plan(office)
    before = plan.revisions.count()
    file = export(writer, plan, ending)
    assert f".{ending}" in file["Content-Disposition"]
    screen = upload(writer, plan, file.content, name=f"plan.{ending}")
    check = screen.context["check"]
    assert check.problems == []
    assert (check.new, check.changed, check.missing) == ([], [], [])
    assert [line.code for line in check.unchanged] == ["1", "๒", "A-3"]
    confirm(writer, plan, screen)
    assert plan.revisions.count() == before


def test_a_change_made_in_excel_is_the_only_one(writer, office):
    plan = described_plan(office)
    book = load_workbook(BytesIO(export(writer, plan, "xlsx").content))
    book.active.cell(row=3, column=COLUMNS.index("budget_baht") + 1).value = 50
    buffer = BytesIO()
    book.save(buffer)
    screen = upload(writer, plan, buffer.getvalue(), name="plan.xlsx")
    (changed,) = screen.context["check"].changed
    assert changed.code == "๒"
    assert [(before, after) for _label, before, after in changed.fields] == [("1,234,567.89", "50")]
    confirm(writer, plan, screen)
    assert draft(plan)["๒"].budget_baht == 50
    assert draft(plan)["1"].responsible_officer == office.profile(Role.WRITER)


def test_the_workbook_reads_well_and_runs_nothing(writer, office):
    plan = described_plan(office)
    sheet = load_workbook(BytesIO(export(writer, plan, "xlsx").content)).active
    assert sheet.freeze_panes == "C2"
    assert sheet.print_title_rows == "$1:$1"
    assert [cell.value for cell in sheet[1]][:2] == ["รหัส", "กิจกรรม"]
    assert sheet["F2"].value == "01/12/2569"
    assert sheet["O3"].value == 1234567.89
    assert all(sheet.column_dimensions[letter].width >= 9 for letter in "ABCDEFGHIJKLMNO")
    assert [cell.data_type for line in sheet.iter_rows() for cell in line if cell.data_type == "f"] == []
    assert sheet["B4"].value.startswith("=HYPERLINK")
    assert sheet["B4"].quotePrefix


def test_the_csv_says_its_encoding_and_runs_nothing(writer, office):
    plan = described_plan(office)
    data = export(writer, plan, "csv").content
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    assert lines[3][1].startswith("'=HYPERLINK")
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_the_draft_goes_out_and_namesakes_by_their_user_name(writer, office):
    plan = make_plan(office)
    for username in ("twin1", "twin2"):
        user = add_person(office, Role.WRITER, name=username)
        StaffProfile.objects.filter(user=user).update(display_name="สมใจ ดี")
    confirm(writer, plan, upload(writer, plan, [row("A2", "ใหม่", officer="twin2")]))
    text = export(writer, plan, "csv").content.decode("utf-8-sig")
    assert "twin2" in text
    assert "A2" in text


@pytest.mark.parametrize("role", [role for role in Role if role != Role.WRITER])
def test_only_writers_export(client, office, role):
    plan = make_plan(office)
    client.force_login(office.person(role))
    for ending in ("xlsx", "csv"):
        assert export(client, plan, ending).status_code == 403


def test_other_agencies_plans_and_other_kinds_do_not_exist(writer, office):
    foreign = make_plan(make_office("spp"))
    assert export(writer, foreign, "xlsx").status_code == 404
    assert export(writer, make_plan(office), "exe").status_code == 404


lines_of_a_plan = st.lists(
    st.builds(
        PlanActivity,
        code=LETTERS.map(lambda text: "".join(text.split())[:20]),
        title=LETTERS.filter(lambda text: text.strip("\n\t \x01")),
        origin=st.sampled_from(PlanActivity.Origin.values),
        start=st.dates(FIRST, LAST),
        target_groups=st.lists(st.sampled_from(TargetGroup.values), unique=True),
        channels=st.lists(st.sampled_from(ChannelKind.values), unique=True),
        media_formats=st.lists(st.sampled_from(MediaFormat.values), unique=True),
        indicator=LETTERS,
        target_value=st.none() | st.decimals(-(10**9), 10**9, places=2),
        budget_baht=st.decimals(0, 10**11, places=2),
    ),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lines=lines_of_a_plan, length=st.integers(0, 364), ending=st.sampled_from(["xlsx", "csv"]))
def test_any_plan_comes_back_unchanged(office, lines, length, ending):
    for number, line in enumerate(lines):
        line.end = min(line.start + timedelta(days=length), LAST)
        line.code = f"K{number}{line.code}"
    plan = AnnualPlan(agency=office.agency, fiscal_year_be=2570, title="แผน", live=False)
    plan.activities = lines
    AnnualPlan.objects.filter(agency=office.agency).delete()
    plan.save()
    plan.save_revision()
    data = workbook_of(plan) if ending == "xlsx" else csv_of(plan)
    (sheet,) = sheets_of(f"plan.{ending}", data)
    check = import_check(plan, PlanFile("plan", "0", sheet))
    assert check.problems == []
    assert (check.new, check.changed, check.missing) == ([], [], [])
    assert len(check.unchanged) == len(lines)


def test_every_column_of_our_file_is_known(office):
    plan = described_plan(office)
    (sheet,) = sheets_of("plan.xlsx", workbook_of(plan))
    check = import_check(plan, PlanFile("plan", "0", sheet))
    assert set(check.header.columns.values()) == set(COLUMNS)
    assert check.header.unread == []


def test_days_before_the_year_are_still_found_in_a_changed_export(writer, office):
    plan = make_plan(office)
    lines = list(csv.reader(StringIO(export(writer, plan, "csv").content.decode("utf-8-sig"))))
    lines[1][COLUMNS.index("start")] = date(2026, 9, 30).isoformat()
    (problem,) = upload(writer, plan, comma_separated(lines)).context["check"].problems
    assert "2" in problem


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\x1b"])
def test_a_sign_no_workbook_can_hold_keeps_no_plan_in(writer, office, sign):
    plan = described_plan(office)
    latest = plan.get_latest_revision_as_object()
    lines = list(latest.activities.all())
    lines[0].title = f"ล้าง{sign}มือ"
    latest.activities = lines
    latest.save_revision(user=office.writer)
    sheet = load_workbook(BytesIO(export(writer, plan, "xlsx").content)).active
    assert sheet.cell(row=2, column=COLUMNS.index("title") + 1).value == "ล้างมือ"
