"""What became of the plan: worked out from records, told on one screen and in one workbook (R24)."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from pr_workflow.audit.models import AuditEntry
from pr_workflow.notifications.models import Notice
from pr_workflow.people.models import Unit
from pr_workflow.people.roles import Role
from pr_workflow.plan.cancelling import activity_cancel
from pr_workflow.plan.models import ActivityCancellation, AnnualPlan, PlanActivity
from pr_workflow.plan.services import PlanRefused
from pr_workflow.progress.selectors import plan_progress, unplanned_of
from pr_workflow.progress.standing import Standing
from pr_workflow.publishing.models import TakeDown
from pr_workflow.publishing.take_down import news_take_down
from tests.factories.office import MORNING, live, make_administrator, make_draft, make_office
from tests.factories.plans import in_force, plan_row

pytestmark = pytest.mark.django_db
TODAY = MORNING.date()
#: A reason of another person, to be found again.
WHY = "วิทยากรติดราชการด่วน จัดไม่ได้"


@pytest.fixture(autouse=True)
def in_the_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def plan(office) -> AnnualPlan:
    """Six activities whose periods lie around today."""
    plan = AnnualPlan(agency=office.agency, fiscal_year_be=2570, title="แผน 2570", live=False)
    unit = office.profile(Role.WRITER).unit
    plan.activities = [
        PlanActivity(code="A-1", title="ในกำหนด", start=TODAY, end=TODAY, unit=unit, target_groups=["public"]),
        PlanActivity(code="A-2", title="หลังกำหนด", start=TODAY - timedelta(9), end=TODAY - timedelta(1)),
        PlanActivity(code="A-3", title="กำลังผลิต", start=TODAY, end=TODAY + timedelta(30)),
        PlanActivity(code="A-4", title="ยังไม่เริ่ม", start=date(2027, 5, 1), end=date(2027, 5, 2)),
        PlanActivity(code="A-5", title="พ้นกำหนด", start=TODAY - timedelta(20), end=TODAY - timedelta(10)),
        PlanActivity(
            code="A-6", title="งด", start=TODAY, end=TODAY, responsible_officer=office.profile(Role.HEAD_OF_WORK)
        ),
    ]
    plan.save()
    plan.save_revision(user=office.writer)
    return in_force(plan)


def activity(plan, code: str) -> PlanActivity:
    return plan.activities.select_related("plan__agency").get(code=code)


def standings(plan, today=TODAY) -> dict[str, Standing]:
    return {row.activity.code: row.standing for row in plan_progress(plan, today=today).activities}


@pytest.fixture
def worked_on(office, plan):
    """What happened to the plan until now."""
    live(office, title="ข่าวทันเวลา", plan_activity=activity(plan, "A-1"))
    live(office, title="ข่าวช้า", plan_activity=activity(plan, "A-2"))
    make_draft(office, title="ร่างข่าว", plan_activity=activity(plan, "A-3"))
    live(office, title="ข่าวนอกแผน")
    activity_cancel(actor=office.writer, activity=activity(plan, "A-6"), reason=WHY, now=MORNING)
    return plan


def screen(client, plan, **query):
    return client.get(reverse("pr_admin:plan_progress", args=[plan.pk]), query)


def cancel(client, activity, **data):
    return client.post(reverse("pr_admin:activity_cancel", args=[activity.pk]), data)


def test_every_standing_is_read_from_the_records(office, worked_on):
    assert standings(worked_on) == {
        "A-1": Standing.PUBLISHED,
        "A-2": Standing.LATE,
        "A-3": Standing.PRODUCED,
        "A-4": Standing.PLANNED,
        "A-5": Standing.OVERDUE,
        "A-6": Standing.CANCELLED,
    }
    counts = plan_progress(worked_on, today=TODAY).counts
    assert counts == dict.fromkeys(Standing, 1)


def test_a_draft_is_overdue_on_the_day_after_its_period_and_not_before(office, worked_on):
    last = TODAY + timedelta(30)
    assert standings(worked_on, today=last)["A-3"] == Standing.PRODUCED
    assert standings(worked_on, today=last + timedelta(1))["A-3"] == Standing.OVERDUE


@pytest.mark.parametrize(
    ("kind", "standing"),
    [
        (TakeDown.Kind.IN_ERROR, Standing.PRODUCED),
        (TakeDown.Kind.WITHDRAWN, Standing.PRODUCED),
        (TakeDown.Kind.EXPIRED, Standing.PUBLISHED),
    ],
)
def test_what_was_taken_back_was_not_published_and_what_expired_was(office, plan, kind, standing):
    page = live(office, title="ข่าว", plan_activity=activity(plan, "A-1"))
    news_take_down(
        actor=office.it_officer, page=page, kind=kind, reason="เผยแพร่ผิดฉบับโดยไม่ตั้งใจ", notice="ถอนข่าวนี้", now=MORNING
    )
    assert standings(plan)["A-1"] == standing
    (row,) = [row for row in plan_progress(plan, today=TODAY).activities if row.activity.code == "A-1"]
    assert (row.produced, row.published + row.taken_back) == (1, 1)


def test_news_outside_the_plan_is_counted_in_its_month_and_year(office, worked_on):
    found = unplanned_of(office.agency, 2570)
    assert [item.title for item in found.items] == ["ข่าวนอกแผน"]
    assert [number for _name, number in found.months] == [0, 1] + [0] * 10
    assert unplanned_of(office.agency, 2569).items == []
    assert unplanned_of(make_office("spp").agency, 2570).items == []


def test_the_screen_shows_it_all_to_those_who_read_the_plan(client, office, worked_on):
    for role in (Role.WRITER, Role.HEAD_OF_SECTION, Role.DIRECTOR, Role.IT_OFFICER, Role.EVALUATOR):
        client.force_login(office.person(role))
        answer = screen(client, worked_on)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert all(str(standing.label) in text for standing in Standing)
        assert all(word in text for word in ("ข่าวทันเวลา", "ข่าวช้า", "ร่างข่าว", "ข่าวนอกแผน", WHY))
        assert answer.context["counts"] == dict.fromkeys(Standing, 1)
        assert answer.context["may_cancel"] is (role == Role.WRITER)


def test_a_plan_that_is_not_in_force_has_no_progress_yet(client, office):
    plan = plan_row(office.agency, live=False)
    client.force_login(office.writer)
    assert screen(client, plan).status_code == 200
    assert "counts" not in screen(client, plan).context
    assert client.get(reverse("pr_admin:plan_progress_export", args=[plan.pk])).status_code == 403


def test_other_agencies_and_readers_of_public_news_get_nothing(client, office, worked_on):
    names = ("plan_progress", "plan_progress_export")
    client.force_login(make_office("spp").writer)
    assert {client.get(reverse(f"pr_admin:{name}", args=[worked_on.pk])).status_code for name in names} == {404}
    foreign = activity(worked_on, "A-1")
    for name in ("activity_cancel", "activity_resume"):
        assert client.get(reverse(f"pr_admin:{name}", args=[foreign.pk])).status_code == 404
    assert cancel(client, foreign, reason=WHY).status_code == 404
    client.force_login(office.person(Role.NETWORK_MEMBER))
    assert {client.get(reverse(f"pr_admin:{name}", args=[worked_on.pk])).status_code for name in names} == {403}
    assert ActivityCancellation.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"status": "late"}, ["A-2"]),
        ({"month": "2027-05"}, ["A-4"]),
        ({"unit": "none"}, ["A-2", "A-3", "A-4", "A-5", "A-6"]),
        ({"status": "overdue", "month": "2027-05"}, []),
    ],
)
def test_the_list_is_narrowed_and_so_is_the_workbook(client, office, worked_on, query, codes):
    client.force_login(office.writer)
    answer = screen(client, worked_on, **query)
    assert [row.activity.code for row in answer.context["rows"]] == codes
    file = client.get(reverse("pr_admin:plan_progress_export", args=[worked_on.pk]), query)
    sheet = load_workbook(BytesIO(file.content)).worksheets[0]
    assert [line[0].value for line in sheet.iter_rows(min_row=2)] == codes


def test_units_and_officers_are_filters(client, office, worked_on):
    client.force_login(office.writer)
    unit, head = office.profile(Role.WRITER).unit, office.profile(Role.HEAD_OF_WORK)
    assert [row.activity.code for row in screen(client, worked_on, unit=unit.pk).context["rows"]] == ["A-1"]
    assert [row.activity.code for row in screen(client, worked_on, officer=head.pk).context["rows"]] == ["A-6"]


@pytest.mark.parametrize("field", ["month", "unit", "officer", "status"])
def test_garbage_in_a_filter_is_said_and_the_whole_list_shown(client, office, worked_on, field):
    client.force_login(office.writer)
    foreign = make_office("spp").profile(Role.WRITER)
    for value in ("abc", "-1", "9" * 30, "²", "2570-13", "๒๕๗๐", "[]", "ก" * 3000, str(foreign.pk)):
        answer = screen(client, worked_on, **{field: value})
        assert answer.status_code == 200
        assert len(answer.context["rows"]) == 6
        (said,) = answer.context["messages"]
        assert str(said) in answer.content.decode()
        assert (
            client.get(reverse("pr_admin:plan_progress_export", args=[worked_on.pk]), {field: value}).status_code == 200
        )


def test_the_workbook_has_the_numbers_and_runs_nothing(client, office, worked_on):
    PlanActivity.objects.filter(code="A-4").update(title='=HYPERLINK("http://evil")')
    client.force_login(office.writer)
    answer = client.get(reverse("pr_admin:plan_progress_export", args=[worked_on.pk]))
    book = load_workbook(BytesIO(answer.content))
    lines, totals, unplanned = book.worksheets
    rows = {line[0].value: line for line in lines.iter_rows(min_row=2)}
    assert [rows["A-2"][place].value for place in (6, 7, 8, 9)] == [1, 1, 1, 0]
    assert rows["A-6"][10].value == WHY
    assert rows["A-4"][1].data_type == "s"
    assert [line[1].value for line in totals.iter_rows(min_row=2)] == [1] * 6 + [6]
    assert unplanned["A2"].value == "ข่าวนอกแผน"
    assert [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"] == []


# -- activities that do not take place


def test_an_activity_is_cancelled_with_a_reason_and_taken_up_again(
    client, office, plan, django_capture_on_commit_callbacks
):
    client.force_login(office.writer)
    line = activity(plan, "A-6")
    assert client.get(reverse("pr_admin:activity_cancel", args=[line.pk])).status_code == 200
    assert cancel(client, line, reason=WHY, is_public="on", public_note="เลื่อนเป็นปีหน้า").status_code == 302
    assert standings(plan)["A-6"] == Standing.CANCELLED
    assert AuditEntry.objects.filter(verb="activity_cancel", target_id=str(plan.pk)).count() == 1
    told = set(Notice.objects.filter(text=WHY).values_list("recipient", flat=True))
    assert told == {office.person(Role.HEAD_OF_WORK).pk, office.person(Role.DIRECTOR).pk}

    answer = client.post(reverse("pr_admin:activity_resume", args=[line.pk]), {"reason": "วิทยากรว่างแล้ว จัดได้"})
    assert answer.status_code == 302
    assert standings(plan)["A-6"] == Standing.PLANNED
    assert [row.act for row in ActivityCancellation.objects.all()] == ["cancel", "resume"], "both stay"


@pytest.mark.parametrize("note", ["โทร นายสมชาย 081-234-5678", "เลข 1101700230708", "a@gmail.com"])
def test_the_public_is_told_nothing_private(client, office, plan, note):
    client.force_login(office.writer)
    answer = cancel(client, activity(plan, "A-1"), reason=WHY, is_public="on", public_note=note)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["public_note"]
    assert not ActivityCancellation.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "สั้น", "กกกกกกกกกกกกก"])
def test_a_cancellation_without_a_real_reason_is_not_written(client, office, plan, reason):
    client.force_login(office.writer)
    answer = cancel(client, activity(plan, "A-1"), reason=reason, public_note="ข้อความที่พิมพ์ไว้")
    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors
    assert "ข้อความที่พิมพ์ไว้" in answer.content.decode(), "typed values stay"
    assert not ActivityCancellation.objects.exists()


@pytest.mark.parametrize("role", [Role.HEAD_OF_WORK, Role.DIRECTOR, Role.IT_OFFICER, Role.EVALUATOR])
def test_only_those_who_write_the_plan_cancel(client, office, plan, role):
    client.force_login(office.person(role))
    assert cancel(client, activity(plan, "A-1"), reason=WHY).status_code == 403
    assert not ActivityCancellation.objects.exists()


def test_nothing_is_cancelled_twice_or_taken_up_that_was_not_cancelled(client, office, worked_on):
    client.force_login(office.writer)
    assert cancel(client, activity(worked_on, "A-6"), reason=WHY).status_code == 403
    resume = reverse("pr_admin:activity_resume", args=[activity(worked_on, "A-1").pk])
    assert client.post(resume, {"reason": WHY}).status_code == 403
    assert ActivityCancellation.objects.count() == 1


def test_a_draft_is_corrected_and_not_cancelled(office):
    plan = plan_row(office.agency, live=False)
    line = PlanActivity.objects.create(plan=plan, code="X", title="x", start=TODAY, end=TODAY)
    with pytest.raises(PlanRefused):
        activity_cancel(actor=office.writer, activity=line, reason=WHY, now=MORNING)


def test_the_database_keeps_a_cancellation_as_it_was_written(worked_on):
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE pr_workflow_activitycancellation SET reason = 'อื่น'")
    assert ActivityCancellation.objects.get().reason == WHY


def test_a_cancelled_activity_reaches_nobody(client, office, worked_on):
    client.force_login(office.writer)
    answer = client.get(reverse("wagtailsnippets_pr_workflow_annualplan:coverage", args=[worked_on.pk]))
    assert [line.code for line in answer.context["cancelled"]] == ["A-6"]
    assert answer.context["tables"][0][2].total == 5


def test_an_amendment_keeps_the_cancellation(office, worked_on):
    draft = worked_on.get_latest_revision_as_object()
    lines = [line for line in draft.activities.all() if line.code == "A-6"]
    lines[0].title = "งด (แก้ไข)"
    draft.activities = lines
    draft.save_revision(user=office.writer)
    again = AnnualPlan.objects.get(pk=worked_on.pk).get_latest_revision_as_object()
    (row,) = plan_progress(again, today=TODAY).activities
    assert row.standing == Standing.CANCELLED


def test_the_questions_do_not_grow_with_plan_and_news(client, office):
    def questions(number: int, year: int) -> int:
        plan = plan_row(office.agency, fiscal_year_be=year)
        first, officer = date(year - 544, 10, 1), office.profile(Role.WRITER)
        PlanActivity.objects.bulk_create(
            PlanActivity(
                plan=plan, code=f"{n}", title=f"กิจกรรม {n}", start=first, end=first, responsible_officer=officer
            )
            for n in range(number)
        )
        for line in plan.activities.all()[: number // 5]:
            make_draft(office, title=f"ข่าว {year} {line.code}", plan_activity=line)
        screen(client, plan)
        with CaptureQueriesContext(connection) as asked:
            assert screen(client, plan).status_code == 200
        return len(asked)

    client.force_login(office.writer)
    assert questions(10, 2570) == questions(300, 2571) < 60


def test_an_administrator_sees_every_plan(client, worked_on):
    client.force_login(make_administrator())
    assert screen(client, worked_on).status_code == 200
    assert Unit.objects.exists()
