"""Seeding, rolling and importing: what they write, and what they must never touch (R20, R25)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.festival_calendar.models import Holiday, ImportantDay, ImportantDayOccurrence
from pr_workflow.festival_calendar.services import (
    calendar_prepare,
    holiday_save,
    holidays_import,
    important_day_save,
    important_days_roll,
    important_days_seed,
    occurrence_save,
)

pytestmark = pytest.mark.django_db

Status = ImportantDayOccurrence.Status


@pytest.fixture
def seeded(now):
    important_days_seed(actor=None, now=now)


@pytest.fixture
def rolled(seeded, now):
    important_days_roll(actor=None, year=2027, now=now)


@pytest.fixture
def imported(rolled, now):
    holidays_import(actor=None, year=2027, now=now)


def dates(key: str, year: int = 2027) -> list[str]:
    found = ImportantDayOccurrence.objects.filter(important_day__key=key, date__year=year)
    return [str(row.date) for row in found]


def occurrence(key: str) -> ImportantDayOccurrence:
    return ImportantDayOccurrence.objects.get(important_day__key=key, year=2027)


def holiday(day: str) -> Holiday:
    return Holiday.objects.get(date=day, agency=None)


def snapshot(model) -> list:
    return list(model.objects.order_by("pk").values())


class TestSeed:
    def test_writes_the_107_national_days(self, seeded):
        assert ImportantDay.objects.filter(agency=None).count() == 107
        songkran = ImportantDay.objects.get(key="songkran")
        assert (songkran.rule_type, songkran.gov_holiday, songkran.audience) == ("range", True, ["all"])
        assert songkran.lead_time_working_days == 10
        assert ImportantDay.objects.get(key="forest_day").audience == ["students", "community"]
        assert not ImportantDay.objects.filter(edited=True).exists()

    def test_a_second_run_changes_nothing(self, seeded, now):
        before = snapshot(ImportantDay)
        assert not important_days_seed(actor=None, now=now).any
        assert snapshot(ImportantDay) == before

    def test_an_untouched_row_follows_the_seed(self, seeded):
        day = ImportantDay.objects.get(key="songkran")
        day.name_th = "ชื่อจากรุ่นก่อน"
        day.mark_seeded()
        day.save()
        call_command("important_days_seed")
        day.refresh_from_db()
        assert day.name_th == "วันสงกรานต์"

    @pytest.mark.parametrize("path", ["save", "update"])
    def test_an_edited_row_survives_the_command(self, seeded, path):
        day = ImportantDay.objects.get(key="queen_suthida_birthday")
        if path == "save":
            day.name_th = "ชื่อทางการใหม่"
            day.save()
        else:
            ImportantDay.objects.filter(pk=day.pk).update(name_th="ชื่อทางการใหม่")
        call_command("important_days_seed")
        day.refresh_from_db()
        assert day.name_th == "ชื่อทางการใหม่"
        assert ImportantDay.objects.count() == 107


class TestRoll:
    def test_gives_every_rule_its_dates(self, rolled):
        assert dates("songkran") == ["2027-04-13", "2027-04-14", "2027-04-15"]
        assert dates("childrens_day") == ["2027-01-09"]
        assert dates("makha_bucha") == ["2027-02-21"]
        assert dates("labour_day") == ["2027-05-01"]

    def test_lunar_dates_wait_for_a_person_and_fixed_ones_do_not(self, rolled):
        assert occurrence("makha_bucha").status == Status.TO_CONFIRM
        assert occurrence("chinese_new_year").status == Status.TO_CONFIRM
        assert occurrence("new_year").status == Status.CONFIRMED
        assert occurrence("childrens_day").status == Status.CONFIRMED

    def test_an_announced_day_has_no_date_until_it_is_known(self, rolled, now):
        assert dates("ploughing_day") == []
        important_days_roll(actor=None, year=2026, now=now)
        found = ImportantDayOccurrence.objects.get(important_day__key="ploughing_day", year=2026)
        assert (str(found.date), found.status) == ("2026-05-13", Status.TO_CONFIRM)

    def test_a_second_roll_changes_nothing(self, rolled, now):
        before = snapshot(ImportantDayOccurrence)
        assert not important_days_roll(actor=None, year=2027, now=now).any
        assert snapshot(ImportantDayOccurrence) == before

    def test_a_moved_or_confirmed_date_survives(self, rolled, superuser, now):
        moved = occurrence("visakha_bucha")
        moved.date = date(2027, 5, 21)
        occurrence_save(actor=superuser, occurrence=moved, now=now)
        confirmed = occurrence("makha_bucha")
        confirmed.status = Status.CONFIRMED
        occurrence_save(actor=superuser, occurrence=confirmed, now=now)
        call_command("holidays_import", "2570")
        assert dates("visakha_bucha") == ["2027-05-21"]
        confirmed.refresh_from_db()
        assert (confirmed.status, confirmed.confirmed_by, confirmed.confirmed_at) == (Status.CONFIRMED, superuser, now)

    def test_a_person_s_announced_date_is_not_joined_by_the_package_s(self, seeded, superuser, now):
        day = ImportantDay.objects.get(key="ploughing_day")
        entered = ImportantDayOccurrence(important_day=day, date=date(2026, 5, 14), status=Status.CONFIRMED)
        occurrence_save(actor=superuser, occurrence=entered, now=now)
        important_days_roll(actor=None, year=2026, now=now)
        assert dates("ploughing_day", 2026) == ["2026-05-14"]

    def test_untouched_dates_follow_a_changed_rule(self, rolled, superuser, now):
        songkran = ImportantDay.objects.get(key="songkran")
        for rule, expected in [
            ("range:04-14..04-17", ["2027-04-14", "2027-04-15", "2027-04-16", "2027-04-17"]),
            ("range:04-13..04-14", ["2027-04-13", "2027-04-14"]),
            ("fixed:04-12", ["2027-04-12"]),
        ]:
            songkran.rule = rule
            important_day_save(actor=superuser, important_day=songkran, now=now)
            assert dates("songkran") == expected

    def test_a_day_out_of_use_loses_its_untouched_dates(self, rolled, superuser, now):
        day = ImportantDay.objects.get(key="valentines_day")
        day.active = False
        important_day_save(actor=superuser, important_day=day, now=now)
        assert dates("valentines_day") == []

    def test_one_damaged_rule_costs_only_its_own_day(self, seeded, now):
        ImportantDay.objects.filter(key="forest_day").update(rule="nonsense")
        important_days_roll(actor=None, year=2027, now=now)
        assert dates("forest_day") == []
        assert dates("teachers_day") == ["2027-01-16"]


class TestImport:
    def test_the_holidays_of_2027(self, imported):
        rows = Holiday.objects.filter(date__year=2027)
        substitutes = rows.filter(kind=Holiday.Kind.SUBSTITUTION)
        assert [(str(row.in_lieu_of), str(row.date)) for row in substitutes] == [
            ("2027-02-21", "2027-02-22"),
            ("2027-07-18", "2027-07-20"),
            ("2027-10-23", "2027-10-25"),
            ("2027-12-05", "2027-12-06"),
        ]
        assert rows.filter(kind=Holiday.Kind.REGULAR).count() == 18
        assert not rows.filter(name_th__contains="แรงงาน").exists()
        assert not rows.filter(name_th__contains="พืชมงคล").exists()
        assert not rows.filter(name_th__contains="วันเด็ก").exists()
        assert not rows.exclude(agency=None).exists()

    def test_the_substitutes_of_2026_and_the_special_and_ploughing_days(self, now):
        calendar_prepare(actor=None, now=now, years=[2026])
        rows = Holiday.objects.filter(date__year=2026)
        assert [str(row.date) for row in rows.filter(kind="substitution")] == ["2026-06-01", "2026-12-07"]
        assert [str(row.date) for row in rows.filter(kind="special")] == ["2026-01-02"]
        assert rows.get(date="2026-05-13").important_day.key == "ploughing_day"

    def test_new_year_s_eve_of_a_year_never_imported_moves_into_january(self, seeded, now):
        important_days_roll(actor=None, year=2029, now=now)
        holidays_import(actor=None, year=2029, now=now)
        assert str(holiday("2029-01-02").in_lieu_of) == "2028-12-31"

    def test_a_second_import_changes_nothing(self, imported, now):
        before = snapshot(Holiday)
        assert not holidays_import(actor=None, year=2027, now=now).any
        assert snapshot(Holiday) == before

    def test_edited_rows_survive_the_command(self, imported):
        renamed, moved, off = holiday("2027-08-12"), holiday("2027-02-22"), holiday("2027-07-19")
        renamed.name_th = "ชื่อตามประกาศ"
        renamed.save()
        moved.date = date(2027, 2, 23)
        moved.save()
        off.active = False
        off.save()
        call_command("holidays_import", "2027")
        assert holiday("2027-08-12").name_th == "ชื่อตามประกาศ"
        assert not Holiday.objects.filter(date="2027-02-22").exists()
        assert holiday("2027-02-23").pk == moved.pk
        off.refresh_from_db()
        assert not off.active
        # With Buddhist Lent Day switched off, the substitute of Asarnha Bucha comes on the day after.
        assert Holiday.objects.filter(date="2027-07-19", kind="substitution").exists()

    def test_a_change_past_the_model_survives_too(self, imported):
        Holiday.objects.filter(date="2027-05-04").update(name_th="แก้ด้วย SQL")
        call_command("holidays_import", "2027")
        assert holiday("2027-05-04").name_th == "แก้ด้วย SQL"

    def test_a_day_entered_before_the_import_is_kept(self, rolled, superuser, now):
        own = Holiday(date=date(2027, 5, 4), name_th="ป้อนไว้ก่อน", kind=Holiday.Kind.REGULAR)
        holiday_save(actor=superuser, holiday=own, now=now)
        changes = holidays_import(actor=None, year=2027, now=now)
        assert changes.kept == 1
        assert holiday("2027-05-04").name_th == "ป้อนไว้ก่อน"

    def test_a_substitute_steps_over_a_special_day(self, rolled, superuser, now):
        special = Holiday(date=date(2027, 2, 22), name_th="วันหยุดพิเศษ", kind=Holiday.Kind.SPECIAL)
        holiday_save(actor=superuser, holiday=special, now=now)
        holidays_import(actor=None, year=2027, now=now)
        assert str(Holiday.objects.get(date="2027-02-23").in_lieu_of) == "2027-02-21"

    def test_holidays_follow_a_moved_occurrence(self, imported, superuser, now):
        moved = occurrence("visakha_bucha")
        moved.date = date(2027, 5, 22)
        occurrence_save(actor=superuser, occurrence=moved, now=now)
        assert not Holiday.objects.filter(date="2027-05-20").exists()
        assert holiday("2027-05-22").important_day.key == "visakha_bucha"
        assert str(holiday("2027-05-24").in_lieu_of) == "2027-05-22"

    def test_two_holidays_on_one_date_become_one_row(self, imported, superuser, now):
        moved = occurrence("visakha_bucha")
        moved.date = date(2027, 6, 3)
        occurrence_save(actor=superuser, occurrence=moved, now=now)
        assert "วันวิสาขบูชา" in holiday("2027-06-03").name_th
        assert "สมเด็จพระนางเจ้าฯ" in holiday("2027-06-03").name_th

    def test_an_entered_announcement_closes_the_offices(self, imported, superuser, now):
        day = ImportantDay.objects.get(key="ploughing_day")
        entered = ImportantDayOccurrence(important_day=day, date=date(2027, 5, 11), status=Status.CONFIRMED)
        occurrence_save(actor=superuser, occurrence=entered, now=now)
        assert holiday("2027-05-11").name_th == "วันพืชมงคล"

    def test_a_day_not_held_is_no_holiday(self, imported, superuser, now):
        dropped = occurrence("coronation_day")
        dropped.status = Status.CANCELLED
        occurrence_save(actor=superuser, occurrence=dropped, now=now)
        assert not Holiday.objects.filter(date="2027-05-04").exists()

    def test_a_holiday_abolished_by_a_person_does_not_come_back_from_the_package(self, imported, superuser, now):
        day = ImportantDay.objects.get(key="coronation_day")
        day.gov_holiday = False
        important_day_save(actor=superuser, important_day=day, now=now)
        call_command("holidays_import", "2027")
        assert not Holiday.objects.filter(date="2027-05-04").exists()


class TestPeople:
    def test_an_officer_keeps_days_of_the_own_agency(self, officer, agency, now):
        own = ImportantDay(agency=agency, name_th="วันสถาปนาหน่วยงาน", rule="fixed:12-15", kind="organisation")
        important_day_save(actor=officer, important_day=own, now=now)
        assert own.key.startswith("day-")
        assert [str(row.date) for row in own.occurrences.all()] == ["2026-12-15", "2027-12-15", "2028-12-15"]
        special = Holiday(agency=agency, date=date(2027, 3, 1), name_th="น้ำท่วม")
        holiday_save(actor=officer, holiday=special, now=now)
        assert special.edited

    def test_an_officer_changes_neither_national_nor_foreign_entries(self, imported, officer, other_agency, now):
        foreign = ImportantDay.objects.create(agency=other_agency, name_th="ของหน่วยงานอื่น", rule="fixed:12-15")
        for day in (ImportantDay.objects.get(key="songkran"), foreign):
            day.name_th = "แก้โดยไม่มีสิทธิ"
            with pytest.raises(PermissionDenied):
                important_day_save(actor=officer, important_day=day, now=now)
        with pytest.raises(PermissionDenied):
            holiday_save(actor=officer, holiday=holiday("2027-04-13"), now=now)
        with pytest.raises(PermissionDenied):
            occurrence_save(actor=officer, occurrence=occurrence("makha_bucha"), now=now)
        assert not ImportantDay.objects.filter(name_th="แก้โดยไม่มีสิทธิ").exists()
        assert occurrence("makha_bucha").confirmed_by is None

    def test_taking_back_a_confirmation_forgets_who_gave_it(self, rolled, superuser, now):
        row = occurrence("makha_bucha")
        for status in (Status.CONFIRMED, Status.TO_CONFIRM):
            row.status = status
            occurrence_save(actor=superuser, occurrence=row, now=now)
        assert (row.confirmed_by, row.confirmed_at) == (None, None)

    def test_each_verb_leaves_one_row_in_the_log(self, imported, officer, agency, now):
        before = AuditEntry.objects.count()
        special = Holiday(agency=agency, date=date(2027, 3, 1), name_th="น้ำท่วม")
        holiday_save(actor=officer, holiday=special, now=now)
        entry = AuditEntry.objects.order_by("pk").last()
        assert AuditEntry.objects.count() == before + 1
        assert (entry.verb, entry.chain, entry.at) == ("holiday_save", agency.code, now)
        assert audit_verify(chain="system") is None
        assert audit_verify(chain=agency.code) is None
        holidays_import(actor=None, year=2027, now=now)
        assert AuditEntry.objects.count() == before + 1, "an import that changed nothing is not an act"


def test_prepare_makes_everything_ready_to_the_end_of_the_coming_fiscal_year(now, django_assert_max_num_queries):
    assert sorted(calendar_prepare(actor=None, now=now)) == [2026, 2027, 2028]
    assert Holiday.objects.filter(date__year=2027).exists()
    with django_assert_max_num_queries(15 * 3):
        changes = calendar_prepare(actor=None, now=now)
    assert not any(change.any for change in changes.values())
