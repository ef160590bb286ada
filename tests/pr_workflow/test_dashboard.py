"""The start page: what a person has to do, and nothing of Wagtail's own panels."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pr_workflow.people.models import Delegation
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.emergency import emergency_publish
from pr_workflow.publishing.going_live import SealBroken
from pr_workflow.publishing.models import Heartbeat
from pr_workflow.publishing.selectors import checks_of
from pr_workflow.publishing.services import posting_fail
from pr_workflow.publishing.take_down import news_take_down
from tests.factories.office import (
    MORNING,
    add_person,
    approved,
    current_step,
    live,
    make_administrator,
    make_draft,
    make_office,
    posted,
    submit,
)

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=6)
HOME = "wagtailadmin_home"


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def home(client, user) -> str:
    client.force_login(user)
    return client.get(reverse(HOME)).content.decode()


def list_of_checks(client, user) -> str:
    client.force_login(user)
    return client.get(reverse("pr_admin:checks")).content.decode()


def test_an_empty_day_says_so(client, office):
    for role in Role:
        body = home(client, office.person(role))
        assert "pr-nothing" in body
        assert office.agency.name in body


def test_each_level_sees_the_item_only_when_it_is_its_turn(client, office):
    page = make_draft(office, title="ข่าวรอพิจารณา")
    submit(office, page)
    review = reverse("pr_admin:review", args=[current_step(page).pk])
    assert review in home(client, office.person(CHAIN[0]))
    for role in (*CHAIN[1:], Role.IT_OFFICER, Role.EVALUATOR, Role.NETWORK_MEMBER):
        assert "ข่าวรอพิจารณา" not in home(client, office.person(role)), role


def test_an_overdue_step_is_marked_in_words(client, office):
    page = make_draft(office)
    submit(office, page, now=MORNING - timedelta(days=7))
    body = home(client, office.person(CHAIN[0]))
    assert "pr-overdue" in body
    assert "icon-warning" in body.split("pr-overdue")[1][:200]


def test_the_it_officer_sees_what_is_to_be_posted(client, office):
    posting = approved(office, title="รอขึ้นเว็บ")
    body = home(client, office.it_officer)
    assert f"#posting-{posting.pk}" in body
    assert "รอขึ้นเว็บ" not in home(client, office.person(Role.DIRECTOR))


def test_the_responsible_officer_sees_the_check(client, office):
    live(office, title="ขึ้นเว็บแล้ว")
    assert "ขึ้นเว็บแล้ว" in home(client, office.writer)
    assert "ขึ้นเว็บแล้ว" not in home(client, office.it_officer)


def test_nobody_checks_what_has_left_the_site(client, office):
    page = live(office, title="ขึ้นแล้วลง")
    assert checks_of(office.writer).exists()
    news_take_down(actor=office.it_officer, page=page, reason="ลงผิดเรื่อง", now=NOON)
    assert not checks_of(office.writer).exists()
    assert "ขึ้นแล้วลง" not in list_of_checks(client, office.writer)


def test_what_failed_is_said_first_to_all_who_work_on_news(client, office):
    posting = posted(office, title="ขึ้นเว็บไม่ได้", go_live_at=NOON, now=NOON)
    posting_fail(posting_id=posting.pk, error=RuntimeError("ดิสก์เต็ม"), now=NOON)
    for role in Role:
        body = home(client, office.person(role))
        is_told = role != Role.NETWORK_MEMBER
        assert ("ดิสก์เต็ม" in body) is is_told, role
    body = home(client, office.it_officer)
    assert body.index("pr-first") < body.index("ดิสก์เต็ม")
    assert "pr-nothing" not in body


def test_an_emergency_waits_for_whoever_may_decide_it(client, office):
    emergency_publish(
        actor=make_administrator(),
        page=make_draft(office, title="เตือนภัย"),
        reason="น้ำท่วมฉับพลัน ประชาชนต้องอพยพทันที",
        now=NOON,
    )
    decider = home(client, office.person(Role.DIRECTOR))
    assert "pr-nothing" not in decider
    assert "pr-first" in decider
    assert "pr-clock" in decider
    # The others read of it, but nothing waits for them.
    officer = home(client, office.person(Role.IT_OFFICER))
    assert "เตือนภัย" in officer
    assert "pr-nothing" in officer
    assert "pr-first" not in officer


def test_an_item_stuck_for_two_minutes_is_trouble(client, office):
    posted(office, title="ถึงเวลาแล้ว", go_live_at=NOON - timedelta(minutes=1), now=NOON - timedelta(minutes=1))
    assert "troublepanel" not in home(client, office.writer)
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        assert "ถึงเวลาแล้ว" in home(client, office.writer)


def test_a_silent_scheduler_is_trouble(client, office):
    beat = Heartbeat.objects.create(name="tick", seen_at=NOON - timedelta(seconds=50))
    assert "troublepanel" not in home(client, office.it_officer)
    Heartbeat.objects.filter(pk=beat.pk).update(seen_at=NOON - timedelta(minutes=3))
    assert "troublepanel" in home(client, office.it_officer)


def test_another_office_sees_none_of_it(client, office):
    other = make_office("spp")
    submit(other, make_draft(other, title="ของเขตอื่น"))
    approved(other, title="ของเขตอื่น")
    posting = posted(other, title="ของเขตอื่น", go_live_at=NOON, now=NOON)
    posting_fail(posting_id=posting.pk, error=RuntimeError("x"), now=NOON)
    for role in Role:
        assert "ของเขตอื่น" not in home(client, office.person(role)), role


def test_the_number_of_questions_does_not_grow(client, office):
    people = (office.person(CHAIN[0]), office.it_officer, office.writer)

    def questions() -> list[int]:
        counted = []
        for person in people:
            client.force_login(person)
            client.get(reverse(HOME))
            with CaptureQueriesContext(connection) as asked:
                client.get(reverse(HOME))
            counted.append(len(asked.captured_queries))
        return counted

    def work() -> None:
        submit(office, make_draft(office))
        approved(office)
        live(office)

    work()
    before = questions()
    assert max(before) < 100
    work()
    assert questions() == before


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        (Role.WRITER, ["activities", "news_list", "checks"], ["posting"]),
        (Role.HEAD_OF_WORK, ["news_list"], ["activities", "posting", "checks"]),
        (Role.IT_OFFICER, ["posting", "news_list"], ["activities", "checks"]),
        (Role.NETWORK_MEMBER, [], ["activities", "news_list", "posting", "checks"]),
    ],
)
def test_the_menu_shows_each_role_what_it_may_use(client, office, role, shown, hidden):
    body = home(client, office.person(role))
    for name in shown:
        assert reverse(f"pr_admin:{name}") in body, name
    for name in hidden:
        assert reverse(f"pr_admin:{name}") not in body, name
    for name in ("wagtailadmin_reports:workflow", "wagtailsnippets:index", "wagtailusers_users:index"):
        assert f'"{reverse(name)}"' not in body, name


def test_the_first_thing_is_how_much_waits_and_the_most_urgent(client, office):
    calm, late = make_draft(office, title="ไม่รีบ"), make_draft(office, title="เลยกำหนด")
    submit(office, calm)
    submit(office, late, now=MORNING - timedelta(days=7))
    body = home(client, office.person(CHAIN[0]))
    first = body.split("pr-first__count")[1].split("</section>")[0]
    assert "2" in first
    assert "pr-overdue" in first
    assert reverse("pr_admin:review", args=[current_step(late).pk]) in first
    assert "เลยกำหนด" in first
    assert "ไม่รีบ" not in first
    assert "pr-first" not in home(client, office.person(CHAIN[1]))


def first_of(client, user) -> str:
    body = home(client, user)
    return body.split("pr-first__count")[1].split("</section>")[0] if "pr-first__count" in body else ""


def test_what_failed_to_go_live_comes_before_everything_else(client, office):
    failed = posted(office, title="ค้างนำขึ้น", go_live_at=NOON - timedelta(minutes=30), now=NOON - timedelta(hours=1))
    posting_fail(posting_id=failed.pk, error=OSError("disk full"), now=NOON - timedelta(minutes=29))
    approved(office, title="รอกำหนดเวลา", now=MORNING)
    first = first_of(client, office.it_officer)
    assert "ค้างนำขึ้น" in first
    assert "รอกำหนดเวลา" not in first
    assert reverse("pr_admin:news_timeline", args=[failed.page_id]) in first
    assert "pr-overdue" in first
    assert "2" in first.split("</h2>")[0]


def test_a_failed_item_is_no_task_of_those_who_cannot_post_it(client, office):
    failed = posted(office, title="ค้างนำขึ้น", go_live_at=NOON - timedelta(minutes=30), now=NOON - timedelta(hours=1))
    posting_fail(posting_id=failed.pk, error=OSError("disk full"), now=NOON - timedelta(minutes=29))
    for role in (Role.WRITER, Role.HEAD_OF_WORK):
        assert "ค้างนำขึ้น" in home(client, office.person(role))
        assert first_of(client, office.person(role)) == ""


def test_a_broken_seal_is_a_task_of_its_writer_too(client, office):
    failed = posted(office, title="ภาพหาย", go_live_at=NOON - timedelta(minutes=30), now=NOON - timedelta(hours=1))
    posting_fail(posting_id=failed.pk, error=SealBroken("ภาพถูกลบ"), now=NOON - timedelta(minutes=29))
    assert "ภาพหาย" in first_of(client, office.writer)
    assert first_of(client, office.person(Role.HEAD_OF_WORK)) == ""


def test_whoever_acts_for_somebody_sees_in_whose_place(client, office):
    head, deputy = office.person(CHAIN[0]), office.person(Role.EVALUATOR)
    today = MORNING.date()
    Delegation.objects.create(
        agency=office.agency,
        delegator=head.staff_profile,
        delegate=deputy.staff_profile,
        role=CHAIN[0],
        starts_on=today,
        ends_on=today,
        order_number="คำสั่งที่ 7/2569",
        granted_at=MORNING,
    )
    submit(office, make_draft(office, title="ถึงผู้รักษาการ"))
    body = home(client, deputy)
    assert "ถึงผู้รักษาการ" in body
    assert "คำสั่งที่ 7/2569" in body
    assert "คำสั่งที่ 7/2569" not in home(client, head)


def test_what_one_has_written_a_version_of_is_not_offered(client, office):
    add_person(office, CHAIN[0], name="kpr-second-head")
    page = make_draft(office, title="ช่วยเขียน")
    page.get_latest_revision_as_object().save_revision(user=office.person(CHAIN[0]))
    page.get_latest_revision_as_object().save_revision(user=office.writer)
    submit(office, page)
    assert "ช่วยเขียน" not in home(client, office.person(CHAIN[0]))
