"""Each kind of event on the course of an item, made by its own verb, in the order and the words of the screen (R38)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from home.models import NewsPage
from pr_workflow.approval.decision_words import AGREEMENT, APPROVAL
from pr_workflow.approval.services import news_return
from pr_workflow.archive.services import archive_due
from pr_workflow.clocks.services import clock_pause, clock_resume
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.emergency import emergency_confirm, emergency_publish, emergency_refuse
from pr_workflow.publishing.models import PublicationCheck
from pr_workflow.publishing.services import posting_fail, posting_recall, posting_receive
from pr_workflow.publishing.take_down import news_take_down
from pr_workflow.publishing.tick import expire_due
from pr_workflow.selectors import news_timeline
from pr_workflow.stages import Stage
from pr_workflow.thai_time import thai_datetime
from tests.factories.office import (
    MORNING,
    approve_all,
    approved,
    current_step,
    live,
    make_administrator,
    make_draft,
    make_office,
    posted,
    submit,
    verify,
)
from tests.factories.published import revise

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LEVELS = [str(role.label) for role in CHAIN]
SIGNED = [*(str(AGREEMENT.event) % {"step": name} for name in LEVELS[:2]), str(APPROVAL.event) % {"step": LEVELS[2]}]


@pytest.fixture(autouse=True)
def in_the_morning():
    """Drafts carry the moment of the clock on the wall."""
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def office():
    return make_office()


def fresh(page) -> NewsPage:
    return NewsPage.objects.get(pk=page.pk)


def told(page, *, but: Stage | None = Stage.DISTRIBUTE) -> list[str]:
    """The words of the events, oldest first; what channels do has a test of its own."""
    events = news_timeline(fresh(page)).events
    assert [event.at for event in events] == sorted(event.at for event in events)
    return [event.what for event in events if event.stage != but]


def test_writing_and_considering(office):
    page = make_draft(office)
    submit(office, page, now=MORNING + HOUR)
    fresh(page).current_workflow_state.cancel(user=office.writer)
    submit(office, page, now=MORNING + 2 * HOUR)
    head = office.person(CHAIN[0])
    news_return(actor=head, task_state=current_step(page), reason="แก้ชื่อ", now=MORNING + 3 * HOUR)
    submit(office, page, now=MORNING + 4 * HOUR)
    clocked = current_step(page).deadline
    clock_pause(
        actor=head,
        row=clocked,
        waiting_for="กลุ่มกฎหมาย",
        reason="ขอความเห็น",
        expected_on=MORNING.date(),
        now=MORNING + 5 * HOUR,
    )
    clock_resume(actor=head, row=clocked, now=MORNING + 6 * HOUR)
    approve_all(office, page, now=MORNING + 6 * HOUR)
    assert sorted(told(page)) == sorted(
        [
            _("Draft begun"),
            _("Submitted for consideration"),
            _("Withdrawn"),
            _("Corrected and submitted again"),
            _("Returned for correction: %(step)s") % {"step": LEVELS[0]},
            _("Corrected and submitted again"),
            _("Clock stopped, waiting for: %(whom)s") % {"whom": "กลุ่มกฎหมาย"},
            _("The clock runs again"),
            *SIGNED,
            _("Handed to the IT officer"),
        ]
    )


def test_posting(office):
    posting = approved(office)
    now, slot = MORNING + 4 * HOUR, MORNING + 5 * HOUR
    posting_receive(actor=office.it_officer, posting=posting, now=now)
    posted(office, posting, go_live_at=slot, now=now + timedelta(minutes=1))
    posting_recall(actor=office.it_officer, posting=posting, reason="รอภาพถ่ายใหม่", now=now + timedelta(minutes=2))
    posted(office, posting, go_live_at=slot, now=now + timedelta(minutes=3))
    posting_fail(posting_id=posting.pk, error=RuntimeError("ดิสก์เต็ม"), now=slot)
    to_go = _("Posted, to go live on %(time)s") % {"time": thai_datetime(slot)}
    handed = [_("Handed to the IT officer"), _("Received by the IT officer")]
    way = [*handed, to_go, _("Go-live time taken back"), to_go]
    page = posting.page.specific
    assert told(page)[-6:] == [*way, _("Could not go live")]
    live(office, posting=posted(office, posting, go_live_at=slot + HOUR, now=slot + HOUR), now=slot + HOUR)
    again = _("Posted, to go live on %(time)s") % {"time": thai_datetime(slot + HOUR)}
    assert [what for what in told(page) if what != again][-6:] == [*way, _("Went live")]
    news_take_down(actor=office.it_officer, page=fresh(page), reason="ลงผิดหน้าเว็บไซต์", now=slot + 2 * HOUR)
    assert told(page)[-1].startswith(_("Taken off the site: %(kind)s") % {"kind": ""})


def test_posting_by_itself(office):
    office.agency.auto_post = True
    office.agency.save(update_fields=["auto_post"])
    posting = approved(office)
    text = _("Posted by the system, as the agency has set it, to go live on %(time)s")
    assert told(posting.page.specific)[-1] == text % {"time": thai_datetime(posting.go_live_at)}


def test_checking_correcting_and_keeping(office):
    page = live(office)
    verify(office, page, now=MORNING + 6 * HOUR, result="needs_correction", note="ชื่อผิด")
    later = MORNING + timedelta(days=1)
    posting = approved(office, revise(page, title="ชื่อที่ถูก"), now=later)
    page = live(office, posting=posting, now=later + 5 * HOUR)
    verify(office, page, now=later + 6 * HOUR)
    archive_due(now=later + timedelta(days=30))
    correct = _("%(what)s (correction round %(number)s)") % {"what": _("Found correct"), "number": 1}
    words = told(page)
    wanted = [
        _("Went live"),
        _("Needs correction"),
        _("Correction round %(number)s begun") % {"number": 1},
        _("Corrected and submitted again"),
        _("Correction round %(number)s ended: the corrected version is on the site") % {"number": 1},
        correct,
        _("Archived"),
    ]
    assert list(dict.fromkeys(what for what in words if what in wanted)) == wanted
    assert PublicationCheck.objects.filter(page_id=page.pk).count() == 2


@pytest.mark.parametrize("decide", [emergency_confirm, emergency_refuse], ids=lambda verb: verb.__name__)
def test_an_emergency(office, decide):
    page = make_draft(office)
    reason = "น้ำประปาปนเปื้อน ต้องเตือนประชาชนทันที"
    emergency = emergency_publish(actor=make_administrator(), page=page, reason=reason, now=MORNING)
    assert _("Published in an emergency, without the chain") in told(page)
    decide(actor=office.person(Role.DIRECTOR), emergency=emergency, comment="ตรวจดูทั้งเรื่องแล้ว", now=MORNING + HOUR)
    said = {
        emergency_confirm: _("Emergency publication confirmed"),
        emergency_refuse: _("Emergency publication refused"),
    }
    (event,) = [event for event in news_timeline(fresh(page)).events if event.what == said[decide]]
    assert (event.note, event.who) == ("ตรวจดูทั้งเรื่องแล้ว", office.profile(Role.DIRECTOR).display_name)


def test_the_screen_tells_all_of_it_in_thai(client, office):
    page = live(office)
    verify(office, page, now=MORNING + 6 * HOUR, result="needs_correction", note="ชื่อผิด")
    client.force_login(office.writer)
    with override("th"):
        body = client.get(reverse("pr_admin:news_timeline", args=[page.pk])).content.decode()
        for event in news_timeline(page).events:
            assert event.what in body
            assert event.note in body
            assert thai_datetime(event.at) in body
    assert "news_approve" not in body


def test_an_item_that_expired_says_so_in_words_and_no_code(client, office):
    page = live(office, expire_at=MORNING + 9 * HOUR)
    expire_due(now=MORNING + 10 * HOUR)
    with override("en"):
        (event,) = [each for each in news_timeline(fresh(page)).events if each.note]
    assert event.note == "The item has expired"
    client.force_login(office.person(CHAIN[0]))
    shown = client.get(reverse("pr_admin:news_timeline", args=[page.pk])).content.decode()
    assert _("The item has expired") in shown
