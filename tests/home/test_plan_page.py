"""The public page of the annual plan: approved plans only, of this agency only."""

import pytest
from bs4 import BeautifulSoup
from django.utils.translation import gettext as _

from pr_workflow.people.roles import Role
from pr_workflow.plan.cancelling import activity_cancel
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.stages import ChannelKind
from tests.factories.office import MORNING, make_administrator
from tests.factories.site import make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def soup(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_the_plan_shows_its_activities_by_quarter(health, reader):
    make_plan(health, activities=3)  # October, December, February
    page = soup(reader.get("/plan/2570/"))
    quarters = [section.h2.get_text(" ", strip=True) for section in page.select(".quarter")]
    assert quarters == [
        _("Quarter %(number)s") % {"number": 1} + " 1 ตุลาคม – 31 ธันวาคม 2569",
        _("Quarter %(number)s") % {"number": 2} + " 1 มกราคม – 31 มีนาคม 2570",
    ]
    rows = page.select("tbody tr")
    assert [row.select_one(".code").get_text() for row in rows] == ["A-01", "A-02", "A-03"]
    text = rows[0].get_text(" ", strip=True)
    for part in ("5–9 ต.ค. 2569", str(ChannelKind.WEBSITE.label), "ผู้เข้าร่วม (คน) 80", "5,000", "งานสื่อสารองค์กร"):
        assert part in text
    numbers = page.select_one(".numbers").get_text(" ", strip=True)
    assert "15,000" in numbers
    assert "1 ตุลาคม 2569 – 30 กันยายน 2570" in numbers


def test_the_plan_names_offices_and_no_person(health, reader):
    make_plan(health)
    text = soup(reader.get("/plan/2570/")).get_text()
    assert health.profile(Role.WRITER).position in text
    assert health.profile(Role.WRITER).display_name not in text


def test_a_draft_plan_does_not_exist_for_readers(health, reader):
    plan = make_plan(health, live=False)
    assert reader.get("/plan/2570/").status_code == 404
    AnnualPlan.objects.filter(pk=plan.pk).update(live=True)
    assert reader.get("/plan/2570/").status_code == 200


def test_an_amendment_in_preparation_is_not_shown(health, reader):
    plan = make_plan(health)
    plan.title = "แผนฉบับแก้ไขที่ยังไม่อนุมัติ"
    plan.activities.add(type(plan.activities.first())(code="X-99", title="ลับ", start="2026-10-01", end="2026-10-02"))
    plan.save_revision()
    text = soup(reader.get("/plan/2570/")).get_text()
    assert "X-99" not in text
    assert "ยังไม่อนุมัติ" not in text


def test_another_agencys_plan_is_not_reachable(health, education, reader):
    make_plan(education, title="แผนของเขตพื้นที่")
    assert reader.get("/plan/2570/").status_code == 404
    make_plan(health, title="แผนของกพร.")
    assert "แผนของเขตพื้นที่" not in soup(reader.get("/plan/2570/")).get_text()


@pytest.mark.parametrize("year", ["2571", "0", "99999", "9" * 40])
def test_a_year_without_a_plan_is_not_found(health, reader, year):
    make_plan(health)
    assert reader.get(f"/plan/{year}/").status_code == 404


def test_other_approved_years_are_offered(health, reader):
    for year, approved in ((2570, True), (2569, True), (2568, False)):
        make_plan(health, year=year, live=approved)
    links = {link["href"] for link in soup(reader.get("/plan/2570/")).select("main a[href^='/plan/']")}
    assert links == {"/plan/2569/"}


def test_only_reading_is_allowed(health, reader):
    make_plan(health)
    assert reader.post("/plan/2570/").status_code == 405


def test_a_cancelled_activity_is_marked_without_the_reason_of_the_office(health, reader):
    plan = make_plan(health)
    line = plan.activities.select_related("plan__agency").get(code="A-01")
    PlanActivity.objects.filter(pk=line.pk).update(mission="ส่งเสริมสุขภาพ")
    activity_cancel(
        actor=make_administrator(),
        activity=line,
        reason="งบประมาณถูกโอนไปงานอื่น",
        public_note="จัดร่วมกับจังหวัดแทน",
        now=MORNING,
    )
    page = soup(reader.get("/plan/2570/"))
    (marked,) = page.select(".under--cancelled")
    assert marked.get_text(" ", strip=True).endswith("16 พฤศจิกายน 2569 : จัดร่วมกับจังหวัดแทน")
    assert marked.find_parent("tr").select_one(".code").get_text() == "A-01"
    assert "ส่งเสริมสุขภาพ" in page.get_text()
    assert "ถูกโอน" not in page.get_text()
    assert "15,000" in page.select_one(".numbers").get_text(), "the plan stays as it was approved"
