"""Drafts at lead time through job and command: once, for the right person, with the right day (R20, R24)."""

import json
import threading
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import close_old_connections, connection
from django.urls import reverse
from django.utils import timezone

from home.models import NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.festival_calendar.models import Holiday, ImportantDay, ImportantDayOccurrence
from pr_workflow.festival_calendar.selectors import add_working_days
from pr_workflow.festival_calendar.services import calendar_prepare, occurrence_save
from pr_workflow.lead_time import services
from pr_workflow.lead_time.models import DraftTemplate, LeadTimeDraft
from pr_workflow.lead_time.receivers import on_news_readiness_asked
from pr_workflow.lead_time.services import lead_time_pass
from pr_workflow.lead_time.starting import DATE_NOTE, officer_obstacle
from pr_workflow.news.services import news_create_from_activity
from pr_workflow.notifications.models import Notice
from pr_workflow.notifications.services import in_house_language
from pr_workflow.people.models import StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.plan.cancelling import activity_cancel, activity_resume
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.tasks import lead_time_tick
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import add_person, make_office
from tests.factories.plans import out_of_force, plan_row

pytestmark = pytest.mark.django_db

#: Six in the morning of 15 March 2027; World Health Day is 7 April, ten working days later by 24 March.
EARLY = datetime(2027, 3, 15, 6, 10, tzinfo=BANGKOK)
DAY = "world_health_day"


def at(day: date, hour: int = 6):
    return time_machine.travel(datetime(day.year, day.month, day.day, hour, 10, tzinfo=BANGKOK), tick=False)


@pytest.fixture
def calendar(office):
    calendar_prepare(actor=None, now=EARLY, years=[2026, 2027])
    return office


@pytest.fixture
def activity(calendar):
    return activity_of(calendar)


def activity_of(office, key: str | None = DAY, **fields) -> PlanActivity:
    plan = AnnualPlan.objects.filter(agency=office.agency, fiscal_year_be=2570).first()
    plan = plan or plan_row(office.agency, fiscal_year_be=2570)
    values = {
        "code": "A-01",
        "title": "รณรงค์วันอนามัยโลก",
        "origin": PlanActivity.Origin.FESTIVAL,
        "important_day": ImportantDay.objects.get(key=key) if key else None,
        "start": date(2027, 4, 5),
        "end": date(2027, 4, 9),
        "responsible_officer": office.profile(Role.WRITER),
        "target_groups": ["public"],
        **fields,
    }
    return PlanActivity.objects.create(plan=plan, **values)


def lead_day(office, day: date = date(2027, 4, 7), lead: int = 10) -> date:
    return add_working_days(day, -lead, agency=office.agency)


def drafts():
    return NewsPage.objects.exclude(plan_activity=None)


def run(day: date, **options) -> list[dict]:
    out = StringIO()
    with at(day):
        call_command("lead_time_drafts", "--json", stdout=out, **options)
    return json.loads(out.getvalue())["lines"]


def outcomes(lines: list[dict], outcome: str) -> list[dict]:
    return [line for line in lines if line["outcome"] == outcome]


