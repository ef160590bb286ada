"""The screen of a fiscal year: what needs a person, confirmed several at once, and what falls together (R20, I5)."""

import re
from datetime import date, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pr_workflow.audit.models import AuditEntry
from pr_workflow.festival_calendar.confirming import fiscal_year_days, occurrences_confirm
from pr_workflow.festival_calendar.day_choices import AgencyDayChoice
from pr_workflow.festival_calendar.models import Holiday, ImportantDay, ImportantDayOccurrence
from pr_workflow.festival_calendar.services import calendar_prepare, occurrence_save, years_ahead
from pr_workflow.thai_time import BANGKOK, fiscal_year_be, fiscal_year_bounds

pytestmark = pytest.mark.django_db

Status = ImportantDayOccurrence.Status
YEAR = "?year=2570"
NOON = time(12)


def url(query: str = YEAR) -> str:
    return reverse("pr_admin:days_of_year") + query


@pytest.fixture(autouse=True)
def clock(time_machine_at):
    time_machine_at(date(2026, 11, 6))


@pytest.fixture
def register(now):
    calendar_prepare(actor=None, now=now, years=[2026, 2027])


@pytest.fixture
def admin(client, superuser):
    client.force_login(superuser)
    return client


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def own_lunar(register, agency):
    day = ImportantDay.objects.create(agency=agency, name_th="งานบุญของเรา", rule="lunar:ok_phansa")
    return ImportantDayOccurrence.objects.create(important_day=day, date=date(2027, 3, 3), status=Status.TO_CONFIRM)


def row(key: str) -> ImportantDayOccurrence:
    return ImportantDayOccurrence.objects.get(important_day__key=key, year=2027)


def confirm(client, *rows, reference_no: str = "นร 0506/1", **more):
    """As the screen does that showed the rows as they are given."""
    data = {"act": "confirm", "occurrence": [str(each.pk) for each in rows], "reference_no": reference_no}
    seen = {f"seen_date-{each.pk}": each.date.isoformat() for each in rows}
    return client.post(url(), {**data, **seen, **more})


def shown_seen(answer, occurrence: ImportantDayOccurrence) -> str:
    """What the screen sends back as the date that was seen."""
    found = re.search(f'name="seen_date-{occurrence.pk}" value="([^"]*)"', answer.content.decode())
    assert found
    return found[1]


def enter(client, day: ImportantDay, typed: str, reference_no: str = "พว 0001/2570"):
    prefix = f"day-{day.pk}"
    data = {"act": "enter", "day": str(day.pk), f"{prefix}-date": typed, f"{prefix}-reference_no": reference_no}
    return client.post(url(), data)


@pytest.fixture
def ploughing(register):
    return ImportantDay.objects.get(key="ploughing_day")


