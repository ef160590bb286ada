"""The staff directory (ทำเนียบบุคลากร): who is shown to everybody, unit by unit, and how complete it is (R10, S1 §4.6).

The public page and the API read it here and nowhere else, so that both show the same people and the same fields.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import F, QuerySet
from wagtail.images.models import SourceImageIOError
from willow.image import UnrecognisedImageFormatError

from .models import Agency, StaffProfile

#: The photo as page and API show it: a portrait, cut to the face when a focal point is set.
PORTRAIT = "fill-320x400"

#: What makes an entry complete, each field counting the same. A photo is a person's own choice and never counts.
COMPLETE_FIELDS = ("position", "unit", "work_phone", "work_email", "skills", "starts_on")


@dataclass(frozen=True)
class Section:
    """A unit with its people as the public sees them. Empty name: people of no unit."""

    name: str
    people: list[StaffProfile]


@dataclass(frozen=True)
class Completeness:
    """How many of the counted fields are filled, over the people in office of a unit."""

    name: str
    people: int
    filled: int
    lacking: dict[str, int]

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 means complete."""
        counted = self.people * len(COMPLETE_FIELDS)
        return self.filled * 100 // counted if counted else 0

    @property
    def lacking_words(self) -> list[str]:
        """Which fields are missing and how often, as people read it."""
        return [f"{field_label(name)} {number}" for name, number in self.lacking.items() if number]


def field_label(name: str) -> str:
    """What a field of the directory is called."""
    field: Any = StaffProfile._meta.get_field(name)
    return str(field.verbose_name)


def in_order(people: QuerySet[StaffProfile]) -> QuerySet[StaffProfile]:
    """Units in their order, people in theirs; those of no unit last."""
    unit = (F("unit__order").asc(nulls_last=True), F("unit__name").asc(nulls_last=True))
    return people.select_related("unit").order_by(*unit, "unit", "directory_order", "display_name", "pk")


def directory_public(agency: Agency, day: date | None = None) -> list[Section]:
    """The directory of an agency on a day in Bangkok (today when none is given), as everybody may read it (R10).

    People who have left, have not begun or are not to be shown are not in it. Three queries, however many people.
    """
    people = in_order(StaffProfile.objects.public(day).filter(agency=agency))
    people = people.prefetch_related("photo__renditions")
    return [Section(name, list(rows)) for name, rows in groupby(people, key=unit_name)]


def unit_name(person: StaffProfile) -> str:
    """The name of a person's unit; empty for somebody of none."""
    return person.unit.name if person.unit else ""


def portrait_of(person: StaffProfile):
    """The photo of a person in the size of the directory; None without one, or without the person's consent."""
    if person.photo is None or not person.photo_consent:
        return None
    try:
        return person.photo.get_rendition(PORTRAIT)
    except (SourceImageIOError, UnrecognisedImageFormatError, OSError):
        return None  # the file is gone or damaged; the entry is shown without it


def lacking_fields(person: StaffProfile) -> list[str]:
    """The counted fields that are empty."""
    return [name for name in COMPLETE_FIELDS if not getattr(person, name)]


def completeness(people: Iterable[StaffProfile]) -> list[Completeness]:
    """How complete the entries are, unit by unit, in the order the people come in (`in_order`)."""
    return [_completeness(name, list(rows)) for name, rows in groupby(people, key=unit_name)]


def _completeness(name: str, people: list[StaffProfile]) -> Completeness:
    missing = [field for person in people for field in lacking_fields(person)]
    lacking = {field: missing.count(field) for field in COMPLETE_FIELDS}
    return Completeness(name, len(people), len(people) * len(COMPLETE_FIELDS) - len(missing), lacking)


def photo_is_public(image) -> bool:
    """Whether the public directory shows this picture today. One query."""
    return StaffProfile.objects.public().filter(photo=image, photo_consent=True).exists()
