"""Why an item cannot be changed is said with the year of the office, B.E."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from home.models import NewsPage
from pr_workflow.people.roles import Role
from pr_workflow.thai_time import BANGKOK, thai_datetime
from tests.factories.office import make_administrator, make_draft, make_office, posted, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_office(default_site=True)


def banner(client, user, page) -> str:
    client.force_login(user)
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def test_a_set_time_stands_in_the_editor_in_be(office, client):
    now = timezone.now()
    slot = (now + timedelta(days=40)).astimezone(BANGKOK).replace(hour=9, minute=0, second=0, microsecond=0)
    posting = posted(office, go_live_at=slot, now=now)
    page = NewsPage.objects.get(pk=posting.page_id)
    assert page.get_lock().for_user(office.writer)
    body = banner(client, office.writer, page)
    assert thai_datetime(slot) in body
    assert str(slot.year + 543) in thai_datetime(slot)
    assert f"{slot.year}, 9:00" not in body
    lock = page.get_lock()
    assert escape(page.title) in lock.get_message(office.writer)


def test_a_lock_by_hand_names_the_person_and_the_moment(office, client):
    page = make_draft(office, title="<i>ร่าง</i>")
    page.locked, page.locked_by, page.locked_at = True, office.writer, timezone.now() - timedelta(minutes=2)
    page.save()
    moment = thai_datetime(page.locked_at)
    for user, is_locked in ((office.writer, False), (make_administrator(), True)):
        lock = page.get_lock()
        assert bool(lock.for_user(user)) is is_locked
        assert moment in lock.get_message(user)
        assert "&lt;i&gt;" in lock.get_message(user)
        assert moment in banner(client, user, page)


def test_a_chain_locks_as_before(office):
    page = make_draft(office)
    assert page.get_lock() is None
    submit(office, page)
    page = NewsPage.objects.get(pk=page.pk)
    assert page.get_lock().for_user(office.writer)
    assert "2026" not in str(page.get_lock().get_message(office.person(Role.IT_OFFICER)))