class TestList:
    def test_only_unconfirmed_dates_of_that_fiscal_year(self, register, admin):
        shown = admin.get(url()).context["to_confirm"]
        keys = {each.day.important_day.key for each, _may, _seen in shown}
        assert keys == {
            "loy_krathong", "chinese_new_year", "makha_bucha", "visakha_bucha", "atthami_bucha", "asarnha_bucha",
            "khao_phansa", "ok_phansa",
        }  # fmt: skip
        # 2569: only what lies before 1 October 2026.
        assert date(2026, 10, 26) in {each.date for each, _may, _seen in shown}
        assert date(2027, 10, 15) not in {each.date for each, _may, _seen in shown}

    def test_the_coming_fiscal_year_is_ready_and_shown_first(self, now, admin):
        assert years_ahead(now) == {2026, 2027, 2028}
        calendar_prepare(actor=None, now=now, years=years_ahead(now) - {2026, 2027})
        answer = admin.get(url(""))
        assert answer.context["year"] == 2571
        assert date(2028, 2, 10) in {each.date for each, _may, _seen in answer.context["to_confirm"]}

    @pytest.mark.parametrize("query", ["?year=", "?year=2027", "?year=99999", "?year=๒๕๗๐x", "?year=-1", "?year=1e3"])
    def test_a_mistyped_year_shows_the_coming_one(self, register, admin, query):
        answer = admin.get(url(query))
        assert (answer.status_code, answer.context["year"]) == (200, 2571)

    def test_an_officer_reads_national_dates_and_confirms_own_ones(self, own_lunar, office):
        answer = office.get(url())
        may = {each.day.important_day.name_th: may for each, may, _seen in answer.context["to_confirm"]}
        assert may["งานบุญของเรา"] is True
        assert may["วันมาฆบูชา"] is False
        assert "21 กุมภาพันธ์ 2570" in answer.content.decode()

    def test_other_agencies_dates_are_not_there(self, own_lunar, client, other_officer):
        client.force_login(other_officer)
        assert "งานบุญของเรา" not in client.get(url()).content.decode()

    def test_without_the_permission_the_screen_is_closed(self, register, client, officer):
        officer.user_permissions.remove(*officer.user_permissions.filter(codename="view_importantday"))
        client.force_login(officer)
        assert client.get(url()).status_code == 403

    def test_the_cost_does_not_grow(self, register, own_lunar, office, agency, django_assert_num_queries):
        office.get(url())
        with CaptureQueriesContext(connection) as few:
            office.get(url())
        for number in range(1, 9):
            day = ImportantDay.objects.create(agency=agency, name_th=f"วัน {number}", rule="lunar:ok_phansa")
            ImportantDayOccurrence.objects.create(important_day=day, date=date(2027, 3, 3), status=Status.TO_CONFIRM)
            ImportantDay.objects.create(agency=agency, name_th=f"ประกาศ {number}", rule="announced")
        with django_assert_num_queries(len(few)):
            answer = office.get(url())
        assert len(answer.context["missing"]) == 9
        assert len(few) < 45

    @pytest.mark.once
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.dates(date(2000, 1, 1), date(2150, 12, 31)))
    def test_the_years_ahead_hold_the_whole_coming_fiscal_year(self, day):
        years = years_ahead(datetime.combine(day, NOON, tzinfo=BANGKOK))
        first, last = fiscal_year_bounds(fiscal_year_be(day) + 1)
        assert {day.year, first.year, last.year} <= years
        assert len(years) <= 3


