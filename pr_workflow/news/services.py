"""Verbs of writing: begin an item from an activity of the plan (S1 §4.2, R24)."""

from datetime import datetime
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
    section = news_section_of(agency)
    if section is None:
        return _("The site of the agency has no section for news yet. Ask the system administrator.")
    if agency_of(actor) not in (None, agency) or not section.permissions_for_user(actor).can_add_subpage():
        return _("Only PR officers of the agency write news.")
    return ""


@transaction.atomic
def news_create_from_activity(*, actor, activity: PlanActivity, now: datetime) -> Any:
    """Begin a draft with what the plan already says; may be repeated, an activity can have several items (R24).

    Copies title, day, target groups, formats, channels, important day and responsible officer. Returns the page.
    Raises `NewsRefused`.
    """
    agency = activity.plan.agency
    if reason := writing_refusal(actor, agency):
        raise NewsRefused(reason)
    section = news_section_of(agency)
    page = news_page_model()(
        title=activity.title,
        slug=_free_slug(section, activity),
        event_date=activity.start,
        responsible_officer=_officer(activity, actor),
        plan_activity=activity,
        important_day=activity.important_day,
        target_groups=activity.target_groups,
        media_formats=activity.media_formats,
        channels=activity.channels,
        owner=actor,
        live=False,
        has_unpublished_changes=True,
    )
    section.add_child(instance=page)
    log(instance=page, action="wagtail.create", user=actor, content_changed=True)
    page.save_revision(user=actor, log_action=False)
    audit_record(
        actor=actor,
        verb="news_create",
        target=page,
        now=now,
        agency=agency,
        data={"plan_activity": activity.pk, "code": activity.code},
    )
    return page


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
