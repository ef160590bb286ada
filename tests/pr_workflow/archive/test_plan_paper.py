"""The annual plan on paper: the version in force with its signatures, and the draft that says it is one."""

import re
from datetime import date, timedelta

import pytest
from django.utils import translation

from pr_workflow import paper
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.services import news_submit
from pr_workflow.archive.plan_paper import plan_html
from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.people.models import Delegation, Unit
from pr_workflow.people.roles import Role
from pr_workflow.plan.cancelling import activity_cancel, activity_resume
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.templatetags.pr_archive import whole_numbers
from tests.factories.office import MORNING, add_person, make_administrator, make_office, read_and_approve
from tests.pdf_text import objects_of, pdf_text

pytestmark = [pytest.mark.django_db, pytest.mark.once]
YEAR = {"fiscal_year_be": 2570, "title": "แผนประชาสัมพันธ์ประจำปี", "live": False}


@pytest.fixture
def office():
    return make_office()


def make_plan(office, lines: int = 2) -> AnnualPlan:
    day = ImportantDay.objects.create(name_th="วันล้างมือโลก", rule="fixed:10-15", agency=office.agency)
    plan = AnnualPlan(agency=office.agency, doc_number="สธ 0901/55", doc_date=date(2026, 10, 1), **YEAR)
    plan.activities = [
        PlanActivity(
            code=f"A{number}",
            title=f"กิจกรรมที่ {number}",
            start=date(2026, 12, 1),
            end=date(2026, 12, 5),
            origin="festival" if number % 2 else "mission",
            important_day=day if number % 2 else None,
            responsible_officer=office.profile(Role.WRITER),
            target_groups=["students"],
            budget_baht=1000,
        )
        for number in range(lines)
    ]
    plan.save()
    plan.save_revision(user=office.writer)
    return AnnualPlan.objects.get(pk=plan.pk)


def approve(office, plan, by=None) -> AnnualPlan:
    state = news_submit(actor=office.writer, page=plan, now=MORNING).current_task_state
    read_and_approve(actor=by or office.person(Role.DIRECTOR), task_state=state, now=MORNING)
    return AnnualPlan.objects.get(pk=plan.pk)


def address(plan, name: str = "plan") -> str:
    return f"/admin/pr/plans/{plan.pk}/{name}.pdf"


def html(office, plan, *, is_draft: bool = False) -> str:
    return plan_html(plan, is_draft=is_draft, address="http://x", reader=office.writer, now=MORNING)


def squeezed(text: str) -> str:
    return "".join(text.split())


def words(answer) -> str:
    return squeezed(paper.whole_sara_am(pdf_text(answer.content)))


def test_the_plan_in_force_is_printed_with_its_signature(office, client):
    plan = approve(office, make_plan(office))
    client.force_login(office.writer)
    answer = client.get(address(plan))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = words(answer)
    director = office.profile(Role.DIRECTOR)
    for wanted in (plan.title, office.agency.name, "สธ 0901/55", "1 ตุลาคม 2569", "วันล้างมือโลก", director.display_name):
        assert squeezed(wanted) in text
    assert "1–5ธ.ค.2569" in text
    assert "2,000" in text
    assert "ร่าง" not in text


def test_the_pages_lie_on_their_side_with_numbers_and_repeated_headings(office, client):
    plan = approve(office, make_plan(office, lines=60))
    client.force_login(office.writer)
    answer = client.get(address(plan))
    boxes = [body for body in objects_of(answer.content).values() if b"/Type /Page" in body and b"/MediaBox" in body]
    assert len(boxes) > 2
    for body in boxes:
        width, height = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", body).groups()
        assert (round(float(width)), round(float(height))) == (842, 595)
    text = words(answer)
    for number in range(1, len(boxes) + 1):
        assert f"{number}/{len(boxes)}" in text
    with translation.override("th"):
        heading = squeezed(translation.gettext("Responsible"))
    assert text.count(heading) >= len(boxes)  # on each page, whichever table it belongs to


def test_the_capacity_of_an_acting_director_is_printed(office):
    acting = add_person(office, Role.HEAD_OF_SECTION, name="acting")
    Delegation.objects.create(
        agency=office.agency,
        delegator=office.profile(Role.DIRECTOR),
        delegate=acting.staff_profile,
        role=Role.DIRECTOR,
        starts_on=MORNING.date(),
        ends_on=MORNING.date(),
        order_number="12/2570",
        granted_at=MORNING,
    )
    plan = approve(office, make_plan(office), by=acting)
    seal = ApprovalSeal.objects.get()
    assert seal.capacity
    page = html(office, plan)
    assert acting.staff_profile.display_name in page
    assert whole_numbers(seal.capacity) in page