class TestConfirm:
    def test_several_at_once_with_one_notice(self, register, admin, superuser):
        answer = confirm(admin, row("makha_bucha"), row("visakha_bucha"))
        assert answer.status_code == 302
        for key in ("makha_bucha", "visakha_bucha"):
            done = row(key)
            assert (done.status, done.reference_no) == (Status.CONFIRMED, "นร 0506/1")
            assert done.confirmed_by == superuser
        assert row("asarnha_bucha").status == Status.TO_CONFIRM
        entries = AuditEntry.objects.filter(verb="occurrence_confirm")
        assert [entry.data["key"] for entry in entries.order_by("pk")] == ["makha_bucha", "visakha_bucha"]
        assert entries.first().data["reference_no"] == "นร 0506/1"

    def test_a_later_roll_leaves_them_confirmed(self, register, admin, now):
        confirm(admin, row("makha_bucha"))
        calendar_prepare(actor=None, now=now, years=[2027])
        assert row("makha_bucha").status == Status.CONFIRMED
        assert Holiday.objects.filter(date="2027-02-22", kind="substitution").count() == 1

    def test_without_a_reference_nothing_is_written_and_the_ticks_stay(self, register, admin):
        makha = row("makha_bucha")
        answer = confirm(admin, makha, reference_no="  ")
        assert answer.status_code == 422
        assert list(answer.context["reference"].errors) == ["reference_no"]
        assert f'value="{makha.pk}" checked' in answer.content.decode()
        assert row("makha_bucha").status == Status.TO_CONFIRM

    @pytest.mark.parametrize("data", [{"act": "confirm", "reference_no": "1"}, {}, {"act": "delete"}])
    def test_nothing_ticked_or_chosen_is_said(self, register, admin, data):
        answer = admin.post(url(), data)
        assert answer.status_code == 422
        assert len(answer.context["problems"]) == 1

    def test_a_national_date_is_not_an_officer_s_to_confirm(self, own_lunar, office, officer):
        makha = row("makha_bucha")
        assert confirm(office, own_lunar, makha).status_code == 403
        own_lunar.refresh_from_db()
        assert (row("makha_bucha").status, own_lunar.status) == (Status.TO_CONFIRM, Status.TO_CONFIRM)
        assert AuditEntry.objects.filter(actor_name=str(officer), verb__contains="refused").exists()

    def test_own_dates_are(self, own_lunar, office, officer):
        assert confirm(office, own_lunar).status_code == 302
        own_lunar.refresh_from_db()
        assert (own_lunar.status, own_lunar.confirmed_by) == (Status.CONFIRMED, officer)

    def test_another_agency_s_date_does_not_exist(self, own_lunar, client, other_officer):
        client.force_login(other_officer)
        assert confirm(client, own_lunar).status_code == 403
        own_lunar.refresh_from_db()
        assert own_lunar.status == Status.TO_CONFIRM

    @pytest.mark.parametrize("typed", ["0", "x", "9" * 30, "-1", "๑", "1.5", ""])
    def test_garbage_is_refused(self, register, admin, typed):
        data = {"act": "confirm", "occurrence": [typed, str(row("makha_bucha").pk)], "reference_no": "1"}
        assert admin.post(url(), data).status_code == 403
        assert row("makha_bucha").status == Status.TO_CONFIRM

    def test_what_somebody_settled_meanwhile_stays(self, register, superuser, now):
        makha, visakha = row("makha_bucha"), row("visakha_bucha")
        ImportantDayOccurrence.objects.filter(pk=makha.pk).update(status=Status.CANCELLED)
        seen = {each.pk: each.date.isoformat() for each in (makha, visakha)}
        done = occurrences_confirm(actor=superuser, occurrences=[makha, visakha], seen=seen, reference_no="1", now=now)
        assert [each.important_day.key for each in done] == ["visakha_bucha"]
        assert row("makha_bucha").status == Status.CANCELLED


class TestConfirmWhatWasSeen:
    """A page opened before somebody moved a date confirms nothing."""

    @pytest.fixture
    def moved(self, register, superuser, now):
        """Visakha Bucha moved to 21 May 2570 after the screen was opened; returned as it was shown."""
        before, after = row("visakha_bucha"), row("visakha_bucha")
        after.date = date(2027, 5, 21)
        occurrence_save(actor=superuser, occurrence=after, now=now)
        return before

    def test_a_moved_date_is_named_and_nothing_is_confirmed(self, moved, admin):
        makha, logged = row("makha_bucha"), AuditEntry.objects.count()
        with translation.override("th"):
            answer = confirm(admin, makha, moved)
        assert answer.status_code == 409
        (sentence,) = answer.context["problems"]
        assert moved.important_day.name_th in sentence
        assert "21 พฤษภาคม 2570" in sentence
        assert {row(key).status for key in ("makha_bucha", "visakha_bucha")} == {Status.TO_CONFIRM}
        assert AuditEntry.objects.count() == logged
        page = answer.content.decode()
        assert f'value="{makha.pk}" checked' in page
        assert f'value="{moved.pk}" checked' in page
        assert 'value="นร 0506/1"' in page

    def test_whoever_reads_the_answer_confirms_the_new_date(self, moved, admin):
        seen = shown_seen(confirm(admin, moved), moved)
        assert confirm(admin, moved, **{f"seen_date-{moved.pk}": seen}).status_code == 302
        assert (row("visakha_bucha").status, row("visakha_bucha").date) == (Status.CONFIRMED, date(2027, 5, 21))

    def test_the_screen_sends_the_date_it_shows(self, register, admin):
        makha = row("makha_bucha")
        seen = shown_seen(admin.get(url()), makha)
        assert seen == "2027-02-21"
        assert confirm(admin, makha, **{f"seen_date-{makha.pk}": seen}).status_code == 302

    def test_a_forgotten_reference_does_not_hide_the_move(self, moved, admin):
        answer = confirm(admin, moved, reference_no=" ")
        assert answer.status_code == 409
        assert len(answer.context["problems"]) == 1
        assert list(answer.context["reference"].errors) == ["reference_no"]

    @pytest.mark.parametrize("typed", ["", "x", "2027-02-22", "21/2/2570", "9" * 5000])
    def test_a_date_that_is_none_is_not_the_one_seen(self, register, admin, typed):
        makha = row("makha_bucha")
        assert confirm(admin, makha, **{f"seen_date-{makha.pk}": typed}).status_code == 409
        assert row("makha_bucha").status == Status.TO_CONFIRM

    def test_a_request_that_brings_no_date_saw_none(self, register, admin):
        makha = row("makha_bucha")
        data = {"act": "confirm", "occurrence": [str(makha.pk)], "reference_no": "1"}
        assert admin.post(url(), data).status_code == 409
        assert row("makha_bucha").status == Status.TO_CONFIRM

    def test_a_date_moved_out_of_the_year_is_named_too(self, register, admin):
        seen = row("makha_bucha")
        ImportantDayOccurrence.objects.filter(pk=seen.pk).update(date=date(2027, 11, 21))
        with translation.override("th"):
            answer = confirm(admin, seen)
        assert answer.status_code == 409
        assert "21 พฤศจิกายน 2570" in answer.context["problems"][0]


