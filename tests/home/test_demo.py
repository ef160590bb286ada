"""load_demo: two whole agencies through the real services, dated in the past, and left alone afterwards (R70)."""

import json
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from io import StringIO
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Page, Revision, Site, WorkflowState

from evaluation.models import WeeklyReport
from home.demo import clock, content, loading, news
from home.demo.banner import banner
from home.demo.clock import Diary, time_at
from home.demo.loading import Ports, demo_load
from home.models import NewsPage
from pr_workflow.approval.models import ApprovalSeal, ReadingMark, ReturnReason, StepSkipRule, Submission
from pr_workflow.approval.selectors import chain_verdict
from pr_workflow.approval.services import news_submit
from pr_workflow.archive.models import ArchiveRecord, LegalHold
from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.machinery import machinery
from pr_workflow.notifications.models import Notice
from pr_workflow.people.grants import publishing_groups
from pr_workflow.people.models import Agency, Delegation, NetworkContact, StaffProfile, WorkingGroup
from pr_workflow.people.roles import Role
from pr_workflow.people.selectors import role_members
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.publishing.models import CorrectionRound, EmergencyPublication, Posting, TakeDown
from pr_workflow.thai_time import BANGKOK

#: Friday evening, after office hours.
NOW = datetime(2026, 11, 20, 18, 30, tzinfo=BANGKOK)
PORTS = Ports(site=8000, fake_channels=8901)
AGENCIES = ("kpr", "spp")
#: What stands on the site beside the items that simply went the whole way.
PUBLIC = ("published", "fast_lane", "failed_once", "small_correction", "material_correction", "emergency")


def news_with(status: str) -> list[dict]:
    return [item for item in content.content()["news"] if item["suggested_status"] == status]


def the_page(status: str) -> NewsPage:
    (item,) = news_with(status)
    return page_of(item)


def page_of(item: dict) -> NewsPage:
    return NewsPage.objects.get(uuid=content.lasting_uuid(item["key"]))


@contextmanager
def commits_at(moment):
    """In a test every act is inside one transaction; what waits for the commit runs at the end of its act."""
    with time_at(moment), TestCase.captureOnCommitCallbacks(execute=True):
        yield


@contextmanager
def committing():
    with mock.patch.object(clock, "time_at", commits_at), mock.patch.object(loading, "time_at", commits_at):
        yield


def load(now: datetime = NOW, **options) -> bool:
    with committing():
        return demo_load(ports=PORTS, now=now, **options)


def log_in(agency: Agency, username: str) -> Client:
    client = Client(headers={"host": f"{agency.site.hostname}:8000"})
    answer = client.post("/admin/login/", {"username": username, "password": content.PASSWORD})
    assert answer.status_code == 302, username
    return client


