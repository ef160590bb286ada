"""The verbs of the lead time: one pass over all agencies, once for each activity; templates kept by people (R20)."""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record, chain_lock
from ..festival_calendar.selectors import entry_may_change
from ..news.selectors import news_page_models
from ..news.services import news_create_from_activity, news_draft_follow
from ..notifications.services import in_house_language
from ..people.models import Agency
from ..thai_time import bangkok_date
from .models import DraftTemplate, LeadTimeDraft
from .notices import draft_tell, moved_tell
from .selectors import LeadTimeBoard, Placed, answered_keys, lead_time_board, template_for
from .starting import start_of

logger = logging.getLogger(__name__)
Day = date  # a field called `date` hides the type from the lines below it
TEMPLATE_FILE = Path(__file__).parent / "data" / "draft_templates.json"


@dataclass(frozen=True)
class Line:
    """What one pass did, or did not do, about one thing.

    `outcome`: made, begun, followed, told, blocked, no_plan, unplanned or failed; `reason` says why where it matters.
    """

    agency: str
    outcome: str
    activity: str = ""
    day: str = ""
    date: Day | None = None
    page: int | None = None
    reason: str = ""


def lead_time_pass(*, now: datetime, today: date | None = None, agencies: Iterable[Agency] | None = None) -> list[Line]:
    """Make every draft whose lead time has come, and let untouched ones follow their day. Safe to repeat.

    Args: now, aware; today, the day in Bangkok that counts (that of `now`); agencies, all when None. What fails is one
    line and tries again with the next pass; it stops nothing else (I1).
    """
    today = today or bangkok_date(now)
    found = Agency.objects.select_related("site__root_page").order_by("code") if agencies is None else agencies
    lines: list[Line] = []
    with in_house_language():
        lines += _tried("", "", partial(_templates_ready, now))
        for agency in found:
            lines += _tried(agency.code, "", partial(_agency_pass, agency, today, now))
    return lines


def _tried(agency: str, activity: str, act: Callable[[], list[Line]]) -> list[Line]:
    try:
        return act()
    except Exception as error:  # the others are still of use, and the next pass tries again (I1)
        logger.exception("lead time of %s %s", agency or "the templates", activity)
        return [Line(agency, "failed", activity, reason=f"{type(error).__name__}: {error}"[:500])]


def _templates_ready(now: datetime) -> list[Line]:
    if not DraftTemplate.objects.filter(agency=None, important_day=None).exists():
        draft_templates_seed(actor=None, now=now)
    return []


def _agency_pass(agency: Agency, today: date, now: datetime) -> list[Line]:
    board = lead_time_board(agency, today)
    answered = answered_keys(agency)
    lines = [] if board.has_plan else [Line(agency.code, "no_plan", reason=_("No plan of this year is in force."))]
    for placed in board.due:
        if placed.key not in answered:
            code = placed.activity.code
            lines += _tried(agency.code, code, partial(_answer, agency, placed, now))
    lines += _followed(board, now)
    lines += [_line(agency, "blocked", placed, reason=placed.obstacle) for placed in board.blocked]
    lines += [
        Line(agency.code, "unplanned", day=run.important_day.key, date=run.first, reason=run.important_day.name_th)
        for run in board.unplanned
    ]
    return lines


def _line(agency: Agency, outcome: str, placed: Placed, page: int | None = None, reason: str = "") -> Line:
    day = placed.day.key if placed.day else ""
    return Line(agency.code, outcome, placed.activity.code, day, placed.first, page, str(reason))


@transaction.atomic
def _answer(agency: Agency, placed: Placed, now: datetime) -> list[Line]:
    """Make the draft of one activity, unless another worker or a person was first."""
    chain_lock(agency)
    activity = placed.activity
    record, is_new = LeadTimeDraft.objects.get_or_create(
        agency=agency,
        activity_uuid=activity.uuid,
        day_key=placed.day.key if placed.day else "",
        fiscal_year_be=activity.plan.fiscal_year_be,
        defaults={
            "activity_code": activity.code,
            "important_day": placed.day,
            "day": placed.first,
            "is_confirmed": placed.confirmed,
            "outcome": LeadTimeDraft.Outcome.BEGUN,
            "created_at": now,
        },
    )
    if not is_new:
        return []
    if any(model.objects.filter(plan_activity=activity).exists() for model in news_page_models()):
        return [_line(agency, "begun", placed)]
    start = start_of(placed, template_for(agency, placed.day), now=now)
    page = news_create_from_activity(actor=None, activity=activity, now=now, start=start)
    record.outcome, record.officer = LeadTimeDraft.Outcome.MADE, start.officer
    record.page_id, record.revision_id = page.pk, page.latest_revision_id
    record.save()
    draft_tell(record=record, placed=placed, page=page, reason=start.because["obstacle"], now=now)
    return [_line(agency, "made", placed, page.pk, start.because["obstacle"])]


