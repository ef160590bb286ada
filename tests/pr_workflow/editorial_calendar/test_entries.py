"""What stands in the calendar, for whom, and at what cost (R26, I5)."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.models import NewsPage
from pr_workflow.editorial_calendar.entry import EntryKind
from pr_workflow.editorial_calendar.feeds import calendar_feed_renew
from pr_workflow.editorial_calendar.reader import reader_of
from pr_workflow.editorial_calendar.selectors import calendar_entries
from pr_workflow.festival_calendar.day_choices import AgencyDayChoice
from pr_workflow.festival_calendar.models import ImportantDay, ImportantDayOccurrence
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import PlanActivity
from tests.factories.office import make_administrator, make_draft, make_office
from tests.pdf_text import pdf_text
from tests.pr_workflow.editorial_calendar.conftest import NOW

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)


def sheet_of(user, agency):
    return calendar_entries(reader_of(user, agency), FIRST, LAST, now=NOW)


def titles(sheet) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entry in sheet.entries:
        found.setdefault(entry.kind, set()).add(entry.title)
    return found


def ask(client, **query):
    query = {"start": "2026-11-01T00:00:00+07:00", "end": "2027-01-01T00:00:00+07:00", **query}
    return client.get(reverse("pr_admin:calendar_entries"), query)


def test_every_kind_stands_where_it_belongs(full_desk):
    sheet = sheet_of(full_desk.office.writer, full_desk.office.agency)
    found = titles(sheet)
    assert set(found) == set(EntryKind.values)
    assert found["draft"] == {"ร่างมีวัน"}
    assert found["considered"] == {"รอพิจารณา"}
    assert found["approved"] == {"อนุมัติแล้ว"}
    assert found["scheduled"] == {"ตั้งเวลาแล้ว"}
    assert found["live"] == found["expiring"] == {"ขึ้นเว็บแล้ว"}
    assert found["activity"] == {"ก1 รณรงค์"}
    assert "งดหยุด" in found["open_day"]
    assert "หยุดพิเศษ" in found["holiday"]
    assert [entry.title for entry in sheet.undated] == ["ร่างไม่มีวัน"]
    (own,) = [entry for entry in sheet.entries if entry.title == "วันของหน่วยงาน"]
    assert own.note
    days = {entry.kind: entry.start for entry in sheet.entries}
    assert days["scheduled"] == days["expiring"] == date(2026, 11, 24)
    assert days["live"] == date(2026, 11, 16)


def test_each_item_stands_once_in_one_state(full_desk):
    sheet = sheet_of(full_desk.office.writer, full_desk.office.agency)
    work = [entry.title for entry in [*sheet.entries, *sheet.undated] if entry.kind not in ("live", "expiring")]
    assert len(work) == len(set(work))


def test_network_members_see_the_days_and_what_is_public(full_desk):
    found = titles(sheet_of(full_desk.office.person(Role.NETWORK_MEMBER), full_desk.office.agency))
    assert set(found) == {"holiday", "open_day", "important_day", "live"}
    assert not sheet_of(full_desk.office.person(Role.NETWORK_MEMBER), full_desk.office.agency).undated


def national_day(name: str, **fields) -> ImportantDay:
    day = ImportantDay.objects.create(name_th=name, rule="announced", **fields)
    ImportantDayOccurrence.objects.create(important_day=day, date=date(2026, 12, 9))
    return day


def days_asked(client, **query) -> list[str]:
    return [each["title"] for each in ask(client, **query).json()["entries"] if each["start"] == "2026-12-09"]


def test_a_day_the_agency_does_not_observe_is_not_in_its_calendar(client, desk):
    unseen = national_day("วันที่ไม่จัด")
    client.force_login(desk.office.writer)
    paper = {"date": "2026-12-01"}
    assert days_asked(client) == ["วันที่ไม่จัด"]
    AgencyDayChoice.objects.create(agency=desk.office.agency, important_day=unseen, observed=False)
    assert days_asked(client) == []
    listed = client.get(reverse("pr_admin:calendar"), {"view": "agenda", **paper})
    assert "วันที่ไม่จัด" not in listed.content.decode()
    printed = pdf_text(client.get(reverse("pr_admin:calendar_paper"), paper).content)
    assert "วันที่ไม่จัด" not in "".join(printed.split())
    feed = calendar_feed_renew(actor=desk.office.writer, now=NOW)
    assert "วันที่ไม่จัด" not in client.get(reverse("calendar_feed", args=[feed])).content.decode()


def test_days_of_one_date_stand_by_the_priority_and_audience_of_the_agency(client, desk):
    low = national_day("ก วันรอง", health_priority="low", education_priority="low", audience=["staff"])
    national_day("ข วันหลัก", health_priority="medium", education_priority="medium")
    client.force_login(desk.office.writer)
    assert days_asked(client) == ["ข วันหลัก", "ก วันรอง"]
    choice = {"priority": "high", "audience": ["parents"]}
    AgencyDayChoice.objects.create(agency=desk.office.agency, important_day=low, **choice)
    assert days_asked(client) == ["ก วันรอง", "ข วันหลัก"]
    assert days_asked(client, audience="parents") == ["ก วันรอง"]
    assert days_asked(client, audience="staff") == []


@pytest.mark.parametrize("role", [Role.WRITER, Role.HEAD_OF_WORK, Role.DIRECTOR, Role.IT_OFFICER, Role.EVALUATOR])
def test_who_works_on_news_sees_all_of_it(client, full_desk, role):
    client.force_login(full_desk.office.person(role))
    kinds = {entry["kind"] for entry in ask(client).json()["entries"]}
    assert kinds == set(EntryKind.values)


def test_only_who_may_move_an_entry_is_offered_it(client, full_desk):
    moves = {}
    for role in (Role.WRITER, Role.IT_OFFICER, Role.DIRECTOR):
        client.force_login(full_desk.office.person(role))
        moves[role] = {entry["kind"] for entry in ask(client).json()["entries"] if entry["editable"]}
    assert moves[Role.WRITER] == {"activity", "draft", "important_day"}
    assert moves[Role.IT_OFFICER] == {"approved", "scheduled", "important_day"}
    assert moves[Role.DIRECTOR] == set()


def test_another_agency_sees_none_of_it(client, full_desk):
    other = make_office("other")
    for role in (Role.WRITER, Role.DIRECTOR, Role.IT_OFFICER):
        client.force_login(other.person(role))
        answer = ask(client, agency=full_desk.office.agency.code).json()["entries"]
        seen = {entry["title"] for entry in answer}
        assert not seen & {"ร่างมีวัน", "รอพิจารณา", "ตั้งเวลาแล้ว", "ขึ้นเว็บแล้ว", "ก1 รณรงค์", "วันของหน่วยงาน", "หยุดพิเศษ"}


def test_an_account_of_no_agency_is_refused(client, full_desk, django_user_model):
    stranger = django_user_model.objects.create_user("stranger", password="x")
    stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(stranger)
    assert ask(client).status_code == 403


def test_who_serves_all_agencies_chooses_one(client, full_desk):
    make_office("aaa")
    client.force_login(make_administrator())
    here = {entry["title"] for entry in ask(client, agency="kpr").json()["entries"]}
    there = {entry["title"] for entry in ask(client, agency="aaa").json()["entries"]}
    assert "ร่างมีวัน" in here
    assert "ร่างมีวัน" not in there


@pytest.mark.parametrize(
    ("query", "kept", "gone"),
    [
        ({"kind": ["draft", "scheduled"]}, "ร่างมีวัน", "ขึ้นเว็บแล้ว"),
        ({"audience": "students"}, "ก1 รณรงค์", "ร่างมีวัน"),
        ({"audience": "parents"}, "วันของหน่วยงาน", "ก1 รณรงค์"),
        ({"channel": "facebook"}, "ก1 รณรงค์", "ร่างมีวัน"),
    ],
)
def test_filters_stand_in_the_address(client, full_desk, query, kept, gone):
    client.force_login(full_desk.office.writer)
    seen = {entry["title"] for entry in ask(client, **query).json()["entries"]}
    assert kept in seen
    assert gone not in seen


def test_unit_and_officer_choose_work_and_leave_the_days(client, full_desk):
    it, writer = full_desk.office.profile(Role.IT_OFFICER), full_desk.office.profile(Role.WRITER)
    client.force_login(full_desk.office.writer)
    assert "หยุดพิเศษ" in {entry["title"] for entry in ask(client, officer=it.pk).json()["entries"]}
    assert "ร่างมีวัน" not in {entry["title"] for entry in ask(client, officer=it.pk).json()["entries"]}
    assert "ร่างมีวัน" in {entry["title"] for entry in ask(client, unit=writer.unit_id).json()["entries"]}


@pytest.mark.parametrize(
    "query",
    [
        {"start": "", "end": ""},
        {"start": "2026-02-30"},
        {"start": "2026-12-01", "end": "2026-11-01"},
        {"start": "1990-01-01", "end": "2026-01-01"},
        {"start": "0001-01-01"},
        {"start": "\x00"},
    ],
)
def test_a_stretch_that_is_none_is_said(client, full_desk, query):
    client.force_login(full_desk.office.writer)
    answer = ask(client, **query)
    assert answer.status_code == 400


@pytest.mark.parametrize("query", [{"unit": "x"}, {"officer": "9" * 40}, {"kind": "nonsense"}, {"channel": "\x00"}])
def test_a_filter_that_does_not_exist_is_no_error(client, full_desk, query):
    client.force_login(full_desk.office.writer)
    assert ask(client, **query).status_code in (200, 400)
    assert client.get(reverse("pr_admin:calendar"), query).status_code in (200, 400)


def fill(desk, number: int) -> None:
    """So many more drafts, activities and live items, without walking each through the chain."""
    revision = desk.draft.latest_revision
    for count in range(number // 2):
        copy = make_copy(desk, count)
        content = {**revision.content, "pk": copy.pk}
        copy.latest_revision = type(revision).objects.create(
            content_object=copy, base_content_type=revision.base_content_type, object_id=str(copy.pk),
            content=content, created_at=NOW, object_str=copy.title,
        )  # fmt: skip
        NewsPage.objects.filter(pk=copy.pk).update(latest_revision=copy.latest_revision)
    PlanActivity.objects.bulk_create(
        PlanActivity(
            plan=desk.plan, code=f"ข{count}", title=f"งานที่ {count}", start=date(2026, 12, 8), end=date(2026, 12, 9),
            responsible_officer=desk.office.profile(Role.WRITER), sort_order=count,
        )
        for count in range(number - number // 2)
    )  # fmt: skip


def make_copy(desk, count: int) -> NewsPage:
    page = NewsPage(
        title=f"ร่างที่ {count}", slug=f"copy-{count}", live=False, has_unpublished_changes=True,
        go_live_at=desk.next_week, responsible_officer=desk.office.profile(Role.WRITER),
    )  # fmt: skip
    desk.office.index.add_child(instance=page)
    return page


def queries_of(desk) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as seen:
        sheet = calendar_entries(
            reader_of(type(desk.office.writer).objects.get(pk=desk.office.writer.pk), desk.office.agency),
            FIRST - timedelta(days=60), LAST + timedelta(days=240), now=NOW,
        )  # fmt: skip
    return len(seen), len(sheet.entries)


def test_the_number_of_queries_does_not_grow(full_desk):
    queries_of(full_desk)  # what Django remembers of kinds of records is asked once in a process
    few, before = queries_of(full_desk)
    fill(full_desk, 20)
    some, middle = queries_of(full_desk)
    PlanActivity.objects.bulk_create(
        PlanActivity(plan=full_desk.plan, code=f"ค{n}", title="งาน", start=date(2027, 1, 4), end=date(2027, 1, 4))
        for n in range(2000)
    )
    many, after = queries_of(full_desk)
    assert middle == before + 20
    assert after == middle + 2000
    assert few == some == many
    assert many <= 22  # one for the choices of the agency, one for amendments under way


def test_the_screen_costs_the_same_however_full_it_is(client, full_desk):
    client.force_login(full_desk.office.writer)
    address = reverse("pr_admin:calendar")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for count in range(5):
        make_draft(full_desk.office, title=f"อีกเรื่อง {count}", go_live_at=NOW + timedelta(days=2))
    with CaptureQueriesContext(connection) as more:
        assert "อีกเรื่อง 4" in client.get(address).content.decode()
    assert len(more) == len(few)