@pytest.mark.django_db
# The demo is loaded once: all of the class runs in one process.
@pytest.mark.xdist_group("loaded demo")
class TestLoadedDemo(TestCase):
    """One load, looked at from many sides."""

    @classmethod
    def setUpTestData(cls):
        assert load() is True

    def test_each_agency_has_its_site_and_its_section(self):
        for code in AGENCIES:
            site = Agency.objects.get(code=code).site
            assert (site.hostname, site.port) == (content.HOSTNAMES[code], 8000)
            assert [page.slug for page in site.root_page.get_children()] == ["news"]
        assert Site.objects.get(is_default_site=True).hostname == "health.localhost"
        assert not Site.objects.filter(hostname="localhost").exists()

    def test_each_person_has_an_account_in_the_right_seat(self):
        for person in content.content()["staff"]:
            profile = StaffProfile.objects.get(key=person["key"])
            if person["display_name"] == content.VACANT:
                assert profile.user is None
                assert not profile.active
                continue
            role = content.ROLES[person["workflow_role"]]
            assert profile.user in role_members(profile.agency, role)
            seats = profile.user.groups.values_list("agency_role__agency__code", "agency_role__role")
            assert list(seats) == [(person["agency"], str(role))]

    def test_everybody_in_the_banner_can_log_in(self):
        text = banner(port=8000)
        users = get_user_model().objects.filter(is_active=True)
        assert users.count() == 15 + 2 + 1
        for user in users.exclude(username="admin"):
            if user.username in text:
                log_in(user.staff_profile.agency, user.username)
        assert all(name in text for name in ("k-author1", "s-dir", "k-act", "k-net", "s-net", "admin"))
        assert "k-dir" not in text

    def test_there_are_contacts_and_working_groups(self):
        assert NetworkContact.objects.count() == len(content.content()["contacts"])
        for data in content.content()["working_groups"]:
            group = WorkingGroup.objects.get(order_number=data["order_number"])
            assert [seat.staff.key for seat in group.members.all()] == [each["staff"] for each in data["members"]]

    def test_the_plans_are_in_force_by_the_director_s_approval(self):
        for data in content.content()["plans"]:
            plan = AnnualPlan.objects.get(agency__code=data["agency"])
            assert plan.live
            assert plan.activities.count() == len(data["activities"])
            approval = AuditEntry.objects.get(verb="plan_approve", target_id=str(plan.pk))
            director = role_members(plan.agency, Role.DIRECTOR).get(pk=approval.actor_id_text)
            assert director.username == {"kpr": "k-act", "spp": "s-dir"}[data["agency"]]
            assert approval.at.astimezone(BANGKOK).date() == content.day(data["doc_date"])

    def test_published_news_went_the_whole_way(self):
        assert len(news_with("published")) == 9
        for item in news_with("published"):
            page = page_of(item)
            assert page.live
            assert chain_verdict(page.live_revision).complete
            assert page.checks.first().result == "correct"
            record = ArchiveRecord.objects.get(revision_number=page.live_revision_id)
            assert [row["state"] for row in record.deliveries] == ["sent"]
            assert page.first_published_at.date() >= page.event_date
            assert page.first_published_at == page.postings.last().went_live_at

    def test_waiting_news_waits_where_the_file_says(self):
        (pending,) = news_with("pending_director")
        step = page_of(pending).current_workflow_task_state
        assert step.task.specific.groups.get().agency_role.role == Role.DIRECTOR
        (returned,) = news_with("returned_for_correction")
        state = page_of(returned).current_workflow_state
        assert state.status == state.STATUS_NEEDS_CHANGES
        entry = AuditEntry.objects.get(verb="news_return", target_id=str(page_of(returned).pk))
        assert entry.data["reason"] in content.content()["return_reasons"]
        for item in (pending, returned):
            assert not page_of(item).live
            assert page_of(item).first_published_at is None

    def test_the_approved_item_waits_for_monday_morning(self):
        (item,) = news_with("approved_scheduled")
        posting = Posting.objects.get(page_id=page_of(item).pk)
        assert posting.go_live_at.astimezone(BANGKOK) == datetime(2026, 11, 23, 9, 0, tzinfo=BANGKOK)
        assert posting.went_live_at is None
        assert posting.failure == ""

    def test_the_public_sees_only_published_news_of_the_own_agency(self):
        for code in AGENCIES:
            client = Client(headers={"host": f"{content.HOSTNAMES[code]}:8000"})
            titles = {row["title"] for row in client.get("/api/pr/v1/news", {"limit": 50}).json()["items"]}
            wanted = [item for item in content.content()["news"] if item["suggested_status"] in PUBLIC]
            assert titles == {item["title"] for item in wanted if item["agency"] == code}
            for item in content.content()["news"]:
                answer = client.get(f"/news/{item['key']}/")
                at_home = {"withdrawn": 410, "merged": 301} | dict.fromkeys(PUBLIC, 200)
                expected = at_home.get(item["suggested_status"], 404) if item["agency"] == code else 404
                assert answer.status_code == expected, (code, item["key"])

    def test_every_picture_is_described_and_belongs_to_its_agency(self):
        for page in NewsPage.objects.all():
            agency = Agency.objects.get(site__root_page=page.get_parent().get_parent())
            for photo in page.get_latest_revision_as_object().photos:
                assert photo.value["alt_text"]
                assert photo.value["credit"]
                assert photo.value["image"].collection == agency.collection
                assert photo.value["image"].file.size > 5_000

    def test_the_audit_log_is_whole_and_reads_in_the_order_of_time(self):
        for chain in ("system", *AGENCIES):
            assert audit_verify(chain=chain) is None
            rows = AuditEntry.objects.filter(chain=chain).order_by("sequence").values_list("at", flat=True)
            # A delivery writes how many thousandths of a second it took.
            times = [at.replace(microsecond=0) for at in rows]
            assert times == sorted(times)
            assert times[-1] <= NOW
        assert AuditEntry.objects.filter(chain="kpr").count() > 50

    def test_wagtail_s_own_rows_carry_the_same_times(self):
        numbers = [str(number) for number in NewsPage.objects.values_list("pk", flat=True)]
        revisions = Revision.objects.page_revisions().filter(object_id__in=numbers)
        assert revisions.filter(created_at__gt=NOW).count() == 0
        assert revisions.filter(created_at__lt=NOW - timedelta(days=20)).exists()

    def test_acts_happen_in_office_hours_on_working_days(self):
        """The system itself may act at any hour; people are in the office from 08:30 to 16:30."""
        acts = AuditEntry.objects.exclude(actor_name="").values_list("at", "verb")
        for at, verb in acts:
            local = at.astimezone(BANGKOK)
            assert local.weekday() < 5, (verb, local)
            assert (8, 30) <= (local.hour, local.minute) <= (16, 30), (verb, local)

    def test_old_news_was_sent_nowhere_but_the_own_website(self):
        assert {row.channel.kind for row in Delivery.objects.select_related("channel")} == {"website"}
        assert Delivery.objects.exclude(state="sent").count() == 0
        for channel in Channel.objects.exclude(kind="website"):
            assert channel.created > NOW - timedelta(days=1)
            for key, value in channel.config.items():
                if key.endswith("url"):
                    assert value.startswith("http://127.0.0.1:8901/"), channel
            channel.full_clean()
        assert Channel.objects.count() == 2 * 4

    def test_the_website_channel_looks_at_the_page_from_now_on(self):
        assert [row.config for row in Channel.objects.filter(kind="website")] == [{}, {}]

    def test_every_finished_week_has_its_report(self):
        for code in AGENCIES:
            weeks = list(WeeklyReport.objects.filter(agency__code=code).values_list("week_start", flat=True))
            assert len(weeks) == 8
            assert max(weeks) == date(2026, 11, 9)
        report = WeeklyReport.objects.get(agency__code="kpr", week_start=date(2026, 10, 12))
        assert report.built_at.astimezone(BANGKOK) == datetime(2026, 10, 19, 8, 30, tzinfo=BANGKOK)

    def test_the_weeks_have_something_to_tell(self):
        """A demo in which nothing ever goes wrong would show empty reports: returns, one fault, late steps."""
        assert AuditEntry.objects.filter(verb="news_return").count() == 5
        (correction,) = CorrectionRound.objects.exclude(closed_at=None)
        assert list(correction.page.checks.values_list("round", "result")) == [(1, "correct"), (0, "needs_correction")]
        reports = WeeklyReport.objects.all()
        assert [row for row in reports if (row.measures["accurate"]["percent"] or 100) < 100]
        assert [row for row in reports if (row.measures["timely"]["percent"] or 100) < 100]

    def test_somebody_acts_for_the_director_and_one_signature_says_so(self):
        delegation = Delegation.objects.get()
        assert (delegation.delegator.key, delegation.delegate.key) == ("k-act", "k-hs")
        assert delegation in Delegation.objects.in_force(NOW.date())
        (seal,) = ApprovalSeal.objects.exclude(capacity="")
        assert seal.delegation == delegation
        assert delegation.order_number in seal.capacity
        assert "ปฏิบัติหน้าที่แทน" in seal.capacity
        assert seal.revision.content_object == the_page("fast_lane")

    def test_a_clarification_took_the_fast_lane(self):
        page = the_page("fast_lane")
        assert page.news_type == "clarification"
        assert Submission.objects.get(revision=page.live_revision).lane == "fast"
        assert ApprovalSeal.objects.filter(revision=page.live_revision).count() == 1
        assert Posting.objects.get(page_id=page.pk).is_urgent

    def test_an_item_came_back_with_a_reason_for_each_of_two_parts(self):
        page = the_page("returned_by_parts")
        assert page.current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
        reasons = ReturnReason.objects.filter(task_state__workflow_state=page.current_workflow_state)
        assert {row.field for row in reasons} == {"headline", "photos"}

    def test_an_item_waits_with_what_changed_since_its_head_looked(self):
        page = the_page("came_back")
        step = page.current_workflow_task_state
        head = role_members(Agency.objects.get(code="kpr"), Role.HEAD_OF_WORK).get()
        mark = ReadingMark.objects.get(user=head)
        assert mark.revision != step.revision
        client = log_in(Agency.objects.get(code="kpr"), head.username)
        screen = client.get(f"/admin/pr/review/{step.pk}/").content.decode()
        assert "48" in screen
        assert "แจ้งเบาะแสได้ทางหมายเลขกลาง" not in screen
        assert screen.count("<ins") > 0
        assert screen.count("<del") > 0

    def test_a_rule_left_a_level_out_and_says_why(self):
        page = the_page("level_skipped")
        step = page.current_workflow_task_state
        assert step.task.specific.groups.get().agency_role.role == Role.DIRECTOR
        entry = AuditEntry.objects.get(verb="step_skip", target_id=str(page.pk))
        assert entry.data["reason"] == StepSkipRule.objects.get().reason

    def test_the_queue_holds_one_of_each_kind(self):
        waiting, received = the_page("approved_waiting"), the_page("approved_received")
        assert Posting.objects.awaiting().get(page_id=waiting.pk).received_at is None
        assert Posting.objects.awaiting().get(page_id=received.pk).received_by.username == "k-it"
        passed = Posting.objects.awaiting().get(page_id=the_page("slot_passed").pk)
        assert passed.wished_at < NOW

    def test_one_item_failed_to_go_live_and_succeeded_later(self):
        page = the_page("failed_once")
        failed = AuditEntry.objects.get(verb="news_go_live_failed")
        posting = Posting.objects.get(page_id=page.pk)
        assert failed.target_id == str(page.pk)
        assert posting.went_live_at > failed.at
        assert (posting.attempts, posting.failure) == (2, "")

    def test_two_corrections_run_a_small_and_a_material_one(self):
        lanes = {}
        for status in ("small_correction", "material_correction"):
            page = the_page(status)
            assert CorrectionRound.objects.get(page=page, closed_at=None).keeps_live
            lanes[status] = Submission.objects.get(revision=page.latest_revision).lane
            assert page.current_workflow_task_state is not None
        assert lanes == {"small_correction": "correction", "material_correction": "normal"}

    def test_news_left_the_site_with_a_notice_and_to_another_address(self):
        client = Client(headers={"host": f"{content.HOSTNAMES['spp']}:8000"})
        withdrawn, merged = the_page("withdrawn"), the_page("merged")
        assert not withdrawn.live
        assert not merged.live
        notice = TakeDown.objects.get(page_number=withdrawn.pk).notice
        assert notice in client.get(f"/news/{withdrawn.slug}/").content.decode()
        assert client.get(f"/news/{merged.slug}/")["Location"].endswith("/news/s-network-2569/")
        assert ArchiveRecord.objects.filter(page_number__in=(withdrawn.pk, merged.pk)).count() == 2

    def test_an_emergency_publication_waits_for_its_second_person(self):
        emergency = EmergencyPublication.objects.get()
        assert emergency.page_id == the_page("emergency").pk
        assert emergency.decided_at is None
        assert emergency.due_at > NOW

    def test_people_were_reminded_and_find_notices(self):
        step = the_page("overdue").current_workflow_task_state
        assert step.deadline.due_at < NOW
        told = Notice.objects.filter(key__startswith=f"clock:stepdeadline:{step.deadline.pk}:")
        stages = {key.rpartition(":")[2] for key in told.values_list("key", flat=True)}
        assert {"overdue", "level1"} <= stages
        assert AuditEntry.objects.filter(verb="clock_escalate").exists()
        for username in ("k-hs", "k-act", "k-it", "s-dir"):
            assert Notice.objects.filter(recipient__username=username, read_at=None).exists(), username

    def test_one_record_is_held(self):
        hold = LegalHold.objects.get()
        assert ArchiveRecord.objects.get(uuid=hold.record_uuid).title == page_of(news_with("published")[1]).title

    def test_nothing_is_stuck(self):
        assert machinery(NOW).stuck(NOW) == ["no_recent_tick"]

    def test_nobody_may_publish(self):
        assert not publishing_groups().exists()
        assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()

    def test_a_second_load_only_follows_the_ports(self):
        agency = Agency.objects.get(code="kpr")
        Agency.objects.filter(pk=agency.pk).update(name="ชื่อที่แก้เอง")
        NetworkContact.objects.get(key="c01").delete()
        own = Channel.objects.create(
            agency=agency, kind="webhook", name="จริง", config={"url": "https://example.go.th/hook"}, secret="x"
        )
        rows = AuditEntry.objects.count()
        with CaptureQueriesContext(connection) as queries:
            again = demo_load(ports=Ports(8010, 9999), now=NOW)
        assert len(queries) < 40
        assert again is False
        agency.refresh_from_db()
        own.refresh_from_db()
        assert agency.name == "ชื่อที่แก้เอง"
        assert agency.site.port == 8010
        assert own.config == {"url": "https://example.go.th/hook"}
        assert Channel.objects.get(agency=agency, kind="facebook").config["base_url"] == "http://127.0.0.1:9999/graph"
        assert not NetworkContact.objects.filter(key="c01").exists()
        assert AuditEntry.objects.count() == rows