class TestOnTime:
    def test_the_day_before_nothing_and_on_the_day_one_draft(self, calendar, activity):
        due = lead_day(calendar)
        assert due == date(2027, 3, 23)  # 6 April is a holiday
        with at(due - timedelta(days=1)):
            lead_time_tick()
        assert not drafts().exists()
        with at(due):
            assert lead_time_tick()["made"] == 1
        page = drafts().get()
        officer = calendar.writer
        assert (page.owner, page.responsible_officer, page.plan_activity) == (officer, officer.staff_profile, activity)
        assert (page.live, page.event_date, page.important_day.key) == (False, date(2027, 4, 7), DAY)
        draft = page.get_latest_revision_as_object()
        assert draft.go_live_at == datetime(2027, 4, 7, 8, 30, tzinfo=BANGKOK)
        assert draft.title == f"วันอนามัยโลก 2570: {calendar.agency.name} ชวนประชาชนดูแลสุขภาพ"
        assert "7 เมษายน 2570" in draft.lead
        assert "{" not in draft.title + draft.lead + str(draft.body)
        assert sorted(tag.name for tag in draft.tags.all()) == ["วันอนามัยโลก", "สุขภาพ"]
        assert draft.target_groups == ["public"]  # of the activity, not of the template
        assert draft.channels == ["website", "facebook"]  # the activity names none
        assert not any(block.id == DATE_NOTE for block in draft.body)

    def test_it_says_so_once_to_the_officer_and_in_the_log(self, calendar, activity, client):
        with at(lead_day(calendar)):
            lead_time_tick()
        page = drafts().get()
        notice = Notice.objects.get()
        assert (notice.recipient, notice.agency) == (calendar.writer, calendar.agency)
        assert "วันอนามัยโลก" in notice.subject
        assert notice.path == reverse("wagtailadmin_pages:edit", args=[page.pk])
        row = AuditEntry.objects.get(verb="news_create_at_lead_time")
        assert (row.target_id, row.actor_id_text, row.agency) == (str(page.pk), "", calendar.agency)
        with at(lead_day(calendar), hour=9):
            client.force_login(calendar.writer)
            assert client.get(notice.path).status_code == 200

    @pytest.mark.parametrize("late", [1, 3, 14])
    def test_a_late_run_catches_up(self, calendar, activity, late):
        with at(lead_day(calendar) + timedelta(days=late)):
            assert lead_time_tick()["made"] == 1

    def test_on_the_day_itself_after_the_wished_time_nothing_is_wished(self, calendar, activity):
        with at(date(2027, 4, 7), hour=10):
            assert lead_time_tick()["made"] == 1
        assert drafts().get().get_latest_revision_as_object().go_live_at is None

    def test_a_day_that_is_past_gets_none(self, calendar, activity):
        with at(date(2027, 4, 8)):
            assert "made" not in lead_time_tick()
        assert not LeadTimeDraft.objects.exists()

    def test_the_agencys_own_lead_time_and_holidays_count(self, calendar, activity):
        Holiday.objects.create(agency=calendar.agency, date=date(2027, 4, 1), name_th="หยุดของหน่วยงาน")
        assert lead_day(calendar) == date(2027, 3, 22)
        with at(date(2027, 3, 22)):
            assert lead_time_tick()["made"] == 1

    def test_early_october_is_prepared_in_september(self, calendar):
        plan = plan_row(calendar.agency, fiscal_year_be=2571, title="แผน 2571")
        day = ImportantDay.objects.create(agency=calendar.agency, name_th="วันของเรา", rule="fixed:10-04")
        ImportantDayOccurrence.objects.create(important_day=day, date=date(2027, 10, 4), status="confirmed")
        PlanActivity.objects.create(
            plan=plan,
            code="B-1",
            title="วันของเรา",
            important_day=day,
            start=date(2027, 10, 4),
            end=date(2027, 10, 4),
            responsible_officer=calendar.profile(Role.WRITER),
        )
        with at(date(2027, 9, 20)):
            assert lead_time_tick()["made"] == 1

    def test_an_activity_by_festival_without_a_day_goes_by_its_own_dates(self, calendar):
        activity_of(calendar, None, title="งานกาชาดประจำจังหวัด")
        lines = run(add_working_days(date(2027, 4, 5), -10, agency=calendar.agency))
        assert len(outcomes(lines, "made")) == 1
        assert "งานกาชาดประจำจังหวัด" in drafts().get().title

    def test_an_activity_by_mission_without_a_day_gets_none(self, calendar):
        activity_of(calendar, None, origin=PlanActivity.Origin.MISSION)
        assert not outcomes(run(date(2027, 4, 5)), "made")


