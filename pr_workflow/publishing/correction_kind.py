"""Is a correction small or material? Decided by what changed, never by what the writer calls it (R47, S1 §5).

Small means typing errors inside the text: a letter or two in a few places. Everything else a reader could act on is
material and goes through the whole chain: headline, lead, pictures, files, dates, places, persons, figures, addresses,
another word. In doubt it is material.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from ..approval.content_hash import BOOKKEEPING

#: The one field in which a change can be small.
BODY = "body"
#: Places in the whole text that may differ, and characters in one place; so much could be a slip of the finger.
SMALL_PLACES = 5
SMALL_STRETCH = 2
#: Differences with fewer equal characters between them are one place: another word shares letters with the old one.
NEAR = 4
#: A longer stretch between the first and the last difference of one block is not compared letter by letter.
LONGEST_STRETCH = 2000
#: So many characters around a figure belong to it: its unit, its month, what it counts.
AROUND = 10

_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
_PERSON = re.compile(
    r"(?:นางสาว|นาง|นาย|น\.ส\.|ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง|ดร\.|นพ\.|พญ\.|ทพ\.|ผศ\.|รศ\.|ศ\.|พล\.|พ\.ต\.|ร\.ต\.|(?<!ขอบ)คุณ"
    r"|รัฐมนตรี|ปลัด|อธิบดี|ผู้ว่า|ผู้อำนวยการ|ผอ\.|เลขาธิการ|หัวหน้า|ประธาน|Mr|Mrs|Ms|Dr)\s*\S*(?:\s+\S+)?"
)
#: Names, abbreviations, addresses of mail and web.
_LATIN = re.compile(r"[A-Za-z@][\w@.:/?=&%#+-]*")
#: Dates, times and amounts in words. Found inside longer words too: then a person looks once more than needed.
_AMOUNTS = """
    หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ ยี่ ร้อย พัน หมื่น แสน ล้าน ครึ่ง บาท
    วัน เดือน ปี โมง นาฬิกา นาที ชั่วโมง เช้า บ่าย เย็น เที่ยง
    มกรา กุมภา มีนา เมษา พฤษภา มิถุนา กรกฎา สิงหา กันยา ตุลา พฤศจิกา ธันวา
    ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.
    จันทร์ อังคาร พุธ พฤหัส ศุกร์ เสาร์ อาทิตย์
"""
#: What stands behind these words names a place.
_PLACES = "จังหวัด อำเภอ ตำบล หมู่ ถนน ซอย แขวง เขต ห้อง อาคาร ชั้น โรงพยาบาล โรงเรียน จ. อ. ต. ถ."
#: Small words that turn the meaning round.
_TURNS = """
    ไม่ มิ ห้าม งด เว้น ยกเลิก เลื่อน เปิด ปิด อนุญาต ต้อง ควร ก่อน หลัง เฉพาะ ทุก บาง อาจ เพิ่ม ลด ผ่าน ตก ฟรี
"""
_WORDS = re.compile("|".join(re.escape(word) for text in (_AMOUNTS, _PLACES, _TURNS) for word in text.split()))

WORDING: dict[str, str | Promise] = {
    "field": _("something other than the text was changed"),
    "blocks": _("parts of the text were added, removed or moved"),
    "photo": _("a picture in the text was changed"),
    "markup": _("links or formatting were changed"),
    "figures": _("a number, date, time or amount was changed"),
    "names": _("a name or a position was changed"),
    "words": _("a word about time, amount, place, or one that can turn the meaning round was changed"),
    "size": _("more than typing errors was changed"),
    "unsigned": _("no published version of the item has gone through the whole chain"),
}


@dataclass(frozen=True)
class Correction:
    """What kind of change a new version is; `reasons` says why it is material, as codes of `WORDING`."""

    reasons: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def is_small(self) -> bool:
        """May owner and checker settle it?"""
        return not self.reasons

    @property
    def sentence(self) -> str:
        """Why it is material, in the reader's language."""
        return ", ".join(str(WORDING[reason]) for reason in self.reasons)


