"""The writer's wish for the go-live time: typed in the editor, signed with the text, never a way around (R42, I3)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Revision

from home.models import NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import Role
from pr_workflow.publishing.models import Posting
from pr_workflow.publishing.tick import tick_run
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import MORNING, approve_all, current_step, live, make_administrator, make_draft, make_office
from tests.flows.test_admin_path import add_url, as_role, edit_url, news_form

pytestmark = pytest.mark.django_db
WISH = MORNING + timedelta(days=1, hours=1)
AFTER = WISH + timedelta(minutes=5)
SUBMIT = {"action-submit": "1"}


@pytest.fixture(autouse=True)
def in_the_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def office():
    return make_office()


def typed(moment) -> str:
    """As the box of Wagtail's schedule dialog sends it."""
    return moment.astimezone(BANGKOK).strftime("%Y-%m-%d %H:%M")


def written(office, **fields) -> NewsPage:
    """Saved by the writer through the editor, with a wish."""
    form = news_form(office, go_live_at=typed(WISH), **fields)
    answer = as_role(office, Role.WRITER).post(add_url(office), form)
    assert answer.status_code == 302, answer.context["form"].errors
    return NewsPage.objects.get(slug=fields.get("slug", "handwash"))


def wish_of(page) -> object:
    return NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object().go_live_at


def nothing_is_scheduled() -> bool:
    return not Revision.objects.exclude(approved_go_live_at=None).exists()


def nothing_went_live(page) -> bool:
    """Neither our tick nor Wagtail's command finds anything, long after the wish."""
    with time_machine.travel(AFTER, tick=False):
        report = tick_run(now=AFTER)
        call_command("publish_scheduled")
    return not report.outcomes and not report.others and not NewsPage.objects.get(pk=page.pk).live


def test_a_wish_in_a_draft_schedules_nothing(office):
    page = written(office)
    assert wish_of(page) == WISH
    assert nothing_is_scheduled()
    assert not Posting.objects.exists()
    assert nothing_went_live(page)


def test_a_wish_under_consideration_schedules_nothing(office):
    page = written(office)
    as_role(office, Role.WRITER).post(
        edit_url(page), {**news_form(office, slug="handwash", go_live_at=typed(WISH)), **SUBMIT}
    )
    assert current_step(page) is not None
    assert nothing_is_scheduled()
    assert nothing_went_live(page)


def submitted(office) -> NewsPage:
    answer = as_role(office, Role.WRITER).post(add_url(office), {**news_form(office, go_live_at=typed(WISH)), **SUBMIT})
    assert answer.status_code == 302, answer.context["form"].errors
    return NewsPage.objects.get()


def test_an_approved_wish_is_offered_and_waits_for_the_it_officer(office):
    page = submitted(office)
    posting = approve_all(office, page)
    assert (posting.wished_at, posting.go_live_at) == (WISH, None)
    assert nothing_is_scheduled()
    with time_machine.travel(MORNING + timedelta(hours=5), tick=False):
        officer = as_role(office, Role.IT_OFFICER)
        (row,) = officer.get(reverse("pr_admin:posting")).context["waiting"]
        assert row.go_live_form.initial["go_live_at"] == WISH
        sent = {"when": "at", "go_live_at": WISH.astimezone(BANGKOK).strftime("%Y-%m-%dT%H:%M")}
        assert officer.post(reverse("pr_admin:posting_post", args=[posting.pk]), sent).status_code == 302
    assert not tick_run(now=WISH - timedelta(seconds=1)).outcomes
    (outcome,) = tick_run(now=WISH).outcomes
    assert outcome.went_live, outcome.reason
    page = NewsPage.objects.get(pk=page.pk)
    assert page.live
    assert page.first_published_at == WISH


def test_an_approved_wish_nobody_posted_does_not_go_live_by_itself(office):
    page = submitted(office)
    approve_all(office, page)
    assert nothing_went_live(page)


def test_the_wish_cannot_be_moved_while_others_consider_it(office):
    page = submitted(office)
    before = page.latest_revision_id
    changed = news_form(office, go_live_at=typed(WISH + timedelta(days=3)))
    for role in (Role.WRITER, Role.HEAD_OF_WORK, Role.DIRECTOR):
        as_role(office, role).post(edit_url(page), changed)
    assert NewsPage.objects.get(pk=page.pk).latest_revision_id == before
    assert approve_all(office, page).wished_at == WISH


@pytest.mark.parametrize("who", [Role.WRITER, Role.DIRECTOR, Role.IT_OFFICER, "administrator"])
def test_the_dialog_with_the_publish_button_is_refused(client, office, who):
    """What Wagtail's own dialog is for: a time, and “schedule to publish”."""
    page = make_draft(office)
    user = make_administrator() if who == "administrator" else office.person(who)
    client.force_login(user)
    form = {**news_form(office, slug=page.slug, go_live_at=typed(WISH)), "action-publish": "1"}
    assert client.post(edit_url(page), form).status_code == 403
    assert client.post(add_url(office), {**form, "slug": "another"}).status_code == 403
    assert nothing_is_scheduled()
    assert NewsPage.objects.count() == 1
    assert nothing_went_live(page)
    assert AuditEntry.objects.filter(verb="refused", actor_id_text=str(user.pk)).count() == 2


def test_a_wish_on_a_newer_draft_leaves_the_page_on_the_site_as_it_is(office):
    page = live(office, slug="handwash", now=MORNING + timedelta(hours=5))
    form = news_form(office, title="ฉบับใหม่", go_live_at=typed(WISH))
    with time_machine.travel(MORNING + timedelta(hours=6), tick=False):
        assert as_role(office, Role.WRITER).post(edit_url(page), form).status_code == 302
    page = NewsPage.objects.get(pk=page.pk)
    assert page.live
    assert page.latest_revision_id != page.live_revision_id
    assert nothing_is_scheduled()
    assert not tick_run(now=AFTER).outcomes
    assert NewsPage.objects.get(pk=page.pk).title != "ฉบับใหม่"


def test_an_expiry_before_the_wish_is_said_at_its_field_and_keeps_what_was_typed(office):
    form = news_form(office, go_live_at=typed(WISH), expire_at=typed(WISH - timedelta(hours=1)))
    answer = as_role(office, Role.WRITER).post(add_url(office), form)
    assert answer.status_code == 200
    assert {"go_live_at", "expire_at"} & set(answer.context["form"].errors)
    assert "จัดกิจกรรมรณรงค์ล้างมือ" in answer.content.decode()
    assert not NewsPage.objects.exists()
