"""What comes next, when its preparation starts, and the whole of a year."""

from datetime import date, timedelta

import pytest
from django.db.models.signals import post_save

from pr_workflow.festival_calendar.models import Holiday, ImportantDay, ImportantDayOccurrence
from pr_workflow.festival_calendar.panels import ComingImportantDaysPanel
from pr_workflow.festival_calendar.selectors import next_important_days, preparation_dates, year_entries
from pr_workflow.festival_calendar.services import calendar_prepare, holiday_save, important_day_save, occurrence_save

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(now):
    calendar_prepare(actor=None, now=now, years=(2026, 2027))


@pytest.fixture
def own_day(register, officer, agency, now):
    day = ImportantDay(agency=agency, name_th="วันของหน่วยงาน", rule="fixed:04-16", lead_time_working_days=3)
    return important_day_save(actor=officer, important_day=day, now=now)


def names(agency, today: date, limit: int = 8) -> list[str]:
    return [each.important_day.key for each in next_important_days(agency=agency, today=today, limit=limit)]


def test_days_come_in_order_and_a_range_counts_once(register):
    found = next_important_days(agency=None, today=date(2027, 4, 8), limit=4)
    assert [(each.important_day.key, str(each.first), str(each.last)) for each in found] == [
        ("songkran", "2027-04-13", "2027-04-15"),
        ("older_persons_day_th", "2027-04-13", "2027-04-13"),
        ("family_day", "2027-04-14", "2027-04-14"),
        ("earth_day", "2027-04-22", "2027-04-22"),
    ]


def test_a_range_stays_while_it_lasts_and_keeps_its_first_day(register):
    assert next_important_days(agency=None, today=date(2027, 4, 15), limit=1)[0].first == date(2027, 4, 13)
    assert "songkran" not in names(None, date(2027, 4, 16))
    # A week that began before the window opened still shows whole.
    week = next_important_days(agency=None, today=date(2027, 4, 30), limit=1)[0]
    assert (week.important_day.key, str(week.first), str(week.last)) == (
        "world_immunization_week",
        "2027-04-24",
        "2027-04-30",
    )


def test_today_counts(register):
    assert names(None, date(2027, 4, 7), 1) == ["world_health_day"]
    assert names(None, date(2027, 4, 8), 1) != ["world_health_day"]


def test_an_unconfirmed_date_says_so(register):
    found = {each.important_day.key: each.confirmed for each in next_important_days(
        agency=None, today=date(2027, 2, 5), limit=6
    )}  # fmt: skip
    assert (found["makha_bucha"], found["chinese_new_year"], found["valentines_day"]) == (False, False, True)


def test_days_not_held_or_out_of_use_do_not_come(register, superuser, now):
    row = ImportantDayOccurrence.objects.get(important_day__key="family_day", year=2027)
    row.status = ImportantDayOccurrence.Status.CANCELLED
    occurrence_save(actor=superuser, occurrence=row, now=now)
    ImportantDay.objects.filter(key="older_persons_day_th").update(active=False)
    assert names(None, date(2027, 4, 8), 2) == ["songkran", "earth_day"]


def test_an_agency_sees_its_own_days_and_no_other_s(own_day, agency, other_agency):
    today = date(2027, 4, 16)
    assert names(agency, today, 1) == [own_day.key]
    assert own_day.key not in names(other_agency, today, 400)
    assert own_day.key not in names(None, today, 400)
    assert own_day.key in [each.key for each in year_entries(2027, agency=agency)]
    assert own_day.key not in [each.key for each in year_entries(2027, agency=other_agency)]


def test_the_coming_days_take_two_queries_at_any_length(own_day, agency, django_assert_num_queries):
    for limit in (1, 8, 100):
        with django_assert_num_queries(2):
            assert len(next_important_days(agency=agency, today=date(2026, 11, 6), limit=limit)) == limit


def test_preparation_starts_the_lead_time_in_working_days_earlier(own_day, agency, django_assert_num_queries):
    coming = next_important_days(agency=agency, today=date(2027, 4, 16), limit=2)
    with django_assert_num_queries(1):
        starts = preparation_dates(coming, agency=agency)
    # Three working days before Friday 16 April lie before Songkran: 12, 9 and 8 April.
    assert starts[0] == date(2027, 4, 8)
    assert starts[1] == date(2027, 4, 2)  # ten before Earth Day, 22 April, across Songkran and Chakri Day
    assert preparation_dates([], agency=agency) == []


