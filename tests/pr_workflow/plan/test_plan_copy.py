"""Copying a plan to the next year through the admin's own screen."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pr_workflow.audit.models import AuditEntry
from pr_workflow.festival_calendar.models import Holiday, ImportantDay, ImportantDayOccurrence
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.plan.cancelling import activity_cancel
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.plan.next_year import code_raised, year_raised
from tests.factories.office import MORNING, add_person, make_administrator, make_office
from tests.factories.plans import in_force
from tests.pr_workflow.plan.test_plan_import import URLS, make_plan

pytestmark = pytest.mark.django_db
Status = ImportantDayOccurrence.Status


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def writer(client, office):
    client.force_login(office.writer)
    return client


def address(plan, name="next_year") -> str:
    return reverse(f"{URLS}:{name}", args=[plan.pk])


def make_day(office, name: str, rule: str, *dates: date, status=Status.CONFIRMED) -> ImportantDay:
    day = ImportantDay.objects.create(name_th=name, rule=rule, agency=office.agency)
    for slot, found in enumerate(dates):
        ImportantDayOccurrence.objects.create(
            important_day=day, year=found.year, slot=0 if len(dates) < 3 else slot, date=found, status=status
        )
    return day


def with_lines(office, *lines: PlanActivity) -> AnnualPlan:
    plan = make_plan(office)
    latest = plan.get_latest_revision_as_object()
    latest.title, latest.objective = "แผนประชาสัมพันธ์ ปีงบประมาณ ๒๕๗๐", "ให้ข่าวปี 2570"
    latest.doc_number, latest.doc_date = "สธ 1/2569", date(2026, 10, 1)
    latest.activities = lines
    latest.save_revision(user=office.writer)
    return AnnualPlan.objects.get(pk=plan.pk)


def line(code: str, start: date, end: date | None = None, **fields) -> PlanActivity:
    return PlanActivity(code=code, title=f"กิจกรรม {code}", start=start, end=end or start, **fields)


def copied() -> AnnualPlan:
    return AnnualPlan.objects.get(fiscal_year_be=2571).get_latest_revision_as_object()


def test_the_copy_is_a_draft_with_moved_dates(writer, office):
    lunar = make_day(office, "วันวิสาขบูชา", "lunar:visakha_bucha", date(2027, 5, 20))
    ImportantDayOccurrence.objects.create(
        important_day=lunar, year=2028, slot=0, date=date(2028, 5, 8), status=Status.TO_CONFIRM
    )
    plan = with_lines(
        office,
        line("A1", date(2026, 12, 7), target_groups=["public"], budget_baht=500, indicator="ก"),
        line("A2", date(2027, 5, 13), date(2027, 5, 20), important_day=lunar, origin="festival"),
        line("A3", date(2026, 10, 1), date(2027, 9, 30)),
    )
    shown = writer.get(address(plan)).context
    assert [move["code"] for move in shown["moves"]] == ["A1", "A2", "A3"]
    assert shown["looks"] == 1
    assert not AnnualPlan.objects.filter(fiscal_year_be=2571).exists()  # looking writes nothing
    answer = writer.post(address(plan))
    copy = copied()
    assert not AnnualPlan.objects.get(pk=copy.pk).live
    assert copy.title == "แผนประชาสัมพันธ์ ปีงบประมาณ ๒๕๗๑"
    assert copy.objective == "ให้ข่าวปี 2571"
    assert (copy.doc_number, copy.doc_date) == ("", None)
    first, second, third = copy.activities.all()
    assert (first.start, first.target_groups, first.budget_baht, first.indicator) == (
        date(2027, 12, 6),
        ["public"],
        500,
        "ก",
    )
    assert (second.start, second.end, second.important_day) == (date(2028, 5, 1), date(2028, 5, 8), lunar)
    assert (third.start, third.end) == (date(2027, 10, 1), date(2028, 9, 30))
    assert first.uuid not in set(plan.activities.values_list("uuid", flat=True))
    entry = AuditEntry.objects.get(verb="plan_copy_to_next_year")
    assert entry.target_id == str(copy.pk)
    moved = writer.get(answer["Location"]).context
    assert [move["code"] for move in moved["moves"] if move["looks"]] == ["A2"]
    assert "วันวิสาขบูชา" in moved["moves"][1]["looks"][0]


def test_a_confirmed_lunar_day_needs_no_look(writer, office):
    day = make_day(office, "ก", "lunar:visakha_bucha", date(2027, 5, 20), date(2028, 5, 8))
    plan = with_lines(office, line("A1", date(2027, 5, 20), important_day=day))
    assert writer.get(address(plan)).context["looks"] == 0


def test_days_that_were_not_rolled_yet_come_from_their_rule(writer, office):
    fixed = make_day(office, "วันล้างมือโลก", "fixed:10-15")
    announced = make_day(office, "ประกาศ", "announced", date(2027, 3, 3))
    plan = with_lines(
        office,
        line("A1", date(2026, 10, 12), date(2026, 10, 16), important_day=fixed),
        line("A2", date(2027, 3, 3), important_day=announced),
    )
    shown = writer.get(address(plan)).context["moves"]
    assert [len(move["looks"]) for move in shown] == [1, 1]  # 16 October 2570 is a Saturday
    writer.post(address(plan))
    first, second = copied().activities.all()
    assert (first.start, first.end) == (date(2027, 10, 12), date(2027, 10, 16))
    assert second.start == date(2028, 3, 1)  # the Wednesday nearest to 3 March


def test_leavers_and_holidays_are_named(writer, office):
    gone = add_person(office, Role.WRITER, name="gone").staff_profile
    StaffProfile.objects.filter(pk=gone.pk).update(ends_on=date(2026, 1, 1))
    Holiday.objects.create(date=date(2027, 12, 6), name_th="วันหยุดพิเศษ")
    plan = with_lines(office, line("A1", date(2026, 12, 7), responsible_officer=gone))
    (move,) = writer.get(address(plan)).context["moves"]
    assert len(move["looks"]) == 2
    assert gone.display_name in move["looks"][0]
    assert "วันหยุดพิเศษ" in move["looks"][1]
    writer.post(address(plan))
    assert copied().activities.get().responsible_officer is None


def test_a_festival_week_that_lands_on_a_weekend_is_named(writer, office):
    fixed = make_day(office, "วันเบาหวานโลก", "fixed:11-14")
    plan = with_lines(
        office,
        line("A1", date(2026, 11, 9), date(2026, 11, 13), important_day=fixed),  # Monday to Friday
        line("A2", date(2026, 11, 14), important_day=fixed),  # a Saturday, now a Sunday: meant for the day itself
        line("A3", date(2026, 11, 11), date(2026, 11, 12), important_day=fixed),
    )
    shown = writer.get(address(plan)).context["moves"]
    assert [bool(move["looks"]) for move in shown] == [True, False, False]


def test_a_plan_in_force_is_copied_as_it_is_in_force(writer, office):
    plan = make_plan(office)
    in_force(plan)
    latest = plan.get_latest_revision_as_object()
    latest.activities = [line("X", date(2026, 12, 7))]
    latest.save_revision(user=office.writer)
    writer.post(address(plan))
    assert [activity.code for activity in copied().activities.all()] == ["A1"]


def test_a_plan_of_the_next_year_is_never_made_twice(writer, office):
    plan = make_plan(office)
    AnnualPlan.objects.create(agency=office.agency, fiscal_year_be=2571, title="แผนที่มีอยู่แล้ว", live=False)
    shown = writer.get(address(plan))
    assert "แผนที่มีอยู่แล้ว" in shown.content.decode()
    assert shown.context["moves"] == []
    refused = writer.post(address(plan))
    assert refused.status_code == 403
    assert "แผนที่มีอยู่แล้ว" in refused.content.decode()
    assert AnnualPlan.objects.filter(fiscal_year_be=2571).count() == 1
    assert AuditEntry.objects.filter(verb="refused").count() == 1


def test_another_agency_s_next_plan_is_no_obstacle(writer, office):
    make_plan(make_office("spp"))
    AnnualPlan.objects.filter(agency__code="spp").update(fiscal_year_be=2571)
    assert writer.post(address(make_plan(office))).status_code == 302


@pytest.mark.parametrize("role", [role for role in Role if role != Role.WRITER])
def test_only_writers_copy(client, office, role):
    plan = make_plan(office)
    client.force_login(office.person(role))
    assert client.get(address(plan)).status_code == 403
    assert client.get(address(plan, "moved")).status_code == 403
    assert client.post(address(plan)).status_code == 403
    assert AnnualPlan.objects.count() == 1


def test_another_agency_s_plan_does_not_exist(writer):
    foreign = make_plan(make_office("spp"))
    for name in ("next_year", "moved"):
        assert writer.get(address(foreign, name)).status_code == 404
    assert writer.post(address(foreign)).status_code == 404
    assert AnnualPlan.objects.count() == 1


def test_an_administrator_copies_too(client, office):
    client.force_login(make_administrator())
    assert client.post(address(make_plan(office))).status_code == 302


def test_a_plan_that_was_not_copied_says_so(writer, office):
    assert writer.get(address(make_plan(office), "moved")).context["moves"] == []


def test_the_number_of_questions_does_not_grow_with_the_plan(writer, office):
    officer = office.profile(Role.WRITER)

    def questions(lines: int) -> int:
        AnnualPlan.objects.all().delete()
        days = [make_day(office, f"ว {number}", "fixed:12-05") for number in range(lines)]
        plan = make_plan(office)
        plan.activities = [
            line(f"A{number}", date(2026, 12, 5), important_day=day, responsible_officer=officer)
            for number, day in enumerate(days)
        ]
        in_force(plan)
        with CaptureQueriesContext(connection) as asked:
            writer.get(address(plan))
        return len(asked.captured_queries)

    questions(1)
    assert questions(30) <= questions(2)


def test_the_year_in_a_title_is_raised_in_either_digits():
    assert year_raised("แผน ๒๕๗๐ (2570)", 2570) == "แผน ๒๕๗๑ (2571)"
    assert year_raised("งบ 125700 บาท โทร 02570", 2570) == "งบ 125700 บาท โทร 02570"


@pytest.mark.parametrize(
    ("code", "raised"),
    [
        ("KPR70-01", "KPR71-01"),
        ("กพร๗๐/๐๑", "กพร๗๑/๐๑"),
        ("2570-01", "2571-01"),
        ("ก.2570.3", "ก.2571.3"),
        ("70-01", "70-01"),
        ("A1-70", "A1-70"),
        ("KPR170-01", "KPR170-01"),
        ("KPR69-01", "KPR69-01"),
        ("A1", "A1"),
        ("", ""),
    ],
)
def test_the_year_in_a_code_is_the_next_one_and_no_running_number_is(code, raised):
    assert code_raised(code, 2570) == raised


def test_a_cancelled_activity_is_named_and_not_left_out(writer, office):
    plan = make_plan(office)
    in_force(plan)
    row = plan.activities.get()
    activity_cancel(actor=office.writer, activity=row, reason="งดจัดเพราะน้ำท่วม", is_public=False, now=MORNING)
    before = writer.get(address(plan)).context["moves"]
    assert [(move["code"], len(move["looks"])) for move in before] == [("A1", 1)]
    assert "งดจัดเพราะน้ำท่วม" in before[0]["looks"][0]
    writer.post(address(plan))
    assert [activity.code for activity in copied().activities.all()] == ["A1"]


def test_the_copy_has_the_codes_of_its_year(writer, office):
    plan = with_lines(office, line("KPR70-01", date(2026, 12, 7)), line("KPR70-02", date(2026, 12, 8)))
    assert [move["code"] for move in writer.get(address(plan)).context["moves"]] == ["KPR71-01", "KPR71-02"]
    writer.post(address(plan))
    assert [activity.code for activity in copied().activities.all()] == ["KPR71-01", "KPR71-02"]


def test_the_plan_of_the_last_year_there_is_has_no_next_one(writer, office):
    plan = make_plan(office)
    AnnualPlan.objects.filter(pk=plan.pk).update(fiscal_year_be=2700)
    assert "2700" in writer.get(address(plan)).content.decode()
    assert writer.post(address(plan)).status_code == 403
    assert AnnualPlan.objects.count() == 1
