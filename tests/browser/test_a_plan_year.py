"""A fiscal year's plan as the officer and the director live it: from their own Excel file to the next year's copy.

The file is made by hand in a layout that is not ours: a title over merged cells, headings in two rows, Thai digits,
B.E. dates in words.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO, StringIO
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from home.models import NewsPage
from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.festival_calendar.services import important_day_save
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.thai_time import bangkok_date, fiscal_year_be, fiscal_year_bounds, thai_date, thai_digits
from tests.browser.axe import axe_violations
from tests.browser.eyes import beyond_the_edge
from tests.browser.test_approvers_day import logged_in
from tests.factories.office import Office, make_office
from tests.services import CHROMIUM_FLAGS, chromium_path

pytestmark = [
    pytest.mark.requires_chromium,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.xdist_group("browser"),
]
DAY_NAME, MISSION = "วันรณรงค์สุขภาพดี", "อบรมเครือข่ายประชาสัมพันธ์"

HEADINGS = {
    "A2:A3": "ที่",
    "B2:B3": "โครงการ/กิจกรรม",
    "C2:C3": "วันสำคัญ",
    "D2:E2": "ระยะเวลาดำเนินการ",
    "F2:F3": "กลุ่มเป้าหมาย",
    "G2:G3": "ผู้รับผิดชอบ",
    "H2:H3": "งบประมาณ (บาท)",
}


@pytest.fixture(autouse=True)
def rows_while_the_browser_runs(monkeypatch):
    """Playwright's loop runs in this thread; Django would take every question to the database for a mistake."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def festival() -> date:
    """Five weeks from now."""
    return bangkok_date(timezone.now()) + timedelta(days=35)


@pytest.fixture
def year(festival) -> int:
    return fiscal_year_be(festival)


@pytest.fixture
def office(live_server, festival) -> Office:
    office = make_office("kpr", hostname="health.localhost", now=timezone.now(), default_site=True)
    day = ImportantDay(name_th=DAY_NAME, rule=f"fixed:{festival:%m-%d}", agency=office.agency, audience=["public"])
    important_day_save(actor=office.writer, important_day=day, now=timezone.now())
    return office


@pytest.fixture
def browser(office) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


def their_own_file(office: Office, festival: date, year: int) -> bytes:
    """As an office keeps it: nobody has heard of our columns."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "แผน"
    sheet.merge_cells("A1:H1")
    sheet["A1"] = f"แผนปฏิบัติการประชาสัมพันธ์ ประจำปีงบประมาณ พ.ศ. {thai_digits(str(year))}"
    for cells, word in HEADINGS.items():
        sheet.merge_cells(cells)
        sheet[cells.split(":")[0]] = word
    sheet["D3"], sheet["E3"] = "เริ่ม", "สิ้นสุด"
    officer = office.profile(Role.WRITER).display_name
    day = thai_digits(thai_date(festival))
    sheet.append(["๑", f"จัดงาน{DAY_NAME}", DAY_NAME, day, day, "ประชาชนทั่วไป", officer, "๕,๐๐๐"])
    first = fiscal_year_bounds(year)[0] + timedelta(days=130)
    sheet.append(["๒", MISSION, "", thai_date(first), thai_date(first + timedelta(days=2)), "เครือข่าย", officer, 12000])
    sheet.append(["", "รวม", "", "", "", "", "", 17000])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def press(page: Page, name: str) -> None:
    """A button of Wagtail's editor, which may lie in a folded menu."""
    with page.expect_navigation():
        page.locator(f"button[name={name}]").first.evaluate("button => button.form.requestSubmit(button)")


def fetched(page: Page, address: str) -> tuple[int, str]:
    """Status and text of an address, asked for by the page itself with what it is logged in with."""
    status, text = page.evaluate(
        "async url => { const a = await fetch(url); return [a.status, await a.text()]; }", address
    )
    return status, text


def looks_right(page: Page) -> None:
    assert beyond_the_edge(page) == []
    assert axe_violations(page) == []


def test_a_year_from_the_office_s_own_file_to_the_next_one(browser, live_server, office, festival, year):
    base = f"http://health.localhost:{urlsplit(live_server.url).port}"
    officer = logged_in(browser, base, office.writer.username, 1440)
    plan = written_and_imported(officer, base, their_own_file(office, festival, year), year)
    gaps_before_submitting(officer, base, plan)
    approved_on_a_phone(logged_in(browser, base, office.person(Role.DIRECTOR).username, 390), base, plan)
    in_the_calendar(officer, base, festival)
    begun_at_lead_time(officer, base, office, plan, festival)
    printed(officer, base, plan)
    served_to_everybody(browser, base, year)
    copied(officer, base, plan, year)


