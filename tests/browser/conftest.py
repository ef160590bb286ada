"""A real browser in front of a running site with news, a plan and coming days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from pr_workflow.people.models import Agency, Ministry
from pr_workflow.thai_time import fiscal_year_be
from tests.factories.office import make_document, make_image
from tests.factories.site import make_day, make_plan, make_site, many_news, public_news
from tests.services import CHROMIUM_FLAGS, chromium_path

BODY = [
    ("heading", "ขั้นตอนการล้างมือ"),
    (
        "paragraph",
        "<p>ล้างมือด้วยสบู่และน้ำสะอาด <b>อย่างน้อย 20 วินาที</b></p><ol><li>ฝ่ามือ</li><li>หลังมือ</li></ol>"
        '<p>อ่านเพิ่มเติมที่ <a href="/news/">ข่าวทั้งหมด</a></p>',
    ),
    ("quote", "มือสะอาด ปลอดโรค"),
]


@dataclass(frozen=True)
class RunningSite:
    """Where the two agencies answer, and the pages a reader may open."""

    health: str
    education: str
    article: str
    plan: str

    @property
    def pages(self) -> dict[str, str]:
        """Every kind of page by name; the one called `missing` answers 404."""
        return {
            "front": f"{self.health}/",
            "front of the other agency": f"{self.education}/",
            "index": f"{self.health}/news/",
            "index, second page": f"{self.health}/news/?page=2",
            "index with filters": f"{self.health}/news/?year=2570&tag=ล้างมือ&type=nonsense",
            "index without a match": f"{self.health}/news/?year=2550",
            "article": f"{self.health}{self.article}",
            "plan": f"{self.health}{self.plan}",
            "search": f"{self.health}/search/?q=ล้างมือ",
            "search without a match": f"{self.health}/search/?q=ไม่มีคำนี้แน่นอน",
            "privacy": f"{self.health}/privacy/",
            "missing": f"{self.health}/no/such/page/",
        }


@pytest.fixture
def running_site(live_server: LiveServer) -> RunningSite:
    port = urlsplit(live_server.url).port or 80
    health = make_site("kpr", hostname="health.localhost", port=port, default_site=True)
    education = make_site("spp", hostname="education.localhost", port=port)
    Agency.objects.filter(code="kpr").update(ministry=Ministry.HEALTH, abbr="กพร.")
    Agency.objects.filter(code="spp").update(ministry=Ministry.EDUCATION, abbr="สพป.ตัวอย่าง เขต 1")
    now = timezone.now()
    many_news(health, 13, first=now - timedelta(days=20), tags=["ล้างมือ"])
    many_news(education, 2, first=now - timedelta(days=20), photos=[])
    photo = {"alt_text": "อ่างล้างมือ", "caption": "จุดล้างมือหน้าโรงอาหาร", "credit": "งานประชาสัมพันธ์"}
    photos = [("photo", {**photo, "image": make_image(health, colour=colour)}) for colour in ("teal", "navy", "olive")]
    article = public_news(
        health,
        "กพร. ชวนบุคลากรล้างมือให้ถูกวิธี 7 ขั้นตอน เนื่องในวันล้างมือโลก",
        at=now - timedelta(days=15),
        place="โถงชั้นล่าง อาคาร 3",
        body=[*BODY, photos[2]],
        photos=photos[:2],
        attachments=[("file", {"document": make_document(health), "title": "แผ่นพับล้างมือ"})],
    )
    today = timezone.localdate(now)
    plan = make_plan(health, year=fiscal_year_be(today), activities=4)
    make_plan(health, year=plan.fiscal_year_be - 1)
    for distance, confirmed in ((3, True), (9, False)):
        make_day(f"วันสำคัญที่ {distance}", today + timedelta(days=distance), confirmed=confirmed)
    return RunningSite(
        health=f"http://health.localhost:{port}",
        education=f"http://education.localhost:{port}",
        article=urlsplit(article.url).path,
        plan=f"/plan/{plan.fiscal_year_be}/",
    )


@pytest.fixture
def browser(running_site: RunningSite) -> Iterator[Browser]:
    """Started after the content is written and closed before it is removed: both work in the same thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()
