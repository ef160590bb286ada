"""A generated corpus of Thai news: the same articles for the same seed, written in bulk.

Pages, tags, pictures and public rows are real; only the walk through the chain of approval is left out, because ten
thousand of those would take an hour.
"""

import json
import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.images import ImageFile
from django.db import transaction
from PIL import Image
from taggit.models import Tag
from wagtail.models import Locale, Page, Site

from home.models import AgencyImage, HomePage, NewsIndexPage, NewsPage, NewsPageTag
from pr_workflow.news.models import NewsType
from pr_workflow.news.public_content import PublicMedia, media_of
from pr_workflow.people.models import Agency, StaffProfile, Unit
from pr_workflow.publishing.models import PublishedItem, PublishedLabel
from pr_workflow.publishing.projection import Facts, projection_from
from pr_workflow.stages import MediaFormat, TargetGroup
from pr_workflow.thai_time import BANGKOK

BATCH = 500
NEWEST = datetime(2027, 9, 30, 16, 0, tzinfo=BANGKOK)

WHO = ("กองส่งเสริมสุขภาพ", "กลุ่มงานพัฒนาคุณภาพ", "ศูนย์เรียนรู้ชุมชน", "งานโภชนาการ", "ฝ่ายแผนและงบประมาณ", "เครือข่ายครูอนามัย")
DID = ("จัดอบรม", "เปิดโครงการ", "ลงพื้นที่ติดตาม", "ประชุมหารือเรื่อง", "มอบรางวัลด้าน", "เผยแพร่คู่มือ", "รณรงค์", "สำรวจความเห็นเรื่อง")
WHAT = (
    "การอ่านหนังสือ",
    "อาหารปลอดภัย",
    "การคัดแยกขยะ",
    "สุขภาพช่องปาก",
    "ความปลอดภัยบนท้องถนน",
    "การออมในโรงเรียน",
    "ป้องกันไข้เลือดออก",
    "ดูแลผู้สูงอายุ",
)
WHERE = ("หอประชุมใหญ่", "โรงเรียนบ้านตัวอย่าง", "ศาลากลางหมู่บ้าน", "ห้องประชุมชั้นสาม", "สวนสาธารณะริมน้ำ", "ตลาดนัดเช้าวันเสาร์")
WITH = ("ผู้แทนชุมชน", "นักเรียนแกนนำ", "อาสาสมัครประจำหมู่บ้าน", "ผู้ปกครอง", "ภาคีเครือข่าย", "สื่อท้องถิ่น")
SO_THAT = (
    "เพื่อให้ทุกคนเข้าถึงบริการได้ง่ายขึ้น",
    "เพื่อลดความเสี่ยงในชีวิตประจำวัน",
    "เพื่อสร้างความเข้าใจที่ถูกต้อง",
    "เพื่อเตรียมพร้อมก่อนเปิดภาคเรียน",
)
TAGS = tuple(f"{first}{second}" for first in WHAT for second in ("", "เชิงรุก", "ในชุมชน", "ในโรงเรียน", "ปีใหม่", "ออนไลน์"))


def sentence(rng: random.Random) -> str:
    """One Thai sentence."""
    who, did, what, where, with_whom, why = (rng.choice(words) for words in (WHO, DID, WHAT, WHERE, WITH, SO_THAT))
    return f"{who}{did}{what} ณ {where} ร่วมกับ{with_whom} {why} มีผู้เข้าร่วม {rng.randrange(20, 900)} คน"


def paragraph(rng: random.Random) -> dict[str, Any]:
    """A paragraph as it is stored in a body."""
    text = " ".join(sentence(rng) for _ in range(rng.randrange(3, 6)))
    return {"type": "paragraph", "id": str(uuid.UUID(int=rng.getrandbits(128))), "value": f"<p>{text}</p>"}


def photo(rng: random.Random, images: list[int]) -> dict[str, Any]:
    """A photo as it is stored in a gallery."""
    value = {
        "image": rng.choice(images),
        "alt_text": sentence(rng)[:120],
        "caption": rng.choice(WHAT),
        "credit": "งานสื่อสารองค์กร",
    }
    return {"type": "photo", "id": str(uuid.UUID(int=rng.getrandbits(128))), "value": value}


def make_site(code: str = "bench", hostname: str = "bench.localhost") -> tuple[Agency, NewsIndexPage]:
    """An agency with an empty news index."""
    root = Page.objects.get(depth=1)
    locale = Locale.get_default()
    home = root.add_child(instance=HomePage(title="สำนักงานตัวอย่าง", slug=f"home-{code}", locale=locale))
    index = home.add_child(instance=NewsIndexPage(title="ข่าว", slug="news", locale=locale))
    site = Site.objects.create(hostname=hostname, root_page=home)
    return Agency.objects.create(code=code, name="สำนักงานตัวอย่าง", site=site), index


