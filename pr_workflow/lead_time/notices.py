"""Who is told of a draft at lead time: its officer; the heads and PR officers where nobody can take it (R20, R72)."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ..news.services import writing_refusal
from ..notifications.models import Notice
from ..notifications.services import in_house_language, notice_write
from ..people.roles import Role
from ..people.selectors import role_members
from ..thai_time import thai_date_range
from .models import LeadTimeDraft
from .selectors import Placed
from .starting import heads_of, officer_obstacle


def draft_tell(*, record: LeadTimeDraft, placed: Placed, page: Any, reason: str, now: datetime) -> None:
    """A draft was made; in its transaction. `reason` says why the officer cannot take it, or is empty."""
    with in_house_language():
        words = {"day": placed.name, "date": thai_date_range(placed.first, placed.last), "title": page.draft_title}
        lines = [
            _("%(day)s is on %(date)s, and its lead time has come. The draft “%(title)s” was begun for it.") % words
        ]
        if not placed.confirmed:
            lines.append(_("The date is to be confirmed. The draft follows it as long as nobody has changed it."))
        if reason:
            lines.append(reason + " " + _("Name a responsible officer in the draft."))
        subject = _("Draft to write: %(day)s, %(date)s") % words
        _write(record, "made", subject, "\n".join(lines), page, placed, now)


def moved_tell(*, record: LeadTimeDraft, placed: Placed, page: Any, is_moved: bool, now: datetime) -> int:
    """The day of a draft has another date, is certain now, or is not held; in the transaction of the change."""
    with in_house_language():
        words = {"day": placed.name, "date": thai_date_range(placed.first, placed.last), "title": page.draft_title}
        if placed.obstacle:
            subject = _("%(day)s is not held this year") % words
            text = _("The calendar has no date for it any more. Decide what becomes of the draft “%(title)s”.") % words
            return _write(record, f"gone:{placed.obstacle}", subject, text, page, placed, now)
        if placed.confirmed:
            subject = _("The date is certain: %(day)s, %(date)s") % words
        else:
            subject = _("Another date, to be confirmed: %(day)s, %(date)s") % words
        if is_moved:
            text = _("The draft “%(title)s” and its wished time have followed.") % words
        else:
            text = _("The draft “%(title)s” has been worked on and was left as it is. Correct its dates.") % words
        event = f"moved:{placed.first:%Y%m%d}:{placed.confirmed}"
        return _write(record, event, subject, text, page, placed, now)


def _write(record: LeadTimeDraft, event: str, subject: str, text: str, page: Any, placed: Placed, now: datetime) -> int:
    key = f"lead_time:{record.pk}:{event}"
    if Notice.objects.filter(key=key).exists():
        return 0
    message: dict[str, Any] = {"key": key, "subject": subject, "text": text, "agency": record.agency, "now": now}
    writers, heads = _people(record, placed)
    told = notice_write(recipients=writers, path=reverse("wagtailadmin_pages:edit", args=[page.pk]), **message)
    return told + notice_write(recipients=heads, path=reverse("pr_admin:news_timeline", args=[page.pk]), **message)


def _people(record: LeadTimeDraft, placed: Placed) -> tuple[list[Any], list[Any]]:
    """Who opens the editor, and who only reads: the officer; where he or she cannot write, the PR officers too."""
    agency = record.agency
    pr_officers = list(role_members(agency, Role.WRITER))
    officer = placed.activity.responsible_officer
    if officer is None or officer_obstacle(officer):
        return pr_officers, heads_of(agency)
    if writing_refusal(officer.user, agency):
        return pr_officers, [officer.user]
    return [officer.user], []
