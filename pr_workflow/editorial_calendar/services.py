"""The verbs of the calendar: another date, by the service of the step that owns it (R26).

Each asks the owner first, who refuses as its own screen would; a day off is asked about last, and until it is answered
nothing is written.
"""

from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.permissions import policy_registry

from ..approval.reading import reading_refusal
from ..audit.services import chain_lock
from ..clocks.office import OFFICE_OPENS
from ..festival_calendar.models import ImportantDayOccurrence
from ..festival_calendar.selectors import closed_days
from ..festival_calendar.services import occurrence_save
from ..news.wishes import news_wish_set, wish_refusal
from ..people.models import Agency
from ..people.selectors import agency_for_page
from ..plan.models import AnnualPlan, PlanActivity
from ..plan.redating import activity_redate
from ..plan.services import edit_refusal
from ..publishing.models import Posting
from ..publishing.services import news_post, posting_refusal
from ..seen_dates import MovedMeanwhile, seen_text
from ..thai_time import BANGKOK, WEEKDAYS, bangkok_date, thai_date, thai_datetime


class DateRefused(PermissionDenied):
    """An entry cannot get another date here. Answered as 403."""


class QuestionAsked(Exception):
    """Nothing was written: the person has to say yes first. `questions` are whole sentences."""

    def __init__(self, questions: list[str]):
        super().__init__(*questions)
        self.questions = questions


def day_off_question(day: date, agency: Agency | None) -> list[str]:
    """The question before work is put on a day on which the office is closed; empty for a working day."""
    words = {"day": thai_date(day)}
    if holiday := closed_days(day, day, agency=agency).get(day):
        return [_("%(day)s is a day off: %(name)s. Put it there all the same?") % (words | {"name": holiday.name_th})]
    if day.weekday() >= 5:
        text = _("%(day)s is a %(weekday)s, and the office is closed. Put it there all the same?")
        return [text % (words | {"weekday": f"วัน{WEEKDAYS[day.weekday()]}"})]
    return []


def _moment(day: date, at: time | None, before: datetime | None) -> datetime:
    """The day at the given time, else at the time it had, else when the office opens."""
    kept = before.astimezone(BANGKOK).time() if before else OFFICE_OPENS
    return datetime.combine(day, at or kept, tzinfo=BANGKOK)


def _same_as_seen(seen: str | None, standing: date | datetime | None) -> None:
    """Args: seen, what the request brings of `seen_text`; one that does not say (None) saw no date.

    Raises `MovedMeanwhile`.
    """
    if (seen or "") == seen_text(standing):
        return
    now = _("no date yet")
    if standing is not None:
        now = thai_datetime(standing) if isinstance(standing, datetime) else thai_date(standing)
    text = _("Somebody has moved this entry meanwhile; it now stands at: %(now)s. Load the calendar again and decide.")
    if seen is None:
        text = _("The request does not say which date was seen; the entry stands at: %(now)s. Load the calendar again.")
    raise MovedMeanwhile(text % {"now": now})


def _ask(questions: list[str], *, confirmed: bool) -> None:
    if questions and not confirmed:
        raise QuestionAsked(questions)


@transaction.atomic
def draft_redate(
    *, actor, page, day: date, at: time | None, confirmed: bool, now: datetime, seen: str | None = None
) -> Any:
    """Another wished date for a draft. Raises `DateRefused`, `WishRefused`, `MovedMeanwhile`, `ValidationError`,
    `QuestionAsked`."""
    agency = agency_for_page(page)
    if agency is not None:
        chain_lock(agency)
    page = type(page).objects.get(pk=page.pk)
    if reason := draft_refusal(actor, page):
        raise DateRefused(reason)
    before = page.get_latest_revision_as_object().go_live_at
    _same_as_seen(seen, before)
    draft = news_wish_set(actor=actor, page=page, wish=_moment(day, at, before), now=now)
    _ask(day_off_question(day, agency), confirmed=confirmed)
    return draft


