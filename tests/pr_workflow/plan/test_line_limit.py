"""One limit of lines for the file and for the editor: what a file brings in can be saved by hand (R19)."""

import re

import pytest
from django.core.checks import run_checks
from django.urls import reverse
from django.utils import translation

from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.plan.line_limit import FIELDS_BESIDE, FIELDS_OF_A_LINE, MAX_LINES
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.plan.opening import sheets_of
from pr_workflow.plan.sheets import MAX_ROWS, FileRefused
from pr_workflow.stages import ChannelKind, MediaFormat, TargetGroup
from tests.factories.tables import HEADINGS, comma_separated, workbook
from tests.pr_workflow.plan.test_plan_import import confirm, draft, make_plan, row, upload
from tests.pr_workflow.plan.test_plan_views import activity_form, plan_form

pytestmark = pytest.mark.django_db
URLS = "wagtailsnippets_pr_workflow_annualplan"


@pytest.fixture
def writer(client, office):
    client.force_login(office.writer)
    return client


def rows(count: int, first: int = 1) -> list[list[str]]:
    return [row(f"B{number}", f"กิจกรรม B{number}") for number in range(first, first + count)]


def numbers_in(sentence: str) -> set[str]:
    return set(re.findall(r"[\d,]*\d", sentence))


def test_the_largest_plan_with_every_box_ticked_is_saved_in_the_editor(writer, office, settings):
    lines = [
        activity_form(
            number,
            target_groups=TargetGroup.values,
            channels=ChannelKind.values,
            media_formats=MediaFormat.values,
            mission="พันธกิจ",
            important_day="",
            responsible_officer="",
            unit="",
            indicator="จำนวน",
            target_value="1",
            DELETE="",
        )
        for number in range(MAX_LINES)
    ]
    sent = sum(len(value) if isinstance(value, list) else 1 for value in lines[0].values())
    assert sent == FIELDS_OF_A_LINE
    answer = writer.post(reverse(f"{URLS}:add"), plan_form(*lines))
    assert answer.status_code == 302
    assert AnnualPlan.objects.get().get_latest_revision_as_object().activities.count() == MAX_LINES
    assert MAX_LINES * FIELDS_OF_A_LINE + FIELDS_BESIDE <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_a_line_of_the_editor_sends_no_more_than_is_reckoned_with(writer, office):
    ImportantDay.objects.create(name_th="วันหนึ่ง", rule="fixed:01-01", agency=office.agency)
    plan = make_plan(office, "A1")
    page = writer.get(reverse(f"{URLS}:edit", args=[plan.pk])).content.decode()
    names = re.findall(r"<(?:input|select|textarea)[^>]*\bname=\"(activities-0-[^\"]+)\"", page)
    assert len(names) == FIELDS_OF_A_LINE
    beside = re.findall(r"<(?:input|select|textarea)[^>]*\bname=\"((?!activities-\d|activities-__)[^\"]+)\"", page)
    assert len(beside) < FIELDS_BESIDE


def test_one_line_more_is_refused_with_both_numbers_and_nothing_is_written(writer, office):
    with translation.override("th"):
        answer = writer.post(reverse(f"{URLS}:add"), plan_form(*(activity_form(n) for n in range(MAX_LINES + 1))))
    assert answer.status_code == 200
    (sentence,) = answer.context["form"].formsets["activities"].non_form_errors()
    assert {str(MAX_LINES), str(MAX_LINES + 1)} <= numbers_in(sentence)
    assert sentence in answer.content.decode()
    assert not AnnualPlan.objects.exists()


def test_lines_that_are_taken_out_do_not_count(writer, office):
    lines = [activity_form(number) for number in range(MAX_LINES)]
    gone = activity_form(MAX_LINES, DELETE="on")
    assert writer.post(reverse(f"{URLS}:add"), plan_form(*lines, gone)).status_code == 302


@pytest.mark.parametrize("name", ["แผน.csv", "แผน.xlsx"])
def test_a_file_with_one_line_more_is_shown_with_both_numbers(writer, office, name):
    plan = make_plan(office)
    found = rows(MAX_LINES + 1)
    table = workbook([HEADINGS, *found]) if name.endswith("x") else found
    screen = upload(writer, plan, table, name=name)
    (sentence,) = screen.context["problems"]
    assert {str(MAX_LINES), str(MAX_LINES + 1)} <= numbers_in(sentence)
    before = plan.revisions.count()
    assert confirm(writer, plan, screen).status_code == 200
    assert plan.revisions.count() == before


def test_a_file_of_the_largest_size_is_taken_in_and_saved_by_hand(writer, office):
    plan = make_plan(office)
    screen = upload(writer, plan, rows(MAX_LINES))
    assert confirm(writer, plan, screen, missing="drop").status_code == 302
    assert len(draft(plan)) == MAX_LINES
    page = writer.get(reverse(f"{URLS}:edit", args=[plan.pk]))
    assert page.context["form"].formsets["activities"].total_form_count() == MAX_LINES


def test_what_stays_in_the_plan_counts_too(writer, office):
    plan = make_plan(office, "A1", "A2")
    screen = upload(writer, plan, rows(MAX_LINES - 1))
    assert not screen.context["problems"]
    before = plan.revisions.count()
    answer = confirm(writer, plan, screen)
    assert answer.status_code == 200
    (message,) = [str(each) for each in answer.context["messages"]]
    assert {str(MAX_LINES), str(MAX_LINES + 1)} <= numbers_in(message)
    assert plan.revisions.count() == before
    assert confirm(writer, plan, screen, missing="drop").status_code == 302
    assert len(draft(plan)) == MAX_LINES - 1


def test_files_are_read_to_the_row_that_is_said():
    assert len(sheets_of("แผน.csv", comma_separated([["ก"]] * MAX_ROWS))[0].rows) == MAX_ROWS
    with pytest.raises(FileRefused):
        sheets_of("แผน.csv", comma_separated([["ก"]] * (MAX_ROWS + 1)))


def test_the_help_of_the_form_names_the_limit(writer, office):
    page = writer.get(reverse(f"{URLS}:import", args=[make_plan(office).pk])).content.decode()
    assert f"{MAX_LINES} กิจกรรม" in page
    assert "5,000" not in page


def test_a_site_that_takes_too_few_fields_is_warned(settings):
    assert not [issue for issue in run_checks() if issue.id == "pr_workflow.W005"]
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
    assert [issue for issue in run_checks() if issue.id == "pr_workflow.W005"]