class TestMissing:
    def test_an_announced_day_without_a_date_is_listed(self, ploughing, admin):
        missing = [day.important_day.key for day, _form in admin.get(url()).context["missing"]]
        assert missing == ["ploughing_day"]
        assert not admin.get(url("?year=2569")).context["missing"], "the package knows the date of 2026"

    def test_its_date_is_entered_confirmed_and_closes_the_offices(self, ploughing, admin, superuser):
        assert enter(admin, ploughing, "๑๑ พ.ค. ๒๕๗๐").status_code == 302
        entered = row("ploughing_day")
        assert (entered.date, entered.status, entered.reference_no) == (
            date(2027, 5, 11), Status.CONFIRMED, "พว 0001/2570",
        )  # fmt: skip
        assert entered.confirmed_by == superuser
        assert Holiday.objects.filter(date="2027-05-11", important_day=ploughing).exists()
        assert not admin.get(url()).context["missing"]
        assert AuditEntry.objects.filter(verb="occurrence_save", data__key="ploughing_day").exists()

    @pytest.mark.parametrize(
        ("typed", "words"),
        [("31/4/2570", "ไม่มีวันที่"), ("11/5/70", "ไม่ชัดเจน"), ("", ""), ("11/5/2569", "2570"), ("11/5/2027x", "")],
    )
    def test_a_wrong_date_stays_in_the_form(self, ploughing, admin, typed, words):
        with translation.override("th"):
            answer = enter(admin, ploughing, typed)
        assert answer.status_code == 422
        form = next(form for day, form in answer.context["missing"])
        assert list(form.errors) == ["date"]
        assert words in str(form.errors["date"])
        if typed:
            assert f'value="{typed}"' in answer.content.decode()
        assert not ploughing.occurrences.filter(year=2027).exists()

    def test_a_reference_is_asked_for(self, ploughing, admin):
        answer = enter(admin, ploughing, "11/5/2570", reference_no="")
        assert answer.status_code == 422
        assert not ploughing.occurrences.filter(year=2027).exists()

    def test_an_officer_sees_it_and_cannot_enter_it(self, ploughing, office):
        assert [form for _day, form in office.get(url()).context["missing"]] == [None]
        assert enter(office, ploughing, "11/5/2570").status_code == 403
        assert not ploughing.occurrences.filter(year=2027).exists()

    def test_an_officer_enters_the_agency_s_own(self, register, office, agency):
        day = ImportantDay.objects.create(agency=agency, name_th="วันประกาศของเรา", rule="announced")
        assert enter(office, day, "1/6/2570").status_code == 302
        assert day.occurrences.get().date == date(2027, 6, 1)
        assert enter(office, day, "2/6/2570").status_code == 422, "it is not missing any more"
        assert day.occurrences.count() == 1


