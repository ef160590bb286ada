"""Whom the plan reaches in which month: the tables, the sentences, and where they are shown (R19, R21, R23)."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from pr_workflow.approval.services import news_submit
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import Agency, Unit
from pr_workflow.people.roles import Role
from pr_workflow.plan.coverage import by_mission, by_target_group, by_unit, months_of, months_touched
from pr_workflow.plan.gaps import gaps_of, months_in_words
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.stages import TargetGroup
from pr_workflow.thai_time import fiscal_year_bounds
from tests.factories.office import make_administrator, make_office
from tests.factories.plans import plan_row
from tests.pr_workflow.plan.test_plan_views import activity_form, plan_form

URLS = "wagtailsnippets_pr_workflow_annualplan"
FIRST, LAST = fiscal_year_bounds(2570)
EVERY_GROUP = list(TargetGroup.values)

days = st.dates(FIRST - timedelta(days=400), LAST + timedelta(days=400))
lines = st.builds(
    PlanActivity,
    code=st.text("ABC123", min_size=1, max_size=4),
    start=st.none() | days,
    end=st.none() | days,
    origin=st.sampled_from(PlanActivity.Origin.values),
    mission=st.sampled_from(["", "ส่งเสริมสุขภาพ", " ส่งเสริม สุขภาพ", "คุ้มครองผู้บริโภค", "  "]),
    target_groups=st.lists(st.sampled_from([*EVERY_GROUP, "martians"]), max_size=9),
)


def days_of(line: PlanActivity) -> list[date]:
    """Every day of an activity, by counting; none of a line whose dates are missing or the wrong way round."""
    if not line.start or not line.end:
        return []
    return [line.start + timedelta(days=number) for number in range((line.end - line.start).days + 1)]


@given(st.lists(lines, max_size=8))
def test_every_month_of_an_activity_counts_once_in_each_of_its_groups(plan):
    matrix = by_target_group(plan, 2570)
    assert [row.key for row in matrix.rows] == EVERY_GROUP
    for row in matrix.rows:
        mine = [line for line in plan if row.key in line.target_groups]
        for month, found in zip(matrix.months, row.cells, strict=True):
            expected = [
                line for line in mine if (month.year, month.month) in {(d.year, d.month) for d in days_of(line)}
            ]
            assert [id(line) for line in found] == [id(line) for line in expected]
        assert [id(line) for line in row.activities] == [id(line) for line in mine]


@given(st.lists(lines, max_size=8))
def test_each_activity_has_one_mission_and_the_sums_are_those_of_all_rows(plan):
    matrix = by_mission(plan, 2570)
    assert sum(len(row.activities) for row in matrix.rows) == len(plan) == matrix.total
    assert len({row.key for row in matrix.rows}) == len(matrix.rows)
    for place, number in enumerate(matrix.sums):
        assert sum(len(row.cells[place]) for row in matrix.rows) == number


@given(lines)
def test_the_months_lie_in_the_year(line):
    touched = months_touched(line, 2570)
    inside = {(day.year, day.month) for day in days_of(line) if FIRST <= day <= LAST}
    assert {(months_of(2570)[place].year, months_of(2570)[place].month) for place in touched} == inside


def line(code: str = "A1", start: date = FIRST, end: date = LAST, **fields) -> PlanActivity:
    return PlanActivity(code=code, title=code, start=start, end=end, **{"target_groups": EVERY_GROUP, **fields})


def test_a_plan_that_reaches_everybody_all_year_has_no_gaps():
    assert gaps_of([line()], 2570, []) == []


def test_gaps_are_whole_sentences_that_name_group_and_months():
    plan = [
        line("A1", end=date(2026, 12, 31), target_groups=["public", "staff"]),
        line("A2", start=date(2027, 3, 1), target_groups=["public"]),
        line("A3", start=date(2027, 1, 5), end=date(2027, 2, 1), target_groups=[]),
    ]
    never, staff, public, groupless = gaps_of(plan, 2570, [])
    assert all(str(TargetGroup(key).label) in never for key in EVERY_GROUP if key not in ("public", "staff"))
    assert str(TargetGroup.STAFF.label) in staff
    assert "ม.ค. 2570 – ก.ย. 2570" in staff
    assert "ม.ค. 2570 – ก.พ. 2570" in public
    assert "A3" in groupless
    assert len(gaps_of([], 2570, [])) == 1


def test_runs_of_months_are_drawn_together():
    months = months_of(2570)
    assert months_in_words([months[0], months[2], months[3], months[4], months[11]]) == (
        "ต.ค. 2569, ธ.ค. 2569 – ก.พ. 2570, ก.ย. 2570"
    )


def test_schools_without_an_activity_of_their_own_are_named():
    schools = [Unit(pk=number, name=f"โรงเรียน {number}", is_school=True) for number in (1, 2)]
    units = [*schools, Unit(pk=3, name="งานอื่น")]
    plan = [line(unit=schools[0]), line("A2")]
    (said,) = gaps_of(plan, 2570, units)
    assert "โรงเรียน 2" in said
    assert "โรงเรียน 1" not in said
    assert [row.key for row in by_unit(plan, 2570, units).rows] == ["1", "2", ""]


def test_groups_the_agency_does_not_serve_are_no_gap_and_a_contradiction_is_said():
    served = [key for key in EVERY_GROUP if key not in ("students", "parents")]
    assert gaps_of([line(target_groups=served)], 2570, [], ["students", "parents"]) == []
    (said,) = gaps_of([line(), line("A2", target_groups=served)], 2570, [], ["students", "parents"])
    assert "A1" in said
    assert "A2" not in said
    assert all(str(TargetGroup(key).label) in said for key in ("students", "parents"))
    assert str(TargetGroup.PRESS.label) not in said
    keys = [row.key for row in by_target_group([line()], 2570, ["students", "parents"]).rows]
    assert keys == served


# -- the screens


@pytest.fixture
def plan(office) -> AnnualPlan:
    plan = AnnualPlan(agency=office.agency, fiscal_year_be=2570, title="แผน 2570", live=False)
    plan.activities = [
        line("KPR-1", end=date(2026, 10, 20), target_groups=["public"], mission="ส่งเสริมสุขภาพ"),
        line("KPR-2", target_groups=["staff"], responsible_officer=office.profile(Role.WRITER)),
    ]
    plan.save()
    plan.save_revision(user=office.writer)
    return plan


def coverage(client, plan, **query):
    return client.get(reverse(f"{URLS}:coverage", args=[plan.pk]), query)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.WRITER, Role.HEAD_OF_WORK, Role.DIRECTOR, Role.IT_OFFICER, Role.EVALUATOR])
def test_all_who_read_the_plan_see_what_it_covers(client, office, plan, role):
    client.force_login(office.person(role))
    answer = coverage(client, plan)
    screen = answer.content.decode()
    assert answer.status_code == 200
    tables = re.findall(r'<table class="pr-table pr-matrix">\s*<caption', screen)
    assert len(tables) == screen.count('<table class="pr-table pr-matrix"') == 3
    assert 'scope="row"' in screen
    assert 'scope="col"' in screen
    assert "KPR-1" in screen
    assert "ส่งเสริมสุขภาพ" in screen
    assert all(sentence in screen.replace("&quot;", '"') for sentence in answer.context["gaps"])


@pytest.mark.django_db
def test_nobody_else_sees_it(client, office, plan):
    client.force_login(office.person(Role.NETWORK_MEMBER))
    assert coverage(client, plan).status_code in (302, 403)
    client.force_login(make_office("spp").writer)
    assert coverage(client, plan).status_code == 404
    client.force_login(office.writer)
    assert client.get(reverse(f"{URLS}:coverage", args=[10**6])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["abc", "-1", "ก" * 500, "2570"])
def test_a_version_nobody_knows_is_said_and_the_latest_is_shown(client, office, plan, version):
    client.force_login(office.writer)
    answer = coverage(client, plan, version=version)
    assert answer.status_code == 200
    (said,) = answer.context["messages"]
    assert str(said) in answer.content.decode()
    assert answer.context["version"] == "latest"
    assert coverage(client, plan, version="in_force").context["version"] == "latest"


@pytest.mark.django_db
def test_draft_and_plan_in_force_are_told_apart(client, office):
    plan = plan_row(office.agency)
    draft = plan.get_latest_revision_as_object()
    draft.activities = [line("NEU")]
    draft.save_revision(user=office.writer)
    client.force_login(office.writer)
    assert "NEU" in coverage(client, plan).content.decode()
    in_force = coverage(client, plan, version="in_force")
    assert in_force.context["version"] == "in_force"
    assert "NEU" not in in_force.content.decode()


@pytest.mark.django_db
def test_the_questions_do_not_grow_with_the_plan(client, office):
    def questions(number: int, year: int) -> int:
        plan = plan_row(office.agency, live=False, fiscal_year_be=year)
        first = fiscal_year_bounds(year)[0]
        officer, unit = office.profile(Role.WRITER), Unit.objects.create(agency=office.agency, name=f"ร.ร. {year}")
        plan.activities = [
            line(f"{count}", first, first, responsible_officer=officer, unit=unit) for count in range(number)
        ]
        plan.save_revision(user=office.writer)
        coverage(client, plan)
        with CaptureQueriesContext(connection) as asked:
            assert coverage(client, plan).status_code == 200
        return len(asked)

    client.force_login(office.writer)
    assert questions(10, 2570) == questions(300, 2571) < 60


@pytest.mark.django_db
def test_the_writer_reads_the_gaps_in_the_editor_and_after_submitting(client, office, plan):
    client.force_login(office.writer)
    editor = client.get(reverse(f"{URLS}:edit", args=[plan.pk])).content.decode()
    assert str(TargetGroup.PRESS.label) in editor
    assert reverse(f"{URLS}:coverage", args=[plan.pk]) in editor
    first, second = plan.activities.all()
    lines = [activity_form(0, id=str(first.pk)), activity_form(1, id=str(second.pk))]
    form = plan_form(*lines, **{"activities-INITIAL_FORMS": "2", "action-submit": "1"})
    answer = client.post(reverse(f"{URLS}:edit", args=[plan.pk]), form, follow=True)
    said = " ".join(str(message) for message in answer.context["messages"])
    assert str(TargetGroup.PRESS.label) in said
    assert AnnualPlan.objects.get().current_workflow_state is not None, "a warning, never a block"


@pytest.mark.django_db
def test_the_director_reads_the_same_and_can_approve(client, office, plan):
    news_submit(actor=office.writer, page=plan)
    client.force_login(office.person(Role.DIRECTOR))
    review = client.get(reverse("pr_admin:review", args=[AnnualPlan.objects.get().current_workflow_task_state.pk]))
    sheet = review.context["sheet"]
    assert any(str(TargetGroup.PRESS.label) in sentence for sentence in sheet.advice)
    assert any(office.profile(Role.WRITER).display_name in sentence for sentence in sheet.advice), "IT skill"
    assert all(sentence in review.content.decode() for sentence in sheet.advice)
    assert sheet.may_approve


def set_unserved(client, agency, groups: list[str]):
    """The administrator ticks groups in the register of agencies, with all else as it was."""
    client.force_login(make_administrator())
    address = reverse("pr_agencies:edit", args=[agency.pk])
    form = client.get(address).context["form"]
    data = {name: "" if value is None else value for name, value in form.initial.items() if value is not False}
    return client.post(address, {**data, "unserved_groups": groups})


@pytest.mark.django_db
def test_the_setting_of_the_agency_counts_on_every_screen_and_is_logged(client, office, plan):
    unserved = [key for key in EVERY_GROUP if key not in ("public", "staff")]
    label = str(TargetGroup.PRESS.label)
    assert set_unserved(client, office.agency, unserved).status_code == 302
    assert Agency.objects.get(pk=office.agency.pk).unserved_groups == unserved
    assert AuditEntry.objects.get(verb="agency_save").data == {
        "changed": ["unserved_groups"],
        "values": {"unserved_groups": {"old": [], "new": unserved}},
    }
    plan = AnnualPlan.objects.get()
    client.force_login(office.writer)
    answer = coverage(client, plan)
    assert label in answer.content.decode(), "the page says who is left out"
    assert answer.context["unserved"] == [str(TargetGroup(key).label) for key in unserved]
    assert [row.key for row in answer.context["tables"][0][2].rows] == ["staff", "public"]
    assert not any(label in gap for gap in answer.context["gaps"])
    gaps = client.get(reverse(f"{URLS}:edit", args=[plan.pk])).content.decode()
    gaps = gaps.split('class="help-block help-warning pr-gaps"')[1].split("</div>")[0]
    assert str(TargetGroup.PUBLIC.label) in gaps
    assert label not in gaps
    news_submit(actor=office.writer, page=plan)
    client.force_login(office.person(Role.DIRECTOR))
    review = client.get(reverse("pr_admin:review", args=[AnnualPlan.objects.get().current_workflow_task_state.pk]))
    assert not any(label in sentence for sentence in review.context["sheet"].advice)


@pytest.mark.django_db
@pytest.mark.parametrize("groups", [EVERY_GROUP, ["martians"]])
def test_a_setting_that_leaves_nobody_or_names_no_group_is_refused_at_its_field(client, office, groups):
    answer = set_unserved(client, office.agency, groups)
    assert answer.status_code in (200, 422)
    assert list(answer.context["form"].errors) == ["unserved_groups"]
    assert Agency.objects.get(pk=office.agency.pk).unserved_groups == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.WRITER, Role.DIRECTOR])
def test_only_who_keeps_the_agency_changes_the_setting(client, office, role):
    client.force_login(office.person(role))
    answer = client.post(reverse("pr_agencies:edit", args=[office.agency.pk]), {"unserved_groups": ["press"]})
    assert answer.status_code == 403
    assert Agency.objects.get(pk=office.agency.pk).unserved_groups == []
