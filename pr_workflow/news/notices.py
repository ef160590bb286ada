"""Whom an item concerns, apart from who has to act on it: its owner, its officer, and those to keep informed (R03)."""

from typing import Any

from ..people.models import Agency


def accounts_concerned(page: Any, agency: Agency | None) -> list[Any]:
    """Accounts to tell about each transition of an item: owner, responsible officer, people to keep informed.

    People of another agency are left out, whatever the form carried (I5).
    """
    owner = getattr(page, "owner", None)
    people = [page.responsible_officer, *page.stakeholders.select_related("user")]
    own = [person.user for person in people if person and person.user and person.agency_id == getattr(agency, "pk", 0)]
    return [owner, *own] if owner else own


def others(people, *known: Any) -> list[Any]:
    """The people without those who know already, because they did it."""
    left_out = {person.pk for person in known if person is not None}
    return [person for person in people if person is not None and person.pk not in left_out]
