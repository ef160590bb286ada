"""Is an item complete enough to be submitted? One list of problems, each naming its field."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from wagtail.models import CollectionViewRestriction

from ..people.models import StaffProfile
from ..people.selectors import agency_for_page
from ..thai_time import thai_datetime
from .disclosure import Disclosure, withheld_sentence


@dataclass(frozen=True)
class Problem:
    """What keeps an item from being submitted; `field` is the form field it belongs to."""

    field: str
    message: str


def photos_of(page) -> Iterator[tuple[str, int, dict]]:
    """Every photo of an item: the form field it stands in, its number there, its values."""
    for number, block in enumerate(page.photos, start=1):
        yield "photos", number, block.value
    number = 0
    for block in page.body:
        if block.block_type == "photo":
            number += 1
            yield "body", number, block.value


def _officer_problems(officer) -> Iterator[Problem]:
    if officer is None:
        yield Problem(
            "responsible_officer", _("Choose the responsible officer; without one nobody answers for the item.")
        )
    elif not officer.can_act:
        yield Problem(
            "responsible_officer",
            _("%(name)s is not in office or has no open account. Choose somebody who can answer for the item.")
            % {"name": officer.display_name},
        )


def closed_places() -> tuple[str, ...]:
    """Tree paths of the collections whose pictures and files only some people see (one query)."""
    return tuple(CollectionViewRestriction.objects.values_list("collection__path", flat=True))


def _is_closed(media, closed: tuple[str, ...]) -> bool:
    return bool(closed) and media.collection.path.startswith(closed)


def _photo_problems(page, closed: tuple[str, ...]) -> Iterator[Problem]:
    for field, number, photo in photos_of(page):
        where = {"where": _("Photo %(number)s") % {"number": number}}
        if photo.get("image") is None:
            yield Problem(field, _("%(where)s: the image has been deleted. Choose another one.") % where)
            continue
        if _is_closed(photo["image"], closed):
            yield Problem(
                field, _("%(where)s: the image lies in a closed collection, readers would not see it.") % where
            )
        if not (photo.get("alt_text") or "").strip():
            yield Problem(
                field,
                _("%(where)s: describe the photo in “Alternative text” for people who cannot see it.") % where,
            )
        if not (photo.get("credit") or "").strip():
            yield Problem(field, _("%(where)s: name the source in “Credit”.") % where)


def _attachment_problems(page, closed: tuple[str, ...]) -> Iterator[Problem]:
    for number, block in enumerate(page.attachments, start=1):
        document = block.value.get("document")
        if document is not None and _is_closed(document, closed):
            text = _("Attachment %(number)s: the file lies in a closed collection, readers would not see it.")
            yield Problem("attachments", text % {"number": number})
        if block.value.get("document") is None:
            yield Problem(
                "attachments",
                _("Attachment %(number)s: the file has been deleted. Choose another one.") % {"number": number},
            )


def news_giver_of(page) -> StaffProfile | None:
    """Who gives this news for the agency: the one named on the item, else the one named for the agency (R13)."""
    if page.news_giver is not None:
        return page.news_giver
    # An item that is not saved yet stands nowhere; its officer is of the agency that writes it.
    officer = page.responsible_officer
    agency = agency_for_page(page) if page.path else (officer.agency if officer else None)
    return agency.news_giver if agency else None


def _giver_problems(page) -> Iterator[Problem]:
    giver, officer = news_giver_of(page), page.responsible_officer
    if giver is None:
        yield Problem(
            "news_giver",
            _("Choose who gives this news for the agency. The regulation of 2529 allows only authorised persons."),
        )
    elif officer is not None and officer.agency_id != giver.agency_id:
        yield Problem("news_giver", _("This person belongs to another agency."))
    elif not giver.in_office:
        yield Problem(
            "news_giver",
            _("%(name)s is not in office and gives no news for the agency. Choose somebody else.")
            % {"name": giver.display_name},
        )


def _disclosure_problems(page) -> Iterator[Problem]:
    if page.disclosure == Disclosure.WITHHELD:
        yield Problem("disclosure", withheld_sentence())


def news_problems(page) -> list[Problem]:
    """Everything a submission lacks (checks `alt_text_th_required`, `image_credit_and_licence_required`, R03, R31).

    An item that must be withheld is never ready (R12); one without an authorised giver is not either (R13).
    """
    problems = [*_disclosure_problems(page), *_officer_problems(page.responsible_officer), *_giver_problems(page)]
    if not page.lead.strip():
        problems.append(Problem("lead", _("Write the lead paragraph: who did what, where and when.")))
    if not len(page.body):
        problems.append(Problem("body", _("Write the news body.")))
    closed = closed_places()
    return [*problems, *_photo_problems(page, closed), *_attachment_problems(page, closed)]


def _schedule_problems(page, now: datetime) -> Iterator[Problem]:
    """An expiry that would take the item off the site before, or as soon as, it is on it (R43)."""
    wish, end = page.go_live_at, page.expire_at
    if end is None:
        return
    if end <= now:
        text = _("The expiry %(end)s has passed, so the item would never be on the site. Choose a later one, or none.")
        yield Problem("expire_at", text % {"end": thai_datetime(end)})
    elif wish and end <= wish:
        text = _("The expiry %(end)s does not lie after the wished go-live time %(wish)s. Choose a later one, or none.")
        yield Problem("expire_at", text % {"end": thai_datetime(end), "wish": thai_datetime(wish)})


def submission_problems(page, *, now: datetime) -> list[Problem]:
    """Everything that keeps an item out of its chain at `now` (aware): what it lacks, and an expiry that is too early.

    `news_problems` alone says whether an item is whole, at any time.
    """
    return [*news_problems(page), *_schedule_problems(page, now)]
