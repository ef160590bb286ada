"""Holidays of provinces, cancelled and moved ones, through the admin's own addresses; deadlines follow (R25)."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from pr_workflow.approval.models import StepDeadline
from pr_workflow.audit.models import AuditEntry
from pr_workflow.festival_calendar.holiday_changes import holiday_cancel, holiday_move
from pr_workflow.festival_calendar.models import Holiday
from pr_workflow.festival_calendar.selectors import add_working_days, closed_days, is_working_day
from pr_workflow.festival_calendar.services import calendar_prepare
from pr_workflow.people.provinces import PROVINCES
from pr_workflow.people.roles import Role
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import MORNING, make_administrator, make_draft, make_office, submit

pytestmark = pytest.mark.django_db

#: The day after `MORNING`, on which the first step of an item submitted then is due.
TUESDAY = date(2026, 11, 17)
CHIANG_MAI, LAMPHUN = "TH-50", "TH-51"


@pytest.fixture
def admin(client):
    client.force_login(make_administrator())
    return client


@pytest.fixture
def moved_office(office):
    """The office sits in Chiang Mai."""
    office.agency.province = CHIANG_MAI
    office.agency.save()
    return office


def holiday(day: date = TUESDAY, **fields) -> Holiday:
    return Holiday.objects.create(date=day, **{"name_th": "วันหยุดกรณีพิเศษ", **fields})


def post_holiday(client, **changes):
    data = {
        "date": "17/11/2569",
        "name_th": "วันหยุดจังหวัด",
        "name_en": "",
        "kind": "special",
        "in_lieu_of": "",
        "important_day": "",
        "active": "on",
        "reference_no": "มติ ครม. 9",
        "note": "",
        "agency": "",
        **changes,
    }
    return client.post(reverse("wagtailsnippets_pr_workflow_holiday:add"), data)


def change(client, row: Holiday, **data):
    given = {"act": "move", "to": "18/11/2569", "reference_no": "นร 0505/1", **data}
    return client.post(reverse("pr_admin:holiday_change", args=[row.pk]), given)


def due() -> date:
    return StepDeadline.objects.get().due_at.astimezone(BANGKOK).date()


def test_there_are_77_provinces():
    assert len(PROVINCES) == 77
    assert PROVINCES["TH-10"] == "กรุงเทพมหานคร"
    assert PROVINCES["TH-38"] == "บึงกาฬ"
    assert len(set(PROVINCES.values())) == 77


class TestProvinces:
    def test_it_holds_where_it_says(self, moved_office):
        other = make_office("spr")
        other.agency.province = LAMPHUN
        other.agency.save()
        holiday(provinces=[CHIANG_MAI])
        assert not is_working_day(TUESDAY, agency=moved_office.agency)
        assert is_working_day(TUESDAY, agency=other.agency)
        assert is_working_day(TUESDAY)
        assert add_working_days(date(2026, 11, 16), 1, agency=moved_office.agency) == date(2026, 11, 18)
        assert add_working_days(date(2026, 11, 16), 1, agency=other.agency) == TUESDAY

    def test_an_agency_that_names_no_province_has_none_of_them(self, office):
        holiday(provinces=[CHIANG_MAI])
        assert is_working_day(TUESDAY, agency=office.agency)

    def test_the_province_decides_over_the_country_and_the_agency_over_both(self, moved_office):
        holiday()
        local = holiday(kind="cancelled", provinces=[CHIANG_MAI, LAMPHUN])
        assert is_working_day(TUESDAY, agency=moved_office.agency)
        assert not is_working_day(TUESDAY)
        holiday(agency=moved_office.agency)
        assert not is_working_day(TUESDAY, agency=moved_office.agency)
        assert local.area == "TH-50,TH-51"

    def test_an_open_deadline_follows_a_province_holiday(self, moved_office, admin):
        submit(moved_office, make_draft(moved_office))
        assert due() == TUESDAY
        answer = post_holiday(admin, provinces=[CHIANG_MAI])
        assert answer.status_code == 302
        assert due() == TUESDAY + timedelta(days=1)
        assert AuditEntry.objects.filter(verb="clocks_recompute", agency=moved_office.agency).count() == 1

    def test_a_holiday_elsewhere_moves_no_deadline(self, moved_office, admin):
        submit(moved_office, make_draft(moved_office))
        assert post_holiday(admin, provinces=[LAMPHUN]).status_code == 302
        assert due() == TUESDAY
        assert not AuditEntry.objects.filter(verb="clocks_recompute").exists()

    def test_an_open_deadline_follows_the_agency_to_another_province(self, office, admin):
        holiday(provinces=[CHIANG_MAI])
        submit(office, make_draft(office))
        assert due() == TUESDAY
        address = reverse("pr_agencies:edit", args=[office.agency.pk])
        shown = admin.get(address)
        data = {
            name: field.value() or ""
            for name, field in zip(shown.context["form"].fields, shown.context["form"], strict=True)
        }
        data = {name: value for name, value in data.items() if value not in (False, "")}
        data["province"] = CHIANG_MAI
        answer = admin.post(address, data)
        assert answer.status_code == 302, answer.context["form"].errors
        assert due() == TUESDAY + timedelta(days=1)
        data["province"] = ""
        admin.post(address, data)
        assert due() == TUESDAY

    def test_two_provinces_may_have_a_holiday_of_one_kind_on_one_date(self, admin):
        assert post_holiday(admin, provinces=[CHIANG_MAI]).status_code == 302
        assert post_holiday(admin, provinces=[LAMPHUN]).status_code == 302
        assert post_holiday(admin).status_code == 302
        answer = post_holiday(admin, provinces=[LAMPHUN])
        assert list(answer.context["form"].errors) == ["date"]
        assert Holiday.objects.count() == 3

    @pytest.mark.parametrize("code", ["TH-99", "เชียงใหม่", ""])
    def test_an_unknown_province_is_refused_at_its_field(self, admin, code):
        answer = post_holiday(admin, provinces=[code])
        assert list(answer.context["form"].errors) == ["provinces"]
        assert not Holiday.objects.exists()

    def test_a_holiday_of_an_agency_names_no_provinces(self, office, admin):
        answer = post_holiday(admin, provinces=[CHIANG_MAI], agency=office.agency.pk)
        assert list(answer.context["form"].errors) == ["provinces"]

    def test_an_officer_is_not_offered_provinces(self, office, client):
        client.force_login(office.writer)
        assert post_holiday(client, provinces=[CHIANG_MAI]).status_code == 302
        row = Holiday.objects.get()
        assert (row.agency, row.provinces) == (office.agency, [])

    def test_the_import_is_not_kept_off_by_a_province(self):
        holiday(date(2027, 4, 14), kind="regular", provinces=[CHIANG_MAI], name_th="เฉพาะเชียงใหม่")
        call_command("holidays_import", "2027")
        names = {row.name_th for row in Holiday.objects.filter(date="2027-04-14")}
        assert len(names) == 2
        assert date(2027, 4, 14) in closed_days(date(2027, 4, 14), date(2027, 4, 14))

    def test_a_province_row_on_the_day_of_a_substitute_moves_it_for_nobody(self):
        calendar_prepare(actor=None, now=MORNING, years=[2027])
        substitute = Holiday.objects.filter(kind="substitution", date__year=2027).first()
        holiday(substitute.date, provinces=[CHIANG_MAI])
        calendar_prepare(actor=None, now=MORNING, years=[2027])
        assert Holiday.objects.filter(pk=substitute.pk, date=substitute.date).exists()


class TestMovingAndCancelling:
    def test_moving_is_one_action_with_two_rows_tied_together(self, office, admin):
        submit(office, make_draft(office))
        row = holiday(reference_no="มติ 1")
        assert due() == date(2026, 11, 18)
        assert change(admin, row, to="๒๐ พ.ย. ๒๕๖๙").status_code == 302
        row.refresh_from_db()
        new = Holiday.objects.get(moved_from=row)
        assert (row.active, row.cancel_reference_no, row.date) == (False, "นร 0505/1", TUESDAY)
        assert (new.date, new.name_th, new.reference_no, new.active) == (
            date(2026, 11, 20),
            row.name_th,
            "นร 0505/1",
            True,
        )
        assert due() == TUESDAY
        assert AuditEntry.objects.filter(verb="holiday_move", target_id=str(new.pk)).count() == 1
        shown = admin.get(reverse("wagtailsnippets_pr_workflow_holiday:inspect", args=[new.pk])).content.decode()
        assert "17 พ.ย. 2569" in shown

    def test_a_move_keeps_the_provinces(self, admin):
        row = holiday(provinces=[CHIANG_MAI])
        assert change(admin, row).status_code == 302
        assert Holiday.objects.get(moved_from=row).provinces == [CHIANG_MAI]

    def test_cancelling_opens_the_office_and_gives_the_time_back(self, office, admin):
        row = holiday()
        submit(office, make_draft(office))
        assert due() == date(2026, 11, 18)
        assert change(admin, row, act="cancel", to="").status_code == 302
        assert is_working_day(TUESDAY, agency=office.agency)
        assert due() == TUESDAY
        assert Holiday.objects.get().cancelled_at is not None

    @pytest.mark.parametrize("act", ["cancel", "move"])
    def test_the_yearly_import_brings_nothing_back(self, admin, act):
        calendar_prepare(actor=None, now=MORNING, years=[2027])
        row = Holiday.objects.get(date="2027-05-04")
        assert change(admin, row, act=act, to="6/5/2570").status_code == 302
        call_command("holidays_import", "2027")
        call_command("holidays_import", "2027")
        assert is_working_day(date(2027, 5, 4))
        assert is_working_day(date(2027, 5, 6)) == (act == "cancel")
        assert Holiday.objects.filter(date="2027-05-04").count() == 1

    def test_a_cancelled_holiday_takes_its_substitute_along(self, admin):
        calendar_prepare(actor=None, now=MORNING, years=[2027])
        substitute = Holiday.objects.filter(kind="substitution", date__year=2027).order_by("date").first()
        stands_for = Holiday.objects.get(kind="regular", date=substitute.in_lieu_of)
        assert change(admin, stands_for, act="cancel").status_code == 302
        assert is_working_day(substitute.date)

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"to": ""}, "to"),
            ({"to": "31/4/2570"}, "to"),
            ({"to": "17/11/2569"}, "to"),
            ({"to": "19/11/2569"}, "to"),
            ({"reference_no": "  "}, "reference_no"),
            ({"reference_no": "ก" * 101}, "reference_no"),
            ({"act": "burn"}, "act"),
            ({"act": ""}, "act"),
        ],
    )
    def test_a_refusal_names_its_field_and_writes_nothing(self, admin, data, field):
        row = holiday()
        holiday(date(2026, 11, 19), name_th="อีกวัน")
        answer = change(admin, row, **data)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert Holiday.objects.filter(active=True).count() == 2
        assert not AuditEntry.objects.filter(verb__startswith="holiday_").exists()
        if "reference_no" not in data:
            assert "นร 0505/1" in answer.content.decode()  # what was typed stays

    def test_a_row_that_is_moved_already_is_not_moved_again(self, admin):
        row = holiday()
        assert change(admin, row).status_code == 302
        assert change(admin, row, to="20/11/2569").status_code == 403
        assert Holiday.objects.count() == 2
        with pytest.raises(ValidationError):
            holiday_move(actor=None, holiday=row, to=date(2026, 11, 20), reference_no="1", now=MORNING)

    def test_a_moved_row_is_not_taken_into_use_beside_its_new_date(self, admin):
        row = holiday()
        change(admin, row)
        data = {"date": "17/11/2569", "name_th": row.name_th, "kind": "special", "active": "on", "agency": ""}
        answer = admin.post(reverse("wagtailsnippets_pr_workflow_holiday:edit", args=[row.pk]), data)
        assert list(answer.context["form"].errors) == ["active"]

    def test_moved_back_again(self, admin):
        row = holiday()
        change(admin, row)
        new = Holiday.objects.get(moved_from=row)
        answer = change(admin, new, to="17/11/2569")
        assert answer.status_code == 422  # the old row stands there, out of use; it is taken into use again instead
        change(admin, new, act="cancel")
        data = {"date": "17/11/2569", "name_th": row.name_th, "kind": "special", "active": "on", "agency": ""}
        assert admin.post(reverse("wagtailsnippets_pr_workflow_holiday:edit", args=[row.pk]), data).status_code == 302
        assert not is_working_day(TUESDAY)

    def test_only_who_keeps_the_row_changes_it(self, office, client):
        other = make_office("spr")
        national, own, foreign = holiday(), holiday(agency=office.agency), holiday(agency=other.agency)
        client.force_login(office.writer)
        assert change(client, national).status_code == 403
        assert change(client, foreign).status_code in (403, 404)
        assert change(client, own).status_code == 302
        client.force_login(office.person(Role.DIRECTOR))
        assert change(client, Holiday.objects.get(moved_from=own)).status_code == 403
        assert Holiday.objects.filter(active=False).count() == 1

    def test_the_list_offers_it_where_it_can_be_done(self, office, client):
        national, own = holiday(), holiday(agency=office.agency)
        client.force_login(office.writer)
        shown = client.get(reverse("wagtailsnippets_pr_workflow_holiday:list")).content.decode()
        assert reverse("pr_admin:holiday_change", args=[own.pk]) in shown
        assert reverse("pr_admin:holiday_change", args=[national.pk]) not in shown


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_people_move_one_holiday_at_one_instant():
    row, start, outcomes = holiday(), threading.Barrier(2), []

    def work(day: int):
        try:
            start.wait(timeout=30)
            holiday_move(actor=None, holiday=row, to=date(2026, 11, day), reference_no="1", now=timezone.now())
            outcomes.append("moved")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=[day]) for day in (24, 25)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sorted(outcomes) == ["moved", "refused"]
    assert Holiday.objects.filter(active=True).count() == 1


@pytest.mark.parametrize("year", ["70", "0", "ปีหน้า", "25700"])
def test_an_import_of_no_certain_year_writes_nothing(year):
    with pytest.raises(CommandError):
        call_command("holidays_import", year)
    assert not Holiday.objects.exists()


def test_the_service_takes_a_clean_number(office):
    row = holiday_cancel(actor=None, holiday=holiday(), reference_no=" มติ   2 ", now=datetime.now(tz=BANGKOK))
    assert row.cancel_reference_no == "มติ 2"