def _followed(board: LeadTimeBoard, now: datetime) -> list[Line]:
    """Drafts whose day has moved, or become certain, since they were made."""
    agency = board.agency
    placed_by_key = {placed.key: placed for placed in board.activities}
    rows = LeadTimeDraft.objects.filter(agency=agency, outcome=LeadTimeDraft.Outcome.MADE, page__isnull=False)
    lines: list[Line] = []
    for row in rows.filter(day__gte=board.today).order_by("pk"):
        placed = placed_by_key.get((str(row.activity_uuid), row.day_key, row.fiscal_year_be))
        if placed is None or placed.obstacle == "no_date" or placed.first < board.today:
            continue
        if not placed.obstacle and (placed.first, placed.confirmed) == (row.day, row.is_confirmed):
            continue
        lines += _tried(agency.code, row.activity_code, partial(_follow, agency, row.pk, placed, now))
    return lines


@transaction.atomic
def _follow(agency: Agency, number: int, placed: Placed, now: datetime) -> list[Line]:
    chain_lock(agency)
    row = LeadTimeDraft.objects.select_for_update(of=("self",)).select_related("page").get(pk=number)
    if row.page is None:
        return []
    page = row.page.specific
    if placed.obstacle:
        told = moved_tell(record=row, placed=placed, page=page, is_moved=False, now=now)
        return [_line(agency, "told", placed, row.page_id, placed.obstacle)] if told else []
    if (placed.first, placed.confirmed) == (row.day, row.is_confirmed):
        return []
    untouched = _is_untouched(page, row)
    if untouched:
        start = start_of(placed, template_for(agency, placed.day), now=now)
        revision = news_draft_follow(page=page, start=start, agency=agency, now=now)
        row.revision_id = revision.pk
    row.day, row.is_confirmed = placed.first, placed.confirmed
    row.save()
    moved_tell(record=row, placed=placed, page=page, is_moved=untouched, now=now)
    return [_line(agency, "followed" if untouched else "told", placed, page.pk)]


def _is_untouched(page: Any, row: LeadTimeDraft) -> bool:
    """Still as the system wrote it: not changed, not submitted, not live."""
    same = row.revision_id is not None and page.latest_revision_id == row.revision_id
    return same and not page.live and page.current_workflow_state is None


@transaction.atomic
def draft_templates_seed(*, actor, now: datetime) -> int:
    """Write the national default template of each kind; rows a person edited stay as they are. Returns the new ones.

    Args: actor, a user or None for the system; now, aware. Safe to repeat: a new release may update untouched rows.
    """
    chain_lock(None)  # two workers that start at once: the second one finds what the first has written
    known = {row.kind: row for row in DraftTemplate.objects.filter(agency=None, important_day=None)}
    created = 0
    for values in json.loads(TEMPLATE_FILE.read_text(encoding="utf-8")):
        row = known.get(values["kind"]) or DraftTemplate()
        if not row._state.adding and not row.untouched:
            continue
        created += row._state.adding
        before = row.seeded_hash
        for name, value in {**values, "active": True}.items():
            setattr(row, name, value)
        row.mark_seeded()
        if row.seeded_hash != before:
            row.save()
    if created:
        target = ContentType.objects.get_for_model(DraftTemplate)
        audit_record(actor=actor, verb="draft_templates_seed", target=target, now=now, data={"created": created})
    return created


@transaction.atomic
def draft_template_save(*, actor, template: DraftTemplate, now: datetime) -> DraftTemplate:
    """Keep what a person wrote into a template. Drafts made before stay as they are.

    Raises PermissionDenied for another agency's template, or a national one unless the actor is a superuser.
    """
    if actor is not None and not entry_may_change(actor, template.agency_id):
        raise PermissionDenied(_("You cannot change this entry: it is national or belongs to another agency."))
    template.save()
    audit_record(actor=actor, verb="draft_template_save", target=template, now=now, data={"title": template.title})
    return template
