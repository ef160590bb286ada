"""Annual plans: only what is approved, only one's own agency, no names."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.plan.cancelling import activity_cancel, activity_resume
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from tests.factories.office import MORNING, make_office
from tests.factories.plans import out_of_force, plan_row
from tests.factories.published import Reader, officer

pytestmark = pytest.mark.django_db


def make_plan(office, year=2570, *, live=True, **fields) -> AnnualPlan:
    plan = plan_row(
        office.agency,
        fiscal_year_be=year,
        title=f"แผนปี {year}",
        objective="ให้ประชาชนเข้าถึงข่าวสาร",
        doc_date=date(year - 544, 9, 20),
        live=live,
        last_published_at=timezone.now() if live else None,
    )
    first = date(year - 544, 11, 1)
    defaults = {
        "code": f"A-{year}",
        "title": "วันล้างมือโลก",
        "start": first,
        "end": first,
        "target_groups": ["staff", "no longer a group"],
        "channels": ["website"],
        "budget_baht": Decimal("15000"),
        "target_value": Decimal("3"),
        "responsible_officer": officer(office.agency, name=f"นางลับ {year}"),
    }
    PlanActivity.objects.create(plan=plan, **{**defaults, **fields})
    return plan


def test_approved_plans_come_with_their_activities_newest_first(office):
    day = ImportantDay.objects.create(name_th="วันล้างมือโลก", rule="fixed:10-15")
    make_plan(office, 2569)
    make_plan(office, 2570, important_day=day)
    newest, older = Reader(office).get("plans").json()["items"]
    assert (newest["fiscal_year_be"], older["fiscal_year_be"]) == (2570, 2569)
    assert (newest["first_day"], newest["last_day"]) == ("2026-10-01", "2027-09-30")
    assert newest["agency"]["code"] == "kpr"
    (activity,) = newest["activities"]
    assert activity["important_day"] == {"key": day.key, "name": "วันล้างมือโลก"}
    assert activity["budget_baht"] == "15000.00"
    assert activity["target_value"] == "3.00"
    assert activity["target_groups"] == ["staff"]
    assert activity["responsible"] == {"position": "นักประชาสัมพันธ์", "unit": "งานลับ"}


def test_no_person_is_named(office):
    make_plan(office)
    text = Reader(office).get("plans").content.decode()
    assert "นางลับ" not in text


def test_a_draft_plan_and_a_draft_amendment_stay_unknown(office):
    make_plan(office, 2571, live=False, code="DRAFT-71")
    plan = make_plan(office, 2570)
    plan.title = "แผนที่ยังไม่อนุมัติ"
    activity = plan.activities.get()
    activity.title = "กิจกรรมที่ยังไม่อนุมัติ"
    plan.activities.add(activity)
    plan.save_revision()
    reader = Reader(office)
    answers = [reader.get("plans"), reader.get("plans/2570"), reader.get("plans", {"fiscal_year": 2570})]
    for answer in answers:
        assert answer.status_code == 200
        assert "ไม่อนุมัติ" not in answer.content.decode()
        assert "DRAFT-71" not in answer.content.decode()
    assert reader.get("plans/2571").status_code == 404
    assert reader.get("plans", {"fiscal_year": 2571}).json()["items"] == []


def test_a_withdrawn_plan_is_gone_at_once(office):
    plan = make_plan(office)
    assert Reader(office).get("plans/2570").status_code == 200
    out_of_force(plan)
    assert Reader(office).get("plans/2570").status_code == 404


def test_one_agency_never_shows_the_plan_of_another(office):
    other = make_office("spp")
    make_plan(other)
    reader = Reader(office)
    assert reader.get("plans").json()["items"] == []
    assert reader.get("plans/2570").status_code == 404
    assert Reader(other).get("plans/2570").status_code == 200


def test_the_cost_does_not_grow_with_the_plans(office, django_assert_max_num_queries):
    for year in range(2560, 2571):
        make_plan(office, year)
    with django_assert_max_num_queries(6):
        assert len(Reader(office).get("plans").json()["items"]) == 11


def test_an_unchanged_plan_costs_a_304(office):
    make_plan(office)
    reader = Reader(office)
    tag = reader.get("plans/2570")["ETag"]
    assert reader.get("plans/2570", **{"if-none-match": tag}).status_code == 304


def test_a_cancelled_activity_stays_and_says_so_without_the_reason_of_the_office(office):
    plan = make_plan(office, mission="ส่งเสริมสุขภาพ")
    line = plan.activities.get()
    line.unit = line.responsible_officer.unit
    line.save()
    act = {"actor": office.writer, "activity": line}
    reader = Reader(office)
    assert reader.get("plans/2570").json()["activities"][0]["cancelled"] is None
    activity_cancel(**act, reason="ผู้รับจ้างทิ้งงาน อยู่ระหว่างดำเนินคดี", public_note="เลื่อนไปปีหน้า", now=MORNING)
    answer = reader.get("plans/2570")
    (shown,) = answer.json()["activities"]
    assert shown["cancelled"] == {"since": "2026-11-16", "note": "เลื่อนไปปีหน้า"}
    assert (shown["mission"], shown["unit"]) == ("ส่งเสริมสุขภาพ", "งานลับ")
    assert "ทิ้งงาน" not in answer.content.decode()
    activity_resume(**act, reason="หาผู้รับจ้างรายใหม่ได้แล้ว", now=MORNING)
    assert reader.get("plans/2570").json()["activities"][0]["cancelled"] is None
    activity_cancel(**act, reason="ผู้รับจ้างรายใหม่ทิ้งงานอีก", is_public=False, public_note="ไม่แสดง", now=MORNING)
    answer = reader.get("plans/2570")
    assert answer.json()["activities"][0]["cancelled"] is None
    assert "ไม่แสดง" not in answer.content.decode()
