"""Small or material: what a reader could act on always goes through the whole chain (R47)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_workflow.publishing.correction_kind import content_kind

pytestmark = pytest.mark.once

TEXT = (
    "<p>กรมควบคุมโรคตัวอย่าง โดยนายสมมติ ใจดี เชิญประชาชนเข้ารับวัคซีน 1,250 คน ที่โรงพยาบาลตัวอย่าง วันที่ ๑๓ เมษายน 2570 "
    'เวลา 09.30 น. ค่าบริการ 200 บาท <a href="/news/">อ่านเพิ่ม</a> ขอขอบคุณทุกท่านที่ให้ความร่วมมือเป็นอย่างดี</p>'
)


def content(text: str = TEXT, **fields) -> dict[str, Any]:
    photo = {"image": 7, "alt_text": "เข็มฉีดยา", "caption": "", "credit": "กรม"}
    body = [
        {"type": "paragraph", "value": text, "id": "a"},
        {"type": "photo", "value": photo, "id": "b"},
    ]
    values = {
        "title": "รับวัคซีนฟรี",
        "lead": "เชิญรับวัคซีน",
        "slug": "vaccine",
        "body": json.dumps(body),
        "photos": "[]",
        "attachments": "[]",
        "event_date": "2027-04-13",
        "place": "ห้องประชุม",
        "disclosure": "public",
        "responsible_officer": 3,
        "latest_revision": 1,
    }
    return {**values, **fields}


def reasons(text: str = TEXT, **fields) -> tuple[str, ...]:
    return content_kind(content(), content(text, **fields)).reasons


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("ความร่วมมือ", "ความรวมมือ"),
        ("ขอขอบคุณ", "ขอบคุณ"),
        ("ประชาชนเข้ารับ", "ประชาชน เข้ารับ"),
        ("เป็นอย่างดี", "เป็นอย่างดีี"),
        ("ให้ความ", "ใหค้วาม"),
    ],
)
def test_typing_errors_are_small(wrong, right):
    assert wrong in TEXT
    assert reasons(TEXT.replace(wrong, right)) == ()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("ชมรมสนับสนุนโครงการนี้", "ชมรมคัดค้านโครงการนี้"),
        ("น้ำประปาปลอดภัย", "น้ำประปาอันตราย"),
        ("ติดต่อ info@health.example", "ติดต่อ info@scam.example"),
        ("ดู www.health.example", "ดู www.evil.example"),
        ("นำโดย สมชาย ใจดี", "นำโดย สมหญิง ใจร้าย"),
        ("จัดที่เชียงใหม่", "จัดที่เชียงราย"),
        ("รับสมัครผู้ใหญ่", "รับสมัครเด็ก"),
        ("โครงการสำเร็จตามเป้า", "โครงการล้มเหลวตามเป้า"),
        ("ผลตรวจเป็นบวก", "ผลตรวจเป็นลบ"),
        ("จำเลยถูกจับ", "จำเลยถูกปล่อย"),
        ("เบิกจ่ายจริง", "เบิกจ่ายเท็จ"),
    ],
)
def test_another_word_is_material(wrong, right):
    assert reasons(f"<p>{wrong}</p>") != ()
    assert content_kind(content(f"<p>{wrong}</p>"), content(f"<p>{right}</p>")).reasons


def test_nothing_changed_is_small():
    assert content_kind(content(), content(latest_revision=2)).is_small


@pytest.mark.parametrize(
    ("wrong", "right", "reason"),
    [
        ("1,250", "1,520", "figures"),
        ("๑๓", "๑๔", "figures"),
        ("09.30", "10.30", "figures"),
        ("200 บาท", "200 ล้านบาท", "figures"),
        ("เมษายน", "เมษา", "figures"),
        ("นายสมมติ", "นายสมมุติ", "names"),
        ("ใจดี", "ใจร้าย", "names"),
        ("เชิญประชาชน", "ไม่เชิญประชาชน", "words"),
        ("โรงพยาบาลตัวอย่าง", "โรงพยาบาลสมมติ", "words"),
        ('href="/news/"', 'href="/plan/"', "markup"),
        ("ขอขอบคุณ", "ขอขอบคุณ" + "มาก" * 30, "size"),
    ],
)
def test_what_a_reader_could_act_on_is_material(wrong, right, reason):
    assert wrong in TEXT
    assert reason in reasons(TEXT.replace(wrong, right))


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "รับวัคซีน"},
        {"lead": "เชิญรับวัคซีนฟรี"},
        {"slug": "vaccines"},
        {"photos": '[{"type": "photo", "value": {"image": 8}}]'},
        {"attachments": '[{"type": "file", "value": {"document": 2}}]'},
        {"disclosure": "withheld"},
        {"event_date": "2027-04-14"},
        {"place": "หอประชุม"},
        {"responsible_officer": 4},
        {"tags": ["ใหม่"]},
        {"body": "[]"},
    ],
)
def test_everything_outside_the_text_is_material(fields):
    assert not content_kind(content(), content(**fields)).is_small


def test_another_picture_or_its_description_in_the_text_is_material():
    changed = content()
    body = json.loads(changed["body"])
    for key, value in (("image", 8), ("alt_text", "อย่างอื่น"), ("caption", "ใหม่")):
        other = [body[0], {**body[1], "value": {**body[1]["value"], key: value}}]
        assert "photo" in content_kind(content(), {**changed, "body": json.dumps(other)}).reasons


def test_the_order_of_names_in_a_block_is_no_change():
    photo = {"type": "photo", "value": {"image": 8, "caption": "ก"}, "id": "p"}
    turned = {"id": "p", "value": {"caption": "ก", "image": 8}, "type": "photo"}
    assert content_kind(content(photos=json.dumps([photo])), content(photos=json.dumps([turned]))).is_small


def test_moved_or_added_parts_are_material():
    body = json.loads(content()["body"])
    for other in (body[::-1], [*body, body[0]], body[:1]):
        assert not content_kind(content(), content(body=json.dumps(other))).is_small


DIGITS = st.sampled_from("0123456789๐๑๒๓๔๕๖๗๘๙")
PLACES = st.integers(min_value=3, max_value=len(TEXT) - 5)


def outside_markup(place: int) -> bool:
    return TEXT.rfind("<", 0, place) <= TEXT.rfind(">", 0, place)


@given(place=PLACES, digit=DIGITS)
def test_a_digit_more_is_always_material(place, digit):
    assert reasons(TEXT[:place] + digit + TEXT[place:])


@given(place=st.sampled_from([number for number, letter in enumerate(TEXT) if letter.isnumeric()]), digit=DIGITS)
def test_another_digit_or_one_less_is_always_material(place, digit):
    assert reasons(TEXT[:place] + TEXT[place + 1 :])
    if digit != TEXT[place]:
        assert reasons(TEXT[:place] + digit + TEXT[place + 1 :])


@given(text=st.text(alphabet="กขค ไม่ะา0๕<>p/", max_size=40), other=st.text(alphabet="กขค ไม่ะา0๕<>p/", max_size=40))
def test_two_texts_with_different_digits_are_never_small(text, other):
    kind = content_kind(content(text), content(other))
    plain = [[letter for letter in each if letter.isnumeric()] for each in (text, other)]
    if plain[0] != plain[1]:
        assert not kind.is_small


@given(title=st.text(max_size=30), image=st.integers(min_value=1, max_value=50))
def test_another_headline_or_picture_is_always_material(title, image):
    if title != content()["title"]:
        assert not content_kind(content(), content(title=title)).is_small
    if image != 7:
        body = content()["body"].replace('"image": 7', f'"image": {image}')
        assert not content_kind(content(), content(body=body)).is_small


@given(start=PLACES, end=PLACES, new=st.text(alphabet="กขคงจฉชabc ", max_size=200))
def test_a_small_change_is_never_large(start, end, new):
    start, end = sorted((start, end))
    if content_kind(content(), content(TEXT[:start] + new + TEXT[end:])).is_small:
        assert end - start <= 40 + len(new)
        assert abs(len(new) - (end - start)) <= 40
