"""News that only some people may read is in the calendar of who works on news, and in nobody else's (I5)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageViewRestriction

from pr_workflow.editorial_calendar.feeds import calendar_feed_renew
from pr_workflow.people.roles import Role
from tests.factories.office import MORNING, live
from tests.pr_workflow.editorial_calendar.conftest import NOW

pytestmark = pytest.mark.django_db
TITLE = "เรื่องหลังประตู"
KINDS = [PageViewRestriction.PASSWORD, PageViewRestriction.LOGIN, PageViewRestriction.GROUPS]


def public_item(desk):
    """News that went live the day before."""
    return live(desk.office, now=MORNING + timedelta(hours=6), title=TITLE)


def restrict(page, kind: str) -> None:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="only-in-tests")
    if kind == PageViewRestriction.GROUPS:
        restriction.groups.set([])


def seen_by(client, person) -> dict[str, str]:
    """What each door of the calendar says to a person."""
    client.force_login(person)
    stretch = {"start": "2026-11-01T00:00:00+07:00", "end": "2027-01-01T00:00:00+07:00"}
    feed = reverse("calendar_feed", args=[calendar_feed_renew(actor=person, now=NOW)])
    screen = reverse("pr_admin:calendar")
    answers = {
        "json": client.get(reverse("pr_admin:calendar_entries"), stretch),
        "month": client.get(screen, {"date": "2026-11-01"}),
        "list": client.get(screen, {"view": "agenda", "date": "2026-11-01"}),
        "feed": client.get(feed),
    }
    assert {answer.status_code for answer in answers.values()} == {200}
    texts = {name: answer.content.decode() for name, answer in answers.items()}
    texts["json"] = str(answers["json"].json())
    texts["feed"] = texts["feed"].replace("\r\n ", "")  # long lines are folded
    return texts


@pytest.mark.parametrize("place", ["page", "section", "site"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_network_member_reads_nothing_of_restricted_news(client, desk, place, kind):
    office, page = desk.office, public_item(desk)
    member = office.person(Role.NETWORK_MEMBER)
    before = seen_by(client, member)
    assert all(TITLE in before[door] for door in ("json", "list", "feed"))
    restrict({"page": page, "section": office.index, "site": office.home}[place], kind)
    officer = page.responsible_officer.display_name
    for door, text in seen_by(client, member).items():
        assert TITLE not in text, door
        assert officer not in text or door in ("month", "list"), door  # screens offer a choice of officers
    after = seen_by(client, office.writer)
    assert all(TITLE in after[door] for door in ("json", "list", "feed"))


def test_restrictions_elsewhere_hide_nothing_and_cost_nothing(client, desk):
    member, address = desk.office.person(Role.NETWORK_MEMBER), reverse("pr_admin:calendar_entries")
    stretch = {"start": "2026-11-01T00:00:00+07:00", "end": "2027-01-01T00:00:00+07:00"}
    assert public_item(desk)
    client.force_login(member)
    client.get(address, stretch)
    with CaptureQueriesContext(connection) as few:
        client.get(address, stretch)
    for page in (desk.draft, desk.undated, desk.considered):
        restrict(page, PageViewRestriction.LOGIN)
    with CaptureQueriesContext(connection) as more:
        assert TITLE in str(client.get(address, stretch).json())
    assert len(more) == len(few)
