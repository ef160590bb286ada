"""Questions about posting and checking: what waits for whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from ..clock import step_now
from ..news.selectors import news_page_models
from ..people.models import Agency, AgencyGroup
from ..people.roles import Role
from ..people.selectors import user_holds
from ..thai_time import bangkok_date
from ..time_in_office import acts_on, in_office_on
from .models import CorrectionRound, Posting, PublicationCheck

#: What the system itself writes as the reason of a closing, and its words; a person's reason stands as it was typed.
CLOSINGS = {
    "superseded": gettext_lazy("Replaced by a newer approved version"),
    "taken down": gettext_lazy("The item was taken off the site"),
    "expired": gettext_lazy("The item has expired"),
    "emergency": gettext_lazy("Published in an emergency, without the chain"),
}


def closing_in_words(reason: str) -> str:
    """Why a posting was closed or a page left the site, as people read it."""
    return str(CLOSINGS.get(reason, reason))


#: A go-live this much later than its minute is shown as stuck (I6: within two minutes).
STUCK_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class PostingQueue:
    """What the IT officer has before them, the urgent first."""

    failed: list[Posting]
    waiting: list[Posting]
    scheduled: list[Posting]


def posting_queue(agency: Agency) -> PostingQueue:
    """The open postings of an agency in one query: failed, waiting for a time, scheduled."""
    rows = Posting.objects.open().filter(agency=agency).select_related("revision", "posted_by", "received_by", "agency")
    queue = PostingQueue([], [], [])
    for row in rows.order_by("-is_urgent", "go_live_at", "due_at", "pk"):
        (queue.failed if row.failure else queue.scheduled if row.go_live_at else queue.waiting).append(row)
    return queue


def may_post(user, agency: Agency | None) -> bool:
    """Whether this account is an IT officer of the agency."""
    return agency is not None and user_holds(user, Role.IT_OFFICER, agency)


def postings_in_trouble(agency: Agency, *, now: datetime) -> QuerySet[Posting]:
    """Failed, or past their minute and still not live (I1, I6)."""
    stuck = Posting.objects.overdue(now - STUCK_AFTER)
    return (Posting.objects.failed() | stuck).filter(agency=agency).select_related("revision").order_by("go_live_at")


def checks_of(user) -> QuerySet[PublicationCheck]:
    """The open checks this account has to answer as responsible officer, the most urgent first.

    What has left the site in the meantime cannot be looked at any more and waits for nobody.
    """
    checks = (
        PublicationCheck.objects.open()
        .filter(page__live=True)
        .select_related("revision", "page", "agency")
        .order_by("due_at", "pk")
    )
    return checks.filter(_answered_by(user))


def corrections_of(user) -> QuerySet[CorrectionRound]:
    """The open correction rounds of items this account answers for, the most urgent first."""
    rounds = CorrectionRound.objects.filter(closed_at__isnull=True).select_related("check_row__revision")
    return rounds.filter(_answered_by(user)).order_by("due_at", "pk")


def _answered_by(user) -> Q:
    """A condition on rows with a `page` and an `agency`: this account answers for it (see `may_answer`)."""
    mine = Q(pk__in=[])
    today = bangkok_date(step_now())
    seats = AgencyGroup.objects.filter(acts_on(today, "group__user__"), role=Role.WRITER, group__user=user)
    in_office = in_office_on(today, "responsible_officer__")
    for model in news_page_models():
        pages = model.objects.filter(pk=OuterRef("page_id"))
        mine |= Q(Exists(pages.filter(responsible_officer__user=user)))
        left = pages.filter(~(in_office & Q(responsible_officer__user__is_active=True)))
        mine |= Q(Exists(left), agency__in=seats.values("agency"))
    return mine


def may_answer(user, page, agency: Agency) -> bool:
    """Whether this account answers the check of a page: its responsible officer, or while that person has left office
    or has no open account, any PR officer of the agency (S1 §4.5, R46)."""
    officer = page.responsible_officer
    if officer is not None and officer.can_act:
        return officer.user_id == user.pk
    return user_holds(user, Role.WRITER, agency)
