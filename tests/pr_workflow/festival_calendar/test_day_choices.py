"""What an agency makes of a national day: its own values, for itself alone (R20, I5)."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from pr_workflow.audit.models import AuditEntry
from pr_workflow.festival_calendar.choosing import agency_day_choose, choice_of
from pr_workflow.festival_calendar.day_choices import AgencyDayChoice, agency_days, dated_days, priority_of
from pr_workflow.festival_calendar.models import ImportantDay, Level, Tone
from pr_workflow.festival_calendar.selectors import next_important_days, preparation_dates, year_entries
from pr_workflow.festival_calendar.services import calendar_prepare, important_days_seed
from pr_workflow.people.models import Agency, Ministry

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(now):
    calendar_prepare(actor=None, now=now, years=[2027])


def day(key: str) -> ImportantDay:
    return ImportantDay.objects.get(key=key)


def choose(actor, agency, key: str, now, **values):
    choice = choice_of(day(key), agency)
    for name, value in values.items():
        setattr(choice, name, value)
    return agency_day_choose(actor=actor, choice=choice, now=now)


def used(key: str, agency):
    found = day(key)
    return agency_days([found], agency=agency)[found.pk]


class TestValues:
    def test_the_national_values_until_somebody_chooses(self, register, agency):
        found = used("forest_day", agency)
        assert (found.observed, found.audience, found.lead_time_working_days) == (True, ["students", "community"], 10)
        assert not found.chosen

    def test_the_agency_s_values_count_for_it_alone(self, register, officer, agency, other_agency, now):
        choose(officer, agency, "forest_day", now, priority="high", audience=["public"], lead_time_working_days=3)
        own, other = used("forest_day", agency), used("forest_day", other_agency)
        assert (own.priority, own.audience, own.lead_time_working_days, own.chosen) == ("high", ["public"], 3, True)
        assert (other.audience, other.lead_time_working_days, other.chosen) == (["students", "community"], 10, False)
        assert used("forest_day", None).lead_time_working_days == 10

    def test_empty_fields_follow_the_national_day(self, register, officer, agency, now):
        choose(officer, agency, "forest_day", now, lead_time_working_days=0)
        ImportantDay.objects.filter(key="forest_day").update(audience=["all"], education_priority="low")
        found = used("forest_day", agency)
        assert (found.audience, found.priority, found.lead_time_working_days) == (["all"], "low", 0)

    def test_the_priority_of_the_ministry_counts(self, register, agency):
        vhv = day("vhv_day")
        expected = {Ministry.HEALTH: "high", Ministry.EDUCATION: "low", Ministry.OTHER: "high"}
        for ministry, priority in expected.items():
            agency.ministry = ministry
            assert priority_of(vhv, agency) == priority

    @given(st.sampled_from(Level), st.sampled_from(Level), st.sampled_from(Ministry))
    def test_no_priority_is_invented(self, health, education, ministry):
        found = ImportantDay(health_priority=health, education_priority=education)
        assert priority_of(found, Agency(ministry=ministry)) in (health, education)
        assert priority_of(found, None) in (health, education)


class TestEverySelector:
    def test_a_day_not_observed_is_gone_for_this_agency(self, register, officer, agency, other_agency, now):
        choose(officer, agency, "songkran", now, observed=False)
        span = {"first": date(2027, 4, 12), "last": date(2027, 4, 16)}
        keys = [each.day.important_day.key for each in dated_days(agency=agency, **span)]
        assert "songkran" not in keys
        assert "family_day" in keys
        for others in (other_agency, None):
            assert "songkran" in [each.day.important_day.key for each in dated_days(agency=others, **span)]
        entries = [each.key for each in year_entries(2027, agency=agency)]
        assert "songkran" not in entries
        assert "songkran" in [each.key for each in year_entries(2027)]
        coming = next_important_days(agency=agency, today=date(2027, 4, 12), limit=3)
        assert "songkran" not in [each.important_day.key for each in coming]

    def test_offices_close_although_the_day_is_not_observed(self, register, officer, agency, now):
        choose(officer, agency, "makha_bucha", now, observed=False)
        entries = [
            (each.entry, str(each.date)) for each in year_entries(2027, agency=agency) if each.key == "makha_bucha"
        ]
        assert entries == [("substitution", "2027-02-22")]

    def test_preparation_starts_by_the_agency_s_lead_time(self, register, officer, agency, now):
        choose(officer, agency, "earth_day", now, lead_time_working_days=1)
        coming = next_important_days(agency=agency, today=date(2027, 4, 22), limit=1)
        assert coming[0].important_day.key == "earth_day"
        assert preparation_dates(coming, agency=agency) == [date(2027, 4, 21)]

    def test_two_queries_at_any_length(self, register, officer, agency, now, django_assert_num_queries):
        choose(officer, agency, "earth_day", now, observed=False)
        for last in (date(2027, 1, 31), date(2027, 12, 31)):
            with django_assert_num_queries(2):
                assert dated_days(agency=agency, first=date(2027, 1, 1), last=last)


class TestVerb:
    def test_the_log_keeps_old_and_new(self, register, officer, agency, now):
        choose(officer, agency, "forest_day", now, priority="high")
        entry = AuditEntry.objects.order_by("pk").last()
        assert (entry.verb, entry.chain, entry.at) == ("agency_day_choose", agency.code, now)
        assert (entry.data["old"]["priority"], entry.data["new"]["priority"]) == ("", "high")

    def test_the_same_again_is_no_act(self, register, officer, agency, now):
        choose(officer, agency, "forest_day", now, priority="high")
        before = AuditEntry.objects.count()
        choose(officer, agency, "forest_day", now, priority="high")
        assert AuditEntry.objects.count() == before
        assert AgencyDayChoice.objects.count() == 1

    def test_back_to_the_national_values_leaves_no_row(self, register, officer, agency, now):
        choose(officer, agency, "forest_day", now, priority="high")
        choose(officer, agency, "forest_day", now, priority="")
        assert not AgencyDayChoice.objects.exists()
        assert not used("forest_day", agency).chosen

    def test_nobody_chooses_for_another_agency_or_without_the_permission(
        self, register, officer, other_officer, agency, now
    ):
        officer.user_permissions.clear()
        fresh = type(officer).objects.get(pk=officer.pk)
        for stranger in (other_officer, fresh):
            with pytest.raises(PermissionDenied):
                choose(stranger, agency, "forest_day", now, observed=False)
        assert not AgencyDayChoice.objects.exists()

    def test_days_of_an_agency_are_changed_themselves(self, officer, agency, now):
        ImportantDay.objects.create(agency=agency, key="own", name_th="ของเรา", rule="fixed:06-10")
        with pytest.raises(PermissionDenied):
            choose(officer, agency, "own", now, observed=False)


class TestTone:
    def test_the_seed_gives_each_day_its_tone(self, register):
        tones = dict(ImportantDay.objects.values_list("key", "tone"))
        assert {key for key, tone in tones.items() if tone == Tone.FESTIVE} == {
            "new_year", "new_year_eve", "songkran", "chinese_new_year", "valentines_day", "loy_krathong",
            "childrens_day", "family_day",
        }  # fmt: skip
        assert (tones["king_birthday"], tones["road_victims_day"], tones["world_health_day"]) == (
            Tone.ROYAL, Tone.MOURNING, Tone.NEUTRAL,
        )  # fmt: skip

    def test_the_migration_gives_tones_and_keeps_who_changed_what(self, register, now):
        migration = import_module("pr_workflow.migrations.0015_days_of_an_agency")
        for row in ImportantDay.objects.all():
            values = {"tone": "neutral", "seeded_hash": migration.digest(row, migration.BEFORE)}
            ImportantDay.objects.filter(pk=row.pk).update(**values)
        ImportantDay.objects.filter(key="songkran").update(name_th="ชื่อที่คนแก้")
        migration.give_tones(apps, None)
        assert day("songkran").tone == day("new_year").tone == Tone.FESTIVE
        assert day("chakri_day").tone == Tone.ROYAL
        assert day("new_year").untouched
        assert not day("songkran").untouched
        changes = important_days_seed(actor=None, now=now)
        assert (changes.updated, changes.kept) == (0, 1)
