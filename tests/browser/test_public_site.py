"""The public site in a real browser: accessible, readable on a phone, usable by keyboard and without scripts (R61)."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import axe_violations
from tests.browser.conftest import RunningSite

pytestmark = [
    pytest.mark.requires_chromium,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.xdist_group("browser"),
]

WIDTHS = (1440, 390)
#: Lines of text whose height is under 1.6 times the letters: tone marks could be cut off.
TIGHT_LINES = """() => [...document.body.querySelectorAll('*')].filter(element =>
    [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
    && element.getClientRects().length
    && parseFloat(getComputedStyle(element).lineHeight) / parseFloat(getComputedStyle(element).fontSize) < 1.59
).map(element => element.outerHTML.slice(0, 100))"""
#: What a keyboard must reach, in the order of the page.
REACHABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary"
ACTIVE = """selector => {
    const active = document.activeElement, card = active.closest('.card');
    const box = active.getBoundingClientRect(), outline = element => getComputedStyle(element).outlineStyle;
    return {
        number: [...document.querySelectorAll(selector)].indexOf(active),
        element: active.outerHTML.slice(0, 100),
        outlined: outline(active) !== 'none' || (card !== null && outline(card) !== 'none'),
        visible: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
    };
}"""


def opened(browser: Browser, width: int, **options) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **options)
    return context.new_page()


def test_every_page_is_accessible_and_fits(browser: Browser, running_site: RunningSite, subtests):
    for width in WIDTHS:
        page = opened(browser, width)
        faults: list[str] = []
        page.on("requestfailed", lambda request, faults=faults: faults.append(f"{request.url}: {request.failure}"))
        page.on("pageerror", lambda error, faults=faults: faults.append(str(error)))
        for name, address in running_site.pages.items():
            with subtests.test(page=name, width=width):
                response = page.goto(address)
                assert response is not None
                assert response.status == (404 if name == "missing" else 200)
                page.evaluate("document.fonts.ready")
                assert axe_violations(page) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert page.evaluate(TIGHT_LINES) == []
                assert page.evaluate("document.fonts.check('16px Sarabun', 'ก้')")
                assert page.evaluate("document.querySelectorAll('h1').length") == 1
        assert faults == []
        assert page.context.cookies() == []


def walked(page: Page) -> tuple[set[int], int, list[dict]]:
    """Press Tab through the whole page: which elements were reached, how many there are, and where focus was lost."""
    page.evaluate("document.activeElement.blur()")
    reached: set[int] = set()
    bad: list[dict] = []
    total = page.evaluate("selector => document.querySelectorAll(selector).length", REACHABLE)
    for _press in range(total + 5):
        page.keyboard.press("Tab")
        state = page.evaluate(ACTIVE, REACHABLE)
        if state["number"] in reached:
            break
        if state["number"] >= 0:
            reached.add(state["number"])
            if not (state["outlined"] and state["visible"]):
                bad.append(state)
    return reached, total, bad


def test_the_keyboard_reaches_everything_and_shows_where_it_is(browser, running_site, subtests):
    for width in WIDTHS:
        page = opened(browser, width)
        for name in ("front", "index with filters", "article", "plan", "missing"):
            with subtests.test(page=name, width=width):
                page.goto(running_site.pages[name])
                reached, total, bad = walked(page)
                assert len(reached) == total
                assert bad == []
    with subtests.test("the skip link jumps over the menu"):
        page.goto(running_site.pages["index"])
        skip = page.locator("a.skip")
        assert skip.bounding_box()["y"] < 0
        page.keyboard.press("Tab")
        expect(skip).to_be_focused()
        assert skip.bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_readers_find_their_way(browser, running_site, subtests):
    """One running site for three small journeys: starting it costs more than walking them."""
    for journey in (filters_without_scripts, from_the_front_page_to_an_item_and_back, on_paper):
        with subtests.test(journey.__name__):
            journey(browser, running_site)


def filters_without_scripts(browser: Browser, running_site: RunningSite) -> None:
    page = opened(browser, 390, java_script_enabled=False)
    page.goto(running_site.pages["index"])
    expect(page.locator("main .card")).to_have_count(12)
    page.locator("#filter-tag").select_option("ล้างมือ")
    page.locator("#filter-type").select_option("news")
    page.locator(".filters button").click()
    assert "tag=" in page.url
    expect(page.locator(".chip--on")).to_have_count(2)
    page.locator("a[rel=next]").click()
    expect(page.locator("main .card")).to_have_count(2)
    page.locator(".chip--on").first.click()
    expect(page.locator(".chip--on")).to_have_count(1)


def from_the_front_page_to_an_item_and_back(browser: Browser, running_site: RunningSite) -> None:
    page = opened(browser, 390)
    page.goto(running_site.pages["front"])
    headline = page.locator(".card__title").nth(1).inner_text()
    page.locator(".card__picture").nth(1).click(force=True)  # the whole card is the link of its headline
    expect(page.locator("h1")).to_have_text(headline)
    page.locator(".crumbs a").first.click()
    assert page.url == running_site.pages["front"]


def on_paper(browser: Browser, running_site: RunningSite) -> None:
    page = opened(browser, 1440)
    page.goto(running_site.pages["article"])
    page.emulate_media(media="print")
    for gone in (".menu", ".search", ".crumbs", ".next-news", ".foot nav"):
        expect(page.locator(gone)).to_be_hidden()
    for kept in ("h1", ".lead", ".prose", ".facts", ".foot #contact"):
        expect(page.locator(kept)).to_be_visible()
