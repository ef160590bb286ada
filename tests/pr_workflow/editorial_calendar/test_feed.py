"""The calendar at a secret address: what the person may see now, while they may, and for nobody else (R26, I5)."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from pr_workflow.audit.models import AuditEntry
from pr_workflow.editorial_calendar.feeds import calendar_feed_renew, calendar_feed_revoke
from pr_workflow.editorial_calendar.models import CalendarFeed
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import make_administrator, make_draft, make_office
from tests.pr_workflow.editorial_calendar.conftest import NOW

pytestmark = pytest.mark.django_db


def address(person) -> str:
    return reverse("calendar_feed", args=[calendar_feed_renew(actor=person, now=NOW)])


def events(client, path: str) -> dict[str, list]:
    """The events by their titles, read back by the library."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    found: dict[str, list] = {}
    for event in Calendar.from_ical(answer.content).walk("VEVENT"):
        found.setdefault(str(event["SUMMARY"]).partition("] ")[2], []).append(event)
    return found


def test_the_feed_reads_back(client, full_desk):
    found = events(client, address(full_desk.office.writer))
    assert {"ร่างมีวัน", "รอพิจารณา", "อนุมัติแล้ว", "ตั้งเวลาแล้ว", "ขึ้นเว็บแล้ว", "ก1 รณรงค์", "วันของหน่วยงาน"} <= set(found)
    (activity,) = found["ก1 รณรงค์"]
    assert activity["DTSTART"].dt == date(2026, 11, 25)
    assert activity["DTSTART"].params["VALUE"] == "DATE"
    assert activity["DTEND"].dt == date(2026, 11, 28)
    (slot,) = found["ตั้งเวลาแล้ว"]
    assert slot["DTSTART"].dt == full_desk.next_week
    assert slot["DTSTART"].params["TZID"] == "Asia/Bangkok"
    assert slot["STATUS"] == "CONFIRMED"
    assert found["ร่างมีวัน"][0]["STATUS"] == "TENTATIVE"
    assert slot["DTSTAMP"].dt == NOW
    assert "2569" in str(slot["DESCRIPTION"])
    assert str(slot["URL"]).startswith("http")


def test_every_event_has_a_name_of_its_own_and_keeps_it(client, full_desk):
    path = address(full_desk.office.writer)
    first = [str(event["UID"]) for each in events(client, path).values() for event in each]
    again = [str(event["UID"]) for each in events(client, path).values() for event in each]
    assert len(set(first)) == len(first)
    assert sorted(first) == sorted(again)


def test_the_zone_is_in_the_file(client, desk):
    assert desk.draft
    answer = client.get(address(desk.office.writer))
    (zone,) = Calendar.from_ical(answer.content).walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Bangkok"


def test_network_members_get_no_drafts(client, desk):
    assert desk.draft
    assert desk.occurrence
    found = events(client, address(desk.office.person(Role.NETWORK_MEMBER)))
    assert "วันของหน่วยงาน" in found
    assert "ร่างมีวัน" not in found


def test_the_rights_of_today_count(client, desk):
    """Asked at every request: who loses the last role that works on news reads like a network member."""
    writer, path = desk.office.writer, address(desk.office.writer)
    assert desk.draft
    assert "ร่างมีวัน" in events(client, path)
    writer.groups.set(desk.office.person(Role.NETWORK_MEMBER).groups.all())
    assert "ร่างมีวัน" not in events(client, path)


def test_another_agency_is_not_in_it(client, desk):
    assert desk.draft
    other = make_office("other")
    make_draft(other, title="ร่างของหน่วยงานอื่น", go_live_at=NOW + timedelta(days=3))
    assert set(events(client, address(other.writer))) == {"ร่างของหน่วยงานอื่น"}
    assert "ร่างของหน่วยงานอื่น" not in events(client, address(desk.office.writer))


@pytest.mark.parametrize("end", ["closed", "left", "inactive", "no admin", "no profile"])
def test_the_feed_of_a_leaver_dies(client, desk, end):
    writer = desk.office.writer
    path = address(writer)
    assert client.get(path).status_code == 200
    profile = StaffProfile.objects.filter(user=writer)
    if end == "closed":
        type(writer).objects.filter(pk=writer.pk).update(is_active=False)
    elif end == "left":
        profile.update(ends_on=NOW.date())
    elif end == "inactive":
        profile.update(active=False)
    elif end == "no admin":
        writer.groups.clear()
    else:
        profile.update(user=None)
    assert client.get(path).status_code == 404


def test_wrong_and_revoked_addresses_answer_alike(client, desk):
    old = address(desk.office.writer)
    calendar_feed_revoke(actor=desk.office.writer, now=NOW)
    never = reverse("calendar_feed", args=["x" * 43])
    strange = reverse("calendar_feed", args=["ก" * 43])
    answers = [client.get(path) for path in (old, never, strange)]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].content == answers[1].content


def test_a_new_address_ends_the_one_before(client, desk):
    old = address(desk.office.writer)
    new = address(desk.office.writer)
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert CalendarFeed.objects.count() == 1


def test_the_address_is_made_and_taken_back_on_the_screen(client, desk):
    client.force_login(desk.office.writer)
    screen = reverse("pr_admin:calendar_feed")
    shown = client.post(screen, {"act": "renew"})
    assert shown.status_code == 200
    (token,) = {word.split(".ics")[0] for word in shown.content.decode().split("/calendar-feed/")[1:]}
    path = reverse("calendar_feed", args=[token])
    assert client.get(path).status_code == 200
    assert token not in client.get(screen).content.decode()
    assert client.post(screen, {"act": "revoke"}).status_code == 302
    assert client.get(path).status_code == 404
    assert client.post(screen, {"act": "nonsense"}).status_code == 422


def test_the_token_is_kept_nowhere(client, desk):
    token = calendar_feed_renew(actor=desk.office.writer, now=NOW)
    client.get(reverse("calendar_feed", args=[token]))
    client.get(reverse("calendar_feed", args=[token[:-1]]))
    feed = CalendarFeed.objects.get()
    assert token not in feed.token_hash
    rows = AuditEntry.objects.filter(verb__startswith="calendar_feed")
    assert [row.verb for row in rows] == ["calendar_feed_renew"]
    assert not any(token[:20] in str(vars(row)) for row in AuditEntry.objects.all())


def test_who_belongs_to_no_agency_has_no_address(client, desk):
    client.force_login(make_administrator())
    answer = client.post(reverse("pr_admin:calendar_feed"), {"act": "renew"})
    assert answer.status_code == 403
    assert not CalendarFeed.objects.exists()


def test_nothing_is_changed_through_the_address(client, desk):
    path = address(desk.office.writer)
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


def test_titles_cannot_break_out_of_their_line(client, desk):
    title = "บรรทัด, แรก; \\ BEGIN:VEVENT"
    make_draft(desk.office, title=title, go_live_at=NOW + timedelta(days=2))
    assert title in events(client, address(desk.office.writer))


def test_the_feed_costs_the_same_however_full_it_is(client, desk):
    assert desk.draft
    path = address(desk.office.writer)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for count in range(4):
        make_draft(desk.office, title=f"อีก {count}", go_live_at=datetime(2026, 12, 9, 9, tzinfo=BANGKOK))
    with CaptureQueriesContext(connection) as more:
        client.get(path)
    assert len(more) == len(few)
