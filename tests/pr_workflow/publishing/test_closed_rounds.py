"""What ends an open check without an answer: a taking down, a newer version. Nobody is pressed for it then (R44, R50).

Each through its own door: the IT officer's form, the tick, the check's form in a tab that was open before.
"""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import gettext, override

from home.models import NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.clocks.jobs import clock_reminders
from pr_workflow.clocks.selectors import running_clocks
from pr_workflow.health import health_report
from pr_workflow.notifications.models import Notice
from pr_workflow.publishing.models import CorrectionRound, PublicationCheck
from pr_workflow.publishing.selectors import checks_of, corrections_of
from pr_workflow.publishing.tick import publish_due
from pr_workflow.publishing.verification import CHECK_LINES
from pr_workflow.selectors import news_timeline
from tests.factories.office import MORNING, approved, live, make_office, posted, verify
from tests.factories.published import revise

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=6)
#: A working week later: every clock of the story has run out.
MUCH_LATER = MORNING + timedelta(days=9)


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def page(office):
    return live(office)


@pytest.fixture(autouse=True)
def thai():
    with override("th"):
        yield


def take_down(client, office, page, *, kind="in_error", now=NOON) -> None:
    with time_machine.travel(now, tick=False):
        client.force_login(office.it_officer)
        address = reverse("pr_admin:news_take_down", args=[page.pk])
        assert client.post(address, {"kind": kind, "reason": "ลงผิดเรื่อง"}).status_code == 302


def newer_version_goes_live(office, page, *, now=NOON) -> NewsPage:
    """Through the whole chain, by the tick."""
    posting = approved(office, revise(NewsPage.objects.get(pk=page.pk), title="ฉบับใหม่กว่า"), now=now)
    slot = now + timedelta(hours=5)
    posted(office, posting, go_live_at=slot, now=slot)
    (outcome,) = publish_due(now=slot)
    assert outcome.went_live, outcome.reason
    return NewsPage.objects.get(pk=page.pk)


def answer(client, office, check, *, now=NOON, **changes):
    """What the responsible officer's open tab sends."""
    form = {**dict.fromkeys(CHECK_LINES, "yes"), "result": "correct", "acknowledged": "on", **changes}
    with time_machine.travel(now, tick=False):
        client.force_login(office.writer)
        return client.post(reverse("pr_admin:check", args=[check.pk]), form)


def pressed_for(moment) -> list[str]:
    """The clocks somebody is reminded of at a moment."""
    with time_machine.travel(moment, tick=False):
        clock_reminders()
    return [key.split(":")[1] for key in Notice.objects.filter(key__startswith="clock:").values_list("key", flat=True)]


def test_an_open_check_is_overdue_when_nobody_answers(office, page):
    """The other side of all that follows: nothing ended it, so it is late and somebody hears of it."""
    assert health_report(MUCH_LATER).checks_overdue == 1
    assert "publicationcheck" in pressed_for(MUCH_LATER)


def test_a_taking_down_closes_the_open_check(client, office, page):
    take_down(client, office, page)
    check = PublicationCheck.objects.get(page_id=page.pk)
    assert (check.closed_at, check.answered_at, check.result) == (NOON, None, "")
    assert not PublicationCheck.objects.open().exists()
    assert not checks_of(office.writer).exists()
    assert health_report(MUCH_LATER).checks_overdue == 0
    assert running_clocks() == []
    assert pressed_for(MUCH_LATER) == []


def test_a_taking_down_closes_the_round_of_correction(client, office, page):
    verify(office, page, now=NOON, result="needs_correction", note="ชื่อผิด")
    assert [row.number for row in corrections_of(office.writer)] == [1]
    take_down(client, office, page, now=NOON + timedelta(hours=1))
    assert CorrectionRound.objects.get().closed_at == NOON + timedelta(hours=1)
    assert not corrections_of(office.writer).exists()
    assert running_clocks() == []
    assert pressed_for(MUCH_LATER) == []
    said = [event.what for event in news_timeline(NewsPage.objects.get(pk=page.pk)).events]
    assert not [what for what in said if "ฉบับแก้ไขขึ้นเว็บไซต์แล้ว" in what]
    assert gettext("Correction round %(number)s ended: the item left the site") % {"number": 1} in said


def test_a_taking_down_for_a_correction_keeps_its_round_open(office, page):
    """The page is away while it is corrected: that is no end of the round."""
    office.agency.correction_keeps_live = False
    office.agency.save(update_fields=["correction_keeps_live"])
    verify(office, page, now=NOON, result="needs_correction", note="ชื่อผิด")
    assert not NewsPage.objects.get(pk=page.pk).live
    assert CorrectionRound.objects.get().closed_at is None


def test_a_newer_version_closes_the_check_of_the_older(office, page):
    older = PublicationCheck.objects.get(page_id=page.pk)
    page = newer_version_goes_live(office, page)
    older.refresh_from_db()
    assert (older.closed_at, older.answered_at) == (NOON + timedelta(hours=5), None)
    newer = PublicationCheck.objects.open().get(page_id=page.pk)
    assert newer.revision_id == page.live_revision_id
    assert newer.round == 0
    assert list(checks_of(office.writer)) == [newer]
    # One check is late in the end, not two: the newer one.
    assert health_report(MUCH_LATER).checks_overdue == 1


def test_a_corrected_version_closes_its_round_and_counts_it(office, page):
    verify(office, page, now=NOON, result="needs_correction", note="ชื่อผิด")
    page = newer_version_goes_live(office, page)
    assert CorrectionRound.objects.get().closed_at == NOON + timedelta(hours=5)
    assert PublicationCheck.objects.open().get(page_id=page.pk).round == 1
    said = [event.what for event in news_timeline(page).events]
    assert [what for what in said if "ฉบับแก้ไขขึ้นเว็บไซต์แล้ว" in what]


@pytest.mark.parametrize("ended_by", ["taking down", "newer version"])
@pytest.mark.parametrize("result", ["correct", "needs_correction"])
def test_a_closed_check_is_not_answered_from_an_open_tab(client, office, page, ended_by, result):
    check = PublicationCheck.objects.get(page_id=page.pk)
    with time_machine.travel(NOON, tick=False):
        client.force_login(office.writer)
        assert client.get(reverse("pr_admin:check", args=[check.pk])).status_code == 200
    if ended_by == "taking down":
        take_down(client, office, page)
    else:
        newer_version_goes_live(office, page)
    before = PublicationCheck.objects.filter(pk=check.pk).values().get()
    given = answer(client, office, check, now=NOON + timedelta(hours=6), result=result, note="ชื่อผิด")
    assert given.status_code == 403
    assert "ฉบับนี้ไม่ได้อยู่บนเว็บไซต์แล้ว" in given.content.decode()
    assert PublicationCheck.objects.filter(pk=check.pk).values().get() == before
    assert not CorrectionRound.objects.exists()
    assert not AuditEntry.objects.filter(verb="publication_verify").exists()
    assert AuditEntry.objects.filter(verb="refused", actor_id_text=str(office.writer.pk)).count() == 1


def test_an_answer_is_given_once(client, office, page):
    check = PublicationCheck.objects.get(page_id=page.pk)
    assert answer(client, office, check).status_code == 302
    again = answer(client, office, check, result="needs_correction", note="คิดใหม่")
    assert again.status_code == 403
    check.refresh_from_db()
    assert check.result == "correct"
    assert not CorrectionRound.objects.exists()