class TestTogether:
    def test_dates_with_several_days_by_the_agency_s_priority(self, register, office, agency):
        agency.ministry = "education"
        agency.save()
        found = dict(fiscal_year_days(2570, agency=agency).collisions)
        keys = [each.day.important_day.key for each in found[date(2027, 3, 20)]]
        assert keys == ["world_oral_health_day", "vhv_day"], "medium before low"
        AgencyDayChoice.objects.create(
            agency=agency, important_day=ImportantDay.objects.get(key="vhv_day"), priority="high"
        )
        found = dict(fiscal_year_days(2570, agency=agency).collisions)
        assert next(each.day.important_day.key for each in found[date(2027, 3, 20)]) == "vhv_day"
        assert "วันเสาร์ที่ 20 มีนาคม พ.ศ. 2570" in office.get(url()).content.decode()

    def test_a_day_not_observed_collides_with_nothing(self, register, agency):
        vhv = ImportantDay.objects.get(key="vhv_day")
        AgencyDayChoice.objects.create(agency=agency, important_day=vhv, observed=False)
        assert date(2027, 3, 20) not in dict(fiscal_year_days(2570, agency=agency).collisions)

    def test_every_shared_date_and_no_other(self, register):
        days = fiscal_year_days(2570, agency=None)
        counted: dict[date, int] = {}
        for each in days.dates:
            counted[each.date] = counted.get(each.date, 0) + 1
        assert {day for day, _found in days.collisions} == {day for day, number in counted.items() if number > 1}
        assert date(2027, 7, 28) in dict(days.collisions)


class TestChoiceScreen:
    def address(self, key: str = "forest_day") -> str:
        return reverse("pr_admin:day_choice", args=[ImportantDay.objects.get(key=key).pk])

    def test_an_officer_chooses(self, register, office, agency):
        assert office.get(self.address()).status_code == 200
        data = {"observed": "on", "priority": "high", "audience": ["public", "staff"], "lead_time_working_days": "5"}
        assert office.post(self.address(), data).status_code == 302
        choice = AgencyDayChoice.objects.get()
        assert (choice.agency, choice.priority, choice.lead_time_working_days) == (agency, "high", 5)
        assert choice.audience == ["public", "staff"]
        assert AuditEntry.objects.filter(verb="agency_day_choose").count() == 1

    @pytest.mark.parametrize(
        ("field", "typed"),
        [("lead_time_working_days", "-1"), ("lead_time_working_days", "9999"), ("lead_time_working_days", "ห้า"),
         ("priority", "urgent"), ("audience", "everybody")],
    )  # fmt: skip
    def test_a_wrong_value_names_its_field_and_stays(self, register, office, field, typed):
        answer = office.post(self.address(), {"observed": "on", field: typed})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert not AgencyDayChoice.objects.exists()

    def test_the_way_to_it_is_on_the_national_day(self, register, office):
        day = ImportantDay.objects.get(key="forest_day")
        page = office.get(reverse("wagtailsnippets_pr_workflow_importantday:inspect", args=[day.pk]))
        assert self.address() in page.content.decode()

    def test_closed_for_superusers_without_agency_and_readers(self, register, admin, officer):
        assert admin.get(self.address()).status_code == 403
        officer.user_permissions.remove(*officer.user_permissions.filter(codename="change_importantday"))
        admin.force_login(officer)
        assert admin.get(self.address()).status_code == 403
        assert admin.post(self.address(), {"observed": ""}).status_code == 403
        assert not AgencyDayChoice.objects.exists()

    def test_own_and_foreign_days_have_no_choice(self, register, office, agency, other_agency):
        for owner, status in ((agency, 403), (other_agency, 404)):
            ImportantDay.objects.create(agency=owner, key=owner.code, name_th="วันของตน", rule="fixed:06-10")
            assert office.get(self.address(owner.code)).status_code == status
