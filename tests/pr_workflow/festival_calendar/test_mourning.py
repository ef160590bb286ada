"""Periods of mourning: who sets them, and where festive work inside one is said (R20). They block nothing."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from pr_workflow.approval.services import news_approve, news_submit
from pr_workflow.audit.models import AuditEntry
from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.festival_calendar.mourning import MourningPeriod, mourning_between, mourning_warnings
from pr_workflow.news.festive import news_mourning_warnings
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.plan.festive import plan_mourning_warnings
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.thai_time import BANGKOK
from tests.factories.office import MORNING, current_step, make_draft, make_office, submit
from tests.factories.plans import plan_row

pytestmark = pytest.mark.django_db

LIST = "wagtailsnippets_pr_workflow_mourningperiod"
REASON = "ไว้อาลัย"


@pytest.fixture(autouse=True)
def an_hour_later():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def root(db):
    return get_user_model().objects.create_superuser("root-of-mourning", password="superuser of a test")


@pytest.fixture
def loy_krathong(db):
    return ImportantDay.objects.create(key="festive", name_th="วันลอยกระทง", rule="announced", tone="festive")


def make_period(first: str, last: str, agency=None, **fields) -> MourningPeriod:
    values = {"reason": REASON, "reference_no": "นร 0508/ว 1", **fields}
    return MourningPeriod.objects.create(
        first=date.fromisoformat(first), last=date.fromisoformat(last), agency=agency, **values
    )


def period_form(**changes) -> dict:
    return {
        "first": "20/11/2569", "last": "๓๐ พ.ย. ๒๕๖๙", "reason": REASON, "reference_no": "นร 0508/ว 1", "active": "on",
        **changes,
    }  # fmt: skip


class TestSetting:
    def post(self, client, user, **changes):
        client.force_login(user)
        return client.post(reverse(f"{LIST}:add"), period_form(**changes))

    @pytest.mark.parametrize("role", [Role.WRITER, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.DIRECTOR])
    def test_officers_and_heads_set_their_own_agency_s(self, client, office, role):
        assert self.post(client, office.person(role), agency="").status_code == 302
        period = MourningPeriod.objects.get()
        assert (period.agency, period.first, period.last) == (office.agency, date(2026, 11, 20), date(2026, 11, 30))
        entry = AuditEntry.objects.get(verb="mourning_period_save")
        assert (entry.chain, entry.data["new"]["reference_no"]) == (office.agency.code, "นร 0508/ว 1")

    @pytest.mark.parametrize("role", [Role.IT_OFFICER, Role.EVALUATOR, Role.NETWORK_MEMBER])
    def test_others_cannot(self, client, office, role):
        assert self.post(client, office.person(role)).status_code in (302, 403)
        assert not MourningPeriod.objects.exists()

    def test_only_the_administrator_sets_a_national_one(self, client, office, root):
        assert self.post(client, root).status_code == 302
        national = MourningPeriod.objects.get()
        assert national.agency is None
        client.force_login(office.person(Role.DIRECTOR))
        assert client.get(reverse(f"{LIST}:inspect", args=[national.pk])).status_code == 200
        for view in ("edit", "delete"):
            assert client.post(reverse(f"{LIST}:{view}", args=[national.pk]), period_form()).status_code == 403
        national.refresh_from_db()
        assert national.active

    def test_another_agency_s_does_not_exist(self, client, office):
        other = make_office("spp")
        foreign = make_period("2026-11-01", "2026-11-30", agency=other.agency, reason="ของหน่วยงานอื่น")
        client.force_login(office.writer)
        assert "ของหน่วยงานอื่น" not in client.get(reverse(f"{LIST}:list")).content.decode()
        for view in ("edit", "inspect"):
            assert client.get(reverse(f"{LIST}:{view}", args=[foreign.pk])).status_code in (403, 404)

    def test_an_early_end_is_logged_with_what_it_was(self, client, office):
        self.post(client, office.writer)
        period = MourningPeriod.objects.get()
        address = reverse(f"{LIST}:edit", args=[period.pk])
        assert client.post(address, period_form(last="25/11/2569")).status_code == 302
        entry = AuditEntry.objects.filter(verb="mourning_period_save").order_by("-pk").first()
        assert (entry.data["old"]["last"], entry.data["new"]["last"]) == ("2026-11-30", "2026-11-25")

    def test_nobody_deletes_one(self, client, office, root):
        period = make_period("2026-11-20", "2026-11-30", agency=office.agency)
        for user in (root, office.writer):
            client.force_login(user)
            client.post(reverse(f"{LIST}:delete", args=[period.pk]))
            client.post(
                reverse("wagtail_bulk_action", args=["pr_workflow", "mourningperiod", "delete"]) + f"?id={period.pk}"
            )
            assert MourningPeriod.objects.filter(pk=period.pk).exists()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"last": "19/11/2569"}, "last"),
            ({"first": "31/11/2569"}, "first"),
            ({"last": "1/12/69"}, "last"),
            ({"last": "31/12/9999"}, "last"),
            ({"first": "20/11/2500"}, "first"),
            ({"first": ""}, "first"),
            ({"reason": ""}, "reason"),
            ({"reference_no": ""}, "reference_no"),
        ],
    )
    def test_a_wrong_one_names_its_field_and_writes_nothing(self, client, office, changes, field):
        answer = self.post(client, office.writer, **changes)
        assert list(answer.context["form"].errors) == [field]
        assert not MourningPeriod.objects.exists()
        assert f'value="{period_form(**changes)["last"]}"' in answer.content.decode()


class TestWhichPeriods:
    def test_national_and_own_ones_in_use_that_touch(self, office):
        other = make_office("spp")
        national = make_period("2026-11-01", "2026-11-10")
        own = make_period("2026-11-08", "2026-11-20", agency=office.agency)
        make_period("2026-11-01", "2026-11-30", agency=other.agency)
        make_period("2026-11-01", "2026-11-30", active=False)
        found = mourning_between(date(2026, 11, 10), date(2026, 11, 12), agency=office.agency)
        assert found == [national, own]
        assert mourning_between(date(2026, 11, 21), date(2026, 12, 1), agency=office.agency) == []

    @pytest.mark.once
    @given(
        st.dates(date(2026, 1, 1), date(2026, 3, 1)),
        st.integers(0, 30),
        st.dates(date(2026, 1, 1), date(2026, 3, 1)),
        st.integers(0, 30),
    )
    def test_a_warning_exactly_when_a_day_is_shared(self, start, length, first, span):
        end, last = start + timedelta(days=length), first + timedelta(days=span)
        period = MourningPeriod(first=first, last=last, reason=REASON, reference_no="1")
        work = {start + timedelta(days=number) for number in range(length + 1)}
        shared = any(first <= day <= last for day in work)
        festive = ImportantDay(name_th="สงกรานต์", tone="festive")
        assert bool(mourning_warnings(festive, [(start, end)], [period])) is shared
        for tone in ("neutral", "royal", "mourning"):
            assert mourning_warnings(ImportantDay(name_th="อื่น", tone=tone), [(start, end)], [period]) == []


class TestPlan:
    @pytest.fixture
    def plan(self, office, loy_krathong):
        plan = plan_row(office.agency, live=False)
        plan.activities = [
            self.line(office, "A1", loy_krathong, "2026-11-20", "2026-11-25"),
            self.line(office, "A2", None, "2026-11-20", "2026-11-25"),
        ]
        plan.save()
        plan.save_revision(user=office.writer)
        return AnnualPlan.objects.get(pk=plan.pk)

    def line(self, office, code, day, start, end):
        return PlanActivity(
            code=code, title=f"กิจกรรม {code}", important_day=day, start=date.fromisoformat(start),
            end=date.fromisoformat(end), target_groups=["public"], responsible_officer=office.profile(Role.WRITER),
        )  # fmt: skip

    def test_a_festive_activity_inside_the_period(self, office, plan):
        assert plan_mourning_warnings(plan) == []
        make_period("2026-11-25", "2026-12-05")
        [warning] = plan_mourning_warnings(plan)
        for words in ("A1", "วันลอยกระทง", REASON, "นร 0508/ว 1", "2569"):
            assert words in warning
        MourningPeriod.objects.update(first=date(2026, 11, 26))
        assert plan_mourning_warnings(plan) == []

    def test_the_writer_and_the_director_read_it_and_go_on(self, client, office, plan):
        make_period("2026-11-25", "2026-12-05", agency=office.agency)
        client.force_login(office.writer)
        editor = client.get(reverse("wagtailsnippets_pr_workflow_annualplan:edit", args=[plan.pk]))
        [warning] = plan_mourning_warnings(plan)
        assert REASON in editor.content.decode()
        news_submit(actor=office.writer, page=plan)
        step = AnnualPlan.objects.get(pk=plan.pk).current_workflow_task_state
        client.force_login(office.person(Role.DIRECTOR))
        review = client.get(reverse("pr_admin:review", args=[step.pk]))
        assert warning in review.context["sheet"].advice
        assert REASON in review.content.decode()
        assert review.context["sheet"].may_approve

    def test_the_cost_does_not_grow_with_the_activities(self, office, plan, loy_krathong, django_assert_num_queries):
        make_period("2026-11-01", "2027-01-05")
        plan.activities = [self.line(office, f"B{n}", loy_krathong, "2026-11-20", "2026-11-25") for n in range(40)]
        with django_assert_num_queries(3):
            assert len(plan_mourning_warnings(plan)) == 40


class TestNews:
    def test_an_item_of_a_festive_day_that_goes_live_inside(self, office, loy_krathong):
        make_period("2026-11-20", "2026-11-30")
        inside = datetime(2026, 11, 20, 0, 30, tzinfo=BANGKOK)
        page = make_draft(office, important_day=loy_krathong, event_date=None, go_live_at=inside)
        assert len(news_mourning_warnings(page, now=MORNING)) == 1
        page.go_live_at = inside - timedelta(hours=1)
        assert news_mourning_warnings(page, now=MORNING) == []
        page.event_date = date(2026, 11, 30)
        assert len(news_mourning_warnings(page, now=MORNING)) == 1

    def test_an_item_of_a_festive_activity_without_dates_of_its_own(self, office, loy_krathong):
        make_period("2026-11-20", "2026-11-30")
        plan = plan_row(office.agency, live=False)
        activity = PlanActivity.objects.create(
            plan=plan, code="A1", title="ลอยกระทง", important_day=loy_krathong, start=date(2026, 11, 24),
            end=date(2026, 11, 24),
        )  # fmt: skip
        page = make_draft(office, plan_activity=activity, event_date=None)
        assert len(news_mourning_warnings(page, now=MORNING)) == 1

    def test_without_any_date_today_counts(self, office, loy_krathong):
        page = make_draft(office, important_day=loy_krathong, event_date=None)
        make_period("2026-11-16", "2026-11-16")
        assert len(news_mourning_warnings(page, now=MORNING)) == 1
        assert news_mourning_warnings(page, now=MORNING + timedelta(days=1)) == []

    def test_neutral_items_and_other_agencies_periods_say_nothing(self, office, loy_krathong):
        make_period("2026-11-01", "2026-11-30", agency=make_office("spp").agency)
        page = make_draft(office, important_day=loy_krathong)
        assert news_mourning_warnings(page, now=MORNING) == []
        make_period("2026-11-01", "2026-11-30")
        ImportantDay.objects.filter(pk=loy_krathong.pk).update(tone="royal")
        page.important_day.refresh_from_db()
        assert news_mourning_warnings(page, now=MORNING) == []

    def test_writer_and_every_approver_read_it_and_it_blocks_nothing(self, client, office, loy_krathong):
        make_period("2026-11-10", "2026-11-30")
        page = make_draft(office, important_day=loy_krathong)
        client.force_login(office.writer)
        assert REASON in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        submit(office, page)
        for role in CHAIN:
            client.force_login(office.person(role))
            step = current_step(page)
            review = client.get(reverse("pr_admin:review", args=[step.pk]))
            assert REASON in review.content.decode()
            assert review.context["sheet"].may_approve
            news_approve(actor=office.person(role), task_state=step, now=MORNING + timedelta(hours=2))
