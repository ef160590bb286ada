"""The request form and the dossier as people print them (S1 §4.3, §4.6)."""

import re
from datetime import timedelta

import pytest
from django.utils import translation

from home.models import NewsPage
from pr_workflow import paper
from pr_workflow.approval.models import ApprovalSeal, Submission
from pr_workflow.approval.services import news_return
from pr_workflow.archive.evidence import submission_facts
from pr_workflow.archive.holding import hold_place
from pr_workflow.archive.printing import dossier_html
from pr_workflow.archive.request_form import form_of_page, form_of_record, signature_blocks
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.models import EmergencyPublication
from pr_workflow.templatetags.pr_archive import whole_numbers
from tests.factories.office import MORNING, approved, current_step, make_draft, make_office, read_and_approve, submit
from tests.pdf_text import pdf_text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def form_url(page) -> str:
    return f"/admin/pr/news/{page.pk}/request-form.pdf"


def words(answer) -> str:
    """The copied text without spaces: where lines break is the printer's business."""
    return "".join(paper.whole_sara_am(pdf_text(answer.content)).split())


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_an_item_under_consideration_has_a_form_with_empty_blocks(office, client):
    page = make_draft(office, news_giver=office.profile(Role.DIRECTOR), channels=["website", "facebook"])
    client.force_login(office.writer)
    assert client.get(form_url(page)).status_code == 404
    submit(office, page)
    read_and_approve(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), comment="ดี", now=MORNING)
    answer = client.get(form_url(page))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "filename*=UTF-8''" in answer["Content-Disposition"]
    text = words(answer)
    signer, waiting = office.profile(Role.HEAD_OF_WORK), office.profile(Role.HEAD_OF_SECTION)
    for wanted in (page.title, page.lead, office.agency.name, signer.display_name, "16 พ.ย. 2569", "Facebook"):
        assert squeezed(wanted).replace("พ.ย.", "พฤศจิกายน") in text
    assert squeezed(waiting.display_name) not in text


def test_the_blocks_say_who_signed_in_what_capacity(office):
    posting = approved(office)
    page = NewsPage.objects.get(pk=posting.page_id)
    form = form_of_page(page, office.agency)
    (row,) = form.blocks
    assert [block.name for block in row] == [office.profile(role).display_name for role in CHAIN]
    with translation.override("th"):
        seal = ApprovalSeal.objects.last()
        seal.capacity = "ปฏิบัติหน้าที่แทนผู้อำนวยการ (ตัวอย่าง) ตามคำสั่งที่ 12/2570"
        facts = submission_facts(Submission.objects.get())
        facts["seals"][-1]["capacity"] = seal.capacity
        blocks = signature_blocks(facts, [], "thai")
    assert blocks[-1].capacity == seal.capacity
    assert [block.number for block in blocks] == ["๑", "๒", "๓"]
    assert "๒๕๖๙" in blocks[0].at
    assert blocks[0].word == blocks[1].word != blocks[2].word


def test_a_step_left_out_says_why_and_a_returned_one_what(office):
    page = make_draft(office)
    submit(office, page)
    facts = submission_facts(Submission.objects.get())
    facts["steps"][1]["skipped"] = "ตำแหน่งว่าง"
    blocks = signature_blocks(facts, [], "arabic")
    assert (blocks[1].skipped, blocks[1].is_empty) == ("ตำแหน่งว่าง", False)
    assert blocks[0].is_empty
    assert blocks[2].is_empty
    news_return(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), reason="ระบุวัน", now=MORNING)
    (row,) = form_of_page(NewsPage.objects.get(pk=page.pk), office.agency).blocks
    assert (row[0].name, row[0].comment) == (office.profile(Role.HEAD_OF_WORK).display_name, "ระบุวัน")


def test_an_emergency_is_said_in_words(office, client, django_user_model):
    page = make_draft(office)
    root = django_user_model.objects.create_superuser("root-account", password="x")
    EmergencyPublication.objects.create(
        agency=office.agency, page_id=page.pk, revision=page.latest_revision, reason="น้ำท่วมฉับพลัน",
        content_hash="0" * 64, published_at=MORNING, published_by=root, due_at=MORNING + timedelta(days=1),
    )  # fmt: skip
    client.force_login(office.person(Role.DIRECTOR))
    text = words(client.get(form_url(page)))
    assert "น้ำท่วมฉับพลัน" in text
    assert "root-account" in text


