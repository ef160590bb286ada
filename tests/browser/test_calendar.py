"""The calendar in a real browser: an entry is dragged, asked about, refused, and moved by keyboard from the list."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from home.models import NewsPage
from pr_workflow.thai_time import BANGKOK, bangkok_date, thai_date
from tests.browser.axe import axe_violations
from tests.browser.eyes import beyond_the_edge
from tests.factories.office import Office, make_draft, make_office
from tests.services import CHROMIUM_FLAGS, chromium_path

pytestmark = [
    pytest.mark.requires_chromium,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.xdist_group("browser"),
]
DAY = timedelta(days=1)


def next_month_tuesday() -> date:
    """A Tuesday in the middle of next month: it lies ahead, and its week is whole in the month."""
    day = (bangkok_date(timezone.now()).replace(day=1) + timedelta(days=32)).replace(day=11)
    return day + timedelta(days=(1 - day.weekday()) % 7)


@pytest.fixture
def tuesday() -> date:
    return next_month_tuesday()


@pytest.fixture
def office(live_server) -> Office:
    return make_office("kpr", hostname="health.localhost", now=timezone.now(), default_site=True)


@pytest.fixture
def draft(office, tuesday) -> NewsPage:
    wish = datetime(tuesday.year, tuesday.month, tuesday.day, 9, 30, tzinfo=BANGKOK)
    return make_draft(office, title="ร่างที่ลากได้", go_live_at=wish)


@pytest.fixture
def tray_draft(office) -> NewsPage:
    return make_draft(office, title="ร่างที่ยังไม่มีวัน")


@pytest.fixture
def browser(draft, tray_draft, session) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def session(office) -> str:
    client = Client()
    client.force_login(office.writer, "django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def opened(browser: Browser, live_server, session: str, query: str, *, width=1440, scripts=True) -> Page:
    base = f"http://health.localhost:{urlsplit(live_server.url).port}"
    context = browser.new_context(
        viewport={"width": width, "height": 1600}, reduced_motion="reduce", java_script_enabled=scripts
    )
    context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
    page = context.new_page()
    page.goto(f"{base}/admin/pr/calendar/?{query}")
    return page


def drag(page: Page, entry: Locator, day: date) -> None:
    """With the mouse, as a hand does it: press, move in steps, let go."""
    target = page.locator(f".fc-daygrid-day[data-date='{day.isoformat()}']")
    start, end = entry.bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 20, steps=5)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=15)
    page.mouse.up()


def place(page: Page, day: date, title: str) -> Locator:
    return page.locator(f".fc-daygrid-day[data-date='{day.isoformat()}'] .fc-event", has_text=title)


def stands(page: Page, day: date, title: str) -> None:
    """Once, as soon as the grid is drawn: FullCalendar draws twice, to measure."""
    expect(place(page, day, title)).to_have_count(1)
    expect(place(page, day, title)).to_be_visible()


def test_the_calendar_is_worked_by_hand_and_by_keyboard(browser, live_server, session, draft, tray_draft, tuesday):
    query = f"view=month&date={tuesday.isoformat()}"
    page = opened(browser, live_server, session, query)
    by_mouse(page, draft, tuesday)
    from_the_tray(page, tray_draft, tuesday)
    assert beyond_the_edge(page) == []
    assert axe_violations(page) == []
    by_keyboard(opened(browser, live_server, session, query.replace("month", "agenda")), tuesday)
    without_scripts(opened(browser, live_server, session, query, scripts=False), tuesday)
    phone = opened(browser, live_server, session, query, width=390)
    phone.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true; })")
    assert beyond_the_edge(phone) == []


def by_mouse(page: Page, draft: NewsPage, tuesday: date) -> None:
    entry = place(page, tuesday, draft.title)
    stands(page, tuesday, draft.title)
    drag(page, entry, tuesday + DAY)
    expect(page.locator("[data-calendar-say]")).to_contain_text(thai_date(tuesday + DAY, "short"))
    stands(page, tuesday + DAY, draft.title)

    saturday = tuesday + 4 * DAY
    drag(page, place(page, tuesday + DAY, draft.title), saturday)
    expect(page.locator("[data-calendar-question]")).to_contain_text(thai_date(saturday))
    page.click("[data-calendar-no]")
    stands(page, tuesday + DAY, draft.title)
    expect(place(page, saturday, draft.title)).to_have_count(0)

    drag(page, place(page, tuesday + DAY, draft.title), saturday)
    page.click("[data-calendar-yes]")
    stands(page, saturday, draft.title)


def from_the_tray(page: Page, tray_draft: NewsPage, tuesday: date) -> None:
    thursday = tuesday + 2 * DAY
    item = page.locator("[data-calendar-tray] [data-entry]", has_text=tray_draft.title)
    drag(page, item, thursday)
    stands(page, thursday, tray_draft.title)
    expect(item).to_have_count(0)


def by_keyboard(page: Page, tuesday: date) -> None:
    """Tab to the form of the entry, type a date that has passed, then a good one; no mouse at all."""
    entry = page.locator("li.pr-entry", has_text="ร่างที่ลากได้")
    entry.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("1/1/2560")
    page.keyboard.press("Enter")
    expect(page.locator(".pr-form .error-message")).to_contain_text("2560")
    page.locator(".pr-form [name=date]").fill(thai_date(tuesday, "numeric"))
    page.keyboard.press("Enter")
    expect(page.locator("li.pr-entry", has_text="ร่างที่ลากได้")).to_be_visible()
    page.wait_for_url("**/admin/pr/calendar/**")


def without_scripts(page: Page, tuesday: date) -> None:
    """The list stands there, open, with the form of every entry that may be moved."""
    entry = page.locator("li.pr-entry", has_text="ร่างที่ลากได้")
    expect(entry).to_be_visible()
    entry.locator("summary").click()
    entry.locator("[name=date]").fill(thai_date(tuesday + DAY, "numeric"))
    entry.locator("form button").click()
    day = page.locator("h3.pr-calendar__day", has_text=thai_date(tuesday + DAY).rsplit(" ", 1)[0])
    expect(day.locator("xpath=following-sibling::ul[1]")).to_contain_text("ร่างที่ลากได้")
