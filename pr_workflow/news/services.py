"""Verbs of writing: begin an item from an activity of the plan (S1 §4.2, R24)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..audit.services import audit_record
from ..people.models import StaffProfile
from ..people.selectors import agency_of, profile_of
from ..plan.models import PlanActivity
from .selectors import news_page_model, news_section_of


class NewsRefused(PermissionDenied):
    """Somebody who may not write news for this agency tried to. Answered as 403."""


def writing_refusal(actor, agency) -> str:
    """Why this account may not begin news for the agency, as a whole sentence; empty when it may."""
    if reason := _section_missing(agency):
        return reason
    section = news_section_of(agency)
    if agency_of(actor) not in (None, agency) or not section.permissions_for_user(actor).can_add_subpage():
        return _("Only PR officers of the agency write news.")
    return ""


@dataclass(frozen=True)
class DraftStart:
    """What a draft begins with when nobody presses the button (R20). Moments are aware."""

    title: str
    event_date: date
    owner: Any = None
    officer: StaffProfile | None = None
    wished_at: datetime | None = None
    lead: str = ""
    #: Blocks of the body as they are stored.
    body: list[dict[str, Any]] = field(default_factory=list)
    target_groups: list[str] = field(default_factory=list)
    media_formats: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    #: For the log.
    because: Mapping[str, Any] = field(default_factory=dict)

    def fill(self, page: Any) -> None:
        """Write it into a draft; the draft is not saved."""
        page.title = page.draft_title = self.title
        page.event_date, page.go_live_at = self.event_date, self.wished_at
        page.lead, page.body = self.lead, json.dumps(self.body)
        page.target_groups, page.media_formats, page.channels = self.target_groups, self.media_formats, self.channels
        if self.tags and hasattr(page, "tags"):
            page.tags.set(self.tags)


@transaction.atomic
def news_create_from_activity(*, actor, activity: PlanActivity, now: datetime, start: DraftStart | None = None) -> Any:
    """Begin a draft with what the plan already says; may be repeated, an activity can have several items (R24).

    Copies title, day, target groups, formats, channels, important day and responsible officer. With a `start` the
    system (actor None) begins it for its officer, with what stands there. Returns the page. Raises `NewsRefused`.
    """
    agency = activity.plan.agency
    if reason := _section_missing(agency) if start else writing_refusal(actor, agency):
        raise NewsRefused(reason)
    section = news_section_of(agency)
    page = news_page_model()(
        title=activity.title,
        slug=_free_slug(section, activity),
        event_date=activity.start,
        responsible_officer=start.officer if start else _officer(activity, actor),
        plan_activity=activity,
        important_day=activity.important_day,
        target_groups=activity.target_groups,
        media_formats=activity.media_formats,
        channels=activity.channels,
        owner=start.owner if start else actor,
        live=False,
        has_unpublished_changes=True,
    )
    if start:
        start.fill(page)
    section.add_child(instance=page)
    log(instance=page, action="wagtail.create", user=actor, content_changed=True)
    page.save_revision(user=actor, log_action=False)
    data = {"plan_activity": activity.pk, "code": activity.code}
    if start:
        because = {**data, **start.because}
        audit_record(actor=actor, verb="news_create_at_lead_time", target=page, now=now, agency=agency, data=because)
    else:
        audit_record(actor=actor, verb="news_create", target=page, now=now, agency=agency, data=data)
    return page


@transaction.atomic
def news_draft_follow(*, page: Any, start: DraftStart, agency, now: datetime) -> Any:
    """Write a draft that nobody has touched anew, because the day it was begun for has moved (R20).

    Whether it is untouched is for the caller to know, behind the lock of the agency's chain. Returns the new revision.
    """
    draft = page.get_latest_revision_as_object()
    start.fill(draft)
    revision = draft.save_revision(log_action=False)
    audit_record(actor=None, verb="news_draft_follow", target=page, now=now, agency=agency, data=dict(start.because))
    return revision


def _section_missing(agency) -> str:
    if news_section_of(agency) is None:
        return _("The site of the agency has no section for news yet. Ask the system administrator.")
    return ""


def _free_slug(section, activity: PlanActivity) -> str:
    """An address in plain letters: Thai titles lose their vowels in an address made by Wagtail."""
    base = slugify(activity.code) or f"activity-{activity.pk}"
    taken = set(section.get_children().filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def _officer(activity: PlanActivity, actor) -> StaffProfile | None:
    officer = activity.responsible_officer
    return officer if officer and officer.in_office else profile_of(actor)