def test_the_form_can_be_printed_from_the_record_alone(record):
    live_form = form_of_page(NewsPage.objects.get(pk=record.page_number), record.agency)
    assert form_of_record(record) == live_form
    record.history = {}
    assert form_of_record(record) is None


def test_what_people_write_is_text_never_markup(office, client, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("7421")
    evil = f'<img src="{secret.as_uri()}"><style>p{{display:none}}</style><b>หนา</b>'
    page = make_draft(office, title="ข่าว <i>เอียง</i>", lead=evil)
    submit(office, page)
    client.force_login(office.writer)
    text = words(client.get(form_url(page)))
    assert squeezed(evil[:20]) in text
    assert "<b>หนา</b>" in text
    assert "7421" not in text


def test_the_form_is_for_those_who_read_the_item(office, client):
    page = NewsPage.objects.get(pk=approved(office).page_id)
    client.force_login(office.person(Role.NETWORK_MEMBER))
    assert client.get(form_url(page)).status_code == 403
    client.force_login(make_office("spp").person(Role.DIRECTOR))
    assert client.get(form_url(page)).status_code == 404
    client.logout()
    assert client.get(form_url(page)).status_code == 302


def test_a_server_without_pango_answers_with_a_sentence(office, client, monkeypatch):
    page = NewsPage.objects.get(pk=approved(office).page_id)

    def broken():
        raise paper.PaperUnavailable("ยังไม่ได้ติดตั้ง Pango")

    monkeypatch.setattr(paper, "_engine", broken)
    client.force_login(office.writer)
    answer = client.get(form_url(page))
    assert answer.status_code == 503
    assert "ยังไม่ได้ติดตั้ง Pango" in answer.content.decode()


def test_an_agency_with_thai_digits_gets_them_everywhere_but_in_names(record, office, client):
    type(office.agency).objects.update(thai_digits=True)
    client.force_login(office.person(Role.DIRECTOR))
    text = words(client.get(f"/admin/pr/archive/{record.pk}/dossier.pdf"))
    assert "๒๕๖๙เวลา" in text
    assert "2569เวลา" not in text
    assert record.record_hash in text


def test_the_dossier_on_paper_holds_everything(record, office, client):
    client.force_login(office.person(Role.DIRECTOR))
    answer = client.get(f"/admin/pr/archive/{record.pk}/dossier.pdf")
    text = words(answer)
    assert answer.status_code == 200
    for wanted in (record.title, record.record_hash, record.content_hash, *(f["sha256"] for f in record.files)):
        assert squeezed(wanted) in text
    for row in record.approvals:
        assert squeezed(row["name"]) in text
    assert "การล้างมือด้วยสบู่" in text


def test_a_hold_stands_on_paper_once(record, office):
    """The name of a fact is not said again in the fact."""

    def facts() -> dict[str, str]:
        html = dossier_html(record, address="https://kpr.example/", reader=office.writer, now=MORNING)
        rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', html, re.DOTALL)
        return {name.strip(): text.strip() for name, text in rows}

    free = facts()
    hold_place(actor=office.person(Role.DIRECTOR), record=record, reason="คดีหมายเลขดำ 7/2570", now=MORNING)
    held = facts()
    (name,) = (name for name in held if held[name] != free[name])
    assert name == "ระงับการทำลาย"
    assert name not in held[name]
    assert all(not text.startswith(name) for name, text in held.items())


def test_the_number_of_an_order_stays_in_one_piece():
    printed = whole_numbers("ปฏิบัติหน้าที่แทน <ผู้อำนวยการ> ตามคำสั่งที่ กพร. 12/2569")
    assert '<span class="whole">12/2569</span>' in printed
    assert "&lt;ผู้อำนวยการ&gt;" in printed
    assert whole_numbers(None) == ""
