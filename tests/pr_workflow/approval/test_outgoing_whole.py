"""Whoever signs sees everything the public gets: each public value stands on the review screen or in the preview."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext, override

from pr_workflow.approval.outgoing import outgoing_of
from pr_workflow.news.api_fields import news_api_fields
from pr_workflow.news.blocks import AttachmentBlock, PhotoBlock, news_body_blocks
from pr_workflow.news.models import NewsType
from pr_workflow.people.roles import Role
from pr_workflow.publishing.projection import published_item_refresh
from pr_workflow.stages import MediaFormat, TargetGroup
from pr_workflow.thai_time import thai_date
from tests.factories.office import MORNING, current_step, live, make_document, make_draft, make_image, submit
from tests.factories.published import host_of
from tests.factories.site import make_day, make_plan

pytestmark = pytest.mark.django_db

#: What the public gets and nobody has to read before signing, and why; the key is the path in the answer.
SHOWN_ELSEWHERE = {
    "uuid": "a number nobody chose",
    "url": "the address: in the section, in readable form",
    "published_at": "the moment of the go-live, after the signature",
    "updated_at": "the moment of the go-live, after the signature",
    "fiscal_year_be": "follows from the date of the event",
    "content_hash": "the seal itself",
    "agency.code": "the agency, not the item",
    "agency.name": "the agency, not the item: frame of every page",
    "important_day.key": "a number nobody chose",
    "plan_activity.uuid": "a number nobody chose",
    **{f"{photo}.{name}": "the picture itself, in the preview" for photo in ("image", "photos", "body.image")
       for name in ("url", "width", "height", "sizes.url", "sizes.width", "sizes.height")},
    "attachments.url": "the file itself, by its name in the section",
    "attachments.filename": "the file itself, by its name in the section",
    "attachments.content_type": "the file itself",
    "attachments.size": "the file itself",
    "attachments.sha256": "the file itself",
    "body.type": "the kind of a block, seen in the preview",
}  # fmt: skip
WORDS = {
    "type": dict(NewsType.choices),
    "target_groups": dict(TargetGroup.choices),
    "formats": dict(MediaFormat.choices),
    "media_formats": dict(MediaFormat.choices),
    "event_date": {MORNING.date().isoformat(): thai_date(MORNING.date())},
}


@pytest.fixture(autouse=True)
def in_thai():
    with time_machine.travel(MORNING, tick=False), override("th"):
        yield


def everything(office) -> dict[str, Any]:
    """A value for every field the public reads."""
    linked, photo = make_document(office, "ประกาศฉบับเต็ม"), make_image(office, colour="navy")
    text = (
        f'<p>อ่าน <a linktype="document" id="{linked.pk}">ฉบับเต็ม</a> และ <a href="https://example.go.th/ก">เว็บ</a></p>'
    )
    return {
        "body": [
            ("heading", "หัวข้อย่อยของข่าว"),
            ("paragraph", text),
            ("quote", "คำพูดของผู้อำนวยการ"),
            ("photo", {"image": photo, "alt_text": "ภาพในเนื้อข่าว", "caption": "บรรยายในเนื้อ", "credit": "ผู้ถ่ายในเนื้อ"}),
        ],
        "place": "ห้องประชุมชั้น 5",
        "attachments": [("file", {"document": make_document(office), "title": "แผ่นพับล้างมือ"})],
        "plan_activity": make_plan(office, activities=2).activities.first(),
        "important_day": make_day("วันล้างมือโลก", MORNING.date()),
        "target_groups": ["staff", "students"],
        "media_formats": ["news", "infographic"],
        "tags": ["ล้างมือ", "โรงเรียน"],
    }


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value with its path; the numbers of rows in a list are left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}".strip("."))
    elif isinstance(value, list) and value:
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


def readable(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())


def screens(client, office, page) -> str:
    """What an approver reads: the section, and the page as readers will see it."""
    client.force_login(office.person(Role.HEAD_OF_WORK))
    step = current_step(page)
    body = client.get(reverse("pr_admin:review", args=[step.pk])).content.decode()
    section = body[body.index('id="outgoing"') : body.index('id="signatures"')]
    preview = client.get(reverse("pr_admin:preview", args=[step.revision_id])).content.decode()
    return readable(section) + readable(preview[preview.index("<article") :])


def not_shown(answer: dict[str, Any], shown: str) -> list[str]:
    """Paths whose value an approver cannot read, and those this test left empty and so could not judge."""
    missing = []
    for path, value in leaves(answer):
        if path in SHOWN_ELSEWHERE:
            continue
        text = readable(str(WORDS.get(path, {}).get(value, value) or ""))
        # The API sets caption and credit of a photo in one line, the page in two.
        if not text or not all(piece in shown for piece in text.split(" · ")):
            missing.append(f"{path}: {value!r}")
    return missing


def test_every_public_value_is_on_the_screen_of_whoever_signs(client, office):
    fields = everything(office)
    page = make_draft(office, **fields)
    submit(office, page)
    shown = screens(client, office, page)
    public = live(office, now=MORNING, slug="the-same-live", **{**fields, "tags": fields["tags"]})
    row = published_item_refresh(public.pk, MORNING)
    host = {"host": host_of(office)}
    v1 = client.get(f"/api/pr/v1/news/{row.uuid}", headers=host).json()
    v2 = client.get(f"/api/v2/pages/{public.pk}/", headers=host).json()
    assert not_shown(v1, shown) == []
    ours = {field.name for field in news_api_fields()}
    assert ours <= v2.keys()
    assert not_shown({"type" if key == "news_type" else key: v2[key] for key in ours | {"title"}}, shown) == []


def test_a_public_field_nobody_shows_is_found(client, office):
    page = make_draft(office)
    submit(office, page)
    shown = screens(client, office, page)
    assert not_shown({"title": page.title, "slogan": "ถ้อยคำที่ไม่มีใครเห็น", "motto": ""}, shown) == [
        "slogan: 'ถ้อยคำที่ไม่มีใครเห็น'",
        "motto: ''",
    ]


def test_new_words_in_a_block_are_thought_of():
    """The values above fill every block and every part of a block there is."""
    assert set(PhotoBlock().child_blocks) == {"image", "alt_text", "caption", "credit"}
    assert set(AttachmentBlock().child_blocks) == {"document", "title"}
    assert {name for name, _block in news_body_blocks()} == {"heading", "paragraph", "quote", "photo"}


def test_documents_and_addresses_inside_the_text_are_named(client, office):
    page = make_draft(office, **everything(office))
    submit(office, page)
    shown = screens(client, office, page)
    assert "ประกาศฉบับเต็ม (leaflet" in shown
    assert "https://example.go.th/ก" in shown


def test_a_linked_document_that_is_gone_is_said_to_be_gone(office):
    text = '<p><a linktype="document" id="99999">ก</a><a linktype="document" id="x">ข</a></p>'
    page = make_draft(office, body=[("paragraph", text)])
    assert outgoing_of(page.get_latest_revision_as_object()).documents == [gettext("no longer there")] * 2


def test_a_photo_without_alternative_text_is_said_to_have_none(client, office):
    page = make_draft(office, photos=[("photo", {"image": make_image(office), "caption": "มีแต่คำบรรยาย"})])
    (photo,) = outgoing_of(page.get_latest_revision_as_object()).photos
    assert (photo.alt, photo.caption) == ("", "มีแต่คำบรรยาย")


def test_an_activity_of_a_plan_that_is_not_approved_says_when_readers_see_it(client, office):
    activity = make_plan(office, live=False).activities.first()
    page = make_draft(office, plan_activity=activity)
    submit(office, page)
    shown = screens(client, office, page)
    assert f"{activity.code} {activity.title}" in shown
    assert readable(gettext("Readers see it only once its plan is approved.")) in shown


def test_it_asks_little_more_for_everything(office):
    page = make_draft(office, **everything(office)).get_latest_revision_as_object()
    with CaptureQueriesContext(connection) as queries:
        outgoing_of(page)
    assert len(queries) <= 10
