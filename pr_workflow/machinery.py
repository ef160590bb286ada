"""What is stuck, counted over the records of every step (I1, I3, I6): for the health address and the first screen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import swapper
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from .approval.models import ApprovalSeal
from .approval.unmanned import empty_chains, unmanned_levels
from .distribution.models import Delivery
from .festival_calendar.cabinet_days import cabinet_days_missing
from .notifications.models import Notice
from .publishing.coverage import NOT_REFUSED
from .publishing.emergency_selectors import emergencies_overdue, emergencies_unconfirmed
from .publishing.models import EmergencyPublication, Heartbeat, Posting, PublicationCheck, PublishedItem
from .publishing.search_debt import search_debts
from .publishing.tick import snippet_models
from .thai_time import bangkok_date

#: I6: within this time everything says that something is stuck. The tick comes every 60 s.
PATIENCE = timedelta(minutes=2)

#: What each problem is called on a screen and in a notice.
PROBLEM_WORDS = {
    "database_unusable": _("The database cannot be used."),
    "queue_unreachable": _("The queue of the jobs cannot be reached."),
    "no_recent_tick": _("The scheduler is silent: items do not go live at their time."),
    "no_recent_beat": _("The timetable process has stopped: nobody orders the jobs."),
    "no_recent_watch": _("The watch has stopped: if the worker stops too, nobody is told by mail."),
    "due_news_not_live": _("News is not live at its time."),
    "news_failed_to_go_live": _("News could not go live."),
    "expiry_overdue": _("Something is past its expiry and still on the site."),
    "search_behind": _("News that went live cannot be found by the search yet."),
    "deliveries_stuck": _("Deliveries to the channels are stuck."),
    "emergency_not_confirmed_in_time": _("An emergency publication was not confirmed in time."),
    "live_differs_from_approval": _("News on the site is no longer what was approved. Correct it or take it down."),
    "steps_unmanned": _("An item is under way in a chain without steps, or with a step that nobody can fill."),
    "notices_not_mailed": _("Mail cannot be sent at present; the notices wait."),
}


@dataclass
class Machinery:
    """Signs of life and counts at one moment; times are aware, None means never."""

    last_tick_at: datetime | None = None
    last_beat_at: datetime | None = None
    last_watch_at: datetime | None = None
    oldest_due_at: datetime | None = None
    failed_postings: int = 0
    search_behind: int = 0
    expiry_overdue: int = 0
    stuck_deliveries: int = 0
    failed_deliveries: int = 0
    unknown_deliveries: int = 0
    live_without_seal: int = 0
    emergency_unconfirmed: int = 0
    emergency_overdue: int = 0
    checks_overdue: int = 0
    unmanned_steps: int = 0
    items_at_unmanned_chains: bool = False
    notices_not_mailed: int = 0
    cabinet_days_missing: int | None = None

    def stuck(self, now: datetime) -> list[str]:
        """Names of what is stuck. Only counted, because they wait for a person: failed and unknown deliveries, late
        checks, holidays of the next year. `now` is the moment the counts were taken."""
        late = now - PATIENCE
        found = {
            "no_recent_tick": self.last_tick_at is None or self.last_tick_at < late,
            "no_recent_beat": self.last_beat_at is not None and self.last_beat_at < late,
            "no_recent_watch": self.last_watch_at is not None and self.last_watch_at < late,
            "due_news_not_live": self.oldest_due_at is not None and self.oldest_due_at < late,
            "news_failed_to_go_live": self.failed_postings > 0,
            "expiry_overdue": self.expiry_overdue > 0,
            "search_behind": self.search_behind > 0,
            "deliveries_stuck": self.stuck_deliveries > 0,
            "emergency_not_confirmed_in_time": self.emergency_overdue > 0,
            "live_differs_from_approval": self.live_without_seal > 0,
            "steps_unmanned": self.items_at_unmanned_chains,
            "notices_not_mailed": self.notices_not_mailed > 0,
        }
        return [name for name, holds in found.items() if holds]


def machinery(now: datetime) -> Machinery:
    """Count everything at `now` (aware). Raises DatabaseError when the database is unusable."""
    late = now - PATIENCE
    seen = dict(Heartbeat.objects.values_list("name", "seen_at"))
    stuck = (Delivery.objects.ripe(late) | Delivery.objects.expired_lease(late)).count()
    # The row carries the hash of what it shows, so nothing is hashed again here.
    seals = ApprovalSeal.objects.filter(revision=OuterRef("revision"), content_hash=OuterRef("content_hash"))
    covered = EmergencyPublication.objects.filter(
        NOT_REFUSED, revision=OuterRef("revision"), content_hash=OuterRef("content_hash")
    )
    unmanned = [*unmanned_levels(), *empty_chains()]
    due = Posting.objects.overdue(now).order_by("go_live_at").values_list("go_live_at", flat=True)
    return Machinery(
        last_tick_at=seen.get("tick"),
        last_beat_at=seen.get("beat"),
        last_watch_at=seen.get("watch"),
        oldest_due_at=due.first(),
        failed_postings=Posting.objects.failed().count(),
        search_behind=search_debts().filter(went_live_at__lt=late).count(),
        expiry_overdue=_expired_and_live(late),
        stuck_deliveries=stuck + Delivery.objects.due(late).count(),
        failed_deliveries=Delivery.objects.failed().count(),
        unknown_deliveries=Delivery.objects.unknown().count(),
        live_without_seal=PublishedItem.objects.filter(~Exists(seals), ~Exists(covered)).count(),
        emergency_unconfirmed=emergencies_unconfirmed().count(),
        emergency_overdue=emergencies_overdue(now).count(),
        checks_overdue=PublicationCheck.objects.overdue(now).count(),
        unmanned_steps=len(unmanned),
        items_at_unmanned_chains=any(level.has_items for level in unmanned),
        notices_not_mailed=Notice.objects.to_mail(late).filter(mail_attempts__gt=0).count(),
        cabinet_days_missing=cabinet_days_missing(bangkok_date(now)),
    )


def _expired_and_live(late: datetime) -> int:
    page = swapper.load_model("wagtailcore", "Page")
    number = page.objects.live().filter(expire_at__lt=late).count()
    return number + sum(
        model._default_manager.filter(live=True, expire_at__lt=late).count() for model in snippet_models()
    )
