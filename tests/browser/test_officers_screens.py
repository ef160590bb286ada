"""The screens of the chain on a phone, as each officer meets them: in Thai, in the Buddhist Era, and under a thumb."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from home.models import NewsPage
from pr_workflow.archive.services import news_archive
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.emergency import emergency_publish
from pr_workflow.publishing.models import PublicationCheck
from tests.browser.eyes import beyond_the_edge, foreign_words, nameless, too_low
from tests.factories.office import (
    Office,
    approved,
    current_step,
    make_administrator,
    make_draft,
    make_office,
    posted,
    submit,
    verify,
)
from tests.services import CHROMIUM_FLAGS, chromium_path

pytestmark = [
    pytest.mark.requires_chromium,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.xdist_group("browser"),
]

PHONE = 390
#: The accounts and people of the fixture have English names.
TYPED = frozenset({"kpr", "administrator", *(word for role in Role for word in role.value.split("_"))})


@dataclass(frozen=True)
class Story:
    """An office with one item at each point of the chain."""

    office: Office
    waiting: int
    step: int
    slot: int
    on_the_site: int
    emergency: int
    check: int
    record: int
    sessions: dict[str, str]


@pytest.fixture
def story(live_server) -> Story:
    now = timezone.now()
    office = make_office("kpr", hostname="health.localhost", now=now - timedelta(days=9), default_site=True)
    administrator = make_administrator()
    waiting = make_draft(office, title="ข่าวรอพิจารณา")
    submit(office, waiting, now=now - timedelta(days=4))
    approved(office, now=now - timedelta(days=2), title="ข่าวรอขึ้นเว็บ")
    slot = posted(office, go_live_at=now + timedelta(days=1), now=now - timedelta(hours=1), title="ข่าวตั้งเวลาไว้")
    yesterday = now - timedelta(days=1)  # the job of a past go-live time runs at once
    public = posted(office, go_live_at=yesterday, now=yesterday, title="ข่าวที่ขึ้นเว็บแล้ว")
    public = NewsPage.objects.get(pk=public.page_id, live=True)
    verified = verify(office, public, now=now - timedelta(hours=3))
    record = news_archive(actor=None, check_id=verified.pk, now=now - timedelta(hours=2))
    assert record is not None
    urgent = make_draft(office, title="ข่าวฉุกเฉิน")
    emergency = emergency_publish(actor=administrator, page=urgent, reason="น้ำป่าไหลหลากในพื้นที่", now=now)
    check = PublicationCheck.objects.open().get(page_id=urgent.pk)
    step = current_step(waiting).pk
    people = [administrator, office.writer, office.person(CHAIN[0]), office.it_officer]
    sessions = {person.username: session_of(person) for person in people}
    return Story(office, waiting.pk, step, slot.page_id, public.pk, emergency.pk, check.pk, record.pk, sessions)


def session_of(person) -> str:
    """A session as after the login screen, which has its own tests."""
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


@pytest.fixture
def browser(story) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


def our(name: str, *args: int) -> str:
    return reverse(f"pr_admin:{name}", args=args)


def rooms(story: Story) -> dict[str, list[str]]:
    """By account, the addresses a day of work leads to."""
    work, notices = reverse("wagtailadmin_home"), our("notices")
    office = story.office
    return {
        office.writer.username: [work, notices, our("news_timeline", story.waiting), our("check", story.check)],
        office.person(CHAIN[0]).username: [
            work,
            our("review", story.step),
            our("delegations"),
            our("delegation_grant"),
            our("emergency", story.emergency),
            our("notice_settings"),
        ],
        office.it_officer.username: [our("posting"), our("news_take_down", story.on_the_site)],
        "administrator": [our("news_emergency", story.waiting), our("hold", story.record), our("disposals")],
    }


def at_work(browser: Browser, base: str, story: Story, username: str, width: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    context.add_cookies([{"name": "sessionid", "value": story.sessions[username], "url": base}])
    return context.new_page()


def test_officers_screens(browser: Browser, live_server, story: Story, subtests):
    """One story for all: telling it costs more than looking at it."""
    base = f"http://health.localhost:{urlsplit(live_server.url).port}"
    every_room_on_a_phone(browser, base, story, subtests)
    the_editor_tells_the_truth(browser, base, story, subtests)


def every_room_on_a_phone(browser: Browser, base: str, story: Story, subtests) -> None:
    for username, addresses in rooms(story).items():
        page = at_work(browser, base, story, username, PHONE)
        for address in addresses:
            with subtests.test(who=username, address=address):
                response = page.goto(f"{base}{address}", wait_until="domcontentloaded")
                assert response is not None
                assert response.status == 200
                page.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true; })")
                assert beyond_the_edge(page) == []
                assert too_low(page) == []
                assert nameless(page) == []
                assert foreign_words(page, names=TYPED) == []


def the_editor_tells_the_truth(browser: Browser, base: str, story: Story, subtests) -> None:
    page = at_work(browser, base, story, "administrator", 1440)
    side = page.locator("[data-side-panel=status]")
    with subtests.test("an item under consideration: nobody may change it, and there is no lock to turn"):
        page.goto(f"{base}{reverse('wagtailadmin_pages:edit', args=[story.waiting])}")
        expect(side.locator("#status-sidebar-locked")).to_have_count(1)
        expect(side.locator("[data-w-action-url-value*='/lock/']")).to_have_count(0)
        assert nameless(page) == []
    with subtests.test("a scheduled item has a schedule, in the Buddhist Era"):
        page.goto(f"{base}{reverse('wagtailadmin_pages:edit', args=[story.slot])}")
        told = side.locator(".pr-side").first.text_content() or ""
        year = timezone.localdate(timezone.now() + timedelta(days=1)).year
        assert str(year + 543) in told
        assert str(year) not in told