@transaction.atomic
def posting_redate(
    *, actor, posting: Posting, day: date, at: time | None, confirmed: bool, now: datetime, seen: str | None = None
) -> Posting:
    """Another go-live time for an approved item; one that only had a wish is scheduled by it, and that is asked first.

    Raises `PostingRefused`, `MovedMeanwhile`, `ValidationError`, `QuestionAsked`.
    """
    chain_lock(posting.agency)
    posting = Posting.objects.select_related("agency").get(pk=posting.pk)
    standing = posting.go_live_at or posting.wished_at
    if not posting_refusal(actor, posting):
        _same_as_seen(seen, standing)
    moment = _moment(day, at, standing)
    was_scheduled, was_wished = posting.go_live_at is not None, posting.wished_at is not None
    try:
        posting = news_post(actor=actor, posting=posting, go_live_at=moment, now=now)
    except ValidationError as error:
        if moment > now or posting.has_lapsed(now):
            raise
        # Unlike the form of the IT officer, a date in the calendar cannot say “now”.
        text = _("The go-live time %(time)s is in the past. Choose a later one.")
        raise ValidationError({"date": text % {"time": thai_datetime(moment)}}) from error
    question = _("The item has only been wished for this time. Schedule it now?")
    if not was_wished:
        question = _("Nobody has asked for a time for this item. Schedule it for %(time)s?") % {
            "time": thai_datetime(moment)
        }
    first = [] if was_scheduled else [question]
    _ask([*first, *day_off_question(day, posting.agency)], confirmed=confirmed)
    return posting


@transaction.atomic
def activity_date_set(
    *, actor, activity: PlanActivity, day: date, confirmed: bool, now: datetime, seen: str | None = None
) -> PlanActivity:
    """Another first day for an activity, in the draft of the plan. Raises `PlanRefused`, `MovedMeanwhile`,
    `ValidationError`, `QuestionAsked`."""
    chain_lock(activity.plan.agency)
    plan = AnnualPlan.objects.select_related("agency").get(pk=activity.plan_id)
    if not edit_refusal(actor, plan):
        _same_as_seen(seen, drafted_start(activity, plan))
    line = activity_redate(actor=actor, activity=activity, start=day, now=now)
    _ask(day_off_question(day, activity.plan.agency), confirmed=confirmed)
    return line


def drafted_start(activity: PlanActivity, plan: AnnualPlan) -> date:
    """The first day of an activity in the newest version of its plan; as in force when that has no such line."""
    lines = plan.get_latest_revision_as_object().activities.all()
    return next((line.start for line in lines if line.uuid == activity.uuid), activity.start)


def draft_refusal(user, page) -> str:
    """Why this account sets no wish for the item, whatever the date; empty when it may."""
    agency = agency_for_page(page)
    if reason := reading_refusal(user, agency):
        return reason
    if Posting.objects.open().filter(page_id=page.pk, revision_id=page.latest_revision_id).exists():
        return _("This item is approved. From now on the IT officer sets its time.")
    if page.live and not page.has_unpublished_changes:
        return _("This item is live, so it has no date to wish for any more.")
    return wish_refusal(user, page)


def occurrence_refusal(user, occurrence: ImportantDayOccurrence) -> str:
    """Why this account does not change the date of the day, whatever the date; empty when it may."""
    policy = policy_registry.get_by_type(ImportantDayOccurrence)
    if policy.user_has_permission_for_instance(user, "change", occurrence):
        return ""
    return _("You cannot change this entry: it is national or belongs to another agency.")


@transaction.atomic
def occurrence_redate(
    *, actor, occurrence: ImportantDayOccurrence, day: date, now: datetime, seen: str | None = None
) -> ImportantDayOccurrence:
    """Another date for an important day, by the rules of its register; days off are what many of them are.

    A date that a notice had confirmed is to be confirmed again (`occurrence_save`). Raises `DateRefused`,
    `MovedMeanwhile`, and `ValidationError` on `date`.
    """
    rows = ImportantDayOccurrence.objects.select_for_update(of=("self",)).select_related("important_day")
    occurrence = rows.get(pk=occurrence.pk)
    if refusal := occurrence_refusal(actor, occurrence):
        raise DateRefused(refusal)
    _same_as_seen(seen, occurrence.date)
    for moved in (occurrence.date, day):
        if moved < bangkok_date(now):
            text = _("%(day)s has passed. Choose a day from today on.")
            raise ValidationError({"date": text % {"day": thai_date(moved)}})
    occurrence.date = day
    try:
        occurrence.validate_constraints()
    except ValidationError as error:
        raise ValidationError({"date": error.messages}) from error
    return occurrence_save(actor=actor, occurrence=occurrence, now=now)
