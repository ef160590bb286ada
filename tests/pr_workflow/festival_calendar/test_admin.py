"""The registers through the admin's own addresses: who sees, who changes, and what a refusal says (I5, R20, R25)."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from pr_workflow.audit.models import AuditEntry
from pr_workflow.festival_calendar.models import Audience, Holiday, ImportantDay, ImportantDayOccurrence
from pr_workflow.festival_calendar.selectors import is_working_day
from pr_workflow.festival_calendar.services import calendar_prepare

pytestmark = pytest.mark.django_db

#: The middleware of the house refuses foreign rows before the register would not find them; either is a closed door.
WALLED = (403, 404)
MODELS = (ImportantDay, ImportantDayOccurrence, Holiday)


def url(model, view: str, *args) -> str:
    return reverse(f"wagtailsnippets_pr_workflow_{model._meta.model_name}:{view}", args=args)


@pytest.fixture
def register(now):
    calendar_prepare(actor=None, now=now, years=[2027])


@pytest.fixture
def admin(client, superuser):
    client.force_login(superuser)
    return client


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


def entries_of(agency) -> dict:
    day = ImportantDay.objects.create(agency=agency, name_th=f"วันของ {agency.code}", rule="fixed:06-10")
    occurrence = ImportantDayOccurrence.objects.create(important_day=day, date=date(2027, 6, 10))
    holiday = Holiday.objects.create(agency=agency, date=date(2027, 6, 10), name_th=f"หยุดของ {agency.code}")
    return {ImportantDay: day, ImportantDayOccurrence: occurrence, Holiday: holiday}


def national(model):
    return {
        ImportantDay: lambda: ImportantDay.objects.get(key="songkran"),
        ImportantDayOccurrence: lambda: ImportantDayOccurrence.objects.get(important_day__key="makha_bucha"),
        Holiday: lambda: Holiday.objects.get(date="2027-04-14"),
    }[model]()


def row_name(row) -> str:
    return row.important_day.name_th if isinstance(row, ImportantDayOccurrence) else row.name_th


def day_data(**changes) -> dict:
    return {
        "name_th": "วันสถาปนาหน่วยงาน",
        "name_en": "",
        "kind": "organisation",
        "tone": "neutral",
        "rule": "fixed:12-15",
        "lead_time_working_days": "5",
        "active": "on",
        "audience": ["staff", "network"],
        "health_priority": "high",
        "education_priority": "low",
        "confidence": "high",
        "note": "",
        **changes,
    }


def holiday_data(**changes) -> dict:
    return {
        "date": "๑๖ เม.ย. ๒๕๗๐",
        "name_th": "วันหยุดราชการกรณีพิเศษ",
        "name_en": "",
        "kind": "special",
        "in_lieu_of": "",
        "important_day": "",
        "active": "on",
        "reference_no": "มติ ครม. 1",
        "note": "",
        **changes,
    }


class TestSuperuser:
    @pytest.mark.parametrize("model", MODELS)
    def test_every_screen_opens(self, register, admin, model):
        row = national(model)
        for view, args in [("list", []), ("add", []), ("edit", [row.pk]), ("inspect", [row.pk]), ("history", [row.pk])]:
            assert admin.get(url(model, view, *args)).status_code == 200, view
        assert admin.get(url(model, "usage", row.pk)).status_code == 200

    def test_lists_and_forms_show_be_dates(self, register, admin):
        assert "14 เม.ย. 2570" in admin.get(url(Holiday, "list"), {"year": "2027"}).content.decode()
        form = admin.get(url(Holiday, "edit", national(Holiday).pk)).content.decode()
        assert 'value="14/04/2570"' in form
        shown = admin.get(url(Holiday, "inspect", national(Holiday).pk)).content.decode()
        assert "14 เมษายน 2570" in shown
        assert not re.search(r">\s*None\s*<", shown)
        shown = admin.get(url(ImportantDay, "inspect", national(ImportantDay).pk)).content.decode()
        assert str(Audience.ALL.label) in shown
        assert "[&#x27;all" not in shown

    @pytest.mark.parametrize("model", MODELS)
    def test_each_row_of_a_list_leads_to_its_form(self, register, admin, model):
        row = model.objects.order_by(*model._meta.ordering).first()
        assert url(model, "edit", row.pk) in admin.get(url(model, "list")).content.decode()

    def test_an_edit_marks_the_row_and_survives_the_import(self, register, admin):
        row = Holiday.objects.get(date="2027-08-12")
        data = holiday_data(date="12/8/2570", name_th="ชื่อตามประกาศ", kind="regular")
        assert admin.post(url(Holiday, "edit", row.pk), data).status_code == 302
        call_command("holidays_import", "2027")
        row.refresh_from_db()
        assert (row.name_th, row.edited, row.date) == ("ชื่อตามประกาศ", True, date(2027, 8, 12))
        assert AuditEntry.objects.filter(verb="holiday_save", target_id=str(row.pk)).count() == 1

    def test_saving_without_a_change_does_not_take_the_row_from_the_import(self, register, admin):
        row = Holiday.objects.get(date="2027-05-04")
        data = holiday_data(
            date="4/5/2570",
            name_th=row.name_th,
            name_en=row.name_en,
            kind="regular",
            important_day=row.important_day_id,
            reference_no="",
        )
        assert admin.post(url(Holiday, "edit", row.pk), data).status_code == 302
        row.refresh_from_db()
        assert not row.edited

    def test_a_national_special_day_closes_all_offices(self, register, admin, agency):
        assert admin.post(url(Holiday, "add"), holiday_data(agency="")).status_code == 302
        assert Holiday.objects.get(date="2027-04-16").agency is None
        assert not is_working_day(date(2027, 4, 16), agency=agency)

    def test_confirming_a_lunar_day_remembers_who_and_when(self, register, admin, superuser):
        row = national(ImportantDayOccurrence)
        data = {
            "important_day": row.important_day_id,
            "date": "21/2/2570",
            "status": "confirmed",
            "reference_no": "ป.1",
        }
        assert admin.post(url(ImportantDayOccurrence, "edit", row.pk), data).status_code == 302
        row.refresh_from_db()
        assert (row.status, row.confirmed_by, row.edited) == ("confirmed", superuser, True)

    def test_a_seeded_row_is_switched_off_but_not_deleted(self, register, admin):
        for model in MODELS:
            row = national(model)
            assert admin.post(url(model, "delete", row.pk)).status_code == 403
            assert model.objects.filter(pk=row.pk).exists()

    def test_search_finds_a_word_inside_thai_text(self, register, admin):
        html = admin.get(url(ImportantDay, "list_results"), {"q": "ฉัตร"}).content.decode()
        assert "วันฉัตรมงคล" in html
        assert "วันสงกรานต์" not in html

    @pytest.mark.parametrize(
        ("model", "query"),
        [
            (ImportantDay, {"kind": "buddhist"}),
            (ImportantDay, {"national": "true"}),
            (ImportantDayOccurrence, {"status": "to_confirm", "year": "2027"}),
            (ImportantDayOccurrence, {"important_day__kind": "buddhist"}),
            (Holiday, {"kind": "substitution"}),
        ],
    )
    def test_filters_narrow_the_list(self, register, admin, model, query):
        answer = admin.get(url(model, "list"), query)
        assert 0 < answer.context["page_obj"].paginator.count < model.objects.count() + (query == {"national": "true"})

    def test_lists_cost_the_same_at_any_length(self, register, admin, django_assert_max_num_queries):
        for model in MODELS:
            with django_assert_max_num_queries(25):
                admin.get(url(model, "list"))


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"date": "31/4/2570"}, "date", "ไม่มีวันที่"),
            ({"date": "16/4/70"}, "date", "ไม่ชัดเจน"),
            ({"date": ""}, "date", "required"),
            ({"name_th": ""}, "name_th", "required"),
            ({"in_lieu_of": "16/4/2570"}, "in_lieu_of", "its own date"),
            ({"kind": "party"}, "kind", "valid choice"),
            ({"date": "16/4/9999"}, "date", "9999"),
            ({"in_lieu_of": "16/4/2700"}, "in_lieu_of", "2700"),
            ({"reference_no": " "}, "reference_no", "announcement"),
            ({"kind": "substitution", "reference_no": ""}, "reference_no", "announcement"),
            ({"kind": "cancelled", "reference_no": ""}, "reference_no", "announcement"),
        ],
    )
    def test_a_holiday(self, register, office, changes, field, words):
        before = Holiday.objects.count()
        answer = office.post(url(Holiday, "add"), holiday_data(**changes))
        errors = answer.context["form"].errors
        assert list(errors) == [field]
        with translation.override("en"):
            assert words in str(errors[field])
        assert Holiday.objects.count() == before
        if changes.get("date"):
            assert f'value="{changes["date"]}"' in answer.content.decode(), "what was typed stays in the form"

    def test_an_official_holiday_needs_no_number(self, register, office):
        answer = office.post(url(Holiday, "add"), holiday_data(kind="regular", reference_no=""))
        assert answer.status_code == 302

    def test_an_imported_holiday_is_not_moved_without_a_number(self, register, admin):
        row = Holiday.objects.get(date="2027-08-12")
        data = holiday_data(date="13/8/2570", name_th=row.name_th, kind="regular", reference_no="")
        data["important_day"] = row.important_day_id
        answer = admin.post(url(Holiday, "edit", row.pk), data)
        assert list(answer.context["form"].errors) == ["reference_no"]
        row.refresh_from_db()
        assert row.date == date(2027, 8, 12)

    @pytest.mark.parametrize("typed", ["21/2/2571", "31/12/9999", "25/12/2600"])
    def test_a_date_of_an_important_day_stays_in_its_year(self, register, admin, typed):
        row = national(ImportantDayOccurrence)
        data = {"important_day": row.important_day_id, "date": typed, "status": "confirmed", "reference_no": "ป.1"}
        answer = admin.post(url(ImportantDayOccurrence, "edit", row.pk), data)
        assert list(answer.context["form"].errors) == ["date"]
        row.refresh_from_db()
        assert (row.date, row.year) == (date(2027, 2, 21), 2027)

    def test_a_new_date_of_an_important_day_needs_a_year_somebody_means(self, register, office, agency):
        day = entries_of(agency)[ImportantDay]
        data = {"important_day": day.pk, "date": "10/6/9999", "status": "confirmed", "reference_no": ""}
        answer = office.post(url(ImportantDayOccurrence, "add"), data)
        assert list(answer.context["form"].errors) == ["date"]
        assert day.occurrences.count() == 1

    def test_a_second_holiday_of_one_kind_on_one_date_names_the_date(self, register, office, agency):
        assert office.post(url(Holiday, "add"), holiday_data()).status_code == 302
        answer = office.post(url(Holiday, "add"), holiday_data())
        assert list(answer.context["form"].errors) == ["date"]
        assert Holiday.objects.filter(agency=agency).count() == 1

    @pytest.mark.parametrize("rule", ["fixed:02-30", "someday", "lunar:full_moon", ""])
    def test_an_unreadable_rule_names_the_rule(self, register, office, rule):
        answer = office.post(url(ImportantDay, "add"), day_data(rule=rule))
        assert list(answer.context["form"].errors) == ["rule"]
        assert not ImportantDay.objects.exclude(agency=None).exists()

    def test_a_date_entered_twice_names_the_date(self, register, office, agency):
        day = entries_of(agency)[ImportantDay]
        data = {"important_day": day.pk, "date": "10/6/2570", "status": "confirmed", "reference_no": ""}
        answer = office.post(url(ImportantDayOccurrence, "add"), data)
        assert list(answer.context["form"].errors) == ["date"]

    def test_a_date_for_a_national_day_names_the_day(self, register, office):
        day = ImportantDay.objects.get(key="ploughing_day")
        data = {"important_day": day.pk, "date": "11/5/2570", "status": "confirmed", "reference_no": ""}
        answer = office.post(url(ImportantDayOccurrence, "add"), data)
        assert list(answer.context["form"].errors) == ["important_day"]
        assert not day.occurrences.filter(year=2027).exists()


class TestOfficer:
    def test_a_new_day_belongs_to_the_own_agency(self, register, office, agency, other_agency):
        data = day_data(agency=other_agency.pk, gov_holiday="on")
        assert office.post(url(ImportantDay, "add"), data).status_code == 302
        day = ImportantDay.objects.get(name_th="วันสถาปนาหน่วยงาน")
        assert (day.agency, day.gov_holiday, day.audience) == (agency, False, ["staff", "network"])
        assert day.occurrences.exists()

    def test_a_new_holiday_closes_the_own_agency_only(self, register, office, agency, other_agency):
        assert office.post(url(Holiday, "add"), holiday_data(agency="")).status_code == 302
        assert not is_working_day(date(2027, 4, 16), agency=agency)
        assert is_working_day(date(2027, 4, 16), agency=other_agency)
        assert is_working_day(date(2027, 4, 16))

    @pytest.mark.parametrize("model", MODELS)
    def test_own_rows_can_be_changed_through_their_screen(self, register, office, agency, model):
        row = entries_of(agency)[model]
        assert office.get(url(model, "edit", row.pk)).status_code == 200

    @pytest.mark.parametrize("model", MODELS)
    def test_national_rows_can_be_read_but_not_changed(self, register, office, model):
        row = national(model)
        before = model.objects.filter(pk=row.pk).values().get()
        assert office.get(url(model, "inspect", row.pk)).status_code == 200
        listed = office.get(url(model, "list")).content.decode()
        assert url(model, "edit", row.pk) not in listed
        data = {**day_data(), **holiday_data(), "status": "confirmed", "important_day": ImportantDay.objects.first().pk}
        for view in ("edit", "delete"):
            for answer in (office.get(url(model, view, row.pk)), office.post(url(model, view, row.pk), data)):
                assert answer.status_code == 403
        assert model.objects.filter(pk=row.pk).values().get() == before

    @pytest.mark.parametrize("model", MODELS)
    def test_another_agencys_rows_do_not_exist(self, register, office, other_agency, model):
        row = entries_of(other_agency)[model]
        for view in ("edit", "inspect", "delete", "history", "usage", "history_results"):
            answer = office.get(url(model, view, row.pk))
            assert answer.status_code in WALLED, view
            assert row_name(row) not in answer.content.decode()
        assert office.post(url(model, "edit", row.pk), day_data()).status_code in WALLED
        for view in ("list", "list_results"):
            for query in ({}, {"q": other_agency.code}, {"national": "false"}, {"p": "2"}):
                assert other_agency.code not in office.get(url(model, view), query).content.decode().replace(
                    f'value="{other_agency.code}"', ""
                ).replace(f"q={other_agency.code}", "")

    @pytest.mark.parametrize("model", MODELS)
    def test_choosers_offer_no_other_agencys_rows(self, register, office, agency, other_agency, model):
        own, foreign = entries_of(agency)[model], entries_of(other_agency)[model]
        chooser = model.snippet_viewset.chooser_viewset
        for name in ("choose", "choose_results"):
            html = office.get(reverse(chooser.get_url_name(name)), {"q": "ของ"}).content.decode()
            assert other_agency.code not in html
        assert office.get(reverse(chooser.get_url_name("chosen"), args=[own.pk])).status_code == 200
        assert office.get(reverse(chooser.get_url_name("chosen"), args=[foreign.pk])).status_code in WALLED
        many = office.get(reverse(chooser.get_url_name("chosen_multiple")), {"id": [own.pk, foreign.pk]})
        assert row_name(foreign) not in many.content.decode()

    def test_a_day_of_another_agency_cannot_be_given_dates_or_holidays(self, register, office, other_agency):
        day = entries_of(other_agency)[ImportantDay]
        data = {"important_day": day.pk, "date": "11/6/2570", "status": "confirmed", "reference_no": ""}
        answer = office.post(url(ImportantDayOccurrence, "add"), data)
        assert list(answer.context["form"].errors) == ["important_day"]
        answer = office.post(url(Holiday, "add"), holiday_data(important_day=day.pk))
        assert list(answer.context["form"].errors) == ["important_day"]

    def test_bulk_delete_reaches_neither_national_nor_foreign_rows(self, register, office, officer, other_agency):
        officer.user_permissions.add(Permission.objects.get(codename="delete_holiday"))
        foreign = entries_of(other_agency)[Holiday]
        address = reverse("wagtail_bulk_action", args=["pr_workflow", "holiday", "delete"])
        for row in (foreign, national(Holiday)):
            office.post(f"{address}?id={row.pk}")
            assert Holiday.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", MODELS)
def test_an_account_without_agency_sees_nothing(register, client, officer, model):
    officer.staff_profile.delete()
    client.force_login(officer)
    answer = client.get(url(model, "list"))
    assert answer.status_code in WALLED or answer.context["page_obj"].paginator.count == 0
    assert row_name(national(model)) not in answer.content.decode()
    assert client.get(url(model, "edit", national(model).pk)).status_code in WALLED


def test_the_home_page_shows_the_coming_days(register, office):
    assert "coming-important-days" in office.get(reverse("wagtailadmin_home")).content.decode()


def test_a_new_official_name_stays_and_the_log_keeps_the_old_one(register, admin, now):
    day = ImportantDay.objects.get(key="mothers_day")
    old = day.name_th
    fields = ("name_en", "kind", "tone", "rule", "health_priority", "education_priority", "confidence", "note")
    data = {name: getattr(day, name) for name in fields} | {"audience": day.audience, "gov_holiday": "on"}
    data |= {"name_th": "ชื่อตามประกาศใหม่", "active": "on", "lead_time_working_days": "10", "agency": ""}
    assert admin.post(url(ImportantDay, "edit", day.pk), data).status_code == 302
    call_command("important_days_seed")
    calendar_prepare(actor=None, now=now, years=[2027])
    day.refresh_from_db()
    assert (day.name_th, day.edited, day.key) == ("ชื่อตามประกาศใหม่", True, "mothers_day")
    entry = AuditEntry.objects.filter(verb="important_day_save").order_by("pk").last()
    assert entry.data == {"key": "mothers_day", "old": {"name_th": old}, "new": {"name_th": "ชื่อตามประกาศใหม่"}}
    assert "ชื่อตามประกาศใหม่" in admin.get(url(ImportantDay, "list"), {"q": "ประกาศใหม่"}).content.decode()
    assert day.occurrences.filter(date="2027-08-12").exists(), "the date did not move"
