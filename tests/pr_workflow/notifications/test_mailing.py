"""Mails: to whom, when, once; and what a bad mail server may do (nothing but delay)."""

import socket
import threading
from datetime import date, datetime, time, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as MemoryBackend
from django.utils import translation

from pr_workflow.clocks.office import OfficeCalendar
from pr_workflow.festival_calendar.models import Holiday
from pr_workflow.notifications.mailing import LEASE, admin_base_url, notices_claim
from pr_workflow.notifications.models import Notice, NoticePreference
from pr_workflow.notifications.services import preference_save
from pr_workflow.people.roles import Role
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import MORNING

pytestmark = pytest.mark.django_db
Mail = NoticePreference.Mail


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BANGKOK)


# -- once


def test_a_notice_is_mailed_once_however_often_the_job_runs(tell, send_at):
    notice = tell()
    assert send_at(MORNING) == {"mailed": 1}
    assert send_at(MORNING) == {}
    assert len(mail.outbox) == 1
    notice.refresh_from_db()
    assert (notice.mailed_at, notice.mail_attempts) == (MORNING, 1)


def test_of_two_workers_one_gets_the_notice(tell, send_at):
    notice = tell()
    assert [each.pk for each in notices_claim([notice], MORNING)] == [notice.pk]
    assert notices_claim([notice], MORNING) == []
    assert send_at(MORNING) == {}
    assert mail.outbox == []


def test_what_a_dead_worker_had_is_sent_after_its_lease(tell, send_at):
    notices_claim([tell()], MORNING)
    assert send_at(MORNING + LEASE) == {"mailed": 1}


def test_the_mail_says_everything_in_thai_with_an_address_to_click(office, tell, send_at):
    tell(subject="ส่งกลับแก้ไข: ชวนล้างมือ <b>", text="แก้พาดหัว & ภาพ", path="/admin/pages/7/edit/")
    with translation.override("en"):
        send_at(MORNING)
    [message] = mail.outbox
    assert message.to == [office.writer.email]
    assert message.subject == "ส่งกลับแก้ไข: ชวนล้างมือ <b>"
    assert "แก้พาดหัว & ภาพ" in message.body
    assert "http://kpr.localhost:8000/admin/pages/7/edit/" in message.body
    assert "16 พ.ย. 2569 เวลา 09.00 น." in message.body
    html = message.alternatives[0].content
    assert 'href="http://kpr.localhost:8000/admin/pages/7/edit/"' in html
    assert "<b>" not in html.replace("&lt;b&gt;", "")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://localhost", "https://kpr.localhost"),
        ("http://kpr.localhost:8101", "http://kpr.localhost:8101"),
        ("https://admin.example.go.th", "https://admin.example.go.th"),
    ],
)
def test_the_address_is_that_of_the_agency_unless_the_admin_has_its_own(office, settings, base, expected):
    settings.WAGTAILADMIN_BASE_URL = base
    assert admin_base_url(office.agency) == expected


def test_nobody_without_address_or_account_is_mailed(office, tell, send_at):
    notice = tell()
    office.writer.email = ""
    office.writer.save()
    assert send_at(MORNING) == {"dropped": 1}
    notice.refresh_from_db()
    assert notice.mail_error
    closed = tell("k2", to=office.it_officer)
    office.it_officer.is_active = False
    office.it_officer.save()
    assert send_at(MORNING) == {"dropped": 1}
    closed.refresh_from_db()
    assert closed.mailed_at is None
    assert mail.outbox == []


def test_what_was_read_is_not_mailed(tell, send_at):
    notice = tell()
    Notice.objects.filter(pk=notice.pk).update(read_at=MORNING)
    assert send_at(MORNING) == {"dropped": 1}
    assert mail.outbox == []


# -- when


@pytest.mark.parametrize(
    ("written", "mailed"),
    [
        (at(16, 21), at(17, 7)),  # in the night
        (at(17, 3), at(17, 7)),
        (at(20, 22), at(23, 7)),  # Friday night
        (at(21, 10), at(23, 7)),  # Saturday
        (at(22, 23), at(23, 7)),
    ],
)
def test_quiet_hours_and_days_off_postpone_to_the_next_morning(tell, send_at, written, mailed):
    tell(now=written)
    assert send_at(written) == {"postponed": 1}
    assert send_at(mailed - timedelta(minutes=1)) == {}
    assert send_at(mailed) == {"mailed": 1}


def test_a_holiday_of_the_agency_is_a_day_off(office, tell, send_at):
    Holiday.objects.create(date=date(2026, 11, 16), name_th="วันหยุด", agency=office.agency)
    tell()
    assert send_at(MORNING) == {"postponed": 1}
    assert send_at(at(17, 6, 59)) == {}
    assert send_at(at(17, 7)) == {"mailed": 1}


def test_what_is_urgent_goes_out_in_the_night_of_a_holiday(tell, send_at):
    tell(now=at(22, 2), urgent=True, subject="ข่าวขึ้นเว็บไซต์ไม่สำเร็จ")
    assert send_at(at(22, 2)) == {"mailed": 1}
    assert "ข่าวขึ้นเว็บไซต์ไม่สำเร็จ" in mail.outbox[0].subject


def test_own_quiet_hours_count(tell, send_at, prefer):
    prefer(quiet_from=time(8), quiet_until=time(10))
    tell()
    assert send_at(MORNING) == {"postponed": 1}
    assert send_at(at(16, 10)) == {"mailed": 1}


def test_whoever_wants_no_mail_gets_none_not_even_urgent(tell, send_at, prefer):
    prefer(mail=Mail.NONE)
    tell()
    tell("k2", urgent=True)
    assert send_at(MORNING) == {"dropped": 2}
    assert mail.outbox == []
    assert Notice.objects.unread().count() == 2
    assert not Notice.objects.given_up().exists()


