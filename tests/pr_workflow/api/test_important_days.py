"""Important days: a period, the national days and one's own, never another agency's."""

from datetime import date

import pytest
import time_machine

from pr_workflow.festival_calendar.models import ImportantDay, ImportantDayOccurrence
from tests.factories.office import make_office
from tests.factories.published import Reader

pytestmark = pytest.mark.django_db

YEAR = {"date_from": "2026-10-01", "date_to": "2027-09-30"}


def make_day(name: str, *dates: date, agency=None, status="confirmed", **fields) -> ImportantDay:
    fields.setdefault("rule", "announced")
    day = ImportantDay.objects.create(name_th=name, agency=agency, **fields)
    for each in dates:
        ImportantDayOccurrence.objects.create(important_day=day, date=each, status=status)
    return day


def names(reader, **params) -> list[str]:
    answer = reader.get("important-days", params)
    assert answer.status_code == 200, answer.content.decode()
    return [item["name_th"] for item in answer.json()["items"]]


def test_national_days_and_ones_own_in_order_of_date(office):
    other = make_office("spp")
    make_day("วันของหน่วยงานอื่น", date(2026, 11, 1), agency=other.agency)
    make_day("วันสถาปนา", date(2027, 1, 5), agency=office.agency)
    make_day("วันล้างมือโลก", date(2026, 10, 15))
    reader = Reader(office)
    assert names(reader, **YEAR) == ["วันล้างมือโลก", "วันสถาปนา"]
    assert names(Reader(other), **YEAR) == ["วันล้างมือโลก", "วันของหน่วยงานอื่น"]
    items = reader.get("important-days", YEAR).json()["items"]
    assert [item["national"] for item in items] == [True, False]
    assert items[0]["date"] == "2026-10-15"


def test_cancelled_and_retired_days_are_left_out_and_open_ones_are_marked(office):
    make_day("ไม่จัดปีนี้", date(2026, 10, 2), status="cancelled")
    make_day("เลิกใช้แล้ว", date(2026, 10, 3), active=False)
    make_day("รอยืนยัน", date(2026, 10, 4), status="to_confirm", audience=["students", "unknown key"])
    answer = Reader(office).get("important-days", YEAR).json()
    (item,) = answer["items"]
    assert (item["name_th"], item["status"], item["audience"]) == ("รอยืนยัน", "to_confirm", ["students"])
    assert (answer["date_from"], answer["date_to"]) == ("2026-10-01", "2027-09-30")


def test_the_period_includes_both_ends(office):
    make_day("สงกรานต์", date(2027, 4, 12), date(2027, 4, 13), date(2027, 4, 14), date(2027, 4, 15))
    assert names(Reader(office), date_from="2027-04-13", date_to="2027-04-14") == ["สงกรานต์"] * 2


def test_a_kind_can_be_asked_for(office):
    make_day("มาฆบูชา", date(2027, 2, 21), kind="buddhist")
    make_day("วันเด็ก", date(2027, 1, 9), kind="national_observance")
    assert names(Reader(office), kind="buddhist", **YEAR) == ["มาฆบูชา"]


def test_without_a_period_it_is_the_year_from_today_in_bangkok(office):
    make_day("เมื่อวาน", date(2026, 11, 16))
    make_day("วันนี้", date(2026, 11, 17))
    with time_machine.travel("2026-11-16T18:00:00Z", tick=False):  # 01:00 of the 17th in Bangkok
        assert names(Reader(office)) == ["วันนี้"]


def test_a_period_is_at_most_two_years(office):
    answer = Reader(office).get("important-days", {"date_from": "2026-01-01", "date_to": "2028-12-31"})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "date_to")


def test_the_cost_does_not_grow_with_the_days(office, django_assert_max_num_queries):
    for number in range(1, 29):
        make_day(f"วัน {number}", date(2027, 2, number))
    reader = Reader(office)
    with django_assert_max_num_queries(4):
        assert len(names(reader, **YEAR)) == 28