def written_and_imported(page: Page, base: str, file: bytes, year: int) -> AnnualPlan:
    page.goto(base + reverse("wagtailsnippets_pr_workflow_annualplan:add"))
    page.fill("[name=fiscal_year_be]", str(year))
    page.fill("[name=title]", f"แผนประชาสัมพันธ์ {year}")
    with page.expect_navigation():
        page.locator("[name=title]").evaluate("field => field.form.requestSubmit()")
    plan = AnnualPlan.objects.get(fiscal_year_be=year)
    page.goto(base + reverse("wagtailsnippets_pr_workflow_annualplan:import", args=[plan.pk]))
    page.set_input_files("[name=file]", {"name": "แผนของเรา.xlsx", "mimeType": "application/x-xlsx", "buffer": file})
    with page.expect_navigation():
        page.locator("[name=file]").evaluate("field => field.form.requestSubmit()")
    expect(page.locator("main")).to_contain_text(MISSION)
    assert not plan.get_latest_revision_as_object().activities.exists()
    looks_right(page)
    with page.expect_navigation():
        page.locator("[name=confirm]").first.evaluate("field => field.form.requestSubmit(field)")
    lines = AnnualPlan.objects.get(pk=plan.pk).get_latest_revision_as_object().activities.all()
    assert sorted(line.title for line in lines) == sorted([f"จัดงาน{DAY_NAME}", MISSION])
    return plan


def gaps_before_submitting(page: Page, base: str, plan: AnnualPlan) -> None:
    page.goto(base + reverse("wagtailsnippets_pr_workflow_annualplan:coverage", args=[plan.pk]))
    expect(page.locator("main table").first).to_be_visible()
    looks_right(page)
    page.goto(base + reverse("wagtailsnippets_pr_workflow_annualplan:edit", args=[plan.pk]))
    press(page, "action-submit")
    assert AnnualPlan.objects.get(pk=plan.pk).current_workflow_state is not None


def approved_on_a_phone(page: Page, base: str, plan: AnnualPlan) -> None:
    page.click(".pr-first__button")
    expect(page.frame_locator("main iframe").first.locator("body")).to_contain_text(MISSION)
    looks_right(page)
    with page.expect_navigation():
        page.click("button[value=approve]")
    assert AnnualPlan.objects.get(pk=plan.pk).live


def in_the_calendar(page: Page, base: str, festival: date) -> None:
    page.goto(f"{base}/admin/pr/calendar/?view=agenda&date={festival.isoformat()}")
    expect(page.locator("li.pr-entry", has_text=f"จัดงาน{DAY_NAME}").first).to_be_visible()


def begun_at_lead_time(page: Page, base: str, office: Office, plan: AnnualPlan, festival: date) -> None:
    """The command with the date of its turn stands for the clock; the job of the night does the same."""
    out = StringIO()
    call_command("lead_time_drafts", "--json", date=festival - timedelta(days=7), stdout=out)
    assert [line["outcome"] for line in json.loads(out.getvalue())["lines"]].count("made") == 1
    draft = NewsPage.objects.get(plan_activity__title=f"จัดงาน{DAY_NAME}")
    assert (draft.owner, draft.live) == (office.writer, False)
    page.goto(f"{base}/admin/pr/calendar/?view=agenda&date={festival.isoformat()}")
    expect(page.locator("li.pr-entry", has_text=draft.draft_title).first).to_be_visible()
    page.goto(base + reverse("pr_admin:plan_progress", args=[plan.pk]))
    row = page.locator("tr", has_text=f"จัดงาน{DAY_NAME}")
    expect(row).to_be_visible()
    looks_right(page)


def printed(page: Page, base: str, plan: AnnualPlan) -> None:
    status, text = fetched(page, base + reverse("pr_admin:plan_paper", args=[plan.pk]))
    assert (status, text[:4]) == (200, "%PDF")


def served_to_everybody(browser: Browser, base: str, year: int) -> None:
    reader = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    reader.goto(f"{base}/plan/{year}/")
    expect(reader.locator("main")).to_contain_text(MISSION)
    looks_right(reader)
    status, text = fetched(reader, f"{base}/api/pr/v1/plans/{year}")
    assert status == 200
    assert MISSION in [activity["title"] for activity in json.loads(text)["activities"]]


def copied(page: Page, base: str, plan: AnnualPlan, year: int) -> None:
    page.goto(base + reverse("wagtailsnippets_pr_workflow_annualplan:next_year", args=[plan.pk]))
    expect(page.locator("main")).to_contain_text(MISSION)
    with page.expect_navigation():
        page.locator("main form button").last.click()
    copy = AnnualPlan.objects.get(fiscal_year_be=year + 1)
    lines = {line.title: line for line in copy.get_latest_revision_as_object().activities.all()}
    assert set(lines) == {f"จัดงาน{DAY_NAME}", MISSION}
    first, last = fiscal_year_bounds(year + 1)
    assert all(first <= line.start <= line.end <= last for line in lines.values())
    assert lines[MISSION].start.weekday() < 5