@pytest.fixture
def short_file(tmp_path, monkeypatch):
    """A content file with only the first agency and the news of these keys."""

    def cut(*keys: str) -> None:
        whole = content.content()
        file = tmp_path / "content.json"
        short = {
            **whole,
            "agencies": whole["agencies"][:1],
            "plans": whole["plans"][:1],
            "news": [item for item in whole["news"] if item["key"] in keys],
        }
        file.write_text(json.dumps(short), encoding="utf-8")
        monkeypatch.setattr(content, "CONTENT_FILE", file)
        content.content.cache_clear()

    yield cut
    content.content.cache_clear()


def test_an_interrupted_load_is_finished_by_the_next(db, short_file, monkeypatch):
    short_file("h-plan-2570", "h-handwash-2569")
    attempts = []

    def power_cut(**kwargs):
        attempts.append(kwargs["page"].slug)
        if len(attempts) == 2:
            raise RuntimeError("power cut")
        return news_submit(**kwargs)

    with monkeypatch.context() as broken:
        broken.setattr(news, "news_submit", power_cut)
        with pytest.raises(RuntimeError, match="power cut"):
            load()
    assert not loading.demo_is_loaded()
    assert load() is True
    assert loading.demo_is_loaded()
    for item in content.content()["news"]:
        assert page_of(item).live
        assert ApprovalSeal.objects.filter(revision=page_of(item).live_revision).count() == 3
        assert AuditEntry.objects.filter(verb="news_submit", target_id=str(page_of(item).pk)).count() == 1
    assert NewsPage.objects.count() == 2
    assert get_user_model().objects.filter(username="k-hw").count() == 1
    assert load() is False