def make_images(number: int, rng: random.Random) -> list[int]:
    """Real picture files; returns their keys."""
    keys = []
    for _ in range(number):
        buffer = BytesIO()
        Image.new("RGB", (800, 450), tuple(rng.randrange(256) for _ in range(3))).save(buffer, "JPEG")
        file = ImageFile(buffer, name="photo.jpg")
        keys.append(AgencyImage.objects.create(title="ภาพกิจกรรม", file=file, width=800, height=450).pk)
    return keys


@transaction.atomic
def make_corpus(agency: Agency, index: NewsIndexPage, number: int, *, seed: int = 1, pictures: int = 30) -> list[int]:
    """Write `number` live news pages below `index`, newest last; returns their page keys."""
    rng = random.Random(seed)  # noqa: S311 - the same corpus every time
    images = make_images(pictures, rng)
    unit, _new = Unit.objects.get_or_create(agency=agency, name="งานสื่อสารองค์กร")
    officer = StaffProfile.objects.create(agency=agency, unit=unit, display_name="ผู้เขียน", position="นักประชาสัมพันธ์")
    tags = Tag.objects.bulk_create([Tag(name=name, slug=f"bench-{place}") for place, name in enumerate(TAGS)])
    keys = []
    for start in range(0, number, BATCH):
        places = range(start, min(start + BATCH, number))
        pages = Page.objects.bulk_create(_base_pages(index, places, number, rng))
        news = [_news_of(page, officer, images, rng) for page in pages]
        NewsPage._base_manager._insert(news, fields=NewsPage._meta.local_concrete_fields, using=index._state.db)
        NewsPageTag.objects.bulk_create(
            [NewsPageTag(content_object_id=page.pk, tag=tag) for page in pages for tag in rng.sample(tags, 3)]
        )
        keys += [page.pk for page in pages]
    Page.objects.filter(pk=index.pk).update(numchild=number)
    return keys


def _base_pages(index: NewsIndexPage, places: range, number: int, rng: random.Random) -> Iterator[Page]:
    content_type = ContentType.objects.get_for_model(NewsPage)
    for place in places:
        moment = NEWEST - timedelta(hours=2 * (number - place))
        title = f"{sentence(rng)[:90]} ({place + 1})"
        yield Page(
            path=index._get_path(index.path, index.depth + 1, place + 1),
            depth=index.depth + 1,
            title=title,
            draft_title=title,
            slug=f"news-{place + 1}",
            url_path=f"{index.url_path}news-{place + 1}/",
            content_type=content_type,
            locale_id=index.locale_id,
            live=True,
            first_published_at=moment,
            last_published_at=moment,
            latest_revision_created_at=moment,
        )


def _news_of(page: Page, officer: StaffProfile, images: list[int], rng: random.Random) -> NewsPage:
    return NewsPage(
        page_ptr=page,
        uuid=uuid.UUID(int=rng.getrandbits(128), version=4),
        news_type=rng.choice(NewsType.values),
        lead=sentence(rng),
        body=json.dumps([paragraph(rng) for _ in range(rng.randrange(4, 8))]),
        photos=json.dumps([photo(rng, images) for _ in range(3)]),
        event_date=(page.first_published_at - timedelta(days=rng.randrange(3))).date(),
        place=rng.choice(WHERE),
        responsible_officer=officer,
        target_groups=rng.sample(TargetGroup.values, 2),
        media_formats=rng.sample(MediaFormat.values, 2),
    )


def make_public(agency: Agency, keys: list[int]) -> None:
    """The public row of each page: the JSON is made by the function a go-live uses, the rows are written in bulk."""
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        pages = (
            NewsPage.objects.filter(pk__in=batch).select_related("responsible_officer__unit").prefetch_related("tags")
        )
        media = media_of(pages, base_url=agency.site.root_url)
        rows = [projection_from(page, _facts(page, agency, media)) for page in pages]
        items = PublishedItem.objects.bulk_create([PublishedItem(page_id=row.page_pk, **row.fields) for row in rows])
        PublishedLabel.objects.bulk_create(
            [
                PublishedLabel(item=item, kind=kind, value=value)
                for item, row in zip(items, rows, strict=True)
                for kind, value in row.labels
            ]
        )


def _facts(page: NewsPage, agency: Agency, media: PublicMedia) -> Facts:
    moment = page.first_published_at
    return Facts(agency=agency, media=media, uuid=page.uuid, published_at=moment, updated_at=moment)
