"""Another date only inside the own agency, for what is news, and not for what is called off (R26, I5)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from home.models import NewsPage
from pr_workflow.people.roles import Role
from pr_workflow.plan.cancelling import activity_cancel
from tests.factories.office import live, make_administrator, make_office
from tests.pr_workflow.editorial_calendar.conftest import NOW
from tests.pr_workflow.editorial_calendar.test_redating import THURSDAY, at, drop, refusals, wish_of

pytestmark = pytest.mark.django_db


# -- the wall


def test_another_agencys_entries_do_not_exist(client, desk):
    other = make_office("other")
    rows = {
        "news_wish": desk.draft.pk, "posting_date": desk.slot.pk, "activity_date": desk.activity.pk,
        "occurrence_date": desk.occurrence.pk,
    }  # fmt: skip
    for role in (Role.WRITER, Role.IT_OFFICER):
        client.force_login(other.person(role))
        for name, pk in rows.items():
            logged = refusals()
            assert drop(client, name, pk, THURSDAY, confirmed="on").status_code == 404, name
            assert refusals() == logged + 1
            assert client.get(reverse(f"pr_admin:{name}", args=[pk])).status_code == 404
    assert wish_of(desk.draft) == desk.next_week


@pytest.mark.parametrize("name", ["news_wish", "posting_date", "activity_date", "occurrence_date"])
def test_a_row_that_is_none_is_not_found(client, desk, name):
    client.force_login(desk.office.writer)
    for pk in (0, 99999999999999999999):
        assert drop(client, name, pk, THURSDAY).status_code == 404


def test_a_page_that_is_no_news_has_no_wish(client, desk):
    client.force_login(make_administrator())
    assert drop(client, "news_wish", desk.office.index.pk, THURSDAY).status_code == 404


def test_network_members_open_no_form_of_a_draft(client, desk):
    client.force_login(desk.office.person(Role.NETWORK_MEMBER))
    assert client.get(reverse("pr_admin:news_wish", args=[desk.draft.pk])).status_code == 403


def test_a_correction_of_a_live_item_gets_a_wish_and_stays_live(client, desk):
    page = live(desk.office, now=NOW + timedelta(minutes=5), title="จะแก้ไข")
    version = page.get_latest_revision_as_object()
    version.lead = "แก้ไขแล้ว"
    version.save_revision(user=desk.office.writer)
    client.force_login(desk.office.writer)
    assert drop(client, "news_wish", page.pk, THURSDAY, time="10.00").status_code == 200
    page = NewsPage.objects.get(pk=page.pk)
    assert page.live
    assert page.lead != "แก้ไขแล้ว"
    assert wish_of(page) == at(date(2026, 12, 17), 10)


def test_a_cancelled_activity_is_marked_and_not_moved(client, desk):
    activity = desk.activity
    activity_cancel(actor=desk.office.writer, activity=activity, reason="งบประมาณถูกโอนไปงานอื่น", now=NOW)
    client.force_login(desk.office.writer)
    screen = client.get(reverse("pr_admin:calendar"), {"view": "agenda"}).content.decode()
    assert reverse("pr_admin:activity_date", args=[activity.pk]) not in screen
    assert drop(client, "activity_date", activity.pk, THURSDAY).status_code == 403
