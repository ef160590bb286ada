"""Where it is said that an approval was given up: on paper, in the dossier, at the emergency form, to who did it."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import gettext, override

from home.models import NewsPage
from pr_workflow import paper
from pr_workflow.archive.dossier import Rows, posting_rows, tables_of, withdrawal_rows
from pr_workflow.archive.evidence import history_of
from pr_workflow.archive.export import document_text
from pr_workflow.archive.models import ArchiveRecord
from pr_workflow.archive.printing import request_form_html
from pr_workflow.archive.request_form import form_of_page, withdrawal_lines
from pr_workflow.archive.services import archive_due
from pr_workflow.audit.models import AuditEntry
from pr_workflow.notifications.models import Notice
from pr_workflow.people.roles import Role
from pr_workflow.publishing.emergency_forms import typed_word
from pr_workflow.publishing.giving_up import approval_withdraw, approvals_lapse
from pr_workflow.publishing.models import EmergencyPublication, Posting
from pr_workflow.publishing.services import news_post, posting_publish
from tests.factories.office import (
    MORNING,
    approve_all,
    approved,
    live,
    make_administrator,
    make_office,
    submit,
    verify,
)
from tests.factories.published import revise
from tests.pdf_text import pdf_text

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=4)
REASON = "วิทยากรยกเลิกกำหนดการ ต้องแก้ชื่อผู้บรรยายก่อนเผยแพร่"


@pytest.fixture
def office():
    return make_office()


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False), override("th"):
        yield


def page_of(posting) -> NewsPage:
    return NewsPage.objects.get(pk=posting.page_id)


def give_up(office, posting, *, actor=None, now=NOON):
    actor = actor or office.person(Role.DIRECTOR)
    return approval_withdraw(actor=actor, posting=posting, reason=REASON, now=now)


def printed(client, page) -> str:
    answer = client.get(f"/admin/pr/news/{page.pk}/request-form.pdf")
    assert answer.status_code == 200
    return "".join(paper.whole_sara_am(pdf_text(answer.content)).split())


def html(office, page) -> str:
    return request_form_html(page, office.agency, address="https://x.example/", reader=office.writer, now=NOON)


def cells(table: Rows) -> list[str]:
    return [str(cell) for line in table.lines for cell in line]


# -- the request form


def test_the_paper_says_that_the_approval_was_withdrawn(client, office):
    posting = approved(office)
    page = page_of(posting)
    client.force_login(office.writer)
    before = html(office, page)
    assert "across" not in before
    assert REASON not in before
    give_up(office, posting)
    revise(page, lead="ฉบับร่างใหม่หลังการถอน")
    form = form_of_page(page_of(posting), office.agency)
    assert all(block.name for row in form.blocks for block in row)
    assert form.mark
    assert f'<div class="across across--long">{form.mark}</div>' in html(office, page_of(posting))
    text, director = printed(client, page), office.profile(Role.DIRECTOR)
    said = dict(form.withdrawn)
    assert said[gettext("By")] == f"{director.display_name}, {director.position}"
    assert "16 พฤศจิกายน 2569" in said[gettext("Time")]
    for wanted in (REASON, *said.values()):
        assert "".join(paper.whole_sara_am(wanted).split()) in text


def test_the_paper_names_the_capacity(office):
    posting = approved(office)
    give_up(office, posting)
    capacity = "ปฏิบัติหน้าที่แทนผู้อำนวยการ (ตัวอย่าง) ตามคำสั่งที่ 12/2570"
    facts = history_of(page_of(posting))
    assert facts["withdrawals"][0]["capacity"] == ""
    facts["withdrawals"][0]["capacity"] = capacity
    assert capacity in cells(withdrawal_rows(facts))
    assert (gettext("Capacity"), capacity) in withdrawal_lines(facts["withdrawals"][0], "arabic")


def test_the_paper_says_that_the_item_expired(office):
    posting = approved(office, expire_at=NOON + timedelta(hours=1))
    (done,) = approvals_lapse(now=NOON + timedelta(hours=2))
    assert done == posting.pk
    form = form_of_page(page_of(posting), office.agency)
    said = dict(form.withdrawn)
    assert gettext("Expired before it went live") in said
    assert said[gettext("By")] == gettext("The system, because the item had expired")
    assert form.mark != ""


def test_a_new_submission_has_a_clean_paper(office):
    posting = approved(office)
    give_up(office, posting)
    submit(office, page_of(posting), now=NOON)
    form = form_of_page(page_of(posting), office.agency)
    assert (form.mark, form.withdrawn) == ("", [])
    assert all(block.is_empty for row in form.blocks for block in row)


# -- the dossier


def test_the_dossier_keeps_the_withdrawal_in_words(office):
    first = approved(office)
    give_up(office, first)
    submit(office, page_of(first), now=NOON)
    again = approve_all(office, page_of(first), now=NOON)
    moment = NOON + timedelta(hours=4)
    news_post(actor=office.it_officer, posting=again, go_live_at=moment, now=moment)
    assert posting_publish(posting_id=again.pk, now=moment).went_live
    verify(office, page_of(first), now=moment + timedelta(hours=1))
    archive_due(now=moment + timedelta(hours=2))
    record = ArchiveRecord.objects.get()
    titles = {table.title: table for table in tables_of(record)}
    assert REASON in cells(titles[gettext("Withdrawn approvals")])
    kept = json.loads(document_text(record))
    assert REASON in json.dumps(kept, ensure_ascii=False)
    assert record.history["withdrawals"][0]["revision"] == first.revision_id
    older = {key: value for key, value in record.history.items() if key != "withdrawals"}
    assert not withdrawal_rows(older).lines


@pytest.mark.parametrize("code", ["superseded", "expired", "taken down", "emergency"])
def test_the_codes_of_a_closing_are_said_in_words(office, code):
    posting = approved(office)
    Posting.objects.filter(pk=posting.pk).update(closed_at=NOON, closed_reason=code)
    told = cells(posting_rows(history_of(page_of(posting))))
    assert code not in told
    Posting.objects.filter(pk=posting.pk).update(closed_reason=REASON)
    assert REASON in cells(posting_rows(history_of(page_of(posting))))


# -- the file package


def test_a_posting_that_was_given_up_hands_out_no_package(client, office):
    posting = approved(office)
    address = reverse("pr_admin:posting_package", args=[posting.pk])
    client.force_login(office.writer)
    assert client.get(address).status_code == 200
    give_up(office, posting)
    answer = client.get(address)
    assert answer.status_code == 403
    assert REASON in answer.content.decode()
    assert AuditEntry.objects.filter(verb="posting_package").count() == 1
    assert AuditEntry.objects.filter(verb="refused").exists()


def test_the_package_of_what_is_on_the_site_stays(client, office):
    page = live(office)
    client.force_login(office.writer)
    address = reverse("pr_admin:posting_package", args=[Posting.objects.get(page_id=page.pk).pk])
    assert client.get(address).status_code == 200


# -- a newer version in the chain


def withdraw_on_screen(client, posting) -> str:
    address = reverse("pr_admin:posting_withdraw", args=[posting.pk])
    shown = client.get(address).content.decode()
    return shown + client.post(address, {"reason": REASON}, follow=True).content.decode()


def test_it_is_not_said_to_be_with_its_writer_while_a_newer_version_is_considered(client, office):
    posting, writer_has_it = approved(office), "ข่าวกลับไปยังผู้เขียน"
    client.force_login(office.person(Role.DIRECTOR))
    revise(page_of(posting), lead="ฉบับที่สอง")
    submit(office, page_of(posting), now=NOON)
    assert writer_has_it not in withdraw_on_screen(client, posting)
    told = Notice.objects.get(key__startswith="withdrawn:", recipient=office.writer)
    assert gettext("It does not go live. The writer may correct it and submit it again.") not in told.text
    assert gettext("This version does not go live. A newer version is being considered already.") in told.text


def test_it_is_said_to_be_with_its_writer_when_it_is(client, office):
    posting = approved(office)
    client.force_login(office.person(Role.DIRECTOR))
    assert "ข่าวกลับไปยังผู้เขียน" in withdraw_on_screen(client, posting)


# -- the emergency form


def emergency(page) -> str:
    return reverse("pr_admin:news_emergency", args=[page.pk])


def test_the_emergency_form_names_who_withdrew_exactly_this_text(client, office):
    posting = approved(office)
    give_up(office, posting)
    client.force_login(make_administrator())
    body = client.get(emergency(page_of(posting))).content.decode()
    assert REASON in body
    assert office.profile(Role.DIRECTOR).display_name in body
    revise(page_of(posting), lead="ข้อความอื่นที่ไม่มีใครถอน")
    assert REASON not in client.get(emergency(page_of(posting))).content.decode()


def test_a_stale_emergency_form_comes_back_with_the_present_version(client, office):
    posting = approved(office)
    give_up(office, posting)
    page, old = page_of(posting), posting.revision_id
    revise(page, lead="แก้ไขระหว่างที่เปิดหน้าจอ")
    client.force_login(make_administrator())
    sent = {"reason": REASON, "typed": typed_word(), "version": old}
    refused = client.post(emergency(page), sent)
    assert refused.status_code == 422
    assert not EmergencyPublication.objects.exists()
    body = refused.content.decode()
    sentence = gettext("The item has changed since you opened it. Look at it again first.")
    assert body.count(sentence) == 1
    form = refused.context["form"]
    newest = page_of(posting).latest_revision_id
    assert form["version"].value() == str(newest)
    assert newest != old
    assert form["reason"].value() == REASON
    again = client.post(emergency(page), {**sent, "version": form["version"].value()})
    assert again.status_code == 302
    assert EmergencyPublication.objects.get().revision_id == newest


def test_a_slip_beside_a_stale_version_does_not_hide_the_change(client, office):
    posting = approved(office)
    give_up(office, posting)
    revise(page_of(posting), lead="แก้ไขระหว่างที่เปิดหน้าจอ")
    client.force_login(make_administrator())
    sent = {"reason": REASON, "typed": "ผิด", "version": posting.revision_id}
    body = client.post(emergency(page_of(posting)), sent).content.decode()
    assert gettext("The item has changed since you opened it. Look at it again first.") in body


# -- the command


@pytest.mark.parametrize("as_json", [True, False])
def test_the_tick_by_hand_says_what_lapsed(office, as_json):
    posting, out = approved(office, expire_at=NOON + timedelta(hours=1)), StringIO()
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        call_command("publish_due", *(["--json"] if as_json else []), stdout=out)
    if as_json:
        told = json.loads(out.getvalue())
        assert (told["lapsed"], told["expired"], told["outcomes"]) == ([posting.pk], [], [])
    else:
        assert "1 lapsed" in out.getvalue()
