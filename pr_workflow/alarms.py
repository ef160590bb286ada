"""What somebody must know within two minutes: news that is not live at its time, machinery that stands still (I6).

A door above all steps, like `health`: it looks at the database every minute and tells each thing once. News that went
live is told here too, so that a large batch of it is not slowed by telling.
"""

from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.contrib.auth import get_user_model
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .health import PATIENCE, health_report
from .machinery import PROBLEM_WORDS
from .notifications.models import Notice
from .notifications.services import in_house_language, notice_write
from .people.models import Agency
from .people.roles import Role
from .people.selectors import role_members
from .publishing.models import Posting, PublicationCheck
from .publishing.notices import failure_tell, live_tell

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
    """One urgent notice for each problem and hour to administrators, and to IT officers for the machinery."""
    problems = health_report(now).problems
    agencies = list(Agency.objects.select_related("site").order_by("code")) if problems else []
    for problem in problems:
        for agency in agencies:
            people = [] if problem in OF_ITEMS else list(role_members(agency, Role.IT_OFFICER))
            _tell_problem(problem, agency, [*people, *_administrators(agency, is_first=agency == agencies[0])], now)
    return problems


def _administrators(agency: Agency, *, is_first: bool) -> list[Any]:
    """Superusers of the agency; those of no agency are told once, with the first one's address."""
    superusers = get_user_model().objects.filter(is_superuser=True, is_active=True)
    own = superusers.filter(staff_profile__agency=agency)
    return [*own, *superusers.filter(staff_profile=None)] if is_first else list(own)


def _tell_problem(problem: str, agency: Agency, people: list[Any], now: datetime) -> None:
    with in_house_language():
        notice_write(
            recipients=people,
            key=f"health:{problem}:{now:%Y%m%d%H}",
            subject=_problem_in_words(problem),
            text=_("Look at the scheduler and the worker. The health page /healthz says more."),
            path=reverse("wagtailadmin_home"),
            agency=agency,
            urgent=True,
            now=now,
        )


def _problem_in_words(problem: str) -> str:
    words = PROBLEM_WORDS.get(problem)
    return str(words) if words else _("The system reports a problem: %(problem)s") % {"problem": problem}