class TestOnce:
    def test_a_second_run_makes_nothing(self, calendar, activity):
        for day in range(3):
            with at(lead_day(calendar) + timedelta(days=day)):
                lead_time_tick()
        assert drafts().count() == 1
        assert Notice.objects.count() == 1

    def test_a_deleted_draft_is_not_made_again(self, calendar, activity):
        with at(lead_day(calendar)):
            lead_time_tick()
            NewsPage.objects.get(pk=drafts().get().pk).delete()
            assert "made" not in lead_time_tick()
        assert not drafts().exists()

    def test_a_moved_draft_is_not_made_again(self, calendar, activity):
        with at(lead_day(calendar)):
            lead_time_tick()
            page = drafts().get()
            page.move(calendar.home, pos="last-child")
            NewsPage.objects.filter(pk=page.pk).update(plan_activity=None)
            assert "made" not in lead_time_tick()

    def test_what_somebody_began_before_counts(self, calendar, activity):
        news_create_from_activity(actor=calendar.writer, activity=activity, now=EARLY)
        assert len(outcomes(run(lead_day(calendar)), "begun")) == 1
        assert drafts().count() == 1

    def test_an_amended_plan_does_not_make_it_again(self, calendar, activity):
        with at(lead_day(calendar)):
            lead_time_tick()
            activity.title, activity.code = "ชื่อใหม่", "A-99"
            activity.save()
            assert "made" not in lead_time_tick()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_workers_at_one_instant_make_one_draft(office):
    calendar_prepare(actor=None, now=EARLY, years=[2026, 2027])
    activity_of(office)
    start, made = threading.Barrier(2), []

    def work():
        try:
            start.wait(timeout=30)
            made.extend(line for line in lead_time_pass(now=timezone.now(), today=date(2027, 3, 23)))
        finally:
            connection.close()
            close_old_connections()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert [line.outcome for line in made if line.outcome in ("made", "failed")] == ["made"]
    assert drafts().count() == LeadTimeDraft.objects.count() == 1
    assert Notice.objects.count() == 1


class TestWhoGetsIt:
    def told(self) -> set[str]:
        return set(Notice.objects.values_list("recipient__username", flat=True))

    def test_no_officer_the_head_gets_it(self, calendar):
        activity_of(calendar, responsible_officer=None)
        lines = run(lead_day(calendar))
        page = drafts().get()
        assert page.owner == calendar.person(Role.HEAD_OF_WORK)
        assert page.responsible_officer is None
        assert self.told() == {"kpr-writer", "kpr-head_of_work"}
        with in_house_language():
            assert outcomes(lines, "made")[0]["reason"] == officer_obstacle(None)
        assert outcomes(lines, "made")[0]["reason"] in Notice.objects.first().text

    def test_an_officer_who_left(self, calendar, activity):
        StaffProfile.objects.filter(pk=activity.responsible_officer_id).update(ends_on=date(2027, 3, 1))
        lines = run(lead_day(calendar))
        assert activity.responsible_officer.display_name in outcomes(lines, "made")[0]["reason"]
        assert drafts().get().owner == calendar.person(Role.HEAD_OF_WORK)

    def test_an_officer_whose_account_is_closed(self, calendar):
        second = add_person(calendar, Role.WRITER, name="kpr-second")
        second.is_active = False
        second.save()
        activity_of(calendar, responsible_officer=second.staff_profile)
        assert outcomes(run(lead_day(calendar)), "made")[0]["reason"]
        assert "kpr-second" not in self.told()
        assert drafts().get().responsible_officer is None

    def test_nobody_at_all_is_still_a_draft_with_a_reason(self, calendar):
        for user in calendar.people.values():
            user.is_active = False
            user.save()
        activity_of(calendar)
        assert outcomes(run(lead_day(calendar)), "made")[0]["reason"]
        assert drafts().get().owner is None

    def test_an_officer_who_does_not_write_has_pr_officers_told(self, calendar):
        activity_of(calendar, responsible_officer=calendar.profile(Role.IT_OFFICER))
        run(lead_day(calendar))
        assert self.told() == {"kpr-it_officer", "kpr-writer"}
        path = Notice.objects.get(recipient__username="kpr-it_officer").path
        assert path == reverse("pr_admin:news_timeline", args=[drafts().get().pk])

    def test_nobody_of_another_agency_hears_of_it(self, calendar, activity):
        make_office("spr")
        run(lead_day(calendar))
        assert not Notice.objects.exclude(agency=calendar.agency).exists()
        assert self.told() == {"kpr-writer"}


