"""The approver's day on a phone: return with reasons, see the correction, agree, go on to the next item (R38, R39)."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pr_workflow.people.roles import CHAIN
from tests.browser.axe import axe_violations
from tests.browser.eyes import beyond_the_edge
from tests.factories.office import PASSWORD, Office, make_draft, make_office, submit
from tests.services import CHROMIUM_FLAGS, chromium_path

pytestmark = [
    pytest.mark.requires_chromium,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
def office(live_server) -> Office:
    office = make_office("kpr", hostname="health.localhost", now=timezone.now(), default_site=True)
    for hours, title in ((30, "ข่าวด่วนกว่า"), (2, "ข่าวรอคิว")):
        submit(office, make_draft(office, title=title), now=timezone.now() - timedelta(hours=hours))
    return office


@pytest.fixture
def browser(office) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


def logged_in(browser: Browser, base: str, username: str, width: int) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce").new_page()
    page.goto(f"{base}/admin/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{base}/admin/")
    return page


def test_return_correct_compare_agree_next(browser: Browser, live_server, office: Office):
    base = f"http://health.localhost:{urlsplit(live_server.url).port}"
    head = logged_in(browser, base, office.person(CHAIN[0]).username, 390)
    assert axe_violations(head) == []
    head.click(".pr-first__button")
    expect(head.locator(".pr-title")).to_have_text("ข่าวด่วนกว่า")
    assert axe_violations(head) == []
    assert beyond_the_edge(head) == []
    head.locator(".pr-part", has=head.locator("[name=part-lead]")).locator("summary").click()
    head.fill("[name=part-lead]", "ไม่บอกว่าจัดที่ไหน")
    head.click("button[value=return]")
    expect(head.locator(".pr-title")).to_have_text("ข่าวรอคิว")

    writer = logged_in(browser, base, office.writer.username, 1440)
    writer.click(".pr-first__button")
    expect(writer.locator(".pr-reasons")).to_contain_text("ไม่บอกว่าจัดที่ไหน")
    expect(writer.locator("#return-reason-lead")).to_be_visible()
    lead = writer.locator("textarea[name=lead]")
    lead.fill(lead.input_value() + " ณ หอประชุม")
    submitting = writer.locator("button[name=action-submit]").first
    with writer.expect_navigation():
        submitting.evaluate("button => button.form.requestSubmit(button)")

    head.goto(f"{base}/admin/")
    head.locator("a", has_text="ข่าวด่วนกว่า").first.click()
    expect(head.locator("ins.pr-added", has_text="ณ หอประชุม")).to_be_visible()
    # The bar at the lower edge covers whatever lies under it until one scrolls; axe looks at one moment.
    head.locator(".pr-widths").evaluate("row => row.scrollIntoView({block: 'center'})")
    assert axe_violations(head) == []
    head.click("button[value=approve]")
    expect(head.locator(".pr-title")).to_have_text("ข่าวรอคิว")
    expect(head.locator(".messages")).to_contain_text("ข่าวด่วนกว่า")
