"""The verb of currency: somebody looked at a public page again and found it right (R51)."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record, chain_lock
from ..people.models import Agency
from ..people.selectors import agency_for_page
from ..publishing.selectors import may_answer
from ..thai_time import bangkok_date, thai_date
from .models import PageReview

#: The next look lies at most so far ahead.
LONGEST = timedelta(days=731)


class ReviewRefused(PermissionDenied):
    """Somebody who does not answer for the page said that it is right. Answered as 403."""


def review_refusal(user, page, agency: Agency | None) -> str:
    """Why this account may not say that the page is still right, as a whole sentence; empty when it may."""
    if agency is None or not may_answer(user, page, agency):
        return _("Only the responsible officer says that the page is still right.")
    if not page.live:
        return _("This item is not on the site.")
    return ""


def next_day_required(day: date | None, *, today: date) -> date:
    """A day ahead, not too far. Raises `ValidationError` at `next_review_on`."""
    last = today + LONGEST
    if day is None or not today < day <= last:
        text = _("Choose in “Look at again on” a day after today and not after %(last)s.")
        raise ValidationError({"next_review_on": text % {"last": thai_date(last)}})
    return day


@transaction.atomic
def news_review(*, actor, page, next_review_on: date | None, note: str = "", now: datetime) -> PageReview:
    """A public page is still right as it is; the next look is due on a day in Bangkok (R51).

    The page does not change, so nobody has to approve it again. What is wrong goes through a new version.
    Raises `ReviewRefused`, and `ValidationError` at `next_review_on`.
    """
    agency = agency_for_page(page)
    if agency is not None:
        chain_lock(agency)
    page.refresh_from_db(fields=["live"])
    if agency is None or (refusal := review_refusal(actor, page, agency)):
        raise ReviewRefused(refusal if agency else _("This item lies in no agency's site."))
    day = next_day_required(next_review_on, today=bangkok_date(now))
    row = PageReview.objects.create(
        agency=agency,
        page_number=page.pk,
        title=page.title,
        reviewed_at=now,
        reviewed_by=actor,
        reviewed_by_name=actor.get_full_name() or actor.get_username(),
        next_review_on=day,
        note=note.strip(),
    )
    audit_record(
        actor=actor,
        verb="news_review",
        target=page,
        now=now,
        agency=agency,
        data={"next": day.isoformat(), "note": row.note},
    )
    return row
