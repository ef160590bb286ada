"""What a draft at lead time begins with: the template filled in, the day as the wished time, the officer (R20)."""

import re
from datetime import datetime, time
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from ..news.services import DraftStart
from ..people.models import Agency, StaffProfile
from ..people.roles import Role
from ..people.selectors import role_members
from ..thai_time import BANGKOK, thai_date, thai_date_range, to_be
from .models import DraftTemplate
from .patterns import pattern_filled
from .selectors import Placed

#: When the day's news is wished to go live; the officer may change it.
WISHED_TIME = time(8, 30)
#: The paragraph that says a date is not certain yet. By this number it is found again, whatever its words are.
DATE_NOTE = "5d1f2c6e-8a0b-4f57-9c0d-3e6b7a914c20"
#: Who prepares in place of an officer who cannot, the first who is there.
HEADS = (Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.DIRECTOR)
LONGEST_TITLE = 255


def officer_obstacle(officer: StaffProfile | None) -> str:
    """Why the officer of an activity cannot be given a draft, as a whole sentence; empty when he or she can."""
    if officer is None:
        return _("The activity names no responsible officer.")
    name = {"name": officer.display_name}
    if not officer.in_office:
        return _("%(name)s, who is responsible for the activity, is not in office.") % name
    if not officer.can_act:
        return _("%(name)s, who is responsible for the activity, has no open account.") % name
    return ""


def heads_of(agency: Agency) -> list[Any]:
    """The accounts a draft goes to when its officer cannot take it: of the lowest level that has any."""
    for role in HEADS:
        if people := list(role_members(agency, role).order_by("pk")):
            return people
    return []


def start_of(placed: Placed, template: DraftTemplate | None, *, now: datetime) -> DraftStart:
    """The beginning of a draft for a placed activity; `now` is aware. Call it in the language of the house."""
    activity, agency = placed.activity, placed.activity.plan.agency
    words = {
        "name": placed.name,
        "year_be": str(to_be(placed.first.year)),
        "date": thai_date_range(placed.first, placed.last),
        "agency": agency.name,
    }
    title = pattern_filled(template.title, words) if template else activity.title
    obstacle = officer_obstacle(activity.responsible_officer)
    officer = None if obstacle else activity.responsible_officer
    heads = [] if officer else heads_of(agency)
    wished_at = datetime.combine(placed.first, WISHED_TIME, tzinfo=BANGKOK)
    return DraftStart(
        title=title[:LONGEST_TITLE],
        event_date=placed.first,
        owner=officer.user if officer else (heads[0] if heads else None),
        officer=officer,
        wished_at=wished_at if wished_at > now else None,
        lead=pattern_filled(template.lead, words) if template else "",
        body=[*_date_note(placed), *_paragraphs(pattern_filled(template.body, words) if template else "")],
        target_groups=activity.target_groups or (template.target_groups if template else []),
        media_formats=activity.media_formats or (template.media_formats if template else []),
        channels=activity.channels or (template.channels if template else []),
        tags=_tags(pattern_filled(template.tags, words) if template else ""),
        because={
            "important_day": placed.day.key if placed.day else "",
            "day": placed.first,
            "confirmed": placed.confirmed,
            "template": str(template.uuid) if template else "",
            "officer": officer.display_name if officer else "",
            "obstacle": obstacle,
        },
    )


def _date_note(placed: Placed) -> list[dict[str, Any]]:
    if placed.confirmed:
        return []
    text = _("Note: the date of %(day)s, %(date)s, is to be confirmed. Delete this line once it is certain.") % {
        "day": placed.name,
        "date": thai_date(placed.first),
    }
    return [{"type": "paragraph", "value": f"<p><b>{escape(text)}</b></p>", "id": DATE_NOTE}]


def _paragraphs(text: str) -> list[dict[str, Any]]:
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return [{"type": "paragraph", "value": f"<p>{escape(part)}</p>"} for part in parts if part]


def _tags(text: str) -> list[str]:
    return list(dict.fromkeys(tag for part in text.split(",") if (tag := part.strip()[:100])))
