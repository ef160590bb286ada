"""What the loaded demo left in the records: the log in the order of time, reports, notices, holds."""

from datetime import date, datetime, timedelta

import pytest
from wagtail.models import Revision

from evaluation.models import WeeklyReport
from home.models import NewsPage
from pr_workflow.archive.models import ArchiveRecord, LegalHold
from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.machinery import machinery
from pr_workflow.notifications.models import Notice
from pr_workflow.publishing.models import CorrectionRound
from pr_workflow.thai_time import BANGKOK
from tests.factories.demo import AGENCIES, NOW, news_with, page_of, the_page

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.xdist_group("loaded demo")]


def test_the_audit_log_is_whole_and_reads_in_the_order_of_time():
    for chain in ("system", *AGENCIES):
        assert audit_verify(chain=chain) is None
        rows = AuditEntry.objects.filter(chain=chain).order_by("sequence").values_list("at", flat=True)
        # A delivery writes how many thousandths of a second it took.
        times = [at.replace(microsecond=0) for at in rows]
        assert times == sorted(times)
        assert times[-1] <= NOW
    assert AuditEntry.objects.filter(chain="kpr").count() > 50


def test_wagtail_s_own_rows_carry_the_same_times():
    numbers = [str(number) for number in NewsPage.objects.values_list("pk", flat=True)]
    revisions = Revision.objects.page_revisions().filter(object_id__in=numbers)
    assert revisions.filter(created_at__gt=NOW).count() == 0
    assert revisions.filter(created_at__lt=NOW - timedelta(days=20)).exists()


def test_acts_happen_in_office_hours_on_working_days():
    """The system itself may act at any hour; people are in the office from 08:30 to 16:30."""
    acts = AuditEntry.objects.exclude(actor_name="").values_list("at", "verb")
    for at, verb in acts:
        local = at.astimezone(BANGKOK)
        assert local.weekday() < 5, (verb, local)
        assert (8, 30) <= (local.hour, local.minute) <= (16, 30), (verb, local)


def test_every_finished_week_has_its_report():
    for code in AGENCIES:
        weeks = list(WeeklyReport.objects.filter(agency__code=code).values_list("week_start", flat=True))
        assert len(weeks) == 8
        assert max(weeks) == date(2026, 11, 9)
    report = WeeklyReport.objects.get(agency__code="kpr", week_start=date(2026, 10, 12))
    assert report.built_at.astimezone(BANGKOK) == datetime(2026, 10, 19, 8, 30, tzinfo=BANGKOK)


def test_the_weeks_have_something_to_tell():
    """A demo in which nothing ever goes wrong would show empty reports: returns, one fault, late steps."""
    assert AuditEntry.objects.filter(verb="news_return").count() == 5
    (correction,) = CorrectionRound.objects.exclude(closed_at=None)
    assert list(correction.page.checks.values_list("round", "result")) == [(1, "correct"), (0, "needs_correction")]
    reports = WeeklyReport.objects.all()
    assert [row for row in reports if (row.measures["accurate"]["percent"] or 100) < 100]
    assert [row for row in reports if (row.measures["timely"]["percent"] or 100) < 100]


def test_people_were_reminded_and_find_notices():
    step = the_page("overdue").current_workflow_task_state
    assert step.deadline.due_at < NOW
    told = Notice.objects.filter(key__startswith=f"clock:stepdeadline:{step.deadline.pk}:")
    stages = {key.rpartition(":")[2] for key in told.values_list("key", flat=True)}
    assert {"overdue", "level1"} <= stages
    assert AuditEntry.objects.filter(verb="clock_escalate").exists()
    for username in ("k-hs", "k-act", "k-it", "s-dir"):
        assert Notice.objects.filter(recipient__username=username, read_at=None).exists(), username


def test_one_record_is_held():
    hold = LegalHold.objects.get()
    assert ArchiveRecord.objects.get(uuid=hold.record_uuid).title == page_of(news_with("published")[1]).title


def test_nothing_is_stuck():
    assert machinery(NOW).stuck(NOW) == ["no_recent_tick"]
