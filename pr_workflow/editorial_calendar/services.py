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
from ..clocks.office import OFFICE_OPENS
from ..festival_calendar.models import ImportantDayOccurrence
from ..festival_calendar.selectors import closed_days
from ..festival_calendar.services import occurrence_save
from ..news.wishes import news_wish_set
from ..people.models import Agency
from ..people.selectors import agency_for_page
from ..plan.models import PlanActivity
from ..plan.redating import activity_redate
from ..publishing.models import Posting
from ..publishing.services import news_post
from ..thai_time import BANGKOK, WEEKDAYS, bangkok_date, thai_date


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


def _ask(questions: list[str], *, confirmed: bool) -> None:
    if questions and not confirmed:
        raise QuestionAsked(questions)


@transaction.atomic
def draft_redate(*, actor, page, day: date, at: time | None, confirmed: bool, now: datetime) -> Any:
    """Another wished date for a draft. Raises `DateRefused`, `WishRefused`, `ValidationError`, `QuestionAsked`."""
    agency = agency_for_page(page)
    if reason := reading_refusal(actor, agency):
        raise DateRefused(reason)
    if Posting.objects.open().filter(page_id=page.pk, revision_id=page.latest_revision_id).exists():
        raise DateRefused(_("This item is approved. From now on the IT officer sets its time."))
    if page.live and not page.has_unpublished_changes:
        raise DateRefused(_("This item is live, so it has no date to wish for any more."))
    before = page.get_latest_revision_as_object().go_live_at
    draft = news_wish_set(actor=actor, page=page, wish=_moment(day, at, before), now=now)
    _ask(day_off_question(day, agency), confirmed=confirmed)
    return draft


@transaction.atomic
def posting_redate(*, actor, posting: Posting, day: date, at: time | None, confirmed: bool, now: datetime) -> Posting:
    """Another go-live time for an approved item; one that only had a wish is scheduled by it, and that is asked first.

    Raises `PostingRefused`, `ValidationError`, `QuestionAsked`.
    """
    moment = _moment(day, at, posting.go_live_at or posting.wished_at)
    was_scheduled = posting.go_live_at is not None
    posting = news_post(actor=actor, posting=posting, go_live_at=moment, now=now)
    first = [] if was_scheduled else [_("The item has only been wished for this time. Schedule it now?")]
    _ask([*first, *day_off_question(day, posting.agency)], confirmed=confirmed)
    return posting


@transaction.atomic
def activity_date_set(*, actor, activity: PlanActivity, day: date, confirmed: bool, now: datetime) -> PlanActivity:
    """Another first day for an activity, in the draft of the plan. Raises `PlanRefused`, `ValidationError`,
    `QuestionAsked`."""
    line = activity_redate(actor=actor, activity=activity, start=day, now=now)
    _ask(day_off_question(day, activity.plan.agency), confirmed=confirmed)
    return line


@transaction.atomic
def occurrence_redate(*, actor, occurrence: ImportantDayOccurrence, day: date, now: datetime) -> ImportantDayOccurrence:
    """Another date for an important day, by the rules of its register; days off are what many of them are.

    Raises `DateRefused`, and `ValidationError` on `date`.
    """
    rows = ImportantDayOccurrence.objects.select_for_update(of=("self",)).select_related("important_day")
    occurrence = rows.get(pk=occurrence.pk)
    policy = policy_registry.get_by_type(ImportantDayOccurrence)
    if not policy.user_has_permission_for_instance(actor, "change", occurrence):
        raise DateRefused(_("You cannot change this entry: it is national or belongs to another agency."))
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