def test_a_digest_is_one_mail_each_working_day_with_everything(office, tell, send_at, prefer):
    prefer(mail=Mail.DIGEST, digest_at=time(8, 30))
    for number in range(3):
        tell(f"k{number}", now=at(16, 9 + number), subject=f"เรื่องที่ {number}")
    tell("other", to=office.it_officer)
    assert send_at(at(16, 12)) == {"postponed": 3, "mailed": 1}
    tell("late", now=at(17, 8, 30), subject="เรื่องสาย")
    assert send_at(at(17, 8, 30)) == {"mailed": 3, "postponed": 1}
    digest = mail.outbox[-1]
    assert len(mail.outbox) == 2
    assert all(f"เรื่องที่ {number}" in digest.body for number in range(3))
    assert "เรื่องสาย" not in digest.body
    assert send_at(at(18, 8, 30)) == {"mailed": 1}


def test_a_digest_waits_over_days_off_and_urgent_does_not(tell, send_at, prefer):
    prefer(mail=Mail.DIGEST)
    tell(now=at(20, 9))
    tell("urgent", now=at(20, 9), urgent=True)
    assert send_at(at(20, 9)) == {"postponed": 1, "mailed": 1}
    assert send_at(at(21, 8, 30)) == {}
    assert send_at(at(23, 8, 30)) == {"mailed": 1}


def test_a_new_choice_counts_for_what_still_waits(tell, send_at, prefer):
    preference = prefer(mail=Mail.DIGEST)
    tell()
    send_at(MORNING)
    preference.mail = Mail.AT_ONCE
    preference_save(preference=preference, now=MORNING)
    assert send_at(MORNING) == {"mailed": 1}


# -- bad mail servers


class Refusing(MemoryBackend):
    """Refuses one address and takes the others."""

    def send_messages(self, messages):
        if any("kpr-writer" in address for message in messages for address in message.to):
            raise SMTPRecipientsRefused({"kpr-writer": (550, b"550 no such mailbox")})
        return super().send_messages(messages)


class Dead(BaseEmailBackend):
    """A server that cannot be reached at all."""

    opened = 0

    def open(self):
        type(self).opened += 1
        raise ConnectionRefusedError("nobody listens")


def use(monkeypatch, kind) -> None:
    monkeypatch.setattr("pr_workflow.notifications.mailing.get_connection", lambda: kind())


def test_one_bad_address_does_not_keep_the_others(office, tell, send_at, monkeypatch):
    use(monkeypatch, Refusing)
    bad, good = tell(), tell("k2", to=office.person(Role.DIRECTOR))
    assert send_at(MORNING) == {"failed": 1, "mailed": 1}
    bad.refresh_from_db()
    good.refresh_from_db()
    assert "550 no such mailbox" in bad.mail_error
    assert good.mailed_at == MORNING


def test_a_failed_mail_is_tried_again_with_back_off_and_given_up_visibly(tell, send_at, monkeypatch, settings):
    settings.PR_WORKFLOW_NOTICE_MAIL_ATTEMPTS = 4
    use(monkeypatch, Refusing)
    notice, now = tell(), MORNING
    for wait in (1, 2, 4):
        assert send_at(now) == {"failed": 1}
        assert send_at(now + timedelta(minutes=wait, seconds=-1)) == {}
        now += timedelta(minutes=wait)
    assert send_at(now) == {"failed": 1}
    notice.refresh_from_db()
    assert notice.mail_dropped_at == now
    assert list(Notice.objects.given_up()) == [notice]
    assert send_at(now + timedelta(days=1)) == {}


def test_the_back_off_is_an_hour_at_most(tell, send_at, monkeypatch):
    use(monkeypatch, Refusing)
    notice = tell()
    Notice.objects.filter(pk=notice.pk).update(mail_attempts=20)
    send_at(MORNING)
    notice.refresh_from_db()
    assert notice.mail_after == MORNING + timedelta(hours=1)


def test_a_dead_server_is_asked_once_a_round(office, tell, send_at, monkeypatch):
    use(monkeypatch, Dead)
    Dead.opened = 0
    for number in range(20):
        tell(str(number))
    assert send_at(MORNING) == {"failed": 20}
    assert Dead.opened == 1
    monkeypatch.undo()
    assert send_at(MORNING + timedelta(minutes=1)) == {"mailed": 20}


@pytest.fixture
def silent_server():
    """A real server that takes the connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken: list[socket.socket] = []

        def listen():
            while True:
                try:
                    taken.append(listener.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        for each in taken:
            each.close()


def smtp(settings, port, timeout=0.2) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, timeout


def test_a_server_that_hangs_is_given_up_for_this_round(tell, send_at, settings, silent_server):
    smtp(settings, silent_server)
    for number in range(5):
        tell(str(number))
    assert send_at(MORNING) == {"failed": 5}
    assert set(Notice.objects.values_list("mail_attempts", flat=True)) == {1}


def test_a_server_that_refuses_is_only_a_delay(tell, send_at, settings):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    smtp(settings, port)
    notice = tell()
    assert send_at(MORNING) == {"failed": 1}
    notice.refresh_from_db()
    assert "ConnectionRefusedError" in notice.mail_error


def test_a_round_costs_the_same_queries_for_the_calendar(office, tell, send_at):
    for number in range(10):
        tell(str(number), now=at(21, 9))
    assert send_at(at(21, 9)) == {"postponed": 10}
    assert OfficeCalendar(office.agency).is_working_day(date(2026, 11, 23))
