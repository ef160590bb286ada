"""Loads the whole demo once; a second call only follows the ports."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F

from evaluation.models import WeeklyReport
from evaluation.services import weekly_report_build
from pr_workflow.approval.setup import chain_ensure
from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_record
from pr_workflow.festival_calendar.services import calendar_prepare
from pr_workflow.lead_time.services import draft_templates_seed
from pr_workflow.notifications.models import Notice
from pr_workflow.people.models import Agency
from pr_workflow.people.services import roles_ensure
from pr_workflow.thai_time import BANGKOK, bangkok_date

from .agencies import agencies_load, sites_on_port
from .chain_journeys import reminders_into
from .channels import channels_open, channels_rest, fake_channels_on_port
from .clock import Diary, jobs_at_once, time_at
from .content import content, day
from .journeys import news_into
from .people import administrator_load, password_hash, people_load, stock_groups_remove
from .plans import plans_into
from .procedures import procedures_load
from .working_groups import working_groups_into

#: The audit row that says an agency of the demo is complete. Later runs leave everything to the people who use it.
LOADED = "demo_load"
#: The offices are set up this long before the first plan is written, in days.
FOUNDED_BEFORE = timedelta(days=10)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Ports:
    """Where the demo's own site and the fake channels listen on this machine."""

    site: int
    fake_channels: int


def demo_is_loaded() -> bool:
    """Whether every agency of the file has been loaded to the end."""
    wanted = {data["code"] for data in content()["agencies"]}
    return wanted <= set(AuditEntry.objects.filter(verb=LOADED).values_list("agency__code", flat=True))


def demo_load(*, ports: Ports, now: datetime, with_news: bool = True) -> bool:
    """Make the demo, or bring its addresses to these ports when it is there; returns whether it was made now.

    `now` is the present (aware): nothing is dated later. `with_news=False` stops after people and plans. An interrupted
    load is continued by the next call.
    """
    sites_on_port(ports.site)
    if demo_is_loaded():
        for agency in Agency.objects.filter(code__in=[data["code"] for data in content()["agencies"]]):
            fake_channels_on_port(agency, ports.fake_channels)
        return False
    founded = _founded(now)
    with jobs_at_once():
        with time_at(founded):
            agencies = _offices_load(ports, founded)
        _past_load(agencies, now, with_news)
        for agency in agencies:
            channels_open(agency, fake_port=ports.fake_channels)
        if with_news:
            _past_read(now)
            for agency in agencies:
                _note_loaded(agency, now)
    return True


def _founded(now: datetime) -> datetime:
    """When the offices are set up: before their first plan, and never ahead of the present."""
    first = min(day(plan["doc_date"]) for plan in content()["plans"]) - FOUNDED_BEFORE
    return min(datetime.combine(first, time(9, 0), tzinfo=BANGKOK), now - timedelta(days=1))


def _offices_load(ports: Ports, now: datetime) -> list[Agency]:
    years = {day(plan[edge]).year for plan in content()["plans"] for edge in ("start", "end")}
    calendar_prepare(actor=None, now=now, years=years)
    draft_templates_seed(actor=None, now=now)
    agencies = agencies_load(port=ports.site)
    stock_groups_remove()
    hashed = password_hash()
    administrator_load(password_hash=hashed)
    for agency in agencies:
        roles_ensure(actor=None, agency=agency, now=now)
        people_load(agency, password_hash=hashed)
        chain_ensure(actor=None, agency=agency, now=now)
        channels_rest(agency)
        procedures_load(agency)
    return agencies


def _past_load(agencies: list[Agency], now: datetime, with_news: bool) -> None:
    """Plans, news and reports of all agencies in one diary: each chain of the audit log reads in the order of time."""
    diary = Diary()
    for agency in agencies:
        plans_into(diary, agency)
        working_groups_into(diary, agency)
        if with_news:
            news_into(diary, agency, now=now)
            _reports_into(diary, agency, now)
    if with_news:
        reminders_into(diary, agencies[0], now)
    diary.play(latest=now)


def _reports_into(diary: Diary, agency: Agency, now: datetime) -> None:
    """The report of each finished week since the office was set up, built on the Monday after it at 08:30 (R63)."""
    first = bangkok_date(_founded(now))
    monday = first - timedelta(days=first.weekday())
    while monday + WEEK <= bangkok_date(now):
        built = datetime.combine(monday + WEEK, time(8, 30), tzinfo=BANGKOK)
        diary.add(built, partial(_report, agency, monday))
        monday += WEEK


def _report(agency: Agency, monday: date, now: datetime) -> None:
    if not WeeklyReport.objects.filter(agency=agency, week_start=monday).exists():
        weekly_report_build(actor=None, agency=agency, week_start=monday, now=now)


def _past_read(now: datetime) -> None:
    """What the people of the demo were told before yesterday they have read; nobody is mailed about it today."""
    Notice.objects.filter(created_at__lt=now - timedelta(days=1)).update(read_at=F("created_at"))


@transaction.atomic
def _note_loaded(agency: Agency, now: datetime) -> None:
    audit_record(actor=None, verb=LOADED, target=agency, now=now, data={"note": content()["note"]})