def correction_kind(live: Revision, new: Revision) -> Correction:
    """Compare a version with the one that was found wrong."""
    return content_kind(live.content, new.content)


def content_kind(old: dict[str, Any], new: dict[str, Any]) -> Correction:
    """The same for the contents of two versions, as Wagtail stores them."""
    keys = (old.keys() | new.keys()) - BOOKKEEPING - {BODY}
    fields = tuple(sorted(key for key in keys if _own(old.get(key)) != _own(new.get(key))))
    reasons = ["field"] if fields else []
    reasons += _body_reasons(_blocks(old), _blocks(new))
    return Correction(tuple(dict.fromkeys(reasons)), fields)


def same_content(old: Revision, new: Revision) -> bool:
    """Whether two versions say the same to readers."""
    keys = (old.content.keys() | new.content.keys()) - BOOKKEEPING
    return all(_own(old.content.get(key)) == _own(new.content.get(key)) for key in keys)


def _own(value: Any) -> Any:
    """A field as it reads: without the row numbers of what hangs on it (tags get theirs when they first go live), and
    blocks as blocks, because PostgreSQL gives the names in them back in another order than they were written."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    if isinstance(value, list):
        return [{k: v for k, v in row.items() if k != "pk"} if isinstance(row, dict) else row for row in value]
    return value


def _blocks(content: dict[str, Any]) -> list[dict[str, Any]]:
    body = content.get(BODY) or "[]"
    return json.loads(body) if isinstance(body, str) else body


def _body_reasons(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[str]:
    if [block["type"] for block in old] != [block["type"] for block in new]:
        return ["blocks"]
    reasons, places = [], 0
    for before, after in zip(old, new, strict=True):
        if before["value"] == after["value"]:
            continue
        if not isinstance(before["value"], str) or not isinstance(after["value"], str):
            reasons.append("photo")
            continue
        reasons += _text_reasons(before["value"], after["value"])
        stretches = _stretches(_plain(before["value"]), _plain(after["value"]))
        places += len(stretches)
        if any(stretch > SMALL_STRETCH for stretch in stretches):
            reasons.append("size")
    if places > SMALL_PLACES:
        reasons.append("size")
    return reasons


def _text_reasons(before: str, after: str) -> Iterator[str]:
    if _TAG.findall(before) != _TAG.findall(after):
        yield "markup"
    before, after = _plain(before), _plain(after)
    if _figures(before) != _figures(after):
        yield "figures"
    if _PERSON.findall(before) != _PERSON.findall(after) or _LATIN.findall(before) != _LATIN.findall(after):
        yield "names"
    if _WORDS.findall(before) != _WORDS.findall(after) or _named_places(before) != _named_places(after):
        yield "words"


def _plain(html: str) -> str:
    return _SPACE.sub(" ", _TAG.sub(" ", html)).strip()


def _figures(text: str) -> list[str]:
    """Every figure with what stands around it: the same number with another unit is another amount."""
    packed = text.replace(" ", "")
    places = [number for number, character in enumerate(packed) if character.isnumeric()]
    return [packed[max(0, place - AROUND) : place + AROUND + 1] for place in places]


def _named_places(text: str) -> list[str]:
    found = (re.finditer(re.escape(word), text) for word in _PLACES.split())
    return [text[match.start() : match.end() + AROUND] for matches in found for match in matches]


def _stretches(before: str, after: str) -> list[int]:
    """How many characters differ in each place; differences close to one another are one place."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    before, after = before[start : len(before) - end], after[start : len(after) - end]
    if max(len(before), len(after)) > LONGEST_STRETCH:
        return [LONGEST_STRETCH]
    places: list[list[int]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if places and a - places[-1][1] < NEAR:
            places[-1][1], places[-1][3] = b, d
        else:
            places.append([a, b, c, d])
    return [max(b - a, d - c) for a, b, c, d in places]