def test_only_the_version_in_force_is_printed_and_a_draft_says_so(office, client):
    plan = approve(office, make_plan(office))
    amended = plan.get_latest_revision_as_object()
    amended.title = "แผนฉบับแก้ไข"
    amended.save_revision(user=office.writer)
    plan.refresh_from_db()
    client.force_login(office.writer)
    in_force, draft = words(client.get(address(plan))), words(client.get(address(plan, "draft")))
    assert "แผนฉบับแก้ไข" not in in_force
    assert "แผนฉบับแก้ไข" in draft
    assert "draft-mark" in html(office, plan, is_draft=True)
    assert "draft-mark" not in html(office, plan)
    director = squeezed(office.profile(Role.DIRECTOR).display_name)
    assert director in in_force
    assert director not in draft  # nobody has signed it


def test_a_plan_that_is_not_approved_has_no_paper_but_its_draft(office, client):
    plan = make_plan(office)
    client.force_login(office.writer)
    assert client.get(address(plan)).status_code == 404
    assert client.get(address(plan, "draft")).status_code == 200


def test_the_digits_are_those_of_the_agency(office):
    plan = approve(office, make_plan(office))
    office.agency.thai_digits = True
    office.agency.save()
    plan.refresh_from_db()
    page = html(office, plan)
    for wanted in ("๒๕๗๐", "๑–๕ ธ.ค. ๒๕๖๙", "๒,๐๐๐", "สธ ๐๙๐๑/๕๕", 'class="digits-thai"'):
        assert wanted in page
    assert "2569" not in page.split('class="foot"', 1)[1].split("</footer>", 1)[1]


def test_the_editor_offers_the_papers_that_exist(office, client):
    plan = make_plan(office)
    edit = f"/admin/pr/plan/edit/{plan.pk}/"
    client.force_login(office.writer)
    page = client.get(edit).content.decode()
    assert (address(plan) in page, address(plan, "draft") in page) == (False, True)
    plan = approve(office, plan)
    client.force_login(office.person(Role.DIRECTOR))
    page = client.get(f"/admin/pr/plan/inspect/{plan.pk}/").content.decode()
    assert (address(plan) in page, address(plan, "draft") in page) == (True, False)


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_plans_prints_them(office, client, role):
    plan = approve(office, make_plan(office))
    client.force_login(office.person(role))
    expected = 403 if role == Role.NETWORK_MEMBER else 200
    assert client.get(address(plan)).status_code == expected


def test_another_agency_s_plan_does_not_exist(office, client):
    other = make_office("spp")
    foreign = approve(other, make_plan(other))
    client.force_login(office.writer)
    for name in ("plan", "draft"):
        assert client.get(address(foreign, name)).status_code == 404
    client.force_login(make_administrator())
    assert client.get(address(foreign)).status_code == 200


def test_mission_and_unit_of_an_activity_are_printed(office, client):
    plan = make_plan(office)
    unit = Unit.objects.create(agency=office.agency, name="โรงเรียนบ้านดอน")
    version = plan.get_latest_revision_as_object()
    for line in version.activities.all():
        line.mission, line.unit = "ส่งเสริมสุขภาพวัยเรียน", unit
    version.save_revision(user=office.writer)
    plan = approve(office, AnnualPlan.objects.get(pk=plan.pk))
    client.force_login(office.writer)
    text = words(client.get(address(plan)))
    assert text.count(squeezed("พันธกิจ: ส่งเสริมสุขภาพวัยเรียน")) == 2
    assert text.count(squeezed(unit.name)) == 2


def test_what_was_given_up_is_marked_as_on_the_public_plan_and_the_figures_stay(office, client):
    plan = approve(office, make_plan(office, lines=3))
    first, second, third = plan.activities.all()
    act = {"actor": office.writer, "reason": "ผู้รับจ้างทิ้งงาน", "now": MORNING + timedelta(days=2)}
    activity_cancel(activity=first, public_note="เลื่อนไปปีหน้า", **act)
    activity_cancel(activity=second, is_public=False, **act)
    activity_cancel(activity=third, **act)
    activity_resume(activity=third, **act)
    client.force_login(office.writer)
    text = words(client.get(address(plan)))
    assert squeezed("ยกเลิก 18 พ.ย. 2569: เลื่อนไปปีหน้า") in text
    assert "ผู้รับจ้างทิ้งงาน" not in text, "the reason stays in the office"
    assert "3,000" in text, "the sums are those that were approved"
    page = html(office, plan)
    assert page.count('class="plan__cancelled"') == page.count('class="plan__remark"') == 1
    office.agency.thai_digits = True
    office.agency.save()
    plan.refresh_from_db()
    assert "๑๘ พ.ย. ๒๕๖๙" in html(office, plan)


def test_a_plan_without_cancelled_activities_says_nothing_of_them(office):
    page = html(office, approve(office, make_plan(office)))
    assert "plan__cancelled" not in page
    assert "plan__remark" not in page
