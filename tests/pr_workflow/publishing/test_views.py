"""The IT officer's queue and the check after posting, over the admin's own addresses."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import Role
from pr_workflow.publishing.models import CorrectionRound, Posting, PublicationCheck
from pr_workflow.publishing.services import posting_fail
from pr_workflow.publishing.verification import CHECK_LINES
from tests.factories.office import MORNING, approved, live, make_office, posted

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=3)


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield NOON


@pytest.fixture
def it_officer(client, office):
    client.force_login(office.it_officer)
    return client


def post_address(posting) -> str:
    return reverse("pr_admin:posting_post", args=[posting.pk])


def test_the_queue_shows_failed_waiting_and_scheduled(office, it_officer, at_noon):
    approved(office, title="รอตั้งเวลา", now=MORNING - timedelta(days=3))
    posted(office, title="ตั้งเวลาแล้ว", go_live_at=NOON + timedelta(days=1), now=NOON)
    failed = posted(office, title="ขึ้นเว็บไม่ได้", go_live_at=NOON, now=NOON)
    posting_fail(posting_id=failed.pk, error=RuntimeError("ดิสก์เต็ม"), now=NOON)
    body = it_officer.get(reverse("pr_admin:posting")).content.decode()
    assert body.index("ขึ้นเว็บไม่ได้") < body.index("รอตั้งเวลา") < body.index("ตั้งเวลาแล้ว")
    assert "ดิสก์เต็ม" in body
    assert "17 พ.ย. 2569 เวลา 12.00 น." in body
    assert "2026" not in body.replace('value="2026-', "")


def test_the_queue_opens_the_form_of_the_first_item_only(office, it_officer, at_noon):
    for number in range(3):
        approved(office, title=f"ข่าวที่ {number}")
    body = it_officer.get(reverse("pr_admin:posting")).content.decode()
    assert body.count("data-pr-first") == 3
    assert body.count("data-pr-first open") == 1


@pytest.mark.parametrize("later", [-1, 0, 2])
def test_posting_for_now_twice_is_one_act(office, it_officer, later):
    """Two requests wait for each other; the second one may have begun before the first."""
    posting = approved(office)
    for moment in (NOON, NOON + timedelta(seconds=later)):
        with time_machine.travel(moment, tick=False):
            assert it_officer.post(post_address(posting), {"when": "now"}).status_code == 302
    assert AuditEntry.objects.filter(verb="news_post").count() == 1
    posting.refresh_from_db()
    assert posting.go_live_at == NOON


def test_posting_for_the_same_time_twice_is_one_act_and_for_another_two(office, it_officer, at_noon):
    posting = approved(office)
    for clock in ("15:00", "15:00", "16:00"):
        form = {"when": "at", "go_live_at": f"16/11/2569 {clock}"}
        assert it_officer.post(post_address(posting), form).status_code == 302
    assert AuditEntry.objects.filter(verb="news_post").count() == 2


def test_what_failed_is_posted_once_more_for_now(office, it_officer, at_noon):
    posting = posted(office, go_live_at=NOON, now=NOON)
    posting_fail(posting_id=posting.pk, error=RuntimeError("ดิสก์เต็ม"), now=NOON)
    assert it_officer.post(post_address(posting), {"when": "now"}).status_code == 302
    posting.refresh_from_db()
    assert posting.failed_at is None
    assert AuditEntry.objects.filter(verb="news_post").count() == 2


@pytest.mark.parametrize("role", [role for role in Role if role != Role.IT_OFFICER])
def test_only_the_it_officer_opens_the_queue_or_posts(client, office, at_noon, role):
    posting = approved(office)
    client.force_login(office.person(role))
    assert client.get(reverse("pr_admin:posting")).status_code == 403
    refused = client.post(post_address(posting), {"when": "now"})
    assert refused.status_code == 403
    posting.refresh_from_db()
    assert posting.go_live_at is None
    assert AuditEntry.objects.filter(verb="refused", actor_name=office.person(role).username).count() == 2


def test_an_it_officer_of_another_office_finds_nothing(client, office, at_noon):
    posting = approved(office, title="ของสำนักงานแรก")
    client.force_login(make_office("spp").it_officer)
    assert "ของสำนักงานแรก" not in client.get(reverse("pr_admin:posting")).content.decode()
    assert client.post(post_address(posting), {"when": "now"}).status_code == 404
    posting.refresh_from_db()
    assert posting.posted_at is None


def test_post_now(office, it_officer, at_noon):
    posting = approved(office)
    response = it_officer.post(post_address(posting), {"when": "now", "go_live_at": "nonsense"}, follow=True)
    assert response.status_code == 200
    posting.refresh_from_db()
    assert posting.go_live_at == NOON
    assert posting.posted_by == office.it_officer


@pytest.mark.parametrize(
    "typed",
    [
        "17/11/2569 08:30",
        "๑๗/๑๑/๒๕๖๙ ๐๘.๓๐ น.",
        "17 พ.ย. 2569 เวลา 08.30 น.",
        "17/11/2026 08:30",
        "2026-11-17T08:30:00",
    ],
)
def test_post_at_a_time_in_bangkok_in_either_era(office, it_officer, at_noon, typed):
    posting = approved(office)
    it_officer.post(post_address(posting), {"when": "at", "go_live_at": typed})
    posting.refresh_from_db()
    assert posting.go_live_at == MORNING + timedelta(days=1, minutes=-30)


def test_a_choice_the_queue_does_not_offer_is_logged(office, it_officer, at_noon):
    posting = approved(office)
    assert it_officer.post(post_address(posting), {"when": "x"}).status_code == 422
    assert AuditEntry.objects.get(verb="refused").data["path"] == post_address(posting)


@pytest.mark.parametrize(
    "form",
    [
        {"when": "at", "go_live_at": "16/11/2569 08:00"},
        {"when": "at", "go_live_at": ""},
        {"when": "at", "go_live_at": "พรุ่งนี้"},
        {"when": "at", "go_live_at": "17/11/2569"},
        {"when": "at", "go_live_at": "17/11/2569 25:00"},
        {"when": "at", "go_live_at": "17/11/3112 08:30"},
    ],
)
def test_a_bad_time_is_said_at_the_field_and_nothing_is_lost(office, it_officer, at_noon, form):
    posting = approved(office)
    response = it_officer.post(post_address(posting), form)
    assert response.status_code == 422
    (shown,) = response.context["waiting"]
    assert list(shown.go_live_form.errors) == ["go_live_at"]
    typed = f'value="{form["go_live_at"]}"' if form["go_live_at"] else ""
    assert f'id="posting-{posting.pk}-go_live_at"' in response.content.decode()
    assert typed in response.content.decode()
    posting.refresh_from_db()
    assert posting.go_live_at is None


def test_a_missing_choice_is_said_at_the_field(office, it_officer, at_noon):
    posting = approved(office)
    response = it_officer.post(post_address(posting), {})
    (shown,) = response.context["waiting"]
    assert list(shown.go_live_form.errors) == ["when"]


def test_recall_needs_a_reason(office, it_officer, at_noon):
    posting = posted(office, go_live_at=NOON + timedelta(days=1), now=NOON)
    address = reverse("pr_admin:posting_recall", args=[posting.pk])
    refused = it_officer.post(address, {f"recall-{posting.pk}-reason": "  "})
    assert refused.status_code == 422
    posting.refresh_from_db()
    assert posting.go_live_at
    it_officer.post(address, {f"recall-{posting.pk}-reason": "รอภาพใหม่"})
    posting.refresh_from_db()
    assert posting.go_live_at is None
    assert AuditEntry.objects.get(verb="posting_recall").data["reason"] == "รอภาพใหม่"


def test_a_live_item_cannot_be_posted_again(office, it_officer):
    live(office)
    posting = Posting.objects.get()
    with time_machine.travel(MORNING + timedelta(days=1)):
        it_officer.force_login(office.it_officer)
        assert it_officer.post(post_address(posting), {"when": "now"}).status_code == 403


def test_the_queue_asks_the_database_the_same_for_any_length(office, it_officer, django_assert_max_num_queries):
    with time_machine.travel(NOON, tick=False):
        approved(office, title="หนึ่ง")
        it_officer.get(reverse("pr_admin:posting"))
        with django_assert_max_num_queries(40) as few:
            it_officer.get(reverse("pr_admin:posting"))
        for number in range(4):
            approved(office, title=f"ข่าว {number}")
        with django_assert_max_num_queries(len(few.captured_queries)):
            it_officer.get(reverse("pr_admin:posting"))


def correct_answers(**changes) -> dict:
    return {**dict.fromkeys(CHECK_LINES, "yes"), "result": "correct", "note": "", **changes}


@pytest.fixture
def check(office):
    live(office, title="ข่าวที่ขึ้นแล้ว")
    return PublicationCheck.objects.get()


@pytest.fixture
def officer(client, office):
    client.force_login(office.writer)
    return client


def test_my_checks_and_the_answer(officer, check):
    listing = officer.get(reverse("pr_admin:checks")).content.decode()
    assert "ข่าวที่ขึ้นแล้ว" in listing
    form = officer.get(reverse("pr_admin:check", args=[check.pk])).content.decode()
    assert check.page.full_url in form
    response = officer.post(reverse("pr_admin:check", args=[check.pk]), correct_answers())
    assert response.status_code == 302
    check.refresh_from_db()
    assert check.result == "correct"
    assert set(check.answers) == set(CHECK_LINES)
    assert (
        "ข่าวที่ขึ้นแล้ว"
        not in officer.get(reverse("pr_admin:checks")).content.decode().split("</main>")[0].split("pr-items")[-1]
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"images": "no"}, "images"),
        ({"title": ""}, "title"),
        ({"result": "needs_correction"}, "note"),
        ({"result": ""}, "result"),
        ({"result": "perfect"}, "result"),
    ],
)
def test_a_wrong_answer_is_said_at_its_field(officer, check, changes, field):
    response = officer.post(reverse("pr_admin:check", args=[check.pk]), correct_answers(**changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    check.refresh_from_db()
    assert check.answered_at is None


def test_needs_correction_opens_a_round(officer, check):
    answers = correct_answers(images="no", result="needs_correction", note="ภาพที่ 1 ไม่ตรงกับเรื่อง")
    officer.post(reverse("pr_admin:check", args=[check.pk]), answers)
    assert CorrectionRound.objects.get().number == 1
    home = officer.get(reverse("wagtailadmin_home")).content.decode()
    assert "ภาพที่ 1 ไม่ตรงกับเรื่อง" in home


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.IT_OFFICER, Role.NETWORK_MEMBER])
def test_nobody_else_sees_or_answers_the_check(client, office, check, role):
    client.force_login(office.person(role))
    address = reverse("pr_admin:check", args=[check.pk])
    assert client.get(address).status_code == 403
    assert client.post(address, correct_answers()).status_code == 403
    assert "ข่าวที่ขึ้นแล้ว" not in client.get(reverse("pr_admin:checks")).content.decode()
    check.refresh_from_db()
    assert check.answered_at is None
