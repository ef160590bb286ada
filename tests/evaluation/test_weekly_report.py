"""The weekly report: its numbers, its weeks, its workbook, and who may read it (R63, R64, I5)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from evaluation.models import WeeklyReport
from evaluation.services import weekly_report_build, weekly_reports_build_due
from pr_workflow.currency.selectors import stale_pages
from pr_workflow.currency.services import news_review
from pr_workflow.people.roles import Role
from tests.factories.office import MORNING, approved, live, make_office, verify

pytestmark = pytest.mark.django_db
MONDAY = MORNING.date()
NEXT_WEEK = MORNING + timedelta(days=7)


def build(office, monday=MONDAY, now=NEXT_WEEK):
    return weekly_report_build(actor=None, agency=office.agency, week_start=monday, now=now)


def test_an_empty_week_is_reported_without_inventing_numbers(office):
    report = build(office)
    assert {row["percent"] for row in report.measures.values()} == {None}
    assert report.figures["published"] == 0


def test_building_twice_keeps_one_report_with_the_newer_numbers(office):
    build(office)
    page = live(office)
    verify(office, page, now=MORNING + timedelta(hours=6))
    report = build(office)
    assert WeeklyReport.objects.count() == 1
    assert report.measures["accurate"] == {
        "good": 1,
        "total": 1,
        "percent": 100.0,
        "details": {"correction_rounds_opened": 0},
    }


def test_a_correction_lowers_accuracy_and_is_counted(office):
    page = live(office)
    verify(office, page, now=MORNING + timedelta(hours=6), result="needs_correction", note="ชื่อผิด")
    report = build(office)
    assert report.measures["accurate"]["percent"] == 0
    assert report.measures["accurate"]["details"]["correction_rounds_opened"] == 1
    assert report.figures["corrections"] == 1


def test_a_late_signature_lowers_timeliness(office):
    page = live(office)
    in_time = build(office).measures["timely"]
    assert in_time["good"] == in_time["total"] == 4
    verify(office, page, now=MORNING + timedelta(days=4))
    late = build(office).measures["timely"]
    assert (late["good"], late["total"]) == (4, 5)


def current_in(office, weeks: int) -> tuple[int, int]:
    """Good and total of “current” in the week so many weeks after the first one."""
    monday = MONDAY + timedelta(weeks=weeks)
    row = build(office, monday, MORNING + timedelta(weeks=weeks + 1)).measures["current"]
    return row["good"], row["total"]


def look(office, page, *, day: int, next_day: int) -> None:
    """The officer finds the page right, so many days after it went live, and names the next day."""
    news_review(
        actor=office.writer, page=page, next_review_on=MONDAY + timedelta(next_day), now=MORNING + timedelta(day)
    )


def test_a_page_is_current_until_it_is_due_and_again_once_somebody_looked(office):
    page = live(office)
    live(office, title="ข่าวที่ไม่มีใครทบทวน")
    assert current_in(office, 51) == (2, 2)
    assert current_in(office, 52) == (0, 2), "a year after they went live"
    look(office, page, day=371, next_day=500)
    assert current_in(office, 52) == (0, 2), "the look came after that week"
    assert current_in(office, 53) == (1, 2)
    assert current_in(office, 70) == (1, 2)
    assert current_in(office, 71) == (0, 2), "the next look was due on the 500th day"


def test_a_page_that_is_due_by_a_look_or_its_own_date_is_not_current_however_new(office):
    page = live(office)
    live(office, title="ข่าวที่มีวันทบทวน", review_on=MONDAY + timedelta(10))
    look(office, page, day=1, next_day=20)
    assert [current_in(office, weeks) for weeks in range(3)] == [(2, 2), (1, 2), (0, 2)]


def test_the_share_of_current_pages_is_that_of_the_list_of_pages_to_look_at(office):
    live(office)
    live(office, title="ข่าวที่มีวันทบทวน", review_on=MONDAY + timedelta(3))
    good, total = current_in(office, 0)
    assert total - good == len(stale_pages(office.agency, today=MONDAY + timedelta(6))) == 1


def test_only_the_week_itself_counts(office):
    live(office, now=MORNING + timedelta(days=6, hours=14, minutes=59))
    live(office, now=NEXT_WEEK, title="ข่าวสัปดาห์ถัดไป")
    assert build(office).figures["published"] == 1
    assert build(office, NEXT_WEEK.date(), NEXT_WEEK + timedelta(days=1)).figures["published"] == 1


def test_agencies_are_counted_apart(office):
    other = make_office("spp")
    live(other)
    assert build(office).figures["published"] == 0
    assert build(other).figures["published"] == 1


@pytest.mark.parametrize("day", [MONDAY + timedelta(days=1), MONDAY + timedelta(days=14)])
def test_a_wrong_week_is_refused_by_its_field(office, day):
    with pytest.raises(ValidationError) as refusal:
        build(office, day)
    assert list(refusal.value.message_dict) == ["week_start"]


def test_missed_weeks_are_built_once_the_worker_is_back(office):
    approved(office)
    reports = weekly_reports_build_due(now=MORNING + timedelta(days=22))
    assert [report.week_start for report in reports] == [MONDAY, MONDAY + timedelta(7), MONDAY + timedelta(14)]
    assert weekly_reports_build_due(now=MORNING + timedelta(days=22)) == []


def test_the_command_prints_the_five_measures(office, capsys):
    call_command("weekly_report", "--week", MONDAY.isoformat())
    printed = capsys.readouterr().out
    for word in ("accurate", "complete", "timely", "accessible", "current"):
        assert word in printed


def test_the_workbook_holds_the_measures_and_opens(office, client):
    page = live(office)
    verify(office, page, now=MORNING + timedelta(hours=6))
    report = build(office)
    client.force_login(office.person(Role.EVALUATOR))
    answer = client.get(reverse("pr_weekly_report_xlsx", args=[report.pk]))
    assert answer.status_code == 200
    cells = [cell.value for row in load_workbook(BytesIO(answer.content)).active.iter_rows() for cell in row]
    assert office.agency.name in cells
    assert 100 in cells


def test_the_report_page_shows_every_measure(office, client):
    report = build(office)
    client.force_login(office.person(Role.DIRECTOR))
    page = client.get(f"/admin/pr_evaluation/weeklyreport/inspect/{report.pk}/")
    assert page.status_code == 200
    assert page.content.decode().count('class="pr-measure"') == 5


@pytest.mark.parametrize("role", list(Role))
def test_another_agency_never_reads_the_report(office, client, role):
    report = build(office)
    client.force_login(make_office("spp").person(role))
    assert client.get(reverse("pr_weekly_report_xlsx", args=[report.pk])).status_code in (302, 403, 404)
    answer = client.get(f"/admin/pr_evaluation/weeklyreport/inspect/{report.pk}/")
    assert answer.status_code in (302, 403, 404)
    listing = client.get("/admin/pr_evaluation/weeklyreport/")
    assert office.agency.name not in listing.content.decode()


def test_network_members_do_not_read_reports(office, client):
    report = build(office)
    client.force_login(office.person(Role.NETWORK_MEMBER))
    assert client.get(reverse("pr_weekly_report_xlsx", args=[report.pk])).status_code == 404
