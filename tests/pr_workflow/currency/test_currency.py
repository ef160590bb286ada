"""Public pages are looked at again: when they are due, who is told, who says that they are right (R51)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pr_workflow.audit.models import AuditEntry
from pr_workflow.currency.models import PageReview
from pr_workflow.currency.notices import reviews_remind
from pr_workflow.currency.selectors import WatchedPages, expiring_pages, stale_pages
from pr_workflow.notifications.models import Notice
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.roles import Role
from tests.factories.office import MORNING, add_person, live, make_draft, make_office
from tests.pr_workflow.news.test_news_views import editor_form

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=6)
YEAR = timedelta(days=365)
WENT_LIVE = NOON.date()


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def due(office, day: date) -> list[str]:
    return [page.title for page in stale_pages(office.agency, today=day)]


def review(client, page, **data):
    return client.post(reverse("pr_admin:news_review", args=[page.pk]), data)


def test_a_page_is_due_a_year_after_it_went_live_and_not_a_day_before(office, settings):
    live(office, title="ข่าวหนึ่ง")
    make_draft(office, title="ร่าง")
    assert due(office, WENT_LIVE + YEAR - timedelta(1)) == []
    assert due(office, WENT_LIVE + YEAR) == ["ข่าวหนึ่ง"]
    settings.PR_WORKFLOW_REVIEW_AFTER_DAYS = 30
    assert due(office, WENT_LIVE + timedelta(30)) == ["ข่าวหนึ่ง"]
    assert due(office, WENT_LIVE + timedelta(29)) == []


def test_the_date_of_the_page_counts_before_the_rule(office):
    live(office, title="เร็ว", review_on=WENT_LIVE + timedelta(10))
    live(office, title="ช้า", review_on=WENT_LIVE + timedelta(400))
    live(office, title="ผ่านแล้วเมื่อขึ้นเว็บ", review_on=WENT_LIVE - timedelta(3))
    assert due(office, WENT_LIVE + timedelta(9)) == []
    assert due(office, WENT_LIVE + timedelta(10)) == ["เร็ว"]
    assert due(office, WENT_LIVE + YEAR) == ["เร็ว", "ผ่านแล้วเมื่อขึ้นเว็บ"]
    assert due(office, WENT_LIVE + timedelta(400))[-1] == "ช้า"


def test_the_officer_says_that_it_is_right_and_it_is_due_again_on_the_chosen_day(client, office, at_noon):
    page = live(office, review_on=WENT_LIVE + timedelta(10))
    at_noon.move_to(NOON + timedelta(days=11))
    client.force_login(office.writer)
    assert client.get(reverse("pr_admin:news_review", args=[page.pk])).status_code == 200
    answer = review(client, page, next_review_on="1/6/2570", note="ตรวจแล้ว")
    assert answer.status_code == 302
    row = PageReview.objects.get()
    assert (row.next_review_on, row.note, row.page_number) == (date(2027, 6, 1), "ตรวจแล้ว", page.pk)
    assert AuditEntry.objects.filter(verb="news_review").count() == 1
    assert due(office, date(2027, 5, 31)) == []
    assert due(office, date(2027, 6, 1)) == [page.title]
    page.refresh_from_db()
    assert page.live, "nothing of the page changes, so nobody has to approve it again"
    assert not page.has_unpublished_changes


@pytest.mark.parametrize("day", ["", "abc", "16/11/2569", "15/11/2569", "1/1/2600", "31/2/2570", "2027-99-99", "²"])
def test_a_day_that_has_passed_or_is_no_day_is_told_at_its_field(client, office, day):
    page = live(office)
    client.force_login(office.writer)
    answer = review(client, page, next_review_on=day, note="ข้อความที่พิมพ์ไว้")
    assert answer.status_code == 422
    assert "next_review_on" in answer.context["form"].errors
    assert "ข้อความที่พิมพ์ไว้" in answer.content.decode()
    assert not PageReview.objects.exists()


def test_only_who_answers_for_the_page_says_so(client, office):
    page, draft = live(office), make_draft(office, title="ร่าง")
    for person in (office.person(Role.HEAD_OF_WORK), office.it_officer, add_person(office, Role.WRITER, name="other")):
        client.force_login(person)
        screen = client.get(reverse("pr_admin:news_review", args=[page.pk]))
        assert (screen.status_code, bool(screen.context["refusal"])) == (200, True)
        assert review(client, page, next_review_on="1/6/2570").status_code == 403
    client.force_login(office.writer)
    assert review(client, draft, next_review_on="1/6/2570").status_code == 403, "it is not public"
    for stranger in (make_office("spp").writer, office.person(Role.NETWORK_MEMBER)):
        client.force_login(stranger)
        assert client.get(reverse("pr_admin:news_review", args=[page.pk])).status_code in (403, 404)
        assert review(client, page, next_review_on="1/6/2570").status_code in (403, 404)
    assert not PageReview.objects.exists()


def test_each_due_page_is_told_of_once(office, at_noon):
    page = live(office, review_on=WENT_LIVE + timedelta(10))
    assert reviews_remind(now=NOON) == 0
    later = NOON + timedelta(days=10)
    at_noon.move_to(later)
    assert reviews_remind(now=later) == 1
    assert reviews_remind(now=later) == 0
    assert reviews_remind(now=later + timedelta(days=1)) == 0
    notices = Notice.objects.filter(path=reverse("pr_admin:news_review", args=[page.pk]))
    assert [notice.recipient for notice in notices] == [office.writer]


def test_the_other_officers_are_told_when_the_responsible_one_has_left(office, at_noon):
    other = add_person(office, Role.WRITER, name="other")
    live(office, review_on=WENT_LIVE + timedelta(10))
    StaffProfile.objects.filter(user=office.writer).update(ends_on=WENT_LIVE)
    later = NOON + timedelta(days=10)
    at_noon.move_to(later)
    assert reviews_remind(now=later) == 1
    assert other in {notice.recipient for notice in Notice.objects.filter(key__startswith="review:")}
    assert WatchedPages(office.agency, other, is_writer=True, now=later).stale
    assert not WatchedPages(office.agency, other, is_writer=False, now=later).stale


def test_what_leaves_the_site_within_two_weeks_is_named(office):
    live(office, title="ใกล้หมดอายุ", expire_at=NOON + timedelta(days=13))
    live(office, title="อีกนาน", expire_at=NOON + timedelta(days=15))
    live(office, title="ไม่หมดอายุ")
    assert [page.title for page in expiring_pages(office.agency, now=NOON)] == ["ใกล้หมดอายุ"]
    assert expiring_pages(make_office("spp").agency, now=NOON) == []


def test_the_list_shows_what_is_asked_for_and_says_what_it_does_not_know(client, office, at_noon):
    live(office, title="ถึงกำหนด", review_on=WENT_LIVE + timedelta(10))
    live(office, title="ใกล้กำหนด", review_on=WENT_LIVE + timedelta(40))
    live(office, title="ใกล้หมดอายุ", expire_at=NOON + timedelta(days=20))
    at_noon.move_to(NOON + timedelta(days=11))
    client.force_login(office.person(Role.HEAD_OF_SECTION))

    def titles(**query):
        answer = client.get(reverse("pr_admin:currency"), query)
        assert answer.status_code == 200
        return [page.title for page in answer.context["rows"]], [str(m) for m in answer.context["messages"]]

    assert titles() == (["ถึงกำหนด"], [])
    assert titles(show="soon") == (["ถึงกำหนด", "ใกล้กำหนด"], [])
    assert titles(show="expiring") == (["ใกล้หมดอายุ"], [])
    for garbage in ("abc", "²", "9" * 30, "ก" * 3000):
        found, said = titles(show=garbage, p=garbage)
        assert found == ["ถึงกำหนด"]
        assert len(said) == 1
    client.force_login(office.person(Role.NETWORK_MEMBER))
    assert client.get(reverse("pr_admin:currency")).status_code == 403


def test_the_start_page_tells_the_officer_and_nobody_else(client, office, at_noon):
    live(office, title="ถึงกำหนด", review_on=WENT_LIVE + timedelta(10), expire_at=NOON + timedelta(days=20))
    at_noon.move_to(NOON + timedelta(days=11))

    def panels(user):
        client.force_login(user)
        return {type(panel).__name__: panel for panel in client.get(reverse("wagtailadmin_home")).context["panels"]}

    mine = panels(office.writer)
    assert [row.title for row in mine["StalePagesPanel"].rows] == ["ถึงกำหนด"]
    assert [row.title for row in mine["ExpiringPagesPanel"].rows] == ["ถึงกำหนด"]
    for role in (Role.HEAD_OF_WORK, Role.DIRECTOR, Role.IT_OFFICER, Role.NETWORK_MEMBER):
        assert not {"StalePagesPanel", "ExpiringPagesPanel"} & set(panels(office.person(role)))


def test_the_questions_do_not_grow_with_the_pages(client, office, at_noon):
    client.force_login(office.writer)
    live(office, title="หนึ่ง", review_on=WENT_LIVE + timedelta(10))

    def questions() -> int:
        at_noon.move_to(NOON + timedelta(days=11))
        client.get(reverse("pr_admin:currency"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("pr_admin:currency"))
        at_noon.move_to(NOON)
        return len(asked)

    before = questions()
    for number in range(3):
        live(office, title=f"เพิ่ม {number}", review_on=WENT_LIVE + timedelta(10))
    assert questions() == before < 50


@pytest.mark.parametrize("day", ["1/1/2569", "16/11/2569", "1/1/2026"])
def test_the_editor_refuses_a_review_date_that_has_passed(client, office, day):
    page = make_draft(office)
    client.force_login(office.writer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = client.post(address, editor_form(page, review_on=day))
    assert "review_on" in answer.context["form"].errors
    client.post(address, editor_form(page, review_on="1/6/2570"))
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().review_on == date(2027, 6, 1)


def test_the_database_keeps_a_look_as_it_was_written(office):
    PageReview.objects.create(
        agency=office.agency, page_number=1, title="x", reviewed_at=NOON, next_review_on=date(2027, 1, 1)
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE pr_workflow_pagereview SET note = 'อื่น'")
