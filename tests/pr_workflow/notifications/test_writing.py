"""A notice stands or falls with its event, and nobody is told twice."""

import pytest
from django.core.mail import EmailMessage
from django.db import transaction

from pr_workflow.notifications import services
from pr_workflow.notifications.models import Notice
from pr_workflow.notifications.services import LONGEST_KEY, notice_write
from pr_workflow.people.roles import Role
from tests.factories.office import MORNING

pytestmark = pytest.mark.django_db


def test_each_person_is_told_once_of_one_event(office, tell):
    for _attempt in range(2):
        notice_write(
            recipients=[office.writer, office.it_officer, office.writer, None],
            key="returned:1",
            subject="ส่งกลับแก้ไข",
            agency=office.agency,
            now=MORNING,
        )
    assert Notice.objects.filter(key="returned:1").count() == 2


def test_closed_accounts_are_left_out(office, tell):
    office.writer.is_active = False
    count = notice_write(recipients=[office.writer], key="k", subject="s", agency=office.agency, now=MORNING)
    assert count == 0
    assert not Notice.objects.exists()


def test_a_notice_falls_with_its_transaction(office, tell):
    class Broken(Exception):
        pass

    def verb():
        with transaction.atomic():
            tell()
            raise Broken

    with pytest.raises(Broken):
        verb()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example/", "admin/", "/\\elsewhere"])
def test_a_notice_never_leads_away_from_the_site(tell, path):
    with pytest.raises(ValueError, match="not an address"):
        tell(path=path)


def test_a_headline_cannot_write_mail_headers(tell):
    notice = tell(subject="พาดหัว\r\nBcc: everybody@example.com\x00\x85 ต่อ")
    assert notice.subject == "พาดหัว Bcc: everybody@example.com ต่อ"
    assert EmailMessage(notice.subject).message()["Subject"]


def test_long_keys_stay_different(office, tell):
    one, other = tell(key="x" * 300 + "1"), tell(key="x" * 300 + "2")
    assert one.pk != other.pk
    assert len(one.key) <= LONGEST_KEY


def test_one_job_is_ordered_for_a_whole_transaction(office, tell, monkeypatch, django_capture_on_commit_callbacks):
    ordered = []
    monkeypatch.setitem(services.current_app.conf, "task_always_eager", False)
    monkeypatch.setattr(services.current_app, "send_task", lambda name, **kwargs: ordered.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(5):
            tell(key=str(number), to=office.person(Role.DIRECTOR))
    assert ordered == ["pr_workflow.tasks.notices_send"]


def test_a_dead_queue_changes_nothing(tell, monkeypatch, django_capture_on_commit_callbacks):
    asked = []

    def dead(name, **kwargs):
        asked.append(name)
        raise ConnectionRefusedError

    monkeypatch.setitem(services.current_app.conf, "task_always_eager", False)
    monkeypatch.setattr(services.current_app, "send_task", dead)
    with django_capture_on_commit_callbacks(execute=True):
        tell()
    assert asked
    assert Notice.objects.count() == 1