def test_the_demo_of_an_early_day_dates_nothing_in_the_future(db, short_file):
    """Somebody's clock may stand before the events of the file: everything is then pushed together before it."""
    short_file("h-diabetes-2569", "h-toilet-2569")
    early = datetime(2026, 10, 20, 10, 0, tzinfo=BANGKOK)
    load(early)
    assert AuditEntry.objects.filter(at__gt=early).count() == 0
    times = list(AuditEntry.objects.filter(chain="kpr").order_by("sequence").values_list("at", flat=True))
    assert times == sorted(times)
    (item,) = news_with("published")
    assert page_of(item).live
    assert page_of(item).first_published_at <= early


def test_news_that_cannot_go_live_stops_the_load(db, short_file, monkeypatch):
    short_file("h-plan-2570")

    def broken(**kwargs):
        raise RuntimeError("no room on the disk")

    monkeypatch.setattr("pr_workflow.publishing.going_live.published_items_write", broken)
    with pytest.raises(RuntimeError, match="h-plan-2570 did not go live"):
        load()
    assert not loading.demo_is_loaded()


def test_people_and_plans_alone(db, short_file):
    short_file("h-plan-2570")
    assert load(with_news=False) is True
    assert AnnualPlan.objects.get().live
    assert NewsPage.objects.count() == 0
    assert not loading.demo_is_loaded()