class TestNoDraft:
    def test_without_a_plan_in_force_nothing_and_the_reason(self, calendar, activity):
        out_of_force(AnnualPlan.objects.get())
        lines = run(lead_day(calendar))
        assert [line["outcome"] for line in lines] == ["no_plan"]
        assert lines[0]["reason"]
        assert not drafts().exists()

    def test_a_day_without_a_date_is_said_and_made_once_it_has_one(self, calendar, superuser_of):
        activity = activity_of(calendar, "ploughing_day", start=date(2027, 5, 13), end=date(2027, 5, 13))
        ImportantDayOccurrence.objects.filter(important_day=activity.important_day).delete()
        day = add_working_days(date(2027, 5, 13), -10, agency=calendar.agency)
        assert outcomes(run(day), "blocked")[0]["reason"] == "no_date"
        ImportantDayOccurrence.objects.create(important_day=activity.important_day, date=date(2027, 5, 13))
        assert len(outcomes(run(day), "made")) == 1

    def test_a_day_that_is_not_held(self, calendar, activity):
        ImportantDayOccurrence.objects.filter(important_day__key=DAY).update(status="cancelled")
        lines = run(lead_day(calendar, date(2027, 4, 5)))
        assert outcomes(lines, "blocked")[0]["reason"] == "not_held"
        assert not outcomes(lines, "made")

    def test_a_cancelled_activity_gets_none_and_one_taken_up_again_does(self, calendar, activity):
        given = {"actor": calendar.writer, "activity": activity, "now": EARLY}
        activity_cancel(reason="งบประมาณไม่เพียงพอ", is_public=True, public_note="", **given)
        lines = run(lead_day(calendar))
        assert not outcomes(lines, "made")
        assert DAY not in {line["day"] for line in lines}
        activity_resume(reason="ได้รับงบประมาณแล้ว", **given)
        assert len(outcomes(run(lead_day(calendar)), "made")) == 1

    def test_important_days_outside_the_plan_are_named(self, calendar, activity):
        calendar.agency.ministry = "health"
        calendar.agency.save()
        lines = outcomes(run(lead_day(calendar)), "unplanned")
        keys = {line["day"] for line in lines}
        assert "vhv_day" not in keys  # 20 March is past
        assert DAY not in keys
        assert "world_tb_day" in keys
        assert not drafts().exclude(plan_activity__code="A-01").exists()

    def test_one_that_fails_stops_no_other(self, calendar, activity, monkeypatch):
        other = activity_of(calendar, code="A-02", title="อีกกิจกรรม")
        real = services.news_create_from_activity

        def breaks(*, activity, **kwargs):
            if activity.code == "A-01":
                raise RuntimeError("disk full")
            return real(activity=activity, **kwargs)

        monkeypatch.setattr(services, "news_create_from_activity", breaks)
        lines = run(lead_day(calendar))
        assert "disk full" in outcomes(lines, "failed")[0]["reason"]
        assert drafts().get().plan_activity == other
        monkeypatch.undo()
        assert [line["activity"] for line in outcomes(run(lead_day(calendar)), "made")] == ["A-01"]

    def test_another_agency_that_fails_stops_none(self, calendar, activity, monkeypatch):
        make_office("aaa")
        real = services.lead_time_board

        def breaks(agency, today):
            if agency.code == "aaa":
                raise RuntimeError("broken")
            return real(agency, today)

        monkeypatch.setattr(services, "lead_time_board", breaks)
        lines = run(lead_day(calendar))
        assert [line["agency"] for line in outcomes(lines, "failed")] == ["aaa"]
        assert len(outcomes(lines, "made")) == 1


@pytest.fixture
def superuser_of(django_user_model):
    return django_user_model.objects.create_superuser("calendar-keeper", password="x")