def test_a_day_without_lead_time_starts_on_the_day(own_day, agency):
    own_day.lead_time_working_days = 0
    own_day.save()
    coming = next_important_days(agency=agency, today=date(2027, 4, 16), limit=1)
    assert preparation_dates(coming, agency=agency) == [date(2027, 4, 16)]


def test_a_year_lists_days_substitutes_and_special_holidays(register, superuser, now, django_assert_num_queries):
    cabinet = Holiday(date=date(2027, 4, 16), name_th="วันหยุดราชการกรณีพิเศษ", kind=Holiday.Kind.SPECIAL)
    holiday_save(actor=superuser, holiday=cabinet, now=now)
    with django_assert_num_queries(2):
        entries = year_entries(2027)
    assert entries == sorted(entries, key=lambda each: each.date)
    assert {each.date.year for each in entries} == {2027}
    others = [(each.key, str(each.date), each.entry, each.confirmed) for each in entries if each.entry != "day"]
    assert others == [
        ("makha_bucha", "2027-02-22", "substitution", False),
        ("special_holiday", "2027-04-16", "special", True),
        ("asarnha_bucha", "2027-07-20", "substitution", False),
        ("chulalongkorn_day", "2027-10-25", "substitution", True),
        ("fathers_day", "2027-12-06", "substitution", True),
    ]
    assert sum(each.key == "songkran" for each in entries) == 3
    assert "ploughing_day" not in [each.key for each in entries]


def test_confirming_a_lunar_day_confirms_its_substitute(register, superuser, now):
    row = ImportantDayOccurrence.objects.get(important_day__key="makha_bucha", year=2027)
    row.status = ImportantDayOccurrence.Status.CONFIRMED
    occurrence_save(actor=superuser, occurrence=row, now=now)
    found = [each.confirmed for each in year_entries(2027) if each.key == "makha_bucha"]
    assert found == [True, True]


def test_a_saved_holiday_is_announced_to_those_who_keep_deadlines(register, superuser, now):
    """Later steps recompute open deadlines on Django's own signal; nothing may bypass it."""
    heard = []

    def on_holiday_saved(instance, **kwargs):
        heard.append(instance.date)

    post_save.connect(on_holiday_saved, sender=Holiday)
    try:
        holiday = Holiday(date=date(2027, 4, 16), name_th="วันหยุดพิเศษ")
        holiday_save(actor=superuser, holiday=holiday, now=now)
        calendar_prepare(actor=None, now=now, years=[2028])
    finally:
        post_save.disconnect(on_holiday_saved, sender=Holiday)
    assert heard[0] == date(2027, 4, 16)
    assert date(2028, 1, 3) in heard


class TestPanel:
    def render(self, rf, user) -> str:
        request = rf.get("/")
        request.user = user
        return ComingImportantDaysPanel().render_html({"request": request})

    def test_shows_eight_days_in_be_with_what_to_prepare_now(self, register, officer, rf, time_machine_at):
        time_machine_at(date(2027, 4, 8))
        html = self.render(rf, officer)
        assert html.count("<tr>") == 1 + 8
        assert "13–15 เม.ย. 2570" in html
        assert "2027" not in html
        assert "w-status--primary" in html

    def test_shows_nothing_to_an_account_without_agency(self, register, django_user_model, rf):
        assert self.render(rf, django_user_model.objects.create_user("nobody")).strip() == ""

    def test_hides_other_agencies_days(self, own_day, officer, other_officer, rf, time_machine_at):
        time_machine_at(date(2027, 4, 15))
        assert own_day.name_th in self.render(rf, officer)
        assert own_day.name_th not in self.render(rf, other_officer)


def test_occurrences_of_a_window_never_miss_a_day(register):
    """Walking through the year day by day shows each entry at least once."""
    seen = set()
    for number in range(0, 365, 5):
        seen.update(names(None, date(2027, 1, 1) + timedelta(days=number), 12))
    assert seen >= set(ImportantDayOccurrence.objects.filter(year=2027).values_list("important_day__key", flat=True))