def test_news_loaded_later_is_sent_nowhere_either(db, short_file):
    """The channels are there already, open to the world; the past must not go out through them."""
    short_file("h-plan-2570")
    load(with_news=False)
    assert Channel.objects.filter(active=True).count() == 4
    assert load() is True
    assert [(row.channel.kind, row.state) for row in Delivery.objects.all()] == [("website", "sent")]
    assert Channel.objects.filter(active=True).count() == 4
    assert Channel.objects.get(kind="website").config == {}


def test_somebody_s_own_welcome_page_is_kept(db, short_file):
    short_file()
    site = Site.objects.get(hostname="localhost")
    site.root_page.add_child(instance=Page(title="ของเราเอง", slug="own"))
    load(with_news=False)
    assert Site.objects.filter(hostname="localhost").exists()
    assert Page.objects.filter(slug="own").exists()
    assert Site.objects.filter(is_default_site=True).count() == 1


def test_stock_groups_with_members_are_kept_and_named(db, short_file):
    short_file()
    moderators = Group.objects.get(name="Moderators")
    get_user_model().objects.create_user("someone").groups.add(moderators)
    load(with_news=False)
    assert list(publishing_groups()) == [moderators]


def test_the_command_says_what_it_did(db, short_file):
    short_file()
    first, second, with_banner = StringIO(), StringIO(), StringIO()
    with committing():
        call_command("load_demo", stdout=first)
        call_command("load_demo", stdout=second)
        call_command("load_demo", "--port", "8123", "--banner", stdout=with_banner)
    assert "was loaded" in first.getvalue()
    assert "there already" in second.getvalue()
    assert "http://health.localhost:8123/admin/" in with_banner.getvalue()
    assert content.PASSWORD in with_banner.getvalue()


