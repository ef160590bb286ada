"""Another date for an important day: by whom, where it stays, and what a notice had confirmed (R20, R26)."""

from datetime import date

import pytest
from django.urls import reverse

from pr_workflow.audit.models import AuditEntry
from pr_workflow.festival_calendar.models import ImportantDay, ImportantDayOccurrence
from pr_workflow.people.roles import Role
from tests.factories.office import make_administrator
from tests.pr_workflow.editorial_calendar.conftest import NOW
from tests.pr_workflow.editorial_calendar.test_redating import SATURDAY, THURSDAY, drop, refusals, seen_now

pytestmark = pytest.mark.django_db


# -- an important day


@pytest.mark.parametrize("role", [Role.WRITER, Role.IT_OFFICER])
def test_the_own_day_moves(client, desk, role):
    client.force_login(desk.office.person(role))
    assert drop(client, "occurrence_date", desk.occurrence.pk, SATURDAY).status_code == 200
    row = ImportantDayOccurrence.objects.get(pk=desk.occurrence.pk)
    assert row.date == date(2026, 12, 19)
    assert row.edited
    assert row.status == ImportantDayOccurrence.Status.TO_CONFIRM


@pytest.mark.parametrize("role", [Role.HEAD_OF_WORK, Role.DIRECTOR, Role.EVALUATOR, Role.NETWORK_MEMBER])
def test_readers_of_the_register_move_no_day(client, desk, role):
    client.force_login(desk.office.person(role))
    assert drop(client, "occurrence_date", desk.occurrence.pk, THURSDAY).status_code == 403
    assert ImportantDayOccurrence.objects.get(pk=desk.occurrence.pk).date == date(2026, 12, 1)


def test_a_national_day_is_moved_by_the_administrator_alone(client, desk):
    day = ImportantDay.objects.create(name_th="วันของชาติ", rule="announced")
    row = ImportantDayOccurrence.objects.create(important_day=day, date=date(2026, 12, 14))
    client.force_login(desk.office.writer)
    assert drop(client, "occurrence_date", row.pk, THURSDAY).status_code == 403
    client.force_login(make_administrator())
    assert drop(client, "occurrence_date", row.pk, THURSDAY).status_code == 200


def test_a_day_is_not_moved_onto_itself_or_into_the_past(client, desk):
    ImportantDayOccurrence.objects.create(important_day=desk.day, date=date(2026, 12, 17))
    client.force_login(desk.office.writer)
    for day in (THURSDAY, "2026-11-16"):
        assert drop(client, "occurrence_date", desk.occurrence.pk, day).status_code == 422
    assert ImportantDayOccurrence.objects.get(pk=desk.occurrence.pk).date == date(2026, 12, 1)


@pytest.mark.parametrize("day", ["31/12/9999", "25/12/2600", "15/1/2570", "2027-12-01"])
def test_a_day_stays_in_its_own_year(client, desk, day):
    client.force_login(desk.office.writer)
    logged = refusals()
    answer = drop(client, "occurrence_date", desk.occurrence.pk, day)
    assert answer.status_code == 422
    assert "“" in answer.json()["error_message"], "the field is named"
    row = ImportantDayOccurrence.objects.get(pk=desk.occurrence.pk)
    assert (row.date, row.year) == (date(2026, 12, 1), 2026)
    assert refusals() == logged + 1


def test_the_log_holds_the_old_and_the_new_date_of_a_day(client, desk):
    client.force_login(desk.office.writer)
    assert drop(client, "occurrence_date", desk.occurrence.pk, THURSDAY).status_code == 200
    logged = AuditEntry.objects.filter(verb="occurrence_save").latest("sequence")
    assert (logged.data["from"], logged.data["date"]) == ("2026-12-01", "2026-12-17")


# -- a date that a notice had confirmed


def confirm_by_notice(desk) -> None:
    ImportantDayOccurrence.objects.filter(pk=desk.occurrence.pk).update(
        status="confirmed", reference_no="นร 0506/1", confirmed_by=desk.office.writer, confirmed_at=NOW
    )


