"""My notices in the admin, and how I want to be told."""

import json
from datetime import time, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _

from pr_workflow.notifications.models import Notice, NoticePreference
from tests.factories.office import MORNING, PASSWORD

pytestmark = pytest.mark.django_db
LIST = "pr_admin:notices"


@pytest.fixture
def writer(client, office):
    client.force_login(office.writer)
    return office.writer


def test_a_person_sees_their_own_notices_and_nobody_elses(client, office, tell, writer):
    tell(subject="เรื่องของฉัน")
    tell("other", to=office.it_officer, subject="เรื่องของคนอื่น")
    body = client.get(reverse(LIST)).content.decode()
    assert "เรื่องของฉัน" in body
    assert "แก้พาดหัว" in body
    assert "เรื่องของคนอื่น" not in body


def test_opening_a_notice_marks_it_read_and_leads_there(client, tell, writer):
    notice = tell(path="/admin/pr/news/7/")
    response = client.post(reverse("pr_admin:notice_open", args=[notice.pk]))
    assert (response.status_code, response.url) == (302, "/admin/pr/news/7/")
    notice.refresh_from_db()
    assert notice.read_at
    assert not client.get(reverse(LIST), {"show": "unread"}).context["rows"].object_list


def test_looking_alone_marks_nothing_as_read(client, tell, writer):
    notice = tell()
    client.get(reverse(LIST))
    assert client.get(reverse("pr_admin:notice_open", args=[notice.pk])).status_code == 405
    assert Notice.objects.unread().count() == 1


def test_another_persons_notice_does_not_exist(client, office, tell, writer):
    notice = tell(to=office.it_officer)
    assert client.post(reverse("pr_admin:notice_open", args=[notice.pk])).status_code == 404
    assert Notice.objects.unread().count() == 1


def test_everything_counts_as_read_with_one_button(client, office, tell, writer):
    tell()
    tell("k2")
    tell("other", to=office.it_officer)
    client.post(reverse(LIST))
    assert list(Notice.objects.unread().values_list("recipient", flat=True)) == [office.it_officer.pk]


def test_the_menu_says_how_many_are_new(client, tell, writer):
    tell()
    tell("k2")
    label = _("%(label)s (%(count)s new)") % {"label": _("Notices"), "count": 2}
    # The menu is data for a script, with its letters in ASCII.
    assert json.dumps(label).strip('"') in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_list_costs_the_same_for_every_length(client, tell, writer, django_assert_max_num_queries):
    tell()
    client.get(reverse(LIST))
    with django_assert_max_num_queries(40) as few:
        client.get(reverse(LIST))
    for number in range(20):
        tell(f"n{number}")
    with django_assert_max_num_queries(len(few)):
        client.get(reverse(LIST))


def test_long_lists_have_pages(client, tell, writer):
    for number in range(30):
        tell(f"n{number}", now=MORNING + timedelta(minutes=number))
    assert len(client.get(reverse(LIST)).context["rows"]) == 25
    assert len(client.get(reverse(LIST), {"p": "2"}).context["rows"]) == 5
    assert client.get(reverse(LIST), {"p": "สาม"}).status_code == 200


CHOICE = {"mail": "digest", "digest_at": "09:15", "quiet_from": "18:00", "quiet_until": "08:00"}


def test_a_person_chooses_how_to_be_told(client, writer):
    address = reverse("pr_admin:notice_settings")
    assert client.get(address).status_code == 200
    assert client.post(address, CHOICE).status_code == 302
    assert client.post(address, {**CHOICE, "quiet_from": "19:00"}).status_code == 302
    preference = NoticePreference.objects.get()
    assert (preference.user, preference.mail, preference.digest_at) == (writer, "digest", time(9, 15))
    assert preference.quiet_from == time(19)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"mail": "pigeon"}, "mail"), ({"digest_at": "25:00"}, "digest_at"), ({"digest_at": "07:00"}, "digest_at")],
)
def test_an_impossible_choice_is_refused_at_its_field(client, writer, wrong, field):
    response = client.post(reverse("pr_admin:notice_settings"), {**CHOICE, **wrong})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not NoticePreference.objects.exists()


def test_an_administrator_sees_the_mails_that_never_arrived(client, tell):
    notice = tell(subject="จดหมายที่ส่งไม่ถึง")
    Notice.objects.filter(pk=notice.pk).update(mail_dropped_at=MORNING, mail_error="550 no such mailbox")
    client.force_login(get_user_model().objects.create_superuser("root", password=PASSWORD))
    assert "550 no such mailbox" in client.get(reverse(LIST)).content.decode()


def test_strangers_see_nothing(client, tell):
    tell()
    assert client.get(reverse(LIST)).status_code == 302
