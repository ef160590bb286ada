"""What changed between two versions: texts in pieces, blocks, pictures, files, lists; never any markup."""

from datetime import date
from decimal import Decimal

import pytest

from pr_workflow.approval.comparison import changes_between
from pr_workflow.approval.text_diff import ADDED, REMOVED, SAME, in_context, list_diff, plain_text, text_diff, tokens
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.stages import TargetGroup
from tests.factories.office import make_document, make_draft, make_image


def rebuilt(pieces, without) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != without)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("กลุ่มพัฒนาระบบบริหารจัดกิจกรรมที่โถง", "กลุ่มพัฒนาระบบบริหารจัดงานที่ห้องประชุม"),
        ("", "ทั้งหมดใหม่"),
        ("ทั้งหมดเก่า", ""),
        ("วันที่ ๑๒ เวลา 09.30 น.", "วันที่ ๑๓ เวลา 13.30 น."),
        ("a <b>b</b> & c", "a <script>c</script>"),
        ("ซ้ำ" * 3000, "ซ้ำ" * 2999 + "ใหม่"),
    ],
)
def test_the_pieces_are_the_two_texts(old, new):
    pieces = text_diff(old, new)
    assert rebuilt(pieces, ADDED) == old
    assert rebuilt(pieces, REMOVED) == new


def test_thai_is_cut_between_letters_never_before_a_mark():
    text = "เก้าอี้น้ำตก ผู้ใหญ่ไม่รู้ ก็ได้ เสร็จ ๒๕๖๙ 09.30"
    assert "".join(tokens(text)) == text
    for token in tokens(text):
        assert token[0] not in "ัิีึืฺุู็่้๊๋์ํ๎ะาำ", token
    assert "09.30" in tokens(text)


def test_a_changed_word_is_shown_whole():
    pieces = text_diff("จัดกิจกรรมล้างมือ", "จัดงานล้างมือ")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        (SAME, "จัด"),
        (REMOVED, "กิจกรรม"),
        (ADDED, "งาน"),
        (SAME, "ล้างมือ"),
    ]


def test_only_the_surroundings_of_a_change_are_shown():
    long = "ข้อความเดิมยาวมาก " * 40
    shown = in_context(text_diff(long + "เก่า" + long, long + "ใหม่" + long))
    assert len(rebuilt(shown, ADDED)) < 300
    assert {piece.kind for piece in shown} == {SAME, ADDED, REMOVED}


def test_rich_text_is_read_with_the_addresses_of_its_links():
    assert plain_text('<p>อ่าน<b>ต่อ</b> <a href="https://x.example/?a=1">ที่นี่</a></p><ul><li>หนึ่ง</li></ul>') == (
        "อ่านต่อ ที่นี่ (https://x.example/?a=1)\n• หนึ่ง"
    )
    assert plain_text("") == ""


def test_lists_are_compared_entry_by_entry():
    assert [(piece.kind, piece.text) for piece in list_diff(["a", "b"], ["b", "c"])] == [
        (SAME, "b"),
        (ADDED, "c"),
        (REMOVED, "a"),
    ]


def two_versions(office, change, **fields):
    page = make_draft(office, **fields)
    old = page.get_latest_revision_as_object()
    new = page.get_latest_revision_as_object()
    change(new)
    revision = new.save_revision(user=office.writer)
    return {field.name: field for field in changes_between(old, revision.as_object())}


def kinds(field) -> list[str]:
    return [change.kind for change in field.changes]


def test_an_unchanged_item_has_no_changes(office):
    assert two_versions(office, lambda page: None) == {}


def test_plain_fields_are_compared_in_the_words_of_the_screen(office):
    def change(page):
        page.title = "ชื่อใหม่"
        page.news_type = "announcement"
        page.target_groups = ["public", "press"]
        page.place = "หอประชุม"
        page.event_date = None
        page.responsible_officer = office.profile("head_of_work")
        page.tags.add("ใหม่")

    found = two_versions(office, change)
    assert set(found) == {"title", "news_type", "target_groups", "place", "event_date", "responsible_officer", "tags"}
    text = found["responsible_officer"].changes[0].texts[0]
    assert office.profile("head_of_work").display_name in rebuilt(text.pieces, REMOVED)
    assert "16 พฤศจิกายน 2569" in rebuilt(found["event_date"].changes[0].texts[0].pieces, ADDED)
    lists = found["target_groups"].changes[0].texts[0]
    assert lists.is_list
    assert [piece.kind for piece in lists.pieces].count(ADDED) == 1
    assert [piece.kind for piece in lists.pieces].count(REMOVED) == 1


