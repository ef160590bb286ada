"""What keeps a working group from being saved or appointed, each reason at its field (R01)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ..people.models import StaffProfile
from ..thai_moment import year_refusal
from ..thai_time import thai_date, thai_date_range
from .models import Kind, MemberRole, WorkingGroup

#: A field of the form, or None for the members, and the sentence.
Refusal = tuple[str | None, str]
#: A person and their role.
Seat = tuple[StaffProfile, str]


def draft_refusals(group: WorkingGroup, seats: Iterable[Seat], *, today: date) -> Iterator[Refusal]:
    """What is wrong already in a draft."""
    seats = list(seats)
    if group.starts_on and group.ends_on and group.ends_on < group.starts_on:
        yield "ends_on", _("The last day lies before the first. Choose a later day.")
    if group.order_number and _same_order(group):
        yield "order_number", _("Another working group has this order number already. Give the number of this order.")
    people = [person for person, _role in seats]
    for person in dict.fromkeys(person for person in people if people.count(person) > 1):
        yield None, _("%(name)s stands among the members more than once. Keep one seat.") % _name(person)
    if sum(role == MemberRole.CHAIR for _person, role in seats) > 1:
        yield None, _("There is more than one chair among the members. Keep one.")
    for person in dict.fromkeys(people):
        if person.agency_id != group.agency_id:
            yield None, _("%(name)s belongs to another agency and cannot be a member.") % _name(person)
        elif not person.in_office_on(today):
            yield None, _("%(name)s is not in office and cannot be a member.") % _name(person)


def _same_order(group: WorkingGroup) -> bool:
    others = WorkingGroup.objects.filter(agency_id=group.agency_id, order_number=group.order_number)
    return others.exclude(pk=group.pk).exists()


def appointing_refusals(group: WorkingGroup, seats: Iterable[Seat], *, today: date) -> Iterator[Refusal]:
    """What is wrong when the group is to be appointed: all of a draft, and what an order must have."""
    seats = list(seats)
    yield from draft_refusals(group, seats, today=today)
    if not group.order_number.strip():
        yield "order_number", _("Write the number of the order.")
    if group.order_date is None:
        yield "order_date", _("Write the date of the order.")
    if group.starts_on is None:
        yield "starts_on", _("Write from which day the group is in office.")
    yield from _untimely(group, today)
    if not any(role == MemberRole.CHAIR for _person, role in seats):
        yield None, _("Nobody among the members is the chair. Choose one.")
    if group.starts_on and group.kind != Kind.SPECIAL:
        yield from _overlap(group, group.starts_on)


def _untimely(group: WorkingGroup, today: date) -> Iterator[Refusal]:
    """Days of an order that appoints nobody: over before it is given, from the future, or years away from the term."""
    if group.ends_on and group.ends_on < today:
        text = _("The term ended on %(day)s. Give a later last day, or withdraw the draft.")
        yield "ends_on", text % {"day": thai_date(group.ends_on)}
    if group.order_date and group.order_date > today:
        text = _("The order is dated %(day)s, which lies ahead. Write the day on which it was signed.")
        yield "order_date", text % {"day": thai_date(group.order_date)}
    for name in ("order_date", "starts_on", "ends_on"):
        field: Any = group._meta.get_field(name)
        day = getattr(group, name)
        if day and (refusal := year_refusal(day, field=field.verbose_name, today=today)):
            yield name, refusal


def _overlap(group: WorkingGroup, starts_on: date) -> Iterator[Refusal]:
    others = WorkingGroup.objects.filter(agency_id=group.agency_id, kind=group.kind).exclude(pk=group.pk)
    other = others.overlapping(starts_on, group.ends_on).order_by("starts_on").first()
    if other is not None:
        text = _(
            "“%(title)s” (order %(number)s, %(term)s) is in office in these days. End its term first, or begin later."
        )
        yield "starts_on", text % {"title": other.title, "number": other.order_number, "term": term_in_words(other)}


def term_in_words(group: WorkingGroup) -> str:
    """The term in B.E., for people."""
    if group.starts_on is None:
        return _("no term yet")
    if group.ends_on is None:
        first = thai_date_range(group.starts_on, group.starts_on, "short")
        return _("from %(day)s, without an end") % {"day": first}
    return thai_date_range(group.starts_on, group.ends_on, "short")


def _name(person: StaffProfile) -> dict[str, str]:
    return {"name": person.display_name}
