"""What goes out with an item stands on the review screen: times, address, channels, attachments, tags (R38, R40)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext, override

from pr_workflow.approval import review
from pr_workflow.approval.outgoing import outgoing_of
from pr_workflow.approval.services import news_submit
from pr_workflow.people.roles import Role
from pr_workflow.thai_time import thai_datetime
from tests.factories.office import MORNING, current_step, live, make_document, make_draft, submit
from tests.factories.published import revise
from tests.factories.site import make_plan

pytestmark = pytest.mark.django_db
WISH, END = MORNING + timedelta(days=1), MORNING + timedelta(days=30)


@pytest.fixture(autouse=True)
def an_hour_later():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False), override("th"):
        yield


def screen(client, office, page) -> str:
    client.force_login(office.person(Role.HEAD_OF_WORK))
    body = client.get(reverse("pr_admin:review", args=[current_step(page).pk])).content.decode()
    return body[body.index('id="outgoing"') : body.index('id="signatures"')]


def test_a_first_time_reader_sees_everything_that_is_sealed(client, office):
    page = make_draft(
        office,
        slug="hand-washing-day",
        go_live_at=WISH,
        expire_at=END,
        channels=["website", "facebook", "email"],
        tags=["ล้างมือ", "โรงเรียน"],
        attachments=[("file", {"document": make_document(office), "title": "แผ่นพับล้างมือ"})],
        seo_title="ชื่อในเครื่องมือค้นหา",
    )
    submit(office, page)
    body = screen(client, office, page)
    for wanted in (
        thai_datetime(WISH, "long"),
        thai_datetime(END, "long"),
        "/hand-washing-day/",
        "Facebook",
        page.title,
        page.lead,
        "แผ่นพับล้างมือ",
        "โรงเรียน",
        "ชื่อในเครื่องมือค้นหา",
    ):
        assert wanted in body
    assert "2569" in body
    assert "2026" not in body


def test_what_is_not_chosen_is_said_too(client, office):
    page = make_draft(office, channels=[], tags=[])
    submit(office, page)
    body = screen(client, office, page)
    for sentence in (
        "None: the IT officer chooses",
        "None: it stays on the site",
        "None chosen: every channel of the agency",
        "No attachments",
    ):
        assert gettext(sentence) in body
    assert gettext("Text of the posts") in body


def test_an_item_for_the_website_alone_has_no_posts(client, office):
    page = make_draft(office, channels=["website"])
    submit(office, page)
    assert gettext("Text of the posts") not in screen(client, office, page)


def test_the_version_that_is_considered_is_shown_not_the_one_on_the_site(office):
    page = live(office, now=MORNING)
    revise(page, slug="a-new-address", channels=["facebook"])
    out = outgoing_of(page.get_latest_revision_as_object())
    assert out.address.endswith("/a-new-address/")
    assert out.channels == ["Facebook"]


def test_it_costs_the_screen_few_questions(client, office, monkeypatch):
    page = make_draft(office, attachments=[("file", {"document": make_document(office), "title": ""})])
    submit(office, page)
    client.force_login(office.person(Role.HEAD_OF_WORK))
    address = reverse("pr_admin:review", args=[current_step(page).pk])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    asked(), asked()  # what is seen is written down by the first look
    shown = asked()
    monkeypatch.setattr(review, "outgoing_of", lambda content: None)
    assert shown - asked() <= 3


def test_a_plan_has_no_such_section(client, office):
    plan = make_plan(office, activities=2, live=False)
    plan.save_revision(user=office.writer)
    news_submit(actor=office.writer, page=plan, now=MORNING)
    plan.refresh_from_db()
    client.force_login(office.person(Role.DIRECTOR))
    answer = client.get(reverse("pr_admin:review", args=[plan.current_workflow_task_state.pk]))
    assert answer.status_code == 200
    assert 'id="signatures"' in answer.content.decode()
    assert 'id="outgoing"' not in answer.content.decode()