def test_blocks_added_changed_removed_and_moved(office):
    body = [("heading", "หัวข้อ"), ("paragraph", "<p>เดิม</p>"), ("quote", "คำพูด")]

    def change(page):
        page.body[1].value = type(page.body[1].value)("<p>เดิม และเพิ่ม</p>")
        del page.body[2]
        page.body.append(("paragraph", "<p>ย่อหน้าใหม่</p>"))

    found = two_versions(office, change, body=body)
    assert list(found) == ["body"]
    assert kinds(found["body"]) == ["changed", "removed", "added"]

    def swap(page):
        first = page.body.pop(0)
        page.body.insert(1, first)

    moved = two_versions(office, swap, body=body[:2])
    assert kinds(moved["body"]) == ["moved"]


def test_a_change_of_formatting_alone_is_said(office):
    def change(page):
        page.body[0].value = type(page.body[0].value)("<p><b>เดิม</b></p>")

    found = two_versions(office, change, body=[("paragraph", "<p>เดิม</p>")])
    (change_shown,) = found["body"].changes
    assert change_shown.note
    assert change_shown.texts == []


def test_pictures_stand_side_by_side_with_their_texts(office):
    new_image = make_image(office, title="ภาพใหม่", colour="navy")

    def change(page):
        page.photos[0].value["image"] = new_image
        page.photos[0].value["caption"] = "การสาธิตครั้งที่ 2"

    found = two_versions(office, change)
    (shown,) = found["photos"].changes
    ((before, after),) = shown.pictures
    assert (before.title, after.title) == ("ภาพกิจกรรม", "ภาพใหม่")
    assert before.url
    assert before.url != after.url
    assert len(shown.texts) == 1
    assert "ครั้งที่ 2" in rebuilt(shown.texts[0].pieces, REMOVED)


def test_a_deleted_picture_breaks_nothing(office):
    image = make_image(office)
    page = make_draft(office, image=image)
    old = page.get_latest_revision_as_object()
    new = page.get_latest_revision_as_object()
    new.photos[0].value["image"] = make_image(office, title="อีกภาพ", colour="olive")
    revision = new.save_revision(user=office.writer)
    image.delete()
    reread = page.revisions.order_by("pk").first().as_object()
    (photos,) = [field for field in changes_between(reread, revision.as_object()) if field.name == "photos"]
    ((before, after),) = photos.changes[0].pictures
    assert before is None
    assert after.title == "อีกภาพ"
    assert old.pk == new.pk


def test_attachments_name_their_file(office):
    document = make_document(office, title="แผ่นพับ")

    def change(page):
        page.attachments = [("file", {"document": document, "title": "ดาวน์โหลด"})]

    found = two_versions(office, change)
    words = " ".join(rebuilt(text.pieces, REMOVED) for text in found["attachments"].changes[0].texts)
    assert "แผ่นพับ" in words
    assert "ดาวน์โหลด" in words


def plan_with(office, **fields) -> AnnualPlan:
    plan = AnnualPlan(agency=office.agency, fiscal_year_be=2570, title="แผน")
    days = {"start": date(2026, 11, 16), "end": date(2026, 11, 17)}
    plan.activities = [PlanActivity(code="A-1", title="กิจกรรม", **days, **fields)]
    return plan


def test_the_order_in_which_choices_are_kept_is_no_change(office):
    groups = list(TargetGroup.values)[:3]
    old, new = (plan_with(office, target_groups=order) for order in (groups, groups[::-1]))
    assert changes_between(old, new) == []
    page = make_draft(office, target_groups=groups)
    again = page.specific_class.objects.get(pk=page.pk)
    page.target_groups = groups[::-1]
    assert changes_between(again, page) == []
    new.activities.get().target_groups.pop()
    (field,) = changes_between(old, new)
    assert len(field.changes[0].texts) == 1


def test_an_amount_is_shown_in_one_form(office):
    old, new = (plan_with(office, budget_baht=amount) for amount in (Decimal(6000), Decimal("12500.50")))
    (field,) = changes_between(old, new)
    pieces = field.changes[0].texts[0].pieces
    assert rebuilt(pieces, ADDED) == "6,000.00"
    assert rebuilt(pieces, REMOVED) == "12,500.50"
    assert changes_between(old, plan_with(office, budget_baht=Decimal("6000.00"))) == []