@pytest.mark.parametrize("by_script", [True, False])
def test_a_moved_day_is_confirmed_by_no_old_notice(client, desk, by_script):
    confirm_by_notice(desk)
    client.force_login(desk.office.writer)
    if by_script:
        told = drop(client, "occurrence_date", desk.occurrence.pk, THURSDAY).json()["message"]
    else:
        address = reverse("pr_admin:occurrence_date", args=[desk.occurrence.pk])
        data = {"date": "17/12/2569", **seen_now("occurrence_date", desk.occurrence.pk)}
        told = client.post(address, data, follow=True).content.decode()
    assert "17 ธันวาคม 2569" in told
    assert "ยังต้องยืนยัน" in told
    row = ImportantDayOccurrence.objects.get(pk=desk.occurrence.pk)
    assert (row.date, row.status, row.reference_no) == (date(2026, 12, 17), "to_confirm", "")
    assert (row.confirmed_by, row.confirmed_at) == (None, None)
    logged = AuditEntry.objects.filter(verb="occurrence_save").latest("sequence").data
    assert (logged["from"], logged["status"], logged["reference_no"]) == ("2026-12-01", "to_confirm", "")
    assert (logged["old"]["status"], logged["old"]["reference_no"]) == ("confirmed", "นร 0506/1")
    assert logged["old"]["confirmed_at"].startswith(str(NOW.year))


def test_a_moved_day_waits_on_the_screen_of_its_fiscal_year(client, desk):
    confirm_by_notice(desk)
    client.force_login(desk.office.writer)
    screen = reverse("pr_admin:days_of_year") + "?year=2570"
    assert f'name="occurrence" value="{desk.occurrence.pk}"' not in client.get(screen).content.decode()
    drop(client, "occurrence_date", desk.occurrence.pk, THURSDAY)
    assert f'name="occurrence" value="{desk.occurrence.pk}"' in client.get(screen).content.decode()


def test_a_day_that_no_notice_confirmed_keeps_its_status(client, desk):
    ImportantDayOccurrence.objects.filter(pk=desk.occurrence.pk).update(status="confirmed", reference_no="")
    client.force_login(desk.office.writer)
    told = drop(client, "occurrence_date", desk.occurrence.pk, THURSDAY).json()["message"]
    assert "ยังต้องยืนยัน" not in told
    assert ImportantDayOccurrence.objects.get(pk=desk.occurrence.pk).status == "confirmed"


@pytest.mark.parametrize(
    ("typed", "status", "kept"),
    [("นร 0506/9", "confirmed", "นร 0506/9"), ("นร 0506/1", "to_confirm", ""), ("", "to_confirm", "")],
)
def test_in_the_register_a_new_date_is_confirmed_by_a_new_notice_only(client, desk, typed, status, kept):
    confirm_by_notice(desk)
    client.force_login(desk.office.writer)
    address = reverse("wagtailsnippets_pr_workflow_importantdayoccurrence:edit", args=[desk.occurrence.pk])
    data = {"important_day": desk.day.pk, "date": "17/12/2569", "status": "confirmed", "reference_no": typed}
    answer = client.post(address, data, follow=True)
    row = ImportantDayOccurrence.objects.get(pk=desk.occurrence.pk)
    assert (row.date, row.status, row.reference_no) == (date(2026, 12, 17), status, kept)
    assert (row.confirmed_by == desk.office.writer) is (status == "confirmed")
    assert ("ยังต้องยืนยัน" in answer.content.decode()) is (status == "to_confirm")


def test_in_the_register_the_same_date_keeps_its_notice(client, desk):
    confirm_by_notice(desk)
    client.force_login(desk.office.writer)
    address = reverse("wagtailsnippets_pr_workflow_importantdayoccurrence:edit", args=[desk.occurrence.pk])
    data = {"important_day": desk.day.pk, "date": "1/12/2569", "status": "confirmed", "reference_no": "นร 0506/1"}
    assert client.post(address, data).status_code == 302
    row = ImportantDayOccurrence.objects.get(pk=desk.occurrence.pk)
    assert (row.status, row.reference_no) == ("confirmed", "นร 0506/1")
