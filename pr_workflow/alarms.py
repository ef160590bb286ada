"""What somebody must know within two minutes: news that is not live at its time, machinery that stands still (I6).

A door above all steps, like `health`: it looks at the database every minute and tells each thing once. News that went
live is told here too, so that a large batch of it is not slowed by telling.
"""

from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .health import PATIENCE, health_report
from .machinery import PROBLEM_WORDS
from .notifications.alarm_book import alarm_close, alarms_calmed, alarms_note
from .notifications.models import Alarm, Notice
from .notifications.services import in_house_language, notice_write
from .people.models import Agency
from .people.roles import Role
from .people.selectors import role_members
from .publishing.models import Posting, PublicationCheck
from .publishing.notices import failure_tell, live_tell
from .thai_time import thai_datetime

#: What went live longer ago is no news to anybody.
STILL_NEWS = timedelta(days=1)
#: So many a round; the next round comes within a minute.
BATCH = 100
#: Problems of single items: told as such, to those whose items they are.
OF_ITEMS = frozenset({"due_news_not_live", "news_failed_to_go_live"})


@shared_task(name="pr_workflow.tasks.alarm_tick")
def alarm_tick() -> dict:
    """Every 60 seconds: tell what went live, what did not, and what is stuck. Everything once."""
    now = timezone.now()
    return {"live": tell_live(now=now), "not_live": tell_not_live(now=now), "stuck": tell_stuck(now=now)}


def tell_live(*, now: datetime) -> int:
    """Versions that went live and nobody was told of; returns how many."""
    told = Notice.objects.filter(key=Concat(Value("live:"), Cast(OuterRef("pk"), CharField())))
    fresh = PublicationCheck.objects.filter(~Exists(told), opened_at__gt=now - STILL_NEWS)
    rows = list(fresh.select_related("agency", "page", "revision").order_by("pk")[:BATCH])
    for check in rows:
        live_tell(check=check, now=now)
    return len(rows)


def tell_not_live(*, now: datetime) -> int:
    """Postings that failed, or whose minute has passed; each slot is told once. Returns how many there are."""
    late = Posting.objects.failed() | Posting.objects.overdue(now - PATIENCE / 2)
    rows = late.filter(go_live_at__isnull=False).select_related("agency", "revision", "page").distinct()
    for posting in rows[:BATCH]:
        failure_tell(posting=posting, now=now)
    return len(rows)


def tell_stuck(*, now: datetime) -> list[str]:
    """Tell each problem once, to administrators, and to IT officers for the machinery; and its end once.

    Nothing can be told while the database is unusable. Returns the problems.
    """
    problems = health_report(now).problems
    if "database_unusable" in problems:
        return problems
    agencies = list(Agency.objects.select_related("site").order_by("code")) if problems else []
    for alarm in alarms_note(problems=problems, now=now):
        for agency in agencies:
            people = [] if alarm.problem in OF_ITEMS else list(role_members(agency, Role.IT_OFFICER))
            _tell_problem(alarm, agency, [*people, *_administrators(agency, is_first=agency == agencies[0])], now)
    for alarm in alarms_calmed(problems=problems, now=now):
        _tell_over(alarm, now)
    return problems


def _administrators(agency: Agency, *, is_first: bool) -> list[Any]:
    """Superusers of the agency; those of no agency are told once, with the first one's address."""
    superusers = get_user_model().objects.filter(is_superuser=True, is_active=True)
    own = superusers.filter(staff_profile__agency=agency)
    return [*own, *superusers.filter(staff_profile=None)] if is_first else list(own)


def _tell_problem(alarm: Alarm, agency: Agency, people: list[Any], now: datetime) -> None:
    with in_house_language():
        notice_write(
            recipients=people,
            key=alarm.key,
            subject=_problem_in_words(alarm.problem),
            text=_("Look at the scheduler and the worker. The health page /healthz says more."),
            path=reverse("wagtailadmin_home"),
            agency=agency,
            urgent=True,
            now=now,
        )


@transaction.atomic
def _tell_over(alarm: Alarm, now: datetime) -> None:
    """Whoever was told of the problem reads that it is gone."""
    if not alarm_close(alarm=alarm, now=now):
        return
    told: dict[Agency, list[Any]] = {}
    for notice in Notice.objects.filter(key=alarm.key).select_related("recipient", "agency"):
        told.setdefault(notice.agency, []).append(notice.recipient)
    with in_house_language():
        words = {"since": thai_datetime(alarm.since), "seen": thai_datetime(alarm.seen_at)}
        for agency, people in told.items():
            notice_write(
                recipients=people,
                key=alarm.over_key,
                subject=_("It is over: %(problem)s") % {"problem": _problem_in_words(alarm.problem)},
                text=_("It was seen from %(since)s to %(seen)s.") % words,
                path=reverse("wagtailadmin_home"),
                agency=agency,
                urgent=True,
                now=now,
            )


def _problem_in_words(problem: str) -> str:
    words = PROBLEM_WORDS.get(problem)
    return str(words) if words else _("The system reports a problem: %(problem)s") % {"problem": problem}
