"""The commands as a person types them."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pr_workflow.festival_calendar.models import Holiday, ImportantDay, ImportantDayOccurrence
from pr_workflow.festival_calendar.services import holiday_save

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_a_year_as_json_on_an_empty_register():
    entries = json.loads(run("important_days", "2027", "--json"))
    assert entries[0] == {
        "key": "new_year",
        "name": "วันขึ้นปีใหม่",
        "date": "2027-01-01",
        "entry": "day",
        "confirmed": True,
        "in_lieu_of": None,
    }
    makha = [(each["date"], each["entry"], each["confirmed"]) for each in entries if each["key"] == "makha_bucha"]
    assert makha == [("2027-02-21", "day", False), ("2027-02-22", "substitution", False)]
    assert {each["entry"] for each in json.loads(run("important_days", "2026", "--json"))} == {
        "day",
        "substitution",
        "special",
    }
    assert ImportantDay.objects.count() == 107


@pytest.mark.parametrize("typed", ["2570", "๒๕๗๐"])
def test_both_eras_name_the_same_year_and_be_is_said(typed):
    said = StringIO()
    out = StringIO()
    call_command("important_days", typed, "--json", stdout=out, stderr=said)
    assert out.getvalue() == run("important_days", "2027", "--json")
    assert said.getvalue().strip() == "2570 is a B.E. year: these are the days of 2027 C.E."
    silent = StringIO()
    call_command("important_days", "2027", stdout=StringIO(), stderr=silent)
    assert silent.getvalue() == ""


def test_each_entry_says_what_it_is_and_whether_it_is_certain():
    entries = json.loads(run("important_days", "2026", "--json"))
    for each in entries:
        assert set(each) == {"key", "name", "date", "entry", "confirmed", "in_lieu_of"}
        assert each["date"].startswith("2026-")
        assert isinstance(each["confirmed"], bool)
        assert (each["in_lieu_of"] is not None) is (each["entry"] == "substitution")
    others = [
        (each["key"], each["date"], each["entry"], each["confirmed"]) for each in entries if each["entry"] != "day"
    ]
    assert others == [
        ("special_holiday", "2026-01-02", "special", False),
        ("visakha_bucha", "2026-06-01", "substitution", False),
        ("fathers_day", "2026-12-07", "substitution", True),
    ]
    days = {each["key"] for each in entries if each["entry"] == "day"}
    assert len(days) == 107
    assert [each["date"] for each in entries] == sorted(each["date"] for each in entries)


def test_a_special_day_a_person_entered_is_certain(superuser, now):
    run("important_days", "2027")
    special = Holiday(date=date(2027, 4, 16), name_th="วันหยุดราชการเพิ่มเป็นกรณีพิเศษ", reference_no="มติ ครม.")
    holiday_save(actor=superuser, holiday=special, now=now)
    entries = json.loads(run("important_days", "2027", "--json"))
    found = [(each["entry"], each["confirmed"]) for each in entries if each["date"] == "2027-04-16"]
    assert found == [("special", True)]
    assert "2027-04-16" not in json.loads(run("working_days", "2027-04-01", "2027-04-30", "--json"))["days"]


def test_a_year_for_people_is_in_be():
    text = run("important_days", "2027")
    assert "13/04/2570" in text
    assert "2027" not in text


def test_printing_a_prepared_year_writes_nothing():
    run("important_days", "2027")
    ImportantDayOccurrence.objects.filter(important_day__key="forest_day").delete()
    before = ImportantDayOccurrence.objects.count()
    assert "forest_day" not in run("important_days", "2027", "--json")
    assert ImportantDayOccurrence.objects.count() == before


def test_an_agency_s_own_days_come_only_when_asked(agency):
    run("important_days", "2027")
    day = ImportantDay.objects.create(agency=agency, name_th="วันของเรา", rule="fixed:06-10")
    ImportantDayOccurrence.objects.create(important_day=day, date="2027-06-10")
    assert day.key not in run("important_days", "2027", "--json")
    assert day.key in run("important_days", "2027", "--json", "--agency", agency.code)


def test_working_days_as_json():
    answer = json.loads(run("working_days", "2027-04-12", "16/4/2570", "--json"))
    assert answer["count"] == 2
    assert answer["days"] == ["2027-04-12", "2027-04-16"]
    assert [each["date"] for each in answer["holidays"]] == ["2027-04-13", "2027-04-14", "2027-04-15"]
    assert (answer["from"], answer["to"], answer["agency"]) == ("2027-04-12", "2027-04-16", None)


def test_working_days_across_years_prepare_each_year():
    answer = json.loads(run("working_days", "2028-12-29", "2029-01-03", "--json"))
    assert answer["days"] == ["2028-12-29", "2029-01-03"]


def test_working_days_for_people():
    text = run("working_days", "2027-04-12", "2027-04-16")
    assert "วันจันทร์ที่ 12 เมษายน พ.ศ. 2570" in text
    assert "อังคาร" not in text


def test_an_agency_s_own_holiday_counts_for_it_alone(agency):
    run("working_days", "2027-06-01", "2027-06-30")
    Holiday.objects.create(agency=agency, date="2027-06-10", name_th="น้ำท่วม")
    counted = [
        json.loads(run("working_days", "2027-06-10", "2027-06-10", "--json", *more))["count"]
        for more in ([], ["--agency", agency.code])
    ]
    assert counted == [1, 0]


@pytest.mark.parametrize(
    "words",
    [
        ("working_days", "2027-04-31", "2027-05-01"),
        ("working_days", "13/4/70", "2027-05-01"),
        ("working_days", "2027-05-02", "2027-05-01"),
        ("working_days", "2027-05-02", "2127-05-01"),
        ("working_days", "2027-05-02", "2027-05-03", "--agency", "nobody"),
        ("important_days", "70"),
        ("important_days", "next"),
        ("important_days", "1913"),
        ("important_days", "2100"),
        ("important_days", "9999"),
        ("important_days", "2027", "--agency", "nobody"),
        ("important_days", ""),
        ("working_days", "2570", "2027-05-01"),
        ("holidays_import", "25700"),
        ("holidays_import",),
    ],
)
def test_bad_input_is_refused_and_writes_nothing(words):
    with pytest.raises(CommandError):
        run(*words)
    assert not ImportantDay.objects.exists()
    assert not Holiday.objects.exists()


def test_import_and_seed_report_what_they_did():
    assert run("important_days_seed") == "107 created, 0 updated, 0 kept as edited\n"
    assert run("holidays_import", "2027", "2571").splitlines() == [
        "2027: 22 created, 0 updated, 0 removed, 0 kept as edited",
        "2028: 23 created, 0 updated, 0 removed, 0 kept as edited",
    ]
    row = Holiday.objects.get(date="2027-08-12")
    row.name_th = "ชื่อตามประกาศ"
    row.save()
    assert run("holidays_import", "2027") == "2027: 0 created, 0 updated, 0 removed, 1 kept as edited\n"
