"""Taking news off the site: the reasons, what the old address answers, who may, what is never revealed (R50, I5)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import PageViewRestriction

from home.models import NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import Role
from pr_workflow.publishing.models import Posting, PublishedItem, TakeDown
from pr_workflow.publishing.take_down import news_take_down
from pr_workflow.publishing.tick import expire_due
from tests.factories.office import MORNING, approved, live, make_draft, make_office, posted
from tests.factories.published import Reader, make_live, revise
from tests.factories.site import visitor

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=6)


@pytest.fixture
def page(office):
    return live(office, title="ตรวจสุขภาพฟรี", slug="checkup")


def down(office, page, kind="in_error", **fields) -> TakeDown:
    taken = {"actor": office.it_officer, "page": page, "kind": kind, "reason": "ข้อมูลผิดพลาด", "now": NOON, **fields}
    row = news_take_down(**taken)
    assert row is not None
    return row


def path_of(page) -> str:
    return page.get_url_parts()[2]


def text(answer) -> str:
    return answer.content.decode()


def test_the_record_keeps_why_and_which_address(office, page):
    item = PublishedItem.objects.get(page_id=page.pk)
    row = down(office, page, "withdrawn", notice="ยกเลิกกำหนดการเดิม")
    assert (row.item_uuid, row.path, row.title) == (item.uuid, path_of(page), "ตรวจสุขภาพฟรี")
    assert (row.notice, row.taken_down_by, row.ended_at) == ("ยกเลิกกำหนดการเดิม", office.it_officer, None)
    data = AuditEntry.objects.get(verb="news_take_down").data
    assert (data["kind"], data["reason"], data["notice"]) == ("withdrawn", "ข้อมูลผิดพลาด", "ยกเลิกกำหนดการเดิม")


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("withdrawn", {"notice": " "}, "notice"),
        ("consolidated", {}, "replaced_by"),
        ("in_error", {"reason": " "}, "reason"),
        ("holiday", {}, "kind"),
    ],
)
def test_what_a_kind_needs_is_said_at_its_field(office, page, kind, fields, field):
    with pytest.raises(ValidationError) as refused:
        down(office, page, kind, **fields)
    assert list(refused.value.message_dict) == [field]
    assert NewsPage.objects.get(pk=page.pk).live


def test_an_item_is_merged_only_into_public_news_of_its_agency(office, page):
    draft, foreign = make_draft(office, title="ร่าง"), make_live(make_office("spp"))
    for target in (page, draft, foreign):
        with pytest.raises(ValidationError):
            down(office, page, "consolidated", replaced_by=target)


def test_a_merged_item_leads_to_where_its_replacement_is_now(office, page):
    first, second = make_live(office, "รวมเรื่อง", slug="one"), make_live(office, "รวมอีกครั้ง", slug="two")
    down(office, page, "consolidated", replaced_by=first)
    reader = visitor(office)
    answer = reader.get(path_of(page))
    assert (answer.status_code, answer["Location"]) == (301, first.full_url)
    down(office, first, "consolidated", replaced_by=second)
    assert reader.get(path_of(page))["Location"] == second.full_url
    down(office, second, "in_error")
    gone = reader.get(path_of(page))
    assert gone.status_code == 410


def test_items_merged_in_a_circle_end_with_410(office, page):
    other = make_live(office, "อีกเรื่อง", slug="other")
    down(office, page, "consolidated", replaced_by=other)
    down(office, other, "in_error")
    TakeDown.objects.filter(page_number=other.pk).update(kind="consolidated", replaced_by=page)
    assert visitor(office).get(path_of(page)).status_code == 410


@pytest.mark.parametrize(
    ("kind", "status", "shown", "hidden"),
    [
        ("in_error", 410, "หน้านี้ถูกนำออก", "ตรวจสุขภาพฟรี"),
        ("withdrawn", 410, "โปรดใช้ฉบับใหม่", "ข้อมูลผิดพลาด"),
        ("expired", 410, "หมดอายุ", "ข้อมูลผิดพลาด"),
        ("correction", 404, "ตรวจแก้", "ตรวจสุขภาพฟรี"),
    ],
)
def test_what_the_address_says(office, page, kind, status, shown, hidden):
    down(office, page, kind, notice="โปรดใช้ฉบับใหม่" if kind == "withdrawn" else "")
    answer = visitor(office).get(path_of(page))
    assert answer.status_code == status
    assert hidden not in text(answer)
    assert '<meta name="robots" content="noindex">' in text(answer)
    assert answer["X-Robots-Tag"] == "noindex"
    if kind == "withdrawn":
        assert shown in text(answer)
    assert visitor(office).head(path_of(page)).status_code == status
    assert visitor(office).get(path_of(page).rstrip("/"), follow=True).status_code == status


def test_the_notice_is_shown_as_text(office, page):
    down(office, page, "withdrawn", notice="<script>alert(1)</script>")
    assert "<script>alert" not in text(visitor(office).get(path_of(page)))


def test_a_new_slug_in_the_draft_leaves_the_old_address_answering(office, page):
    old = path_of(page)
    down(office, page)
    revise(page, slug="new-address")
    NewsPage.objects.get(pk=page.pk)
    assert visitor(office).get(old).status_code == 410


def test_live_again_ends_the_take_down(office, page):
    row = down(office, page)
    posting = approved(office, revise(page, title="แก้แล้ว"), now=NOON)
    again = live(office, posting=posting, now=NOON + timedelta(hours=5))
    row.refresh_from_db()
    assert row.ended_at == NOON + timedelta(hours=5)
    assert visitor(office).get(path_of(again)).status_code == 200


def test_what_was_never_public_stays_an_empty_404(office):
    draft = make_draft(office, slug="secret")
    waiting = posted(office, title="รอขึ้น", slug="later", go_live_at=NOON + timedelta(days=1), now=NOON)
    for page in (draft, waiting.page):
        answer = visitor(office).get(path_of(page))
        assert answer.status_code == 404
        assert "gone__" not in text(answer)
        assert Reader(office).get(f"news/{page.specific.uuid}").json()["type"].endswith("#not-found")
        assert Reader(office).get(f"/api/v2/pages/{page.pk}/").status_code == 404


def test_news_of_a_private_section_says_nothing_after_it_left(office, page):
    PageViewRestriction.objects.create(page=office.index, restriction_type=PageViewRestriction.LOGIN)
    down(office, page, "withdrawn", notice="ความลับ")
    assert TakeDown.objects.get().path == ""
    answer = visitor(office).get(path_of(page))
    assert answer.status_code != 410
    assert "ความลับ" not in text(answer)
    assert Reader(office).get(f"news/{page.uuid}").status_code == 404
    assert Reader(office).get(f"/api/v2/pages/{page.pk}/").status_code == 404


def test_another_agencys_address_says_nothing(office, page):
    other = make_office("spp")
    down(office, page)
    assert visitor(other).get(path_of(page)).status_code == 404
    assert Reader(other).get(f"news/{page.uuid}").status_code == 404
    assert Reader(other).get(f"/api/v2/pages/{page.pk}/").status_code == 404


def test_the_api_answers_410_with_the_reason(office, page):
    replacement = make_live(office, "รวมเรื่อง", slug="one")
    down(office, page, "consolidated", replaced_by=replacement)
    for answer in (
        Reader(office).get(f"news/{page.uuid}"),
        Reader(office).get("news/by-path", {"path": path_of(page)}),
    ):
        assert answer.status_code == 410
        assert answer["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert (problem["kind"], problem["replaced_by"]) == ("consolidated", str(replacement.uuid))
        assert problem["type"].endswith("#gone")
    second = Reader(office).get(f"/api/v2/pages/{page.pk}/")
    assert (second.status_code, second.json()["replaced_by"]) == (410, str(replacement.uuid))


def test_the_api_carries_the_notice_and_calls_a_correction_404(office, page):
    row = down(office, page, "withdrawn", notice="ใช้ฉบับใหม่")
    assert Reader(office).get(f"news/{page.uuid}").json()["notice"] == "ใช้ฉบับใหม่"
    TakeDown.objects.filter(pk=row.pk).update(kind="correction", notice="")
    answer = Reader(office).get(f"news/{page.uuid}")
    assert (answer.status_code, answer.json()["kind"]) == (404, "correction")
    assert page.title not in Reader(office).titles()


def test_an_expiry_writes_its_record(office, page):
    NewsPage.objects.filter(pk=page.pk).update(expire_at=NOON)
    expire_due(now=NOON + timedelta(minutes=1))
    row = TakeDown.objects.get()
    assert (row.kind, row.taken_down_by) == ("expired", None)
    assert visitor(office).get(row.path).status_code == 410


def test_the_answer_of_a_missing_page_costs_few_queries(office, page, django_assert_max_num_queries):
    reader = visitor(office)
    reader.get("/nothing/")
    with django_assert_max_num_queries(25):
        assert reader.get("/nothing/").status_code == 404


# -- the screen


@pytest.fixture
def screen(client, office, page):
    client.force_login(office.it_officer)
    return reverse("pr_admin:news_take_down", args=[page.pk])


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"reason": "เหตุผลที่ยาวพอ"}, "kind"),
        ({"kind": "correction", "reason": "เหตุผลที่ยาวพอ"}, "kind"),
        ({"kind": "in_error", "reason": " "}, "reason"),
        ({"kind": "withdrawn", "reason": "เหตุผลที่ยาวพอ"}, "notice"),
        ({"kind": "consolidated", "reason": "เหตุผลที่ยาวพอ", "notice": "พิมพ์ไว้แล้ว"}, "replaced_by"),
        ({"kind": "consolidated", "reason": "เหตุผลที่ยาวพอ", "replaced_by": "999999"}, "replaced_by"),
    ],
)
def test_a_wrong_form_is_said_at_its_field_and_keeps_what_was_typed(client, screen, page, form, field):
    answer = client.post(screen, form)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    for typed in ("เหตุผลที่ยาวพอ", "พิมพ์ไว้แล้ว"):
        assert (typed in text(answer)) == (typed in form.values())
    page.refresh_from_db()
    assert page.live


def test_the_it_officer_merges_an_item(client, office, screen, page):
    item = PublishedItem.objects.get(page_id=make_live(office, "รวมเรื่อง", slug="one").pk)
    foreign = PublishedItem.objects.get(page_id=make_live(make_office("spp"), "หน่วยงานอื่น").pk)
    body = text(client.get(screen))
    assert "รวมเรื่อง" in body
    assert "หน่วยงานอื่น" not in body
    refused = client.post(screen, {"kind": "consolidated", "reason": "ซ้ำกับข่าวก่อน", "replaced_by": foreign.pk})
    assert refused.status_code == 422
    attempt = AuditEntry.objects.get(verb="refused", actor_id_text=str(office.it_officer.pk))
    assert attempt.data["path"] == screen
    assert "หน่วยงานอื่น" not in attempt.data["reason"]
    assert (
        client.post(screen, {"kind": "consolidated", "reason": "ซ้ำกับข่าวก่อน", "replaced_by": item.pk}).status_code == 302
    )
    assert TakeDown.objects.get().replaced_by_id == item.page_id
    assert client.post(screen, {"kind": "in_error", "reason": "อีกครั้งหนึ่ง"}).status_code == 302
    assert TakeDown.objects.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.IT_OFFICER])
def test_nobody_else_opens_the_screen(client, office, screen, page, role):
    client.force_login(office.person(role))
    assert client.get(screen).status_code == 403
    assert client.post(screen, {"kind": "in_error", "reason": "x"}).status_code == 403
    page.refresh_from_db()
    assert page.live


def test_waiting_versions_are_given_up(office, page):
    waiting = approved(office, revise(page, title="ฉบับใหม่"), now=NOON)
    down(office, page)
    assert Posting.objects.get(pk=waiting.pk).closed_reason == "taken down"
