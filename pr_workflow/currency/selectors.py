"""Questions about public pages that somebody should look at again, and that expire soon (R51)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from ..conf import review_after_days
from ..news.selectors import news_page_models
from ..people.models import Agency
from ..progress.selectors import midnight
from ..publishing.models import Posting
from ..thai_time import bangkok_date
from ..time_in_office import in_office_on
from .models import PageReview

#: So many days ahead a page is named before it expires.
EXPIRY_HORIZON = timedelta(days=14)


@dataclass(frozen=True)
class PublicPage:
    """A live page: since when readers have this version, when it is looked at again, when it leaves the site."""

    pk: int
    title: str
    officer: str
    went_live_at: datetime | None
    review_on: date | None
    reviewed_until: date | None
    expires_at: datetime | None

    @property
    def due_on(self) -> date | None:
        """The day somebody should look at it again: what the last look since the go-live set, else the date of the page
        itself if it lies after the go-live, else a fixed time after it (`PR_WORKFLOW_REVIEW_AFTER_DAYS`)."""
        if self.reviewed_until:
            return self.reviewed_until
        begun = bangkok_date(self.went_live_at) if self.went_live_at else None
        if self.review_on and (begun is None or self.review_on > begun):
            return self.review_on
        return begun + timedelta(days=review_after_days()) if begun else None


def stale_pages(agency: Agency, *, today: date, before: datetime | None = None) -> list[PublicPage]:
    """The live pages of an agency that are due by `today` (Bangkok), the longest due first. One query a page class.

    Args: before, aware; versions that went live and looks that were recorded from then on do not count yet.
    """
    return _stale(_pages(agency, _maybe_due(today), before=before), today)


def expiring_pages(agency: Agency, *, now: datetime) -> list[PublicPage]:
    """The live pages that leave the site within two weeks by their own expiry, the next first."""
    return _expiring(_pages(agency, _soon_gone(now)), now)


class WatchedPages:
    """The pages one account answers for that are due or leave the site soon; read together, once.

    `is_writer`: PR officers answer also for people who have left or have no open account.
    """

    def __init__(self, agency: Agency | None, user, *, is_writer: bool, now: datetime):
        self.agency, self.user, self.is_writer, self.now = agency, user, is_writer, now

    @cached_property
    def _found(self) -> list[PublicPage]:
        if self.agency is None:
            return []
        mine = Q(responsible_officer__user=self.user)
        if self.is_writer:
            in_office = in_office_on(bangkok_date(self.now), "responsible_officer__")
            mine |= ~(in_office & Q(responsible_officer__user__is_active=True))
        return _pages(self.agency, mine & (_maybe_due(bangkok_date(self.now)) | _soon_gone(self.now)))

    @property
    def stale(self) -> list[PublicPage]:
        """Due today or before, the longest due first."""
        return _stale(self._found, bangkok_date(self.now))

    @property
    def expiring(self) -> list[PublicPage]:
        """Leaving the site within two weeks, the next first."""
        return _expiring(self._found, self.now)


def _maybe_due(today: date) -> Q:
    """What can be due; `PublicPage.due_on` decides."""
    old = midnight(today - timedelta(days=review_after_days()) + timedelta(days=1))
    never_seen = Q(reviewed_until__isnull=True)
    return Q(reviewed_until__lte=today) | never_seen & (Q(review_on__lte=today) | Q(went_live__lt=old))


def _soon_gone(now: datetime) -> Q:
    return Q(expire_at__gt=now, expire_at__lte=now + EXPIRY_HORIZON)


def _stale(pages: list[PublicPage], today: date) -> list[PublicPage]:
    due = [(page.due_on, page.pk, page) for page in pages if page.due_on and page.due_on <= today]
    return [page for _day, _pk, page in sorted(due, key=lambda entry: entry[:2])]


def _expiring(pages: list[PublicPage], now: datetime) -> list[PublicPage]:
    gone = [(page.expires_at, page.pk, page) for page in pages if page.expires_at and page.expires_at > now]
    soon = [entry for entry in gone if entry[0] <= now + EXPIRY_HORIZON]
    return [page for _moment, _pk, page in sorted(soon, key=lambda entry: entry[:2])]


def _pages(agency: Agency, condition: Q, *, before: datetime | None = None) -> list[PublicPage]:
    rows: list[dict[str, Any]] = []
    names = ("pk", "title", "responsible_officer__display_name", "review_on", "expire_at")
    for model in news_page_models():
        pages = with_review(model.objects.live().descendant_of(agency.site.root_page), before=before)
        rows += pages.filter(condition).values(*names, "went_live", "reviewed_until")
    return [
        PublicPage(
            pk=row["pk"],
            title=row["title"],
            officer=row["responsible_officer__display_name"] or "",
            went_live_at=row["went_live"],
            review_on=row["review_on"],
            reviewed_until=row["reviewed_until"],
            expires_at=row["expire_at"],
        )
        for row in rows
    ]


def with_review(pages: QuerySet, *, before: datetime | None = None) -> QuerySet:
    """Pages with `went_live` (their newest version) and `reviewed_until` (by a look since then).

    Args: before, aware; only what was there before that moment, everything when None.
    """
    postings = Posting.objects.filter(page_id=OuterRef("pk"), went_live_at__isnull=False).order_by("-went_live_at")
    if before is not None:
        postings = postings.filter(went_live_at__lt=before)
    pages = pages.annotate(went_live=Coalesce(Subquery(postings.values("went_live_at")[:1]), F("last_published_at")))
    looks = PageReview.objects.filter(page_number=OuterRef("pk"), reviewed_at__gte=OuterRef("went_live"))
    if before is not None:
        looks = looks.filter(reviewed_at__lt=before)
    return pages.annotate(reviewed_until=Subquery(looks.order_by("-reviewed_at", "-pk").values("next_review_on")[:1]))