def test_the_clock_goes_back_to_the_present():
    moment = NOW - timedelta(days=40)

    def look_and_fail():
        assert timezone.now() == moment
        raise RuntimeError

    with pytest.raises(RuntimeError), time_at(moment):
        look_and_fail()
    assert abs(timezone.now() - moment) > timedelta(days=1)


def play(times: list[datetime], latest: datetime) -> list[tuple[int, datetime]]:
    diary, played = Diary(), []
    for number, at in enumerate(times):
        diary.add(at, lambda now, number=number: played.append((number, now)))
    diary.play(latest=latest)
    return played


def test_a_diary_is_played_in_the_order_of_time():
    times = [NOW + timedelta(hours=hours) for hours in (3, 1, 2, 1)]
    assert play(times, NOW + timedelta(days=1)) == [(1, times[1]), (3, times[3]), (2, times[2]), (0, times[0])]


@given(st.lists(st.integers(-400, 400), max_size=30))
def test_a_diary_never_reaches_beyond_the_present_and_keeps_its_order(hours):
    times = [NOW + timedelta(hours=each) for each in hours]
    played = play(times, NOW)
    moments = [at for _number, at in played]
    assert moments == sorted(moments)
    assert all(at <= NOW for at in moments)
    assert [number for number, _at in played] == sorted(range(len(times)), key=lambda number: (times[number], number))
    assert all(at <= times[number] for number, at in played)