class TestDatesThatMove:
    @pytest.fixture
    def lunar(self, calendar):
        return activity_of(
            calendar, "visakha_bucha", code="V-1", title="วิสาขบูชา", start=date(2027, 5, 20), end=date(2027, 5, 20)
        )

    def occurrence(self):
        return ImportantDayOccurrence.objects.get(important_day__key="visakha_bucha", year=2027)

    def made(self, office) -> NewsPage:
        day = lead_day(office, self.occurrence().date)
        assert len(outcomes(run(day), "made")) == 1
        return drafts().get()

    def move(self, superuser, day: date, status: str = "confirmed"):
        row = self.occurrence()
        row.date, row.status = day, status
        occurrence_save(actor=superuser, occurrence=row, now=timezone.now())

    def test_an_uncertain_date_is_said_and_is_never_submitted(self, calendar, lunar):
        page = self.made(calendar)
        draft = page.get_latest_revision_as_object()
        assert draft.body[0].id == DATE_NOTE
        assert "2570" in str(draft.body[0])
        assert len(Notice.objects.get().text.splitlines()) == 2
        assert AuditEntry.objects.get(verb="news_create_at_lead_time").data["confirmed"] is False

    def test_the_note_keeps_a_submission_back(self, calendar, lunar):
        page = self.made(calendar)
        draft = page.get_latest_revision_as_object()
        assert [problem.field for problem in on_news_readiness_asked(NewsPage, page=draft)] == ["body"]
        draft.body.pop(0)
        assert on_news_readiness_asked(NewsPage, page=draft) == []

    def test_an_untouched_draft_follows_and_the_officer_is_told(self, calendar, lunar, superuser_of):
        page = self.made(calendar)
        old = self.occurrence().date
        new = old + timedelta(days=1)
        self.move(superuser_of, new)
        lines = run(lead_day(calendar, old))
        assert len(outcomes(lines, "followed")) == 1
        draft = NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        assert (draft.event_date, draft.go_live_at.astimezone(BANGKOK).date()) == (new, new)
        assert not any(block.id == DATE_NOTE for block in draft.body)
        assert Notice.objects.filter(recipient=calendar.writer).count() == 2
        assert AuditEntry.objects.filter(verb="news_draft_follow").count() == 1
        assert not outcomes(run(lead_day(calendar, old)), "followed")
        assert drafts().count() == 1

    def test_it_follows_again_after_it_followed_once(self, calendar, lunar, superuser_of):
        self.made(calendar)
        old = self.occurrence().date
        for days in (1, 2):
            self.move(superuser_of, old + timedelta(days=days))
            assert len(outcomes(run(lead_day(calendar, old)), "followed")) == 1

    def test_a_draft_that_was_worked_on_stays_and_the_officer_is_told(self, calendar, lunar, superuser_of):
        page = self.made(calendar)
        draft = page.get_latest_revision_as_object()
        draft.lead = "ข้อความของเจ้าหน้าที่"
        draft.save_revision(user=calendar.writer)
        old = self.occurrence().date
        self.move(superuser_of, old + timedelta(days=1))
        assert len(outcomes(run(lead_day(calendar, old)), "told")) == 1
        kept = NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        assert (kept.lead, kept.event_date) == ("ข้อความของเจ้าหน้าที่", old)
        assert Notice.objects.filter(recipient=calendar.writer).count() == 2

    def test_a_deleted_draft_follows_nothing(self, calendar, lunar, superuser_of):
        page = self.made(calendar)
        page.delete()
        old = self.occurrence().date
        self.move(superuser_of, old + timedelta(days=1))
        lines = run(lead_day(calendar, old))
        assert not outcomes(lines, "failed")
        assert not outcomes(lines, "made")

    def test_a_day_that_is_called_off_is_told_once(self, calendar, lunar, superuser_of):
        self.made(calendar)
        old = self.occurrence().date
        self.move(superuser_of, old, status="cancelled")
        for _twice in range(2):
            run(lead_day(calendar, old))
        assert Notice.objects.filter(recipient=calendar.writer).count() == 2


def test_the_pass_costs_the_same_for_any_number_of_activities(calendar, django_assert_max_num_queries):
    for number in range(12):
        activity_of(calendar, code=f"N-{number}", title=f"กิจกรรม {number}")
    run(lead_day(calendar))
    assert drafts().count() == 12
    with at(lead_day(calendar)), django_assert_max_num_queries(16):
        lead_time_tick()


def test_the_templates_are_there_after_the_first_pass(calendar):
    run(date(2027, 3, 1))
    assert DraftTemplate.objects.filter(agency=None).count() == 12
